"""A timeline as columns of numbers in one piece of bytes: what the page carries, and takes apart again."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from isadma_sim.timeline.events import KINDS, Grant, Timeline
from isadma_sim.timeline.registers import name_of, told

__all__ = ["NOTHING", "OWNERS", "columns_of", "owner_title"]

#: Who drives the bus, by number; the channels are 1 to 8.
OWNERS = ("hand-over", *(f"channel {channel}" for channel in range(8)), "refresh", "bus master", "memory to memory")
#: In a column of 32 bits: there is none.
NOTHING = 0xFFFFFFFF
_WHATS = ("request", "service", "int")
_WIDE = 1 << 32


def owner_number(grant: Grant) -> int:
    """Return the number of a grant's owner in `OWNERS`."""
    if grant.owner == "dma":
        return OWNERS.index("memory to memory") if grant.channel is None else 1 + grant.channel
    return {"hold": 0, "refresh": 9, "card": 10}[grant.owner]


def owner_title(grant: Grant) -> str:
    """Return what a grant's owner is called."""
    return OWNERS[owner_number(grant)]


def columns_of(line: Timeline) -> tuple[dict[str, Any], bytes]:
    """Return the tables' layout in JSON's values, and their bytes.

    Rows are in the order of their beginnings. ``begin`` holds the clocks since the row before (the first: since the
    timeline's begin), ``end`` the clocks from begin to end. Columns are little endian, of 1, 4 or 8 bytes: types ``B``,
    ``I`` and ``d``.
    """
    made = _Tables(line.begin)
    rows = sorted((g.begin, g.end, owner_number(g)) for g in line.grants)
    made.add("grants", rows, ("owner", "B"))
    services = sorted((s.begin, s.end, s.channel, _or(s.wait, NOTHING)) for s in line.services)
    made.add("services", services, ("channel", "B"), ("wait", "I"))
    made.add("requests", sorted((r.begin, r.end, r.channel) for r in line.requests), ("channel", "B"))
    moves = [
        (begin, end, _or(channel, 255), KINDS.index(kind), size, int(tc), address, _or(data, NOTHING))
        for kind, channel, begin, end, address, data, size, tc in line.transfers
    ]
    names = (("channel", "B"), ("kind", "B"), ("size", "B"), ("tc", "B"), ("address", "I"), ("data", "I"))
    made.add("transfers", sorted(moves, key=_begin), *names)
    accesses = [(a.begin, a.end, int(a.write), a.port, a.data) for a in line.accesses]
    made.add("accesses", sorted(accesses, key=_begin), ("write", "B"), ("port", "I"), ("data", "B"))
    levels = sorted((v.begin, v.end, _WHATS.index(v.what), v.irq & 0xFF) for v in line.levels)
    made.add("levels", levels, ("what", "B"), ("irq", "B"))
    programs = [
        (clock, clock, channel, *(_or(value, NOTHING) for value in values)) for clock, channel, *values in told(line)
    ]
    names = (("channel", "B"), ("mode", "I"), ("page", "I"), ("address", "I"), ("count", "I"), ("masked", "I"))
    made.add("programs", programs, *names)
    ports = sorted({(a.port, a.write) for a in line.accesses})
    layout = {
        "begin": line.begin,
        "end": line.end,
        "clockHz": line.clock_hz,
        "board": line.board,
        "engine": line.engine,
        "cards": line.cards,
        "owners": OWNERS,
        "kinds": KINDS,
        "ports": {f"{port}{'w' if write else 'r'}": name_of(line.board, port, write=write) for port, write in ports},
        "tables": made.layout,
    }
    return layout, bytes(made.data)


def _or(value: int | None, other: int) -> int:
    return other if value is None else int(value)


def _begin(row: Sequence[int]) -> int:
    return row[0]


class _Tables:
    def __init__(self, begin: int) -> None:
        self._begin = begin
        self.layout: dict[str, Any] = {}
        self.data = bytearray()

    def add(self, name: str, rows: Sequence[tuple[int, ...]], *more: tuple[str, str]) -> None:
        """Add a table; a row begins with its begin and end."""
        columns = list(zip(*rows, strict=True)) or [()] * (2 + len(more))
        begins, ends = columns[0], columns[1]
        steps = [later - clock for clock, later in zip((self._begin, *begins), begins, strict=False)]
        lengths = [end - begin for begin, end in zip(begins, ends, strict=True)]
        places: dict[str, tuple[str, int]] = {}
        for column, kind, values in (
            ("begin", _kind(steps), steps),
            ("end", _kind(lengths), lengths),
            *((column, kind, values) for (column, kind), values in zip(more, columns[2:], strict=True)),
        ):
            places[column] = (kind, self._put(kind, values))
        self.layout[name] = {"rows": len(rows), "columns": places}

    def _put(self, kind: str, values: Iterable[int]) -> int:
        column = array(kind, values)
        self.data += bytes(-len(self.data) % 8)
        place = len(self.data)
        if sys.byteorder == "big":
            column.byteswap()
        self.data += column.tobytes()
        return place


def _kind(values: Sequence[int]) -> str:
    return "I" if not values or max(values) < _WIDE else "d"

"""Follows the lines of a capture and says what happens on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from isadma_verify.captures.clocks import Clocks
from isadma_verify.captures.decode.events import Event, Moment
from isadma_verify.captures.decode.rules import acknowledged, broken_rules

__all__ = ["decode"]

_BUSES = {"a": 24, "ad": 8, "d": 16, "s": 3}
_STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")
_PASSIVE, _IO_READ, _IO_WRITE = 0b111, 0b001, 0b010


def decode(blocks: Iterator[Clocks]) -> Iterator[Event]:
    """
    Say what happens in a capture, in the order of its clocks.

    DACK is taken to be low when active, as after RESET; addresses and data are those of the last clock of a strobe.
    """
    decoder = _Decoder()
    last: dict[str, int] | None = None
    for clocks in blocks:
        table, names = _table(clocks)
        if last is None:
            last = dict(zip(names, table[0].tolist(), strict=True))
        whole = np.vstack([np.array([[last[name] for name in names]], table.dtype), table])
        # Between two changes nothing happens; the clock after one is looked at too, for what it was before.
        moved = np.flatnonzero((whole[1:] != whole[:-1]).any(axis=1))
        for index in moved:
            before, now = (dict(zip(names, whole[row].tolist(), strict=True)) for row in (index, index + 1))
            yield from decoder.look(Moment(clocks.first + int(index), now, before))
        last = dict(zip(names, table[-1].tolist(), strict=True))


def _table(clocks: Clocks) -> tuple[Any, list[str]]:
    """Return a row for each clock: single lines, and buses as numbers."""
    columns: dict[str, Any] = {}
    for bus, width in _BUSES.items():
        bits = [bit for bit in range(width) if f"{bus}{bit}" in clocks.lines]
        if bits:
            columns[bus] = sum(clocks.lines[f"{bus}{bit}"].astype(np.int64) << bit for bit in bits)
    for line, levels in clocks.lines.items():
        if line.rstrip("0123456789") not in _BUSES:
            columns[line] = levels.astype(np.int64)
    return np.stack(list(columns.values()), axis=1), list(columns)


class _Decoder:
    def __init__(self) -> None:
        self._hrq_since: int | None = None
        self._requests: dict[int, int] = {}
        self._services: dict[int, tuple[int, int, int]] = {}  # channel: first clock, transfers, terminal counts
        self._cycle: tuple[int, int] | None = None  # status and address of the processor's cycle
        self._grant = "hlda"

    def look(self, moment: Moment) -> Iterator[Event]:
        """Say what happens in a clock in which something moved."""
        yield from self._bus(moment)
        yield from self._transfers(moment)
        yield from self._channels(moment)
        yield from self._processor(moment)
        for sentence in broken_rules(moment):
            yield Event(moment.clock, "broken", text=sentence)

    def _bus(self, moment: Moment) -> Iterator[Event]:
        clock = moment.clock
        if moment.rose("hrq"):
            self._hrq_since = clock
            yield Event(clock, "request", text="HRQ")
        line = next((name for name in ("hlda", "aen") if name in moment.now), None)
        if line is not None:
            if moment.rose(line):
                waited = "" if self._hrq_since is None else f", {clock - self._hrq_since} clocks after HRQ"
                yield Event(clock, "grant", text=f"{line.upper()}{waited}")
            elif moment.fell(line):
                yield Event(clock, "release", text=line.upper())

    def _channels(self, moment: Moment) -> Iterator[Event]:
        clock = moment.clock
        for channel in range(8):
            if moment.rose(f"dreq{channel}"):
                self._requests[channel] = clock
                yield Event(clock, "request", channel)
            dack = f"dack{channel}_n"
            if moment.fell(dack):
                self._services[channel] = clock, 0, 0
            elif moment.rose(dack) and channel in self._services:
                first, transfers, counts = self._services.pop(channel)
                if transfers == 0 and all(line in moment.now for line in _STROBES):
                    yield Event(clock, "verify", channel, moment.before.get("a"))
                text = f"{clock - first} clocks, {transfers} transfers" + (", terminal count" if counts else "")
                yield Event(clock, "service", channel, text=text)
        if moment.fell("dreq0") and "dack0_n" not in moment.now and 0 in self._requests:
            # On a PC/XT DACK0# clears the request, and nothing else does.
            yield Event(
                clock, "refresh", 0, text=f"DREQ0 cleared, {clock - self._requests.pop(0)} clocks after it came"
            )
        if moment.rose("tc") or moment.fell("eop_n"):
            active = acknowledged(moment.now)
            channel_of = active[0] if active else None
            if channel_of is not None and channel_of in self._services:
                first, transfers, counts = self._services[channel_of]
                self._services[channel_of] = first, transfers, counts + 1
            yield Event(clock, "tc", channel_of)

    def _transfers(self, moment: Moment) -> Iterator[Event]:
        """Where a strobe ends, name the cycle by all that were low; address and data are of its last clock."""
        before = moment.before
        active = acknowledged(before)
        dma = bool(active) or before.get("aen") == 1
        ended = [line for line in _STROBES if moment.rose(line)]
        if not ended:
            return
        address, data = before.get("a"), before.get("d")
        if data is not None and (not dma or not active or active[0] < 4):
            data &= 0xFF
        if not dma:
            for line, kind in (("ior_n", "in"), ("iow_n", "out")):
                if line in ended:
                    port = None if address is None else address & 0x3FF
                    yield Event(moment.clock, kind, None, port, data)
            return
        low = {line for line in _STROBES if before.get(line) == 0}
        channel = active[0] if active else None
        if ("memr_n" in ended and (channel == 0 and before.get("refresh_n", 0) == 0)) or (
            "memr_n" in ended and channel is None and before.get("refresh_n") == 0
        ):
            kind, data = "refresh", None
        elif channel is None:
            kind = "memory-read" if "memr_n" in ended else "memory-write"
        elif {"ior_n", "memw_n"} & low:
            kind = "write"
        else:
            kind = "read"
        if channel is not None and channel in self._services:
            first, transfers, counts = self._services[channel]
            self._services[channel] = first, transfers + 1, counts
        yield Event(moment.clock, kind, channel, address, data)

    def _processor(self, moment: Moment) -> Iterator[Event]:
        """Follow the I/O cycles of an 8088 by its status lines."""
        status, before = moment.now.get("s"), moment.before.get("s")
        if status is None or before is None or status == before:
            return
        if before == _PASSIVE and status in (_IO_READ, _IO_WRITE):
            self._cycle = status, moment.now.get("a", 0) | moment.now.get("ad", 0)
        elif status == _PASSIVE and self._cycle is not None:
            kind, port = self._cycle
            self._cycle = None
            data = moment.before.get("ad") if kind == _IO_WRITE else moment.now.get("ad")
            yield Event(moment.clock, "in" if kind == _IO_READ else "out", None, port & 0xFFFF, data)

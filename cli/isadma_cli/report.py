"""What moved, measured: per step of a job, from the machine's own counters, as tables or as JSON."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from rich.box import SIMPLE
from rich.console import Console, Group
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from isadma_sim import PC
from isadma_sim.machine.trace import Cycle

__all__ = ["TABLE_WIDTH", "Meter", "Screen", "Step", "console", "registers_table", "steps_table"]

T = TypeVar("T")

#: Columns that the widest table takes: it fits a terminal of the usual size.
TABLE_WIDTH = 80
#: Columns that are left at least to a column whose words may be broken.
_BROKEN = 20


@dataclass(frozen=True)
class Step:
    """What one step of a job moved.

    Attributes
    ----------
    name : str
        What was read or written.
    sectors : str
        Its sector numbers, "33-34".
    bytes : int
        Moved by the channel.
    clocks : int
        8237 clocks from the call to its return, head movement and rotation included.
    moving_clocks : int
        Of these, clocks from the channel's first bus cycle to its last.
    held_clocks : int
        Clocks in which a DMA controller owned the bus.
    first, last : int or None
        Lowest and highest memory address the channel touched.
    """

    name: str
    sectors: str
    bytes: int
    clocks: int
    moving_clocks: int
    held_clocks: int
    first: int | None
    last: int | None

    @property
    def bus_share(self) -> float:
        """Part of the bus that DMA took while bytes moved, 0..1."""
        return self.held_clocks / self.moving_clocks if self.moving_clocks else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the step's figures by name."""
        return asdict(self) | {"bus_share": round(self.bus_share, 4)}


class Meter:
    """Measures steps on a PC, one after the other.

    Parameters
    ----------
    pc
        The machine; its bus trace is switched on.
    channel
        The DMA channel to watch.
    """

    def __init__(self, pc: PC, channel: int) -> None:
        self._pc = pc
        self._channel = channel
        self.steps: list[Step] = []

    def step(self, name: str, lba: int, sectors: int, work: Callable[[], T]) -> T:
        """Do a piece of work and note what it moved."""
        stats = self._pc.stats
        clocks, held, moved = stats.clocks, stats.dma_clocks, stats.bytes[self._channel]
        trace = self._pc.trace()
        result = work()
        stats = self._pc.stats
        mine = [cycle for cycle in trace if cycle.master == "dma" and cycle.channel == self._channel]
        self.steps.append(
            Step(
                name=name,
                sectors=str(lba) if sectors == 1 else f"{lba}-{lba + sectors - 1}",
                bytes=stats.bytes[self._channel] - moved,
                clocks=stats.clocks - clocks,
                moving_clocks=_span(mine),
                held_clocks=stats.dma_clocks - held,
                first=min((cycle.address for cycle in mine), default=None),
                last=max((cycle.address for cycle in mine), default=None),
            )
        )
        return result

    def total(self) -> Step:
        """Return the sum of all steps."""
        steps = self.steps
        return Step(
            name="in all",
            sectors="",
            bytes=sum(step.bytes for step in steps),
            clocks=sum(step.clocks for step in steps),
            moving_clocks=sum(step.moving_clocks for step in steps),
            held_clocks=sum(step.held_clocks for step in steps),
            first=min((step.first for step in steps if step.first is not None), default=None),
            last=max((step.last for step in steps if step.last is not None), default=None),
        )


def _span(cycles: list[Cycle]) -> int:
    return cycles[-1].clock - cycles[0].clock if cycles else 0


def steps_table(steps: Iterable[Step], total: Step, channel: int) -> Table:
    """Return the table of what moved, a line for each step and one for all."""
    table = Table(title=f"What channel {channel} moved", title_justify="left", show_footer=True, box=SIMPLE, padding=0)
    table.add_column("", total.name)
    table.add_column("sectors", total.sectors, justify="right")
    table.add_column("memory", "")
    table.add_column("bytes", f"{total.bytes:,}", justify="right")
    table.add_column("clocks", f"{total.clocks:,}", justify="right")
    table.add_column("moving", f"{total.moving_clocks:,}", justify="right")
    table.add_column("bus held", f"{total.held_clocks:,}", justify="right")
    table.add_column("share", f"{total.bus_share:.1%}", justify="right")
    for step in steps:
        where = "" if step.first is None else f"{step.first:X}-{step.last:X}"
        table.add_row(
            step.name,
            step.sectors,
            where,
            f"{step.bytes:,}",
            f"{step.clocks:,}",
            f"{step.moving_clocks:,}",
            f"{step.held_clocks:,}",
            f"{step.bus_share:.1%}",
        )
    return table


def registers_table(before: Mapping[str, str], after: Mapping[str, str]) -> Table:
    """Return the table of the controller's registers before and after."""
    table = Table(title="Controller registers", title_justify="left", box=SIMPLE, padding=0)
    table.add_column("register")
    table.add_column("before", justify="right")
    table.add_column("after", justify="right")
    for name, value in before.items():
        table.add_row(name, value, after[name])
    return table


def console(width: int = TABLE_WIDTH) -> Screen:
    """Return where tables go: standard output; so wide (columns) where it is no terminal and COLUMNS says nothing."""
    plain = Screen(highlight=False)
    if plain.is_terminal or os.environ.get("COLUMNS", "").isdecimal():
        return plain
    return Screen(highlight=False, width=width)


class Screen(Console):
    """A console on which a table loses nothing: one that is too wide is printed as a list, a row after the other."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as `Console.print` does, tables so that they fit."""
        for each in objects:
            if isinstance(each, Table) and not self._fits(each):
                super().print(self._listed(each), **options)
            else:
                super().print(each, **options)
        if not objects:
            super().print(**options)

    def _fits(self, table: Table) -> bool:
        """Tell whether it can be as narrow as this console without breaking a word."""
        natural = Measurement.get(self, self.options.update(width=10_000), table).maximum
        if natural <= self.width:
            return True
        whole = narrow = 0
        for column in table.columns:
            breakable, column.overflow = column.overflow == "fold", "fold"
            texts = [self._plain(cell) for cell in (column.header, *column.cells, column.footer)]
            length = max(map(len, texts))
            whole += length
            word = max(len(word) for text in texts for word in text.split() or [""])
            narrow += length if column.no_wrap else min(word, _BROKEN) if breakable else word
        return natural - whole + narrow <= self.width

    def _plain(self, cell: Any) -> str:
        return cell.plain if isinstance(cell, Text) else self.render_str(str(cell)).plain

    def _listed(self, table: Table) -> Group:
        """Return a table's rows as a list: the first cell, then each other under its heading."""
        parts: list[Any] = [table.title] if table.title else []
        headings = [self._plain(column.header) for column in table.columns]
        rows = list(zip(*(column.cells for column in table.columns), strict=True))
        if table.show_footer:
            rows.append(tuple(column.footer for column in table.columns))
        for first, *cells in rows:
            entry = Table.grid(padding=(0, 1))
            entry.add_column(overflow="fold")
            entry.add_column(overflow="fold")
            for heading, cell in zip(headings[1:], cells, strict=True):
                if self._plain(cell):
                    entry.add_row(f"  {heading}", cell)
            name = self._plain(first)
            parts += [Text(f"{headings[0]} {name}".strip(), overflow="fold"), entry]
        return Group(*parts, "")

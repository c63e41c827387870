"""Timing figures as literal tables: drives the inputs of each half clock and compares every output pin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from isadma_verify.cosim.common.journal import AFTER, BEFORE
from isadma_verify.cosim.common.stepping import Agent


@dataclass(frozen=True)
class Columns:
    """
    What the columns of a table stand for.

    Parameters
    ----------
    levels
        Input column to the attribute of the bench that it sets.
    wires
        Input column to the wire that it drives.
    outputs
        Output column to the field of what the core drives.
    binary, hexadecimal
        Columns written in that base, and their digits; all others are a single digit.
    """

    levels: Mapping[str, str]
    wires: Mapping[str, str]
    outputs: Mapping[str, str]
    binary: Mapping[str, int]
    hexadecimal: Mapping[str, int]

    @property
    def inputs(self) -> list[str]:
        """All columns that may be in the left part; ``.`` leaves a level as it is, and a wire undriven."""
        return [*self.levels, *self.wires]

    def number(self, column: str, cell: str) -> int | None:
        """Read an input cell; None for ``.`` and ``z``."""
        return None if cell in (".", "z") else int(cell, 16 if column in self.hexadecimal else 2)

    def shown(self, column: str, chip: Any) -> str:
        """Return an output's level the way a table spells it; ``z`` is floating."""
        level: int | None = getattr(chip, self.outputs[column])
        if level is None:
            return "z"
        if column in self.binary:
            return f"{level:0{self.binary[column]}b}"
        return f"{level:0{self.hexadecimal[column]}X}" if column in self.hexadecimal else str(level)


@dataclass(frozen=True)
class Row:
    """One half clock (or one fabric clock): its label, whether CLK is high, what to drive, what to see."""

    label: str
    high: bool
    drive: dict[str, int | None]
    expect: dict[str, str]


def parse(table: str, columns: Columns) -> list[Row]:
    """
    Read a table.

    The first line names the columns: ``state half | inputs | outputs``. ``half`` is ``l`` or ``h``. DREQ and DACK are
    binary, the highest channel first; addresses and data are hexadecimal. An output cell ``?`` is not compared.

    Raises
    ------
    ValueError
        A column that does not exist, or a row with too few or too many cells; the message has the line.
    """
    lines = [line for line in table.strip().splitlines() if line.strip()]
    head = [part.split() for part in lines[0].split("|")]
    for name in head[1]:
        if name not in columns.inputs:
            raise ValueError(f"input column {name!r}: take one of {', '.join(columns.inputs)}")
    for name in head[2]:
        if name not in columns.outputs:
            raise ValueError(f"output column {name!r}: take one of {', '.join(columns.outputs)}")
    rows = []
    for line in lines[1:]:
        parts = [part.split() for part in line.split("|")]
        if [len(part) for part in parts] != [len(part) for part in head] or parts[0][1] not in "lh":
            raise ValueError(f"row {line!r} does not fit the columns {lines[0].strip()!r}")
        drive = {name: columns.number(name, cell) for name, cell in zip(head[1], parts[1], strict=True)}
        expect = dict(zip(head[2], parts[2], strict=True))
        rows.append(Row(parts[0][0], parts[0][1] == "h", drive, expect))
    return rows


class _Recorder(Agent):
    """Keeps what the chip showed, for the comparison at the end of each fabric clock."""

    def __init__(self) -> None:
        self.samples: list[Any] = []

    def watch(self, sample: Any) -> None:
        self.samples.append(sample)


class Figure:
    """
    Plays a table on a bench.

    Parameters
    ----------
    bench
        Its CPU must not answer HRQ meanwhile (`Cpu.manual`).
    table
        As `parse` reads it.
    per_clock
        True where a row is one fabric clock, not a half clock (program side).
    columns
        What the table's columns stand for.
    """

    def __init__(self, bench: Any, table: str, *, per_clock: bool = False, columns: Columns) -> None:
        self._bench = bench
        self._rows = parse(table, columns)
        self._columns = columns
        self._per_clock = per_clock

    def _span(self, row: Row) -> int:
        """Return the fabric clocks that a row lasts: none for the first half at one state per clock."""
        clocking = self._bench.clocking
        if self._per_clock:
            return 1
        return clocking.per_state - clocking.low_length if row.high else clocking.low_length

    async def play(self) -> None:
        """
        Play all rows from the next state boundary on.

        Raises
        ------
        AssertionError
            Lists every pin of every half clock that differs.
        """
        bench = self._bench
        recorder = _Recorder()
        await bench.states(1)
        bench.add(recorder)
        spans: list[Row] = []
        for row in self._rows:
            for _ in range(self._span(row)):
                bench.astray = bench.astray or self._unlawful(row)
                self._drive(row)
                spans.append(row)
                await bench.tick()
        bench.agents.remove(recorder)
        self._release()
        wrong: list[str] = []
        lacks, gated = bench.options.lacks, bench.options.gated
        for index, (row, sample) in enumerate(zip(spans, recorder.samples, strict=True)):
            for column, want in row.expect.items():
                pin = self._columns.outputs[column]
                got = self._columns.shown(column, sample.chip)
                if want == "?" or pin in lacks or got == want.upper().replace("Z", "z"):
                    continue
                # A pin that cannot float may show what a board would keep from the bus: no strobe, though.
                if want == "z" and pin in gated and got != "0":
                    continue
                half = "high" if row.high else "low"
                if bench.journal is not None and not wrong:
                    around = recorder.samples[max(0, index - BEFORE + 1) : index + AFTER + 1]
                    said = f"{column} in the {half} half of {row.label}"
                    bench.journal.noted(sample, said, expected=want, got=got, around=around)
                wrong.append(f"  clock {index}, {row.label} {half} half: {column} = {got}, the figure has {want}")
        assert not wrong, f"{len(wrong)} pins differ from the figure:\n" + "\n".join(wrong)

    def _unlawful(self, row: Row) -> bool:
        """Tell whether no CPU would move HLDA as this row does, which it does to a core that has left the figure."""
        level, last = row.drive.get("hlda"), self._bench.last
        return level not in (None, self._bench.hlda) and last is not None and level != last.chip.hrq

    def _drive(self, row: Row) -> None:
        for name, level in row.drive.items():
            if name in self._columns.wires:
                wire = getattr(self._bench.wires, self._columns.wires[name])
                # EOP# is open drain: 1 is nobody's to drive.
                wire.drive("figure", None if name == "eop" and level else level)
            elif level is not None:
                setattr(self._bench, self._columns.levels[name], level)
            elif name == "cs":
                self._bench.cs_n = 1

    def _release(self) -> None:
        for wire in self._columns.wires.values():
            getattr(self._bench.wires, wire).drive("figure", None)
        if "cs" in self._columns.levels:
            self._bench.cs_n = 1
        self._bench.ready = 1

"""Timing figures as literal tables: drives the inputs of each half clock and compares every output pin."""

from dataclasses import dataclass

from .bench import Agent, Bench, Sample
from .pins import Drives

#: What a column of the left part drives; ``.`` leaves it as it is.
INPUTS = ("dreq", "hlda", "ready", "eop", "dbin", "cs", "ior", "iow", "ain", "reset")
#: What a column of the right part compares; ``z`` is floating, ``?`` is not compared.
OUTPUTS = ("hrq", "dack", "aen", "adstb", "IOR", "IOW", "MEMR", "MEMW", "EOP", "A", "DB")

_PIN = {"IOR": "ior_n", "IOW": "iow_n", "MEMR": "memr_n", "MEMW": "memw_n", "EOP": "eop_n", "A": "a", "DB": "db"}
_BINARY = {"dreq", "dack"}
_HEX = {"dbin", "ain", "A", "DB"}


@dataclass(frozen=True)
class Row:
    """One half clock (or one fabric clock): its label, whether CLK is high, what to drive, what to see."""

    label: str
    high: bool
    drive: dict[str, int | None]
    expect: dict[str, str]


def parse(table: str) -> list[Row]:
    """
    Read a table.

    The first line names the columns: ``state half | inputs | outputs``. ``half`` is ``l`` or ``h``. DREQ and DACK are
    binary, bit 3 first; addresses and data are hexadecimal.

    Raises
    ------
    ValueError
        A column that does not exist, or a row with too few or too many cells; the message has the line.
    """
    lines = [line for line in table.strip().splitlines() if line.strip()]
    head = [part.split() for part in lines[0].split("|")]
    for name in head[1]:
        if name not in INPUTS:
            raise ValueError(f"input column {name!r}: take one of {', '.join(INPUTS)}")
    for name in head[2]:
        if name not in OUTPUTS:
            raise ValueError(f"output column {name!r}: take one of {', '.join(OUTPUTS)}")
    rows = []
    for line in lines[1:]:
        parts = [part.split() for part in line.split("|")]
        if [len(part) for part in parts] != [len(part) for part in head] or parts[0][1] not in "lh":
            raise ValueError(f"row {line!r} does not fit the columns {lines[0].strip()!r}")
        drive = {name: _number(name, cell) for name, cell in zip(head[1], parts[1], strict=True)}
        expect = dict(zip(head[2], parts[2], strict=True))
        rows.append(Row(parts[0][0], parts[0][1] == "h", drive, expect))
    return rows


def _number(column: str, cell: str) -> int | None:
    if cell in (".", "z"):
        return None
    return int(cell, 2 if column in _BINARY else 16 if column in _HEX else 2)


def shown(column: str, chip: Drives) -> str:
    """Return a pin's level the way a table spells it."""
    level: int | None = getattr(chip, _PIN.get(column, column))
    if level is None:
        return "z"
    if column in _BINARY:
        return f"{level:04b}"
    return f"{level:02X}" if column in _HEX else str(level)


class _Recorder(Agent):
    """Keeps what the chip showed, for the comparison at the end of each fabric clock."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []

    def watch(self, sample: Sample) -> None:
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
    """

    def __init__(self, bench: Bench, table: str, *, per_clock: bool = False) -> None:
        self._bench = bench
        self._rows = parse(table)
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
                self._drive(row)
                spans.append(row)
                await bench.tick()
        bench.agents.remove(recorder)
        self._release()
        wrong = []
        for index, (row, sample) in enumerate(zip(spans, recorder.samples, strict=True)):
            for column, want in row.expect.items():
                got = shown(column, sample.chip)
                if want != "?" and got != want.upper().replace("Z", "z"):
                    half = "high" if row.high else "low"
                    wrong.append(f"  clock {index}, {row.label} {half} half: {column} = {got}, the figure has {want}")
        assert not wrong, f"{len(wrong)} pins differ from the figure:\n" + "\n".join(wrong)

    def _drive(self, row: Row) -> None:
        bench, wires = self._bench, self._bench.wires
        for name, level in row.drive.items():
            if name in ("dreq", "hlda", "ready", "reset"):
                if level is not None:
                    setattr(bench, name, level)
            elif name == "cs":
                bench.cs_n = 1 if level is None else level
            elif name == "eop":
                wires.eop_n.drive("figure", 0 if level == 0 else None)
            else:
                wire = {"dbin": wires.db, "ain": wires.a, "ior": wires.ior_n, "iow": wires.iow_n}[name]
                wire.drive("figure", level)

    def _release(self) -> None:
        wires = self._bench.wires
        for wire in (wires.eop_n, wires.db, wires.a, wires.ior_n, wires.iow_n):
            wire.drive("figure", None)
        self._bench.cs_n = 1
        self._bench.ready = 1

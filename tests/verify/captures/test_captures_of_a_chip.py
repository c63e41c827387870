"""A capture of a bare 8237A: the golden model's pins in a table, and the RTL beside them; no board at all."""

import copy

import pytest

from isadma_sim.reference import Chip, ChipInputs
from isadma_verify.captures.check.run import check

INPUTS = ["reset", "cs_n", "ready", "hlda", "ior_n", "iow_n"]
STROBES = ["ior_n", "iow_n", "memr_n", "memw_n"]


def service(chip, pins, *, channel=2, count=2):
    """Program a channel by writes as a processor makes them, and serve one block by software request."""

    def clock():
        shown = copy.copy(chip.outputs(pins))
        yield copy.copy(pins), shown
        pins.hlda = shown.hrq
        chip.clock(pins)

    writes = [(0x0B, 0x84 | channel), (0x0C, 0), (4, 0xFE), (4, 0x12), (5, count), (5, 0), (0x09, 4 | channel)]
    for register, value in writes:
        pins.a, pins.db, pins.cs_n = register, value, 0
        yield from clock()
        pins.iow_n = 0
        yield from clock()
        yield from clock()
        pins.iow_n = 1
        yield from clock()
        pins.cs_n = 1
        for _ in range(2):
            yield from clock()
    for _ in range(40):
        yield from clock()


def write(path, rows, *, late=0):
    """Write wires: what the chip drives where it does, the processor's levels where not."""
    names = ["CLK", "HRQ", "AEN", "ADSTB", "EOP#", *(f"DACK{n}" for n in range(4)), *(n.upper() for n in INPUTS[:4])]
    names += ["IOR#", "IOW#", "MEMR#", "MEMW#", *(f"A{bit}" for bit in range(8)), *(f"D{bit}" for bit in range(8))]
    lines = [",".join(names)]
    for number, (given, shown) in enumerate(rows):
        aen = rows[max(number - late, 0)][1].aen
        strobes = [
            getattr(shown if shown.strobes_oe else given, n, 1) if n in INPUTS or shown.strobes_oe else 1
            for n in STROBES
        ]
        a = shown.a if shown.a_oe else given.a
        d = shown.db if shown.db_oe else given.db
        levels = [shown.hrq, aen, shown.adstb, 1 - shown.eop_oe, *(shown.dack >> n & 1 for n in range(4))]
        levels += [getattr(given, name) for name in INPUTS[:4]]
        levels += [*strobes, *(a >> bit & 1 for bit in range(8)), *(d >> bit & 1 for bit in range(8))]
        lines += [f"{clk}," + ",".join(map(str, map(int, levels))) for clk in (0, 1)]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def rows():
    return list(service(Chip(), ChipInputs()))


def test_a_bare_chip_agrees_pin_by_pin(tmp_path, rows):
    result = check(write(tmp_path / "chip.csv", rows), board="chip", engine="amaranth")
    assert result.agrees, result.difference
    assert result.services.served[2] == 1
    assert result.services.terminal_counts == 1
    compared = {line.line: line.judged for line in result.lines}
    assert {"hrq", "aen", "adstb", "eop_n", "dack2_n", "ior_n", "memw_n", "a7", "d0"} <= set(compared)
    assert all(compared[line] for line in ("memw_n", "a7", "d0"))


def test_an_aen_that_is_late_by_a_clock_is_said(tmp_path, rows):
    result = check(write(tmp_path / "chip.csv", rows, late=1), board="chip", engine="amaranth")
    assert result.agrees
    assert (result.allowed.line, result.allowed.offset) == ("aen", 1)


def test_a_wrong_data_bit_is_named_with_its_clock(tmp_path, rows):
    clock = next(n for n, (_, shown) in enumerate(rows) if shown.adstb)
    rows[clock][1].db ^= 0x10
    result = check(write(tmp_path / "chip.csv", rows), board="chip", engine="amaranth")
    assert set(result.difference.lines) == {"d4"}
    assert result.difference.clock == clock - 1  # the first falling edge ends the first row

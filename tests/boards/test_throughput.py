"""The clocks that throughput is computed from, measured on the model, on the RTL, and on a simulated board."""

from itertools import pairwise
from pathlib import Path

import pytest

from isadma_boards.bitstreams.throughput import modes, on_paper
from isadma_boards.tops import BOARDS
from isadma_sim import PC, Device
from isadma_sim.engines.native.compiler import missing
from isadma_sim.engines.uart.simulated import SimulatedPort, rtl

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "11-boards.md"
#: Transfers measured, and how many of them come before A8 changes.
COUNT, BEFORE_CARRY = 24, 8
#: Clocks in which the slowest mode moves all of them.
BOUND = 340
KINDS = {"single": 0x40, "demand": 0x00, "block": 0x80}
TO_MEMORY, AUTOINITIALIZE = 0x04, 0x10
CHANNELS = {"byte": 1, "word": 5}
PAGES = {1: 0x83, 5: 0x8B}

MACHINES = [
    (engine, board, wait_states)
    for engine in ("reference", "amaranth", "native", "uart")
    for board in ("at", "xt")
    for wait_states in (1, 0)
]
#: Compiled for no other test, a dozen seconds each: part of `make test-long`.
SELDOM = [(engine, board, 0) for engine in ("native", "uart") for board in ("at", "xt")] + [("uart", "xt", 1)]
ROWS = [
    pytest.param(
        machine,
        mode,
        id="-".join(map(str, (*machine, mode.channel, mode.name))),
        marks=[pytest.mark.long] if machine in SELDOM else [],
    )
    for machine in MACHINES
    for mode in modes(*machine[1:])
]


class Always(Device):
    """Asks for as long as its port says so."""

    def __init__(self, port):
        self.name, self.ports = f"device {port:x}", (port,)

    def io_write(self, port, value):
        self.lines.dreq(bool(value))

    def dma_read(self):
        return 0x5A


@pytest.fixture(scope="module")
def machine(request):
    """Yield one PC for all modes of an engine and board."""
    engine, board, wait_states = request.param
    if engine in ("native", "uart") and missing() is not None:
        pytest.skip(missing())
    options = {"engine": engine, "board": board, "wait_states": wait_states}
    simulated = (
        SimulatedPort(rtl(10, wait_states=wait_states, **({"device": False, "board": "xt"} if board == "xt" else {})))
        if (engine == "uart")
        else None
    )
    with PC(**options, **({"port": simulated.name} if simulated else {})) as pc:
        for number, channel in enumerate(CHANNELS.values() if board == "at" else (CHANNELS["byte"],)):
            pc.attach(Always(0x310 + number), dma=channel)
        yield pc
    if simulated:
        simulated.close()


def program(pc, channel, mode, address, count, *, compressed):
    """Clear the controller, program one channel and unmask it."""
    base, step, number = (0xC0, 2, channel - 4) if channel >= 4 else (0x00, 1, channel)
    pc.outb(base + 0xD * step, 0)
    if channel >= 4:
        pc.outb(0xD6, 0xC0)  # channel 4 cascades, as before
        pc.outb(0xD4, 0x00)
    pc.outb(base + 0x8 * step, 0x08 if compressed else 0)
    pc.outb(base + 0xB * step, mode | number)
    for port, value in (
        (base + 2 * number * step, address),
        (base + (2 * number + 1) * step, count - 1),
    ):
        pc.outb(port, value & 0xFF)
        pc.outb(port, value >> 8)
    pc.outb(PAGES[channel], 1)
    pc.outb(base + 0xA * step, number)


def gaps(pc, channel, mode, address, count, *, compressed):
    """Let a device ask on a channel until enough went by; return the clocks between one strobe's end and the next."""
    program(pc, channel, mode, address, count, compressed=compressed)
    trace = pc.trace()
    port = 0x310 + list(CHANNELS.values()).index(channel)
    pc.outb(port, 1)
    pc.run(clocks=BOUND)
    pc.outb(port, 0)
    ends = [cycle.clock for cycle in trace if cycle.master == "dma" and cycle.channel == channel]
    return [after - before for before, after in pairwise(ends)]


def copy(pc, address, count):
    """Copy memory to memory; return the clocks between one write's end and the next."""
    pc.outb(0x0D, 0)
    pc.outb(0x08, 0x01)
    for port, value in ((0x0B, 0x88), (0x0B, 0x85), (0x87, 1), (0x83, 1)):
        pc.outb(port, value)
    for port, value in ((0, address), (2, address + 0x1000), (1, count - 1), (3, count - 1)):
        pc.outb(port, value & 0xFF)
        pc.outb(port, value >> 8)
    trace = pc.trace()
    pc.outb(0x09, 0x04)
    pc.run(clocks=BOUND)
    pc.outb(0x08, 0x00)
    ends = [cycle.clock for cycle in trace if cycle.kind == "mem_to_mem_write"]
    return [after - before for before, after in pairwise(ends)]


# Without a scope of its own, what one fixture of two takes here would make each of its machines one test's.
@pytest.mark.parametrize(("machine", "mode"), ROWS, indirect=["machine"], scope="module")
def test_a_mode_takes_the_clocks_it_has_on_paper(machine, mode):
    start = 0x8100 - BEFORE_CARRY
    if mode.name == "memory to memory":
        assert copy(machine, start, COUNT) == [mode.clocks_next] * (COUNT - 1)
        return
    name, _, timing = mode.name.partition(", ")
    channel, kind, compressed = CHANNELS[mode.channel], KINDS[name] | TO_MEMORY, timing == "compressed"
    wanted = [mode.clocks_next] * (COUNT - 1)
    wanted[BEFORE_CARRY - 1] += mode.carries
    assert gaps(machine, channel, kind, start, COUNT, compressed=compressed) == wanted
    # A count of one and autoinitialization: every transfer is the first of its service.
    firsts = gaps(machine, channel, kind | AUTOINITIALIZE, start, 1, compressed=compressed)
    assert len(firsts) >= 10
    assert set(firsts) == {mode.clocks_first}


def test_the_at_has_eleven_rows_and_the_xt_no_word_channels():
    rows, _ = on_paper("at", 1, 12e6, 48e6)
    assert [row.channel for row in rows] == ["byte"] * 6 + ["word"] * 5
    rows, _ = on_paper("xt", 1, 12e6, 48e6)
    assert [row.channel for row in rows] == ["byte"] * 6


def test_rates_are_whole_transfers_and_bytes_at_both_clocks():
    rows, _ = on_paper("at", 1, 12e6, 48e6)
    words = next(row for row in rows if (row.mode, row.channel) == ("single", "word"))
    assert (words.transfers_per_second, words.bytes_per_second) == (1_500_000, 3_000_000)
    assert (words.transfers_per_second_at_fmax, words.bytes_per_second_at_fmax) == (6_000_000, 12_000_000)


@pytest.mark.parametrize(
    ("board", "wait_states", "mhz"), [("at", 1, 80.078), ("at", 0, 40.078), ("xt", 1, 160.156), ("xt", 0, 80.156)]
)
def test_forty_megabytes_a_second_need_this_clock(board, wait_states, mhz):
    _, needed = on_paper(board, wait_states, 12e6, 48e6)
    assert needed / 1e6 == pytest.approx(mhz, abs=0.001)


def cells(text, board):
    """Return the numbers of the guide's row of a board, and of the row below it."""
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"| `{board}`") and line.count("|") == 9)
    return [[cell.strip() for cell in line.split("|")[2:-1]] for line in lines[at : at + 2]]


@pytest.mark.parametrize("board", BOARDS)
def test_the_guide_has_the_reports_rates_at_the_boards_clock_and_at_fmax(board):
    spec = BOARDS[board]
    columns = [("byte", "single"), ("byte", "demand"), ("byte", "memory to memory"), ("word", "single")]
    columns.append(("word", "demand"))
    clock, fmax = cells(GUIDE.read_text(), board)
    assert float(clock[0]) * 1e6 == spec.clock_hz
    for figures in (clock, fmax):
        hertz = float(figures[0]) * 1e6
        rows, _ = on_paper(spec.kind, spec.wait_states, hertz, hertz)
        rates = {(row.channel, row.mode): row.transfers_per_second / 1e6 for row in rows}
        for column, told in zip(columns, figures[1:-1], strict=True):
            if column not in rates:
                assert told == ""
                continue
            # The guide's clock has one decimal, and so may its rates be off in the last of theirs.
            assert float(told) == pytest.approx(rates[column], rel=0.002, abs=0.006)
        assert float(figures[-1]) == pytest.approx(max(row.bytes_per_second for row in rows) / 1e6, rel=0.002, abs=0.06)


def test_other_wait_states_are_refused():
    with pytest.raises(ValueError, match=r"^wait_states is 3: the boards have 0 or 1$"):
        list(modes("at", 3))

"""A bus master in a few lines for the golden model: CPU accesses, HLDA, and each clock written as its active pins."""

import copy

import pytest

from isadma_sim.reference import AtBoard, BoardInputs, Chip, ChipInputs, XtBoard

LIMIT = 5000
"""Clocks after which a wait gives up."""


def show(out):
    """Write one clock as its state and its active pins, in one fixed order."""
    words = [out.state]
    words += [name for name in ("hrq", "aen", "adstb") if getattr(out, name)]
    if out.a_oe:
        words.append(f"a={out.a:02x}")
    if out.db_oe:
        words.append(f"db={out.db:02x}")
    words += [f"dack{n}" for n in range(4) if not out.dack >> n & 1]
    if out.strobes_oe:
        words += [name for name in ("ior", "iow", "memr", "memw") if not getattr(out, name + "_n")]
        if out.ior_n and out.iow_n and out.memr_n and out.memw_n:
            words.append("high")
    if out.eop_oe:
        words.append("eop")
    return " ".join(words)


class ChipBench:
    """One chip, with HLDA following HRQ at once unless `hlda` is set to 0 or 1."""

    def __init__(self, **kwargs):
        self.chip = Chip(**kwargs)
        self.pins = ChipInputs()
        self.hlda = None

    def clock(self):
        """Run one clock and return what it showed."""
        out = self.chip.outputs(self.pins)
        self.pins.hlda = out.hrq if self.hlda is None else self.hlda
        out = copy.copy(self.chip.outputs(self.pins))
        self.chip.clock(self.pins)
        return out

    def trace(self, clocks):
        """Run some clocks and return them written out."""
        return [show(self.clock()) for _ in range(clocks)]

    def wait(self, state):
        """Run up to the first clock in `state` and return what it showed."""
        for _ in range(LIMIT):
            out = self.clock()
            if out.state == state:
                return out
        raise AssertionError(f"no {state} in {LIMIT} clocks")

    def serve(self):
        """Run from S0 to the end of one service; return how many clocks it took from S1 (S11, SC) to S4 (S24, SC)."""
        self.wait("S0")
        clocks = 0
        for _ in range(LIMIT):
            state = self.clock().state
            if state == "SI":
                return clocks
            clocks += state != "S0"
        raise AssertionError(f"the service did not end in {LIMIT} clocks")

    def write(self, a, value):
        """One CPU write: set-up, two clocks of IOW#, hold, recovery; the CPU grants no HLDA meanwhile."""
        self._own_bus()
        self.pins.a, self.pins.db, self.pins.cs_n = a, value, 0
        self.clock()
        self.pins.iow_n = 0
        self.clock()
        self.clock()
        self.pins.iow_n = 1
        self.clock()
        self.pins.cs_n = 1
        self.clock()
        self.hlda = None

    def read(self, a):
        """One CPU read: data is taken in the third clock of IOR#."""
        self._own_bus()
        self.pins.a, self.pins.cs_n = a, 0
        self.clock()
        self.pins.ior_n = 0
        self.clock()
        self.clock()
        out = self.clock()
        self.pins.ior_n = 1
        assert out.db_oe == 1
        assert self.clock().db_oe == 0
        self.pins.cs_n = 1
        self.clock()
        self.hlda = None
        return out.db

    def _own_bus(self):
        assert self.chip.outputs(self.pins).state in ("SI", "S0"), "the CPU has no bus now"
        self.hlda = 0

    def write_word(self, a, value):
        self.write(a, value & 0xFF)
        self.write(a, value >> 8)

    def read_word(self, a):
        return self.read(a) | self.read(a) << 8

    def program(self, channel, mode, address, count):
        """Clear the flip-flop, load mode (its channel bits are added), address and count; the mask is left alone."""
        self.write(0xC, 0)
        self.write(0xB, mode | channel)
        self.write_word(2 * channel, address)
        self.write_word(2 * channel + 1, count)


class BoardBench:
    """A board, the AT's unless told, with HLDA following HOLD at once."""

    def __init__(self, kind=AtBoard, **kwargs):
        self.board = kind(**kwargs)
        self.pins = BoardInputs()

    def clock(self):
        """Run one clock and return what it showed."""
        out = self.board.outputs(self.pins)
        self.pins.hlda = out.hrq
        out = copy.copy(self.board.outputs(self.pins))
        self.board.clock(self.pins)
        return out

    def outb(self, port, value):
        self.pins.a, self.pins.d = port, value
        self.clock()
        self.pins.iow_n = 0
        self.clock()
        self.pins.iow_n = 1
        self.clock()
        self.clock()

    def inb(self, port):
        """Read a port; an undriven bus reads FFh."""
        self.pins.a = port
        self.clock()
        self.pins.ior_n = 0
        self.clock()
        self.clock()
        out = self.clock()
        self.pins.ior_n = 1
        self.clock()
        self.clock()
        return out.d & 0xFF if out.d_oe else 0xFF

    def until(self, condition):
        """Run up to the first clock in which `condition(outputs)` holds and return it."""
        for _ in range(LIMIT):
            out = self.clock()
            if condition(out):
                return out
        raise AssertionError(f"not in {LIMIT} clocks")

    def service(self):
        """Collect all clocks from the next AEN to its end."""
        rows = [self.until(lambda out: out.aen)]
        for _ in range(LIMIT):
            out = self.clock()
            if not out.aen:
                return rows
            rows.append(out)
        raise AssertionError(f"AEN did not end in {LIMIT} clocks")


@pytest.fixture
def bench():
    """An 8237A after RESET."""
    return ChipBench()


@pytest.fixture
def make_bench():
    """Build a chip bench with the chip's own parameters."""
    return ChipBench


@pytest.fixture
def board():
    """An AT board after power-up, DMA 2's channel 0 in cascade mode and unmasked."""
    board = BoardBench()
    board.outb(0xD6, 0xC0)
    board.outb(0xD4, 0x00)
    return board


@pytest.fixture
def make_board():
    """Build a board bench with the board's own parameters."""
    return BoardBench


@pytest.fixture
def xt():
    """A PC/XT board after power-up."""
    return BoardBench(XtBoard)

"""The PC/XT board and its golden model side by side: the same random pins, and every output equal in every state."""

import random

import pytest
from amaranth.hdl import ClockDomain, Module
from amaranth.sim import Simulator

from isadma.pc import PcXt
from isadma_sim.reference import BoardInputs, XtBoard
from isadma_verify.random.side_by_side import SideBySide

PORTS = [*range(0x00, 0x20), *range(0x80, 0xA0), 0x20, 0x61, 0x3F5, 0x402]
STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")
#: Bits of the command register that are drawn: not the disabling one, the polarities and memory-to-memory.
COMMANDS = 0x38


class Pins:
    """Random but lawful: one processor cycle at a time, DRQ held until DACK, HLDA after HRQ, and OUT1 at any time."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.cycle = iter(())
        self.post = iter([*((0x0B, mode) for mode in (0x58, 0x45, 0x4A, 0x87)), (0x0E, 0)])
        self.inputs = BoardInputs()

    def next(self, out):
        r, pins = self.random, self.inputs
        pins.iochrdy = int(r.random() < 0.8)
        pins.out1 ^= int(r.random() < 0.1)
        pins.d = r.getrandbits(16) if pins.iow_n else pins.d
        pins.drq |= r.getrandbits(8) & r.getrandbits(8) & r.getrandbits(8)
        if r.random() < 0.7:
            pins.drq &= out.dack_n
        if step := next(self.cycle, None):
            pins.a, pins.d, pins.ior_n, pins.iow_n = step
        elif pins.hlda:
            pins.hlda = int(out.hrq or r.random() < 0.3)
        elif out.hrq and r.random() < 0.5:
            pins.hlda = 1
        elif r.random() < 0.3:
            self.cycle = self.access()
        return pins

    def access(self):
        r = self.random
        port, data = next(self.post, (r.choice(PORTS), r.getrandbits(8)))
        register = port & 0xF if port < 0x20 else None
        if register == 0x08:
            data &= COMMANDS
        if register == 0x0D or (register in (0x0A, 0x0F) and r.random() < 0.8):
            port, data = 0x0E, 0x00  # or nearly everything is masked nearly always
        if register == 0x0B and data >> 6 == 3:
            data &= 0x7F  # a cascade channel keeps the bus
        if register == 0x0B and data & 3 == 0:
            data = 0x48 | data & 0x30  # channel 0 reads memory, one row at a time
        read = r.random() < 0.3
        idle, low = (port, data, 1, 1), (port, data, int(not read), int(read))
        yield idle
        yield from [low] * (3 if read else 1)
        yield idle
        yield idle


@pytest.mark.parametrize(("seed", "wait_states"), [(1, 1), (6, 0)])
def test_xt_board_and_model_show_the_same_in_every_state(looker, seed, wait_states):
    run_side_by_side(looker, seed, wait_states, states=1200)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 12))
def test_xt_board_and_model_show_the_same_in_every_state_for_long(looker, seed):
    run_side_by_side(looker, seed, seed & 1, states=20_000)


def run_side_by_side(looker, seed, wait_states, states):
    board, model, pins = PcXt(wait_states=wait_states), XtBoard(wait_states=wait_states), Pins(seed)
    m = Module()
    m.domains.sync = ClockDomain()
    m.submodules.board = board
    seen, refreshed = set(), 0

    async def testbench(ctx):
        nonlocal refreshed
        pair = SideBySide(model, looker(ctx, board), f"seed {seed}")
        ctx.set(board.clk_fall, 1)
        ctx.set(board.clk_rise, 1)
        for _ in range(states):
            inputs = pins.next(model.outputs(pins.inputs))
            inputs.reset = int(pair.resetting)
            for name in ("reset", "hlda", "out1"):
                ctx.set(getattr(board, name), getattr(inputs, name))
            for name in ("a", "d", *STROBES):
                ctx.set(getattr(board.isa, name).i, getattr(inputs, name))
            for name in ("drq", "iochrdy"):
                ctx.set(getattr(board.isa, name), getattr(inputs, name))
            shown = model.outputs(inputs)
            seen.add(shown.state1)
            refreshed += not shown.refresh_n and not shown.memr_n
            pair.clock(inputs)
            await ctx.tick()

    sim = Simulator(m)
    sim.add_clock(1e-7)
    sim.add_testbench(testbench)
    sim.run()
    assert {"SI", "S0", "S1", "S2", "S3", "SW", "S4"} <= seen
    assert refreshed > 10

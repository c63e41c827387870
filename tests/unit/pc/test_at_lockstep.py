"""The board and its golden model side by side: the same random pins, and every output equal in every state."""

import random

import pytest
from amaranth.hdl import ClockDomain, Module
from amaranth.sim import Simulator

from isadma.pc import PcAt
from isadma_sim.reference import AtBoard, BoardInputs

PORTS = [*range(0x00, 0x10), *range(0x80, 0x90), *range(0xC0, 0xE0), 0x20, 0x3F5]
STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")


class Pins:
    """Random but lawful: one processor cycle at a time, DRQ held until DACK, HLDA after HRQ; with refresh, OUT1 too."""

    def __init__(self, seed, refresh=False):
        self.random = random.Random(seed)
        self.refresh = refresh
        self.cycle = iter(())
        self.post = iter([(0xD6, 0xC0), (0xD4, 0x00), *((0x0B, 0x40 + c) for c in range(4))])
        self.inputs = BoardInputs()

    def next(self, out):
        r, pins = self.random, self.inputs
        pins.iochrdy = int(r.random() < 0.8)
        pins.d = r.getrandbits(16) if pins.iow_n else pins.d
        pins.drq |= r.getrandbits(8) & r.getrandbits(8) & r.getrandbits(8)
        if self.refresh:
            pins.out1 ^= int(r.random() < 0.1)
            # Inside a transfer RESET leaves open what has been counted: the clock contract.
            pins.reset = int(r.random() < 0.001 and not out.aen)
        acknowledged = ~out.dack_n & 0xFF
        if r.random() < 0.7:
            pins.drq &= ~acknowledged
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
        register = port & ~1 if port in range(0xC0, 0xE0) else port
        if register in (0x08, 0xD0):
            data &= 0x30  # what stops everything, memory-to-memory and the polarities have tests of their own
        if register in (0x0D, 0xDA) or (register in (0xD4, 0xDE, 0x0A, 0x0F) and r.random() < 0.8):
            port, data = r.choice((0x0E, 0xDC)), 0x00  # or nearly everything is masked nearly always
        if register == 0xD6 and data & 3 == 0:
            data = 0xC0
        read = r.random() < 0.3 and register not in (0xD6, 0xDC)
        idle, low = (port, data, 1, 1), (port, data, int(not read), int(read))
        yield idle
        yield from [low] * (3 if read else 1)
        yield idle
        yield idle


def compare(ctx, board, out, where):
    isa, get = board.isa, ctx.get
    pairs = [("hrq", get(board.hrq), out.hrq), ("a_oe", get(isa.a.oe), out.a_oe), ("d_oe", get(isa.d.oe), out.d_oe)]
    pairs += [(name, get(getattr(isa, name)), getattr(out, name)) for name in ("aen", "dack_n", "tc", "refresh_n")]
    if out.a_oe:
        pairs += [("a", get(isa.a.o), out.a), ("sbhe_n", get(isa.sbhe_n.o), out.sbhe_n)]
        pairs += [(name, get(getattr(isa, name).o), getattr(out, name)) for name in STROBES]
    pairs += [(f"{name}.oe", get(getattr(isa, name).oe), out.strobes_oe) for name in STROBES]
    wrong = [f"{name}: board {int(mine):X}, model {int(theirs):X}" for name, mine, theirs in pairs if mine != theirs]
    assert not wrong, f"{where}: {'; '.join(wrong)}"


@pytest.mark.parametrize(("seed", "wait_states"), [(1, 1), (2, 0)])
def test_board_and_model_show_the_same_in_every_state(seed, wait_states):
    run_side_by_side([seed], wait_states)


# Many short runs: in a long one, random counts make a block that is nearly all of it.
@pytest.mark.long
@pytest.mark.parametrize("first", [10, 30, 50, 70])
def test_board_and_model_show_the_same_in_every_state_for_long(first):
    run_side_by_side(range(first, first + 20), first // 20 & 1)


def test_board_and_model_refresh_alike_in_every_state():
    run_side_by_side([7], 1, states=2500, refresh=True)


@pytest.mark.long
@pytest.mark.parametrize("first", [90, 110])
def test_board_and_model_refresh_alike_in_every_state_for_long(first):
    run_side_by_side(range(first, first + 10), first // 20 & 1, refresh=True)


def run_side_by_side(seeds, wait_states, states=2000, refresh=False):
    options = {"wait_states": wait_states, "refresh": refresh}
    board = PcAt(**options)
    m = Module()
    m.domains.sync = ClockDomain()
    m.submodules.board = board
    seen, refreshed, coming = set(), set(), iter(seeds)

    async def testbench(ctx):
        seed = next(coming)
        model, pins, reading = AtBoard(**options), Pins(seed, refresh), 0
        ctx.set(board.clk_fall, 1)
        ctx.set(board.clk_rise, 1)
        for state in range(states):
            shown = model.outputs(pins.inputs)
            inputs = pins.next(shown)
            if not refresh or state < 2:
                inputs.reset = int(state < 2)
            reading = 0 if inputs.ior_n else reading + 1
            for name in ("reset", "hlda", "out1"):
                ctx.set(getattr(board, name), getattr(inputs, name))
            for name in ("a", "d", *STROBES):
                ctx.set(getattr(board.isa, name).i, getattr(inputs, name))
            for name in ("drq", "iochrdy"):
                ctx.set(getattr(board.isa, name), getattr(inputs, name))
            shown = model.outputs(inputs)
            where = f"seed {seed}, state {state} ({shown.state1}, {shown.state2})"
            if state >= 2:
                compare(ctx, board, shown, where)
            if shown.d_oe and reading >= 3:
                assert ctx.get(board.isa.d.o) == shown.d, f"{where}: port {inputs.a:02X}h"
            seen.add((shown.state1, shown.state2))
            refreshed.add((shown.memr_n, shown.refresh_n))
            await ctx.tick()
            model.clock(inputs)

    sim = Simulator(m)
    sim.add_clock(1e-7)
    sim.add_testbench(testbench)
    for number, _ in enumerate(seeds):
        if number:
            sim.reset()
        sim.run()
    assert {("S4", "SC"), ("SI", "S4"), ("S1", "SC"), ("SI", "S1")} <= seen
    assert refresh or any("SW" in pair for pair in seen)
    assert ((0, 0) in refreshed) is refresh

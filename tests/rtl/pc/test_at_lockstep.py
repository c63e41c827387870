"""The board and its golden model side by side: the same random pins, and every output equal in every state."""

import pytest
from amaranth.hdl import ClockDomain, Module
from amaranth.sim import Simulator

from isadma.pc import PcAt
from isadma_sim.reference import AtBoard
from isadma_verify.random.side_by_side import LawfulPins, SideBySide, missing

STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")


@pytest.mark.parametrize(("seed", "wait_states"), [(1, 1), (2, 0)])
def test_board_and_model_show_the_same_in_every_state(looker, seed, wait_states):
    run_side_by_side(looker, [seed], wait_states)


# Many short runs: in a long one, random counts make a block that is nearly all of it.
@pytest.mark.long
@pytest.mark.parametrize("first", [10, 30, 50, 70])
def test_board_and_model_show_the_same_in_every_state_for_long(looker, first):
    run_side_by_side(looker, range(first, first + 20), first // 20 & 1)


def test_board_and_model_refresh_alike_in_every_state(looker):
    run_side_by_side(looker, [7], 1, states=2500, refresh=True)


@pytest.mark.long
@pytest.mark.parametrize("first", [90, 110])
def test_board_and_model_refresh_alike_in_every_state_for_long(looker, first):
    run_side_by_side(looker, range(first, first + 10), first // 20 & 1, refresh=True)


def run_side_by_side(looker, seeds, wait_states, states=2000, refresh=False):
    options = {"wait_states": wait_states, "refresh": refresh}
    board = PcAt(**options)
    m = Module()
    m.domains.sync = ClockDomain()
    m.submodules.board = board
    seen, refreshed, coming = set(), set(), iter(seeds)

    async def testbench(ctx):
        seed = next(coming)
        model, pins = AtBoard(**options), LawfulPins(seed, refresh)
        pair = SideBySide(model, looker(ctx, board), f"seed {seed}")
        ctx.set(board.clk_fall, 1)
        ctx.set(board.clk_rise, 1)
        for _ in range(states):
            inputs = pins.next(model.outputs(pins.inputs))
            if pair.resetting or not refresh:
                inputs.reset = int(pair.resetting)
            for name in ("reset", "hlda", "out1"):
                ctx.set(getattr(board, name), getattr(inputs, name))
            for name in ("a", "d", *STROBES):
                ctx.set(getattr(board.isa, name).i, getattr(inputs, name))
            for name in ("drq", "iochrdy"):
                ctx.set(getattr(board.isa, name), getattr(inputs, name))
            pair.clock(inputs)
            await ctx.tick()
        seen.update(pair.seen)
        assert pair.terminal_counts, f"seed {seed} met no TC"
        refreshed.update(pair.refreshed)

    sim = Simulator(m)
    sim.add_clock(1e-7)
    sim.add_testbench(testbench)
    for number, _ in enumerate(seeds):
        if number:
            sim.reset()
        sim.run()
    assert not missing(seen)
    assert ((0, 0) in refreshed) is refresh

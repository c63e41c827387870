"""A timer whose OUT1 is high from power-up on asks for no refresh: the RTL's latch, and both boards' golden models."""

from amaranth.sim import Simulator

from isadma.pc.refresh import RefreshRequest
from isadma_sim.reference import AtBoard, BoardInputs, XtBoard


def test_out1_high_from_power_up_on_is_no_edge_for_the_latch():
    latch = RefreshRequest()
    seen = []

    async def testbench(ctx):
        for level in (1, 1, 1, 0, 1, 1):
            ctx.set(latch.out1, level)
            await ctx.tick()
            seen.append(ctx.get(latch.request))

    sim = Simulator(latch)
    sim.add_clock(1e-7)
    sim.add_testbench(testbench)
    sim.run()
    assert seen == [0, 0, 0, 0, 1, 1]


def asks(board, clocks, pins):
    """Run a model that many clocks; whether HRQ was ever high."""
    hrq = 0
    for _ in range(clocks):
        hrq |= board.outputs().hrq
        board.clock(pins)
    return bool(hrq)


def test_out1_high_from_power_up_on_is_no_edge_for_the_at_model():
    board, pins = AtBoard(refresh=True), BoardInputs(out1=1)
    assert not asks(board, 20, pins)
    pins.out1 = 0
    assert not asks(board, 2, pins)
    pins.out1 = 1
    assert asks(board, 20, pins)


def test_out1_high_from_power_up_on_is_no_edge_for_the_xt_model():
    board, pins = XtBoard(), BoardInputs(out1=1)
    for _ in range(20):
        board.clock(pins)
    assert not board.dreq0
    pins.out1 = 0
    board.clock(pins)
    pins.out1 = 1
    board.clock(pins)
    assert board.dreq0

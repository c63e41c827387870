"""The PC/XT's arbiter: its clocks one by one, both boards, the first boards' fault, and beside its golden model."""

import random

import pytest
from amaranth.sim import Simulator

from isadma.pc import HoldXt
from isadma_sim.reference.hold import HoldCircuit, HoldInputs

INPUTS = ("reset", "s", "lock_n", "hrq", "dma_cs_n", "ior_n", "iow_n", "memr_n", "dack0_n", "iochrdy")
OUTPUTS = ("holda", "aen", "dma_wait", "dma_drives", "dma_ready", "cpu_wait")
PASSIVE, HALT, READ = 0b111, 0b011, 0b101


def run(dut, testbench):
    sim = Simulator(dut)
    sim.add_clock(1e-7)
    sim.add_testbench(testbench)
    sim.run()


def half_clocks(rows, **options):
    """Drive half clocks of the processor, the first half first, and return a string of the outputs in each."""
    dut, seen = HoldXt(**options), []

    async def testbench(ctx):
        for number, row in enumerate(rows):
            for name in INPUTS:
                ctx.set(getattr(dut, name), row.get(name, getattr(HoldInputs(), name)))
            ctx.set(dut.cpu_fall, number % 2 == 0)  # CLK is high in the first half and low in the second
            ctx.set(dut.cpu_rise, number % 2 == 1)
            seen.append("".join(str(ctx.get(getattr(dut, name))) for name in OUTPUTS[:4]))
            await ctx.tick()

    run(dut, testbench)
    return seen


def test_holda_comes_half_a_clock_after_the_sample_aen_after_that_and_the_drivers_last():
    rows = [{"hrq": int(2 <= number < 12)} for number in range(18)]
    assert half_clocks(rows) == [
        *["0000"] * 2,
        "0000",  # HRQ; the rising edge at the end of this clock samples it
        "0000",
        "0000",  # the falling edge grants
        "1000",  # HOLDA
        "1100",  # AEN with the next rising edge
        "1100",
        *["1111"] * 4,  # DMA WAIT one clock later: now the DMA's drivers are on
        *["0111"] * 2,  # HRQ has gone, and HOLDA with it; AEN stays for the rest of the clock
        *["0010"] * 2,  # the processor's drivers are on, and it still waits
        *["0000"] * 2,
    ]


@pytest.mark.parametrize(
    ("board", "s", "granted"), [("5150", PASSIVE, 1), ("5150", HALT, 0), ("5160", HALT, 1), ("5160", READ, 0)]
)
def test_the_5160_takes_a_halted_processor_for_a_passive_one(board, s, granted):
    shown = half_clocks([{"hrq": 1, "s": s}] * 8, board=board)
    assert ("1" in {row[0] for row in shown}) == bool(granted)


def test_lock_keeps_the_bus():
    shown = half_clocks([{"hrq": 1, "lock_n": int(number >= 8)} for number in range(14)])
    assert [row[0] for row in shown] == ["0"] * 11 + ["1"] * 3


@pytest.mark.parametrize(("holds_off", "first"), [(True, 9), (False, 3)])
def test_the_first_boards_give_the_bus_away_inside_a_write_to_the_8237(holds_off, first):
    write = {"hrq": 1, "dma_cs_n": 0, "iow_n": 0}
    shown = half_clocks([write] * 6 + [{"hrq": 1}] * 6, holds_off=holds_off)
    assert [row[0] for row in shown].index("1") == first


def test_a_write_to_another_port_holds_nothing_off():
    shown = half_clocks([{"hrq": 1, "iow_n": 0}] * 6)
    assert [row[0] for row in shown].index("1") == 3


@pytest.mark.parametrize("strobe", ["ior_n", "iow_n"])
def test_an_io_cycle_of_the_processor_waits_for_one_clock(strobe):
    rows = [{strobe: int(not 1 <= number < 9)} for number in range(12)]
    dut, seen = HoldXt(), []

    async def testbench(ctx):
        for number, row in enumerate(rows):
            ctx.set(getattr(dut, strobe), row[strobe])
            ctx.set(dut.cpu_fall, number % 2 == 0)
            ctx.set(dut.cpu_rise, number % 2 == 1)
            seen.append(ctx.get(dut.cpu_wait))
            await ctx.tick()

    run(dut, testbench)
    assert seen == [0, 1] + [0] * 10  # seen by the rising edge that follows, and by no other


@pytest.mark.parametrize(
    ("dack0_n", "strobe", "ready"),
    [
        (1, "memr_n", [0, 0, 1]),  # at the end of S2, S3 and SW; memory to device
        (1, "ior_n", [0, 0, 1]),
        (0, "memr_n", [1, 1]),  # a refresh does not wait, though it has an IOW# too
    ],
)
def test_the_dma_gets_one_wait_state_and_refresh_none(dack0_n, strobe, ready):
    dut, seen = HoldXt(), []

    async def testbench(ctx):
        for name in ("cpu_rise", "cpu_fall", "hrq"):
            ctx.set(getattr(dut, name), 1)
        await ctx.tick().repeat(3)
        ctx.set(dut.dack0_n, dack0_n)
        ctx.set(getattr(dut, strobe), 0)
        for state in range(len(ready)):
            if state == 1 and strobe == "memr_n":
                ctx.set(dut.iow_n, 0)  # S3: the late write
            seen.append(ctx.get(dut.dma_ready))
            await ctx.tick()

    run(dut, testbench)
    assert seen == ready


@pytest.mark.parametrize("low", [1, 3, 9])
def test_io_ch_rdy_holds_both_sides(low):
    dut, seen = HoldXt(), []

    async def testbench(ctx):
        ctx.set(dut.cpu_rise, 1)
        ctx.set(dut.cpu_fall, 1)
        for number in range(low + 4):
            ctx.set(dut.iochrdy, int(number >= low))
            seen.append((ctx.get(dut.cpu_wait), ctx.get(dut.dma_ready)))
            await ctx.tick()

    run(dut, testbench)
    assert seen == [(1, 0)] * low + [(0, 0), (0, 1), (0, 1), (0, 1)]


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_an_unknown_board_is_refused():
    with pytest.raises(ValueError, match=r"^board is '5170': choose one of 5150, 5160$"):
        HoldXt(board="5170")


def side_by_side(seed, clocks, **options):
    """Drive circuit and model with the same random pins, edges in any order, and compare all outputs in each clock."""
    r, dut, model, pins = random.Random(seed), HoldXt(**options), HoldCircuit(**options), HoldInputs()
    granted = 0

    async def testbench(ctx):
        nonlocal granted
        for clock in range(clocks):
            pins.reset = int(r.random() < 0.01)
            pins.s = r.choice((PASSIVE, PASSIVE, HALT, r.getrandbits(3)))
            pins.hrq ^= int(r.random() < 0.15)
            for name in INPUTS[2:]:
                if name != "hrq" and r.random() < 0.3:
                    setattr(pins, name, int(r.random() < 0.7))
            rise, fall = r.choice(((0, 0), (1, 0), (0, 1), (1, 1)))
            for name in INPUTS:
                ctx.set(getattr(dut, name), getattr(pins, name))
            ctx.set(dut.cpu_rise, rise)
            ctx.set(dut.cpu_fall, fall)
            want = model.settle(pins)
            for name in OUTPUTS:
                assert ctx.get(getattr(dut, name)) == getattr(want, name), f"seed {seed}, clock {clock}: {name}"
            granted += want.dma_drives
            if rise:
                model.rise(pins)
            if fall:
                model.fall(pins)
            if pins.reset:
                model.reset()
            await ctx.tick()

    run(dut, testbench)
    assert granted > clocks // 50


@pytest.mark.parametrize("board", ["5150", "5160"])
@pytest.mark.parametrize("holds_off", [True, False])
def test_arbiter_and_model_show_the_same_in_every_clock(board, holds_off):
    side_by_side(f"{board} {holds_off}", 3000, board=board, holds_off=holds_off)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_arbiter_and_model_show_the_same_in_every_clock_for_long(seed):
    side_by_side(seed, 40_000, board="5150" if seed & 1 else "5160", holds_off=bool(seed & 2))

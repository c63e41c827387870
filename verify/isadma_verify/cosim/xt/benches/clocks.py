"""Clocks per transfer of a PC/XT's board: its wait state, IOCHRDY, and how soon single mode comes again."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7; IBM PC/XT Technical Reference, system board (one wait
# state: 5 clocks a transfer).
import os
from itertools import pairwise
from typing import Any

import cocotb

from isadma_verify.cosim.chip.driving import WaitStates
from isadma_verify.cosim.chip.stand import BLOCK, COMPRESSED, READ, SINGLE, VERIFY, WRITE
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.xt.stand import CHANNELS, XtStand

#: The boards that these benches are for.
WAIT_STATES = (1, 0)

#: Clocks from one read strobe to the next of a block, by the board's wait states and the timing; S1 is one more.
STEPS = {(0, 0): 3, (0, COMPRESSED): 2, (1, 0): 4, (1, COMPRESSED): 4}


def own_waits() -> int:
    """Return the board's own wait states, as the runner was told."""
    return BenchOptions.from_environment(os.environ).wait_states


async def _block(dut: Any, channel: int, *, command: int, address: int, waits: int = 0) -> list[int]:
    """Run a block of four by a software request; return the states between its read strobes."""
    stand = await XtStand(dut).posted()
    if waits:
        stand.add(WaitStates(stand.bench, waits=waits, compressed=False))
    await stand.cpu.command(1, command)
    await stand.cpu.program(channel, mode=BLOCK | READ, address=address, count=3, page=0x05)
    stand.log.clear()
    await stand.cpu.request(channel)
    await stand.quiet(states=400)
    assert stand.memory.reads == [(0x50000 + address + step, 1) for step in range(4)]
    return [later - earlier for earlier, later in pairwise(stand.log.falls["memr_n"])]


@cocotb.test()
@cocotb.parametrize(channel=CHANNELS, command=[0, COMPRESSED])
async def each_transfer_of_a_block_has_the_boards_wait_state(dut: Any, channel: int, command: int) -> None:
    gaps = await _block(dut, channel, command=command, address=0x4000)
    assert gaps == [STEPS[own_waits(), command]] * 3


@cocotb.test()
@cocotb.parametrize(channel=CHANNELS, command=[0, COMPRESSED])
async def s1_comes_again_where_a8_carries(dut: Any, channel: int, command: int) -> None:
    gaps = await _block(dut, channel, command=command, address=0x40FE)
    step = STEPS[own_waits(), command]
    assert gaps == [step, step + 1, step]


@cocotb.test()
@cocotb.parametrize(low=[1, 2, 9])
async def iochrdy_low_from_s3_on_overlaps_the_boards_own_wait_state(dut: Any, low: int) -> None:
    assert await _block(dut, 2, command=0, address=0x4000, waits=low) == [3 + low] * 3


@cocotb.test()
@cocotb.parametrize(channel=CHANNELS, mode=[READ, WRITE])
async def single_mode_gives_the_bus_back_each_time(dut: Any, channel: int, mode: int) -> None:
    stand = await XtStand(dut).posted()
    await stand.cpu.program(channel, mode=SINGLE | mode, address=0x4000, count=7, page=0x05)
    await stand.cpu.unmask(channel)
    stand.log.clear()
    stand.bench.dreq = 1 << channel
    await stand.bench.until(lambda: len(stand.log.rises["tc"]) == 1, states=400, what="TC")
    stand.bench.dreq = 0
    await stand.quiet()
    assert [later - earlier for earlier, later in pairwise(stand.log.rises["hrq"])] == [7 + own_waits()] * 7


@cocotb.test()
@cocotb.parametrize(channel=CHANNELS)
async def verify_moves_nothing_and_reaches_tc(dut: Any, channel: int) -> None:
    stand = await XtStand(dut).posted()
    await stand.cpu.program(channel, mode=BLOCK | VERIFY, address=0x2000, count=4, page=0x01)
    stand.log.clear()
    await stand.cpu.request(channel)
    stand.bench.ready = 0
    await stand.quiet()
    assert not any(stand.log.falls[strobe] for strobe in ("ior_n", "iow_n", "memr_n", "memw_n"))
    assert len(stand.log.rises["tc"]) == 1

"""Who goes next on the AT: four channels behind the cascade, three beside it."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 5 to 7; Intel 6-series chipset data sheet, January 2011, page
# 135 (channels 0 to 3 rotate as one with 5 to 7).
from typing import Any

import cocotb

from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.chip.stand import AUTOINITIALIZE, BLOCK, READ, ROTATING, SINGLE

CHANNELS = (0, 1, 2, 3, 5, 6, 7)


async def _all_single(dut: Any, *, command1: int = 0, command2: int = 0, release: int = 4) -> BoardStand:
    # The processor keeps HLDA for two states after HRQ: DMA 1 then asks again in time for DMA 2's next choice.
    stand = await BoardStand(dut, release=release).posted()
    await stand.cpu.command(1, command1)
    await stand.cpu.command(2, command2)
    for channel in CHANNELS:
        await stand.cpu.program(channel, mode=SINGLE | READ | AUTOINITIALIZE, address=0x1000, count=99, page=0x02)
    await stand.cpu.unmask(*CHANNELS)
    stand.log.clear()
    return stand


async def _served(stand: BoardStand, first: int, then: int, number: int) -> list[int]:
    """Raise DRQs, and more of them a state later (DMA 1's HRQ reaches DMA 2 that late); return the channels served."""
    bench = stand.bench
    await bench.states(1)
    stand.log.clear()
    bench.dreq = first
    await bench.states(1)
    bench.dreq |= then
    await bench.until(lambda: len(stand.log.order()) == number, states=25 * number, what="the services")
    bench.dreq = 0
    await stand.quiet()
    return stand.log.order()[:number]


@cocotb.test()
@cocotb.parametrize(
    (("drq", "served"), [(0xEF, 0), (0xEE, 1), (0xEC, 2), (0xE8, 3), (0xE0, 5), (0xC0, 6), (0x80, 7), (0x8A, 1)])
)  # fmt: skip
async def fixed_priority_is_0_to_3_before_5_to_7(dut: Any, drq: int, served: int) -> None:
    stand = await _all_single(dut)
    assert await _served(stand, drq & 0x0F, drq, 5) == [served] * 5


@cocotb.test()
async def a_processor_that_takes_the_bus_back_at_once_lets_5_to_7_in_between(dut: Any) -> None:
    # DMA 1 asks again only after it saw HLDA low, a state later than DMA 2 does: its next request is a state too late.
    stand = await _all_single(dut, release=0)
    assert await _served(stand, 0x0F, 0xE0, 6) == [0, 5, 0, 5, 0, 5]


@cocotb.test()
async def rotating_in_dma_1_leaves_5_to_7_behind(dut: Any) -> None:
    stand = await _all_single(dut, command1=ROTATING)
    assert await _served(stand, 0x0F, 0xE0, 9) == [0, 1, 2, 3, 0, 1, 2, 3, 0]


@cocotb.test()
async def rotating_in_dma_2_takes_0_to_3_as_one(dut: Any) -> None:
    stand = await _all_single(dut, command2=ROTATING)
    assert await _served(stand, 0x0F, 0xE0, 9) == [0, 5, 6, 7, 0, 5, 6, 7, 0]


@cocotb.test()
async def rotating_in_both_serves_all_seven(dut: Any) -> None:
    stand = await _all_single(dut, command1=ROTATING, command2=ROTATING)
    assert await _served(stand, 0x0F, 0xE0, 17) == [0, 5, 6, 7, 1, 5, 6, 7, 2, 5, 6, 7, 3, 5, 6, 7, 0]


@cocotb.test()
async def the_last_served_channel_becomes_the_last(dut: Any) -> None:
    stand = await _all_single(dut, command2=ROTATING)
    assert await _served(stand, 0x40, 0x00, 1) == [6]
    assert await _served(stand, 0xE0, 0x00, 4) == [7, 5, 6, 7]


@cocotb.test()
@cocotb.parametrize((("first", "second"), [(7, 0), (0, 7), (2, 5), (5, 2), (3, 1), (6, 5)]))
async def a_service_under_way_is_not_interrupted(dut: Any, first: int, second: int) -> None:
    stand = await BoardStand(dut).posted()
    bench = stand.bench
    for channel in (first, second):
        await stand.cpu.program(channel, mode=BLOCK | READ, address=0x1000, count=7, page=channel << 4)
    await stand.cpu.unmask(first, second)
    stand.log.clear()
    bench.dreq = 1 << first
    await stand.active()
    bench.dreq = 1 << second
    await bench.until(lambda: stand.log.order() == [first, second], states=120, what="the second service")
    bench.dreq = 0
    await stand.quiet()
    assert stand.log.order() == [first, second]
    places = {c: [((c << 20) + (0x2000 if c > 4 else 0x1000) + i * (2 if c > 4 else 1), 2 if c > 4 else 1)
                  for i in range(8)] for c in (first, second)}  # fmt: skip
    assert stand.memory.reads == places[first] + places[second]


@cocotb.test()
async def dma_1_waits_while_the_cascade_is_masked(dut: Any) -> None:
    stand = await _all_single(dut)
    await stand.cpu.mask(4)
    stand.log.clear()
    stand.bench.dreq = 0x04
    await stand.bench.states(30)
    assert stand.log.rises["hrq"] == []
    await stand.cpu.unmask(4)
    await stand.active()
    stand.bench.dreq = 0
    await stand.quiet()
    assert set(stand.log.order()) == {2}


@cocotb.test()
@cocotb.parametrize(channel=list(CHANNELS))
async def one_request_has_the_dack_of_its_channel_and_no_other(dut: Any, channel: int) -> None:
    stand = await _all_single(dut)
    assert await _served(stand, 1 << channel, 0, 1) == [channel]
    assert set(stand.log.order()) == {channel}

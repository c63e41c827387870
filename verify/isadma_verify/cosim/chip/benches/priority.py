"""Who goes next: fixed and rotating priority, and channels that wait."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 6 and 7.
from typing import Any

import cocotb

from isadma_verify.cosim.chip.stand import AUTOINITIALIZE, BLOCK, CASCADE, READ, ROTATING, SINGLE, Stand


async def _all_single(dut: Any, command: int) -> Stand:
    stand = await Stand(dut).start()
    await stand.cpu.write(0x8, command)
    for channel in range(4):
        await stand.cpu.program(channel, mode=SINGLE | READ | AUTOINITIALIZE, address=0x1000, count=99)
    await stand.cpu.unmask(0, 1, 2, 3)
    stand.log.clear()
    return stand


async def _services(stand: Stand, dreq: int, number: int) -> list[int]:
    """Hold DREQs for a number of services; return the channels served."""
    stand.log.clear()
    stand.bench.dreq = dreq
    await stand.bench.until(
        lambda: len(stand.log.order()) == number,
        states=20 * number,
        what=f"{number} services for DREQ3 to DREQ0 = {dreq:04b}",
    )
    stand.bench.dreq = 0
    await stand.quiet()
    return stand.log.order()[:number]


@cocotb.test()
@cocotb.parametrize(
    (("dreq", "served"), [(0b1111, 0), (0b1110, 1), (0b1100, 2), (0b1000, 3), (0b1010, 1)])
)  # fmt: skip
async def fixed_priority_serves_the_lowest_channel_again_and_again(dut: Any, dreq: int, served: int) -> None:
    stand = await _all_single(dut, 0)
    assert await _services(stand, dreq, 4) == [served] * 4


@cocotb.test()
async def rotating_priority_serves_all_four_in_turn_from_channel_0(dut: Any) -> None:
    stand = await _all_single(dut, ROTATING)
    assert await _services(stand, 0b1111, 9) == [0, 1, 2, 3, 0, 1, 2, 3, 0]


@cocotb.test()
async def rotating_priority_puts_the_last_served_channel_last(dut: Any) -> None:
    stand = await _all_single(dut, ROTATING)
    assert await _services(stand, 0b0100, 1) == [2]
    assert await _services(stand, 0b0111, 4) == [0, 1, 2, 0]
    assert await _services(stand, 0b1001, 3) == [3, 0, 3]


@cocotb.test()
async def a_switch_to_rotating_starts_from_the_last_service_in_fixed_priority(dut: Any) -> None:
    stand = await _all_single(dut, 0)
    assert await _services(stand, 0b0010, 2) == [1, 1]
    await stand.cpu.write(0x8, ROTATING)
    assert await _services(stand, 0b1111, 4) == [2, 3, 0, 1]


@cocotb.test()
async def a_higher_request_does_not_interrupt_a_service(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu, bench = stand.cpu, stand.bench
    await cpu.program(3, mode=BLOCK | READ, address=0x3000, count=15)
    await cpu.program(0, mode=BLOCK | READ, address=0x0000, count=3)
    await cpu.unmask(0, 3)
    stand.log.clear()
    bench.dreq = 0b1000
    await stand.active()
    bench.dreq = 0b0001
    await bench.until(lambda: stand.shows("dack") == 0b1110, states=80, what="DACK0")
    bench.dreq = 0
    await stand.quiet()
    assert stand.log.order()[:2] == [3, 0], "channels in the order served, for DREQ0 that rises in a block of channel 3"
    said = "clocks of two blocks, of 16 bytes and of 4"
    stand.aside("clocks", said, stand.log.services(), [4 + 15 * 3, 4 + 3 * 3])


@cocotb.test()
async def a_cascaded_channel_takes_part_in_rotation(dut: Any) -> None:
    stand = await _all_single(dut, ROTATING)
    await stand.cpu.program(1, mode=CASCADE, address=0, count=0)
    bench = stand.bench
    stand.log.clear()
    bench.dreq = 0b0110
    await bench.until(lambda: stand.shows("dack") == 0b1101, states=20, what="DACK1 of a cascade for DREQ1")
    await bench.states(5)
    bench.dreq = 0b0111
    bench.dreq &= ~0b0010
    await bench.until(lambda: len(stand.log.order()) == 3, states=60, what="the services after it")
    bench.dreq = 0
    await stand.quiet()
    assert stand.log.order()[:3] == [1, 2, 0]


@cocotb.test()
async def hrq_stays_until_hlda_however_short_dreq_was(dut: Any) -> None:
    # A DREQ that is too short to be seen asks for nothing; one that has raised HRQ has asked. (DS p.19 item 3)
    stand = await Stand(dut).start()
    bench, cpu = stand.bench, stand.cpu
    await cpu.program(2, mode=SINGLE | READ, address=0x1000, count=40)
    await cpu.unmask(2)
    for halves in range(1, 9):
        cpu.may_grant = False
        bench.dreq = 0b0100
        await bench.tick(max(1, halves * bench.clocking.per_state // 2))
        bench.dreq = 0
        rose = False
        for _ in range(12 * bench.clocking.per_state):
            await bench.tick()
            rose = rose or stand.shows("hrq") == 1
            held = stand.shows("hrq") == 1 or not rose
            assert held, f"HRQ falls before HLDA has come, where DREQ2 lasted {halves} half clocks"
        cpu.may_grant = True
        await stand.quiet()


@cocotb.test()
async def software_requests_go_through_the_same_encoder(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    for channel in (1, 2, 3):
        await cpu.program(channel, mode=BLOCK | READ, address=0x1000, count=0)
    cpu.may_grant = False
    await cpu.request(3)
    await stand.bench.until(lambda: stand.shows("hrq") == 1, states=10, what="HRQ for a software request of channel 3")
    await cpu.request(2)
    await cpu.request(1)
    cpu.may_grant = True
    await stand.quiet()
    # Whether a request that comes after HRQ may still win is nowhere said; from then on the encoder decides.
    assert stand.log.order() in ([3, 1, 2], [1, 2, 3])

"""One property of a service each, told alone: what breaks it breaks much else besides, and here it has its name."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 9.
from typing import Any

import cocotb

from isadma_verify.cosim.chip.stand import (
    AUTOINITIALIZE,
    BLOCK,
    COMPRESSED,
    DACK_ACTIVE_HIGH,
    DECREMENT,
    DEMAND,
    DISABLE,
    DREQ_ACTIVE_LOW,
    EXTENDED_WRITE,
    READ,
    SINGLE,
    WRITE,
    Stand,
)
from isadma_verify.cosim.common.wires import named

#: States within which a few bytes are moved, by a slow core too.
PATIENCE = 400

START = 0x2340


async def _ask(dut: Any, mode: int, count: int, *, command: int = 0, channel: int = 2, address: int = START) -> Stand:
    """Program and unmask a channel, and raise its DREQ until it is acknowledged for the first time."""
    stand = await Stand(dut).start()
    await stand.cpu.write(0x8, command)
    await stand.cpu.program(channel, mode=mode, address=address, count=count)
    await stand.cpu.unmask(channel)
    stand.log.clear()
    stand.bench.dreq = 1 << channel
    await stand.bench.until(
        lambda: bool(stand.log.dacks[channel]), states=PATIENCE, what=f"DACK{channel} for DREQ{channel}"
    )
    return stand


async def _some(stand: Stand, strobe: str, many: int) -> None:
    """Wait for a number of strobes, and then for as long again as a few more would take."""
    log, bench = stand.log, stand.bench
    await bench.until(
        lambda: len(log.rises[strobe]) >= many,
        states=PATIENCE,
        what=f"{many} times {named(strobe)} for a DREQ that stays",
    )
    bench.dreq = 0
    await bench.states(PATIENCE // 8)


async def _no_more(stand: Stand, what: str) -> None:
    """Wait for a few bytes, and see that none comes after them."""
    log, bench = stand.log, stand.bench
    await bench.states(PATIENCE // 8)
    moved = len(log.falls["memr_n"])
    await bench.states(PATIENCE // 8)
    assert len(log.falls["memr_n"]) == moved, what


@cocotb.test()
@cocotb.parametrize(count=[0, 1, 4])
async def a_word_count_moves_one_byte_more(dut: Any, count: int) -> None:
    stand = await _ask(dut, BLOCK | READ, count)
    # DREQ stays until all are moved and goes then: neither a block that ends with it nor a mask is in question here.
    await _some(stand, "memr_n", count + 1)
    assert len(stand.log.falls["memr_n"]) == count + 1, f"bytes that a word count of {count} moves"


@cocotb.test()
async def tc_ends_a_software_request(dut: Any) -> None:
    stand = await Stand(dut).start()
    await stand.cpu.program(3, mode=BLOCK | READ, address=START, count=1)
    await stand.cpu.unmask(3)
    stand.log.clear()
    await stand.cpu.request(3)
    await stand.bench.states(PATIENCE // 8)
    moved = bool(stand.log.rises["memr_n"])
    stand.needs("software-request", "a software request of channel 3 moves nothing", moved)
    await _no_more(stand, "a software request goes on after TC: MEMR# falls so many times")


@cocotb.test()
@cocotb.parametrize((("mode", "step", "start"), [(0, 1, 0x23FE), (DECREMENT, -1, 0x2401)]))
async def the_address_steps_by_one_through_all_its_bits(dut: Any, mode: int, step: int, start: int) -> None:
    stand = await _ask(dut, DEMAND | READ | mode, 20, address=start)
    await _some(stand, "memr_n", 4)
    assert stand.memory.reads[:4] == [start + step * at for at in range(4)]


@cocotb.test()
async def tc_masks_a_channel_that_does_not_autoinitialize(dut: Any) -> None:
    stand = await _ask(dut, DEMAND | READ, 1)
    log, bench = stand.log, stand.bench
    await bench.until(lambda: bool(log.rises["memr_n"]), states=PATIENCE, what="a byte for DREQ2")
    await _no_more(stand, "channel 2 goes on after TC for a DREQ2 that stays, unmasked: MEMR# falls so many times")
    stand.bench.dreq = 0


@cocotb.test()
async def autoinitialize_starts_over_from_base(dut: Any) -> None:
    stand = await _ask(dut, DEMAND | READ | AUTOINITIALIZE, 1)
    await _some(stand, "memr_n", 2)
    await stand.cpu.unmask(2)  # whatever TC made of the mask: that is another rule's matter
    stand.bench.dreq = 0b0100
    await _some(stand, "memr_n", 4)  # two services: a fault that masks at each TC lets no third begin
    assert stand.memory.reads.count(START) > 1, "channel 2 does not start over at its base address after TC"
    assert set(stand.memory.reads) <= {START, START + 1}, "addresses read, autoinitialize with a word count of 1"


@cocotb.test()
async def autoinitialize_does_not_mask_its_channel(dut: Any) -> None:
    stand = await _ask(dut, DEMAND | READ | AUTOINITIALIZE, 1)
    bench, log = stand.bench, stand.log
    await bench.until(lambda: len(log.rises["memr_n"]) >= 2, states=PATIENCE, what="two bytes for a DREQ2 that stays")
    await bench.states(PATIENCE // 8)
    bench.dreq = 0
    assert len(log.rises["memr_n"]) > 2, "TC of a channel that autoinitializes masks it"


@cocotb.test()
async def autoinitialize_leaves_a_channel_masked(dut: Any) -> None:
    stand = await Stand(dut).start()
    await stand.cpu.program(2, mode=BLOCK | READ | AUTOINITIALIZE, address=START, count=1)
    await stand.cpu.mask(2)
    stand.log.clear()
    await stand.cpu.request(2)
    await stand.bench.states(PATIENCE // 8)
    moved = len(stand.log.falls["memr_n"])
    if moved != 2:
        return  # what a software request moves, and whether TC ends it, is another rule's matter
    stand.bench.dreq = 0b0100
    await stand.bench.states(PATIENCE // 8)
    stand.bench.dreq = 0
    assert len(stand.log.falls["memr_n"]) == moved, "TC of a masked channel that autoinitializes clears its mask"


@cocotb.test()
@cocotb.parametrize(channels=[(1, 3), (0, 2)])
async def a_request_leaves_those_of_other_channels(dut: Any, channels: tuple[int, int]) -> None:
    stand = await Stand(dut).start()
    cpu, bench = stand.cpu, stand.bench
    for channel in range(4):
        await cpu.program(channel, mode=BLOCK | READ, address=START, count=7)
    await cpu.write(0x8, DISABLE)
    stand.log.clear()
    for channel in channels:
        await cpu.request(channel)
    await cpu.write(0x8, 0)
    await bench.states(PATIENCE // 8)
    # The first service alone: what its TC does to the other request is another rule's matter. A core that served who
    # asked first would serve the same one.
    served = stand.log.order()[:1]
    if served:
        assert served == [channels[0]], "a write to port 9 for one channel clears another's request"


@cocotb.test()
@cocotb.parametrize(low=[False, True])
async def command_bit_6_is_the_sense_of_dreq(dut: Any, low: bool) -> None:
    stand = await Stand(dut).start()
    bench = stand.bench
    bench.dreq = 0b1111 * low
    await stand.cpu.write(0x8, DREQ_ACTIVE_LOW * low)
    await stand.cpu.program(2, mode=DEMAND | READ, address=START, count=40)
    await stand.cpu.unmask(2)
    await bench.states(20)
    assert stand.shows("hrq") == 0, f"HRQ rises for DREQ2 {'high' if low else 'low'}, with command bit 6 = {int(low)}"
    bench.dreq ^= 0b0100
    what = f"HRQ for DREQ2 {'low' if low else 'high'}, with command bit 6 = {int(low)}"
    await bench.until(lambda: stand.shows("hrq") == 1, states=PATIENCE, what=what)
    bench.dreq ^= 0b0100


@cocotb.test()
@cocotb.parametrize(high=[False, True])
async def command_bit_7_is_the_sense_of_dack(dut: Any, high: bool) -> None:
    stand = await Stand(dut).start()
    bench, idle = stand.bench, 0b1111 * (not high)
    await stand.cpu.write(0x8, DACK_ACTIVE_HIGH * high)
    await stand.cpu.program(2, mode=DEMAND | READ, address=START, count=40)
    await stand.cpu.unmask(2)
    await bench.states(4)
    assert stand.shows("dack") == idle, f"DACK3 to DACK0 at rest, with command bit 7 = {int(high)}"
    bench.dreq = 0b0100
    what = f"DACK2 active {'high' if high else 'low'}, with command bit 7 = {int(high)}"
    await bench.until(lambda: stand.shows("dack") == idle ^ 0b0100, states=PATIENCE, what=what)
    bench.dreq = 0


@cocotb.test()
async def demand_stops_though_another_channel_asks(dut: Any) -> None:
    stand = await _ask(dut, DEMAND | READ, 40)
    cpu, bench, log = stand.cpu, stand.bench, stand.log
    await bench.until(lambda: bool(log.rises["memr_n"]), states=PATIENCE, what="a byte")
    bench.dreq = 0
    await stand.quiet()
    await cpu.program(3, mode=DEMAND | READ, address=START, count=40)
    await cpu.unmask(3)
    log.clear()
    bench.dreq = 0b0100
    await bench.until(lambda: bool(log.rises["memr_n"]), states=PATIENCE, what="a byte")
    bench.dreq = 0b1000
    await bench.until(lambda: bool(log.dacks[3]), states=PATIENCE, what="DACK3 after DREQ2 has gone")
    bench.dreq = 0
    await stand.quiet()
    assert await cpu.count(2) in range(30, 40), "demand goes on for another channel's DREQ"


@cocotb.test()
async def demand_goes_on_while_dreq_stays(dut: Any) -> None:
    stand = await _ask(dut, DEMAND | READ, 40)
    log, bench = stand.log, stand.bench
    await bench.until(lambda: len(log.rises["memr_n"]) >= 5, states=PATIENCE, what="five bytes for a DREQ2 that stays")
    bench.dreq = 0
    said = "number of times that DACK2 begins in five bytes of demand mode, for a DREQ2 that stays"
    begun = len(log.dacks[2])
    assert begun == 1, said


@cocotb.test()
@cocotb.parametrize(write=[False, True])
async def a_block_goes_on_without_dreq(dut: Any, write: bool) -> None:
    stand = await _ask(dut, BLOCK | (WRITE if write else READ), 20)
    stand.bench.dreq = 0
    strobe = "memw_n" if write else "memr_n"
    await stand.bench.until(
        lambda: len(stand.log.falls[strobe]) >= 5,
        states=PATIENCE,
        what="five bytes of a block for a DREQ2 that goes after DACK2",
    )


@cocotb.test()
async def compressed_timing_saves_clocks(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu, log, taken = stand.cpu, stand.log, []
    for command in (0, COMPRESSED):
        await cpu.write(0x8, command)
        await cpu.program(2, mode=BLOCK | READ, address=START, count=7)
        await cpu.unmask(2)
        log.clear()
        stand.bench.dreq = 0b0100
        await _some(stand, "memr_n", 8)
        taken.append(log.rises["memr_n"][6] - log.rises["memr_n"][1])
    assert taken[1] < taken[0], f"five bytes take {taken[1]} states with command bit 3 = 1, and {taken[0]} without it"


@cocotb.test()
@cocotb.parametrize(write=[False, True])
async def tc_comes_though_ready_rises_late(dut: Any, write: bool) -> None:
    stand = await _ask(dut, SINGLE | (WRITE if write else READ), 0)
    bench, log, strobe = stand.bench, stand.log, "ior_n" if write else "memr_n"
    bench.ready = 0
    await bench.until(lambda: bool(log.falls[strobe]), states=PATIENCE, what=f"{named(strobe)} for DREQ2")
    bench.dreq = 0
    await bench.states(5)
    # In the second half of a wait state, long before the edge that ends it (data sheet figure 231466-13).
    await bench.tick(bench.clocking.low_length)
    bench.ready = 1
    await stand.quiet(states=PATIENCE)
    assert len(log.falls["eop_n"]) == 1, "number of times that EOP# falls where READY rises in the second half of SW"


@cocotb.test()
@cocotb.parametrize(write=[False, True], early=[False, True])
async def extended_write_begins_with_the_read(dut: Any, write: bool, early: bool) -> None:
    mode = SINGLE | (WRITE if write else READ)
    stand = await Stand(dut).start()
    await stand.cpu.write(0x8, EXTENDED_WRITE * early)
    await stand.cpu.program(2, mode=mode, address=START, count=20)
    await stand.cpu.unmask(2)
    await stand.bench.states(8)
    assert stand.shows("hrq") == 0, f"HRQ without any DREQ, with command bit 5 = {int(early)}"
    stand.log.clear()
    stand.bench.dreq = 0b0100
    read, strobe = ("ior_n", "memw_n") if write else ("memr_n", "iow_n")
    await _some(stand, strobe, 1)
    later = stand.log.falls[strobe][0] - stand.log.falls[read][0]
    said = f"states from {named(read)} to {named(strobe)}, with command bit 5 = {int(early)}"
    # How much later the write begins without it is the figures' matter.
    assert later == 0 if early else later >= 1, f"{said}, are {later}"

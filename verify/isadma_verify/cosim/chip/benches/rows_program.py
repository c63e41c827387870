"""Where sources disagree, part 2: what programs see. A bench for each row, named by its number in the list of facts."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 7 to 11, figures 5 to 10.
from typing import Any

import cocotb

from isadma.i8237.regs import ReadPort, WritePort
from isadma_verify.cosim.chip.stand import (
    AUTOINITIALIZE,
    BLOCK,
    DACK_ACTIVE_HIGH,
    DECREMENT,
    DISABLE,
    DREQ_ACTIVE_LOW,
    MEMORY_TO_MEMORY,
    READ,
    ROTATING,
    SINGLE,
    WRITE,
    Stand,
)


async def _tc_on(stand: Stand, *channels: int) -> None:
    """Bring these channels to TC, one after the other, by DREQ: a software request has rules of its own."""
    for channel in channels:
        await stand.cpu.program(channel, mode=BLOCK | READ, address=0x1000, count=0)
        await stand.cpu.unmask(channel)
        stand.log.clear()
        stand.bench.dreq = 1 << channel
        begun = stand.log.dacks[channel]
        await stand.bench.until(lambda begun=begun: bool(begun), states=60, what=f"DACK{channel}")  # type: ignore[misc]
        stand.bench.dreq = 0
        await stand.quiet()


async def _requests(stand: Stand, dreq: int) -> int:
    """Raise DREQs for a while; return which channels were served."""
    stand.log.clear()
    stand.bench.dreq = dreq
    await stand.bench.states(60)
    stand.bench.dreq = 0
    await stand.quiet()
    return sum(1 << channel for channel in set(stand.log.order()))


async def _four_channels(dut: Any) -> Stand:
    stand = await Stand(dut).start()
    for channel in range(4):
        await stand.cpu.program(channel, mode=SINGLE | READ | AUTOINITIALIZE, address=0x1000, count=7)
    return stand


@cocotb.test()
async def row_2_clear_mask_lets_every_channel_request(dut: Any) -> None:
    stand = await _four_channels(dut)
    await stand.cpu.write(WritePort.CLEAR_MASK, 0xFF)
    assert await _requests(stand, 0b1000) == 0b1000, "channels served for DREQ3 after a write to port E, a bit each"
    assert await _requests(stand, 0b0110) & 0b0110, "after a write to port E neither channel 1 nor 2 is served"


@cocotb.test()
async def row_10_status_shows_dreq_after_polarity_whatever_the_mask(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu, bench = stand.cpu, stand.bench
    await cpu.write(WritePort.COMMAND, DISABLE)
    await cpu.write(WritePort.ALL_MASK, 0b1010)
    bench.dreq = 0b0110
    await bench.states(2)
    # TC bits, which a core that is not disabled would set meanwhile, are another rule's matter.
    seen = await cpu.status() & 0xF0
    assert seen == 0x60, "status bits 7 to 4 with DREQ1 and DREQ2 high, channels 1 and 3 masked"
    await cpu.write(WritePort.COMMAND, DISABLE | DREQ_ACTIVE_LOW)
    seen = await cpu.status() & 0xF0
    assert seen == 0x90, "status bits 7 to 4 with DREQ0 and DREQ3 low, where command bit 6 is 1"
    bench.dreq = 0b1111
    await bench.states(2)
    seen = await cpu.status() & 0xF0
    assert seen == 0x00, "status bits 7 to 4 with every DREQ high, where command bit 6 is 1"


@cocotb.test()
async def row_10_status_shows_no_software_request(dut: Any) -> None:
    stand = await Stand(dut).start()
    stand.cpu.may_grant = False
    await stand.cpu.request(3)
    seen = await stand.cpu.status() & 0xF0
    assert seen == 0x00, "status bits 7 to 4 with a software request of channel 3, and no DREQ"


@cocotb.test()
@cocotb.parametrize(port=[0x0, 0x1, 0x8, 0x9, 0xA, 0xB, 0xC, 0xE, 0xF])
async def row_11_no_write_but_master_clear_clears_tc_bits(dut: Any, port: int) -> None:
    stand = await Stand(dut).start()
    await _tc_on(stand, 0, 2)
    await stand.cpu.write(port, 0)
    said = f"status register after TC of channels 0 and 2, and a write of 0 to port {port:X}"
    assert await stand.cpu.status() == 0x05, said
    assert await stand.cpu.status() == 0x00, f"{said}, read once more"


@cocotb.test()
async def row_15_master_clear_clears_the_listed_registers_and_no_others(dut: Any) -> None:
    stand = await _four_channels(dut)
    cpu = stand.cpu
    await cpu.write(WritePort.COMMAND, MEMORY_TO_MEMORY | DISABLE | ROTATING)
    await cpu.unmask(0, 1, 2, 3)
    await cpu.request(1)
    await cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    await cpu.write(0x4, 0xCD)
    await cpu.write(WritePort.MASTER_CLEAR, 0xFF)
    low, high = await cpu.read(0x4), await cpu.read(0x4)
    assert (low, high) != (0x10, 0xCD), "Master Clear leaves the first/last flip-flop at the high byte"
    left = low | high << 8
    assert left == 0x10CD, "current address of channel 2, which Master Clear has to leave"
    assert await cpu.count(2) == 7, "current word count of channel 2, which Master Clear has to leave"
    said = "channels served for four DREQs after Master Clear, a bit each: it masks all, and clears requests"
    assert await _requests(stand, 0b1111) == 0, said
    await cpu.unmask(2)
    assert await _requests(stand, 0b0100) == 0b0100, "no service after it: the command or the mode is wrong"
    reads = len(stand.log.falls["memr_n"])
    assert reads, "Master Clear changes a mode: a channel in read moves nothing any more"
    assert len(stand.log.falls["iow_n"]) == reads, "Master Clear changes a mode: IOW# does not go with MEMR#"
    stand.aside("single", "services of a channel in single mode, one a byte", len(stand.log.order()), reads)
    assert reads > 2, "Master Clear changes a mode: a channel in autoinitialize stops"


@cocotb.test()
async def row_15_master_clear_clears_tc_bits_and_the_temporary_register(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.write(WritePort.COMMAND, MEMORY_TO_MEMORY)
    await cpu.program(1, mode=BLOCK | WRITE, address=0x2000, count=0)
    await cpu.program(0, mode=BLOCK | READ, address=0x1000, count=0)
    stand.memory.data[0x1000] = 0xB6
    await cpu.request(0)
    await stand.quiet()
    kept = await cpu.read(ReadPort.TEMPORARY)
    stand.aside("temporary", "temporary register after a copy of one byte B6h", f"{kept:02X}h", "B6h")
    await cpu.write(WritePort.MASTER_CLEAR, 0)
    assert await cpu.read(ReadPort.TEMPORARY) == 0x00, "temporary register after Master Clear"
    assert await cpu.status() == 0x00, "status register after a TC, and Master Clear"


@cocotb.test()
async def row_16_reset_masks_every_channel(dut: Any) -> None:
    stand = await _four_channels(dut)
    assert await _requests(stand, 0b1111) == 0, "channels served for four DREQs after RESET, a bit each"
    await stand.cpu.write(WritePort.ALL_MASK, 0b0111)
    assert await _requests(stand, 0b1111) == 0b1000, "channels served for four DREQs after a write of 7 to port F"


@cocotb.test()
async def row_17_each_byte_goes_at_once_to_its_half_of_base_and_current(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.program(1, mode=BLOCK | READ | AUTOINITIALIZE, address=0x1234, count=0)
    await cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    await cpu.write(0x2, 0xFE)
    said = "current address of channel 1: 1234h, and then FEh written to the low byte"
    assert await cpu.address(1) == 0x12FE, said
    await cpu.unmask(1)
    stand.bench.dreq = 0b0010
    await stand.bench.until(lambda: bool(stand.log.dacks[1]), states=60, what="DACK1 for DREQ1")
    stand.bench.dreq = 0
    await stand.quiet()
    assert stand.memory.reads == [0x12FE], "a service between the two bytes uses the mixed address"
    assert await cpu.address(1) == 0x12FE, "autoinitialize loads the base that the same byte went to"


@cocotb.test()
async def row_18_after_tc_the_count_is_ffff_and_the_address_has_stepped(dut: Any) -> None:
    stand = await Stand(dut).start()
    await stand.cpu.program(0, mode=BLOCK | READ, address=0x1000, count=0)
    await stand.cpu.unmask(0)
    await stand.cpu.program(3, mode=BLOCK | READ | DECREMENT, address=0x0000, count=0)
    await stand.cpu.unmask(3)
    bench, dacks = stand.bench, stand.log.dacks
    for channel in (0, 3):
        bench.dreq = 1 << channel
        what = f"DACK{channel} for DREQ{channel}"
        await bench.until(lambda begun=dacks[channel]: bool(begun), states=60, what=what)  # type: ignore[misc]
        bench.dreq = 0
        await stand.quiet()
    said = "current address and word count of channel {} after TC, a byte {} from {:04X}h"
    for channel, way, start, reached in ((0, "up", 0x1000, 0x1001), (3, "down", 0x0000, 0xFFFF)):
        got = [await stand.cpu.address(channel), await stand.cpu.count(channel)]
        assert got == [reached, 0xFFFF], said.format(channel, way, start)


@cocotb.test()
async def row_20_memory_to_memory_sets_the_tc_bit_of_channel_1_only(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.write(WritePort.COMMAND, MEMORY_TO_MEMORY)
    await cpu.program(0, mode=BLOCK | READ, address=0x1000, count=2)
    await cpu.program(1, mode=BLOCK | WRITE, address=0x2000, count=2)
    await cpu.request(0)
    await stand.quiet()
    assert await cpu.status() == 0x02, "status register after a copy, with TC of channels 0 and 1 together"


@cocotb.test()
@cocotb.parametrize(port=[0x9, 0xA, 0xB, 0xC, 0xE, 0xF])
async def row_21_illegal_reads_return_what_the_core_was_told_and_change_nothing(dut: Any, port: int) -> None:
    stand = await Stand(dut).start()
    cpu, options = stand.cpu, stand.bench.options
    if options.variant != "nmos":
        return
    await cpu.program(0, mode=BLOCK | READ, address=0x2211, count=0)
    await cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    assert await cpu.read(0x0) == 0x11
    seen = await cpu.read(port)
    assert options.undefined_read is None or seen == options.undefined_read
    assert await cpu.read(0x0) == 0x22, "the read moved the first/last flip-flop"


@cocotb.test()
async def rows_22_and_27_command_bits_6_and_7_set_the_polarities_and_bit_2_disables(dut: Any) -> None:
    stand = await _four_channels(dut)
    cpu, bench = stand.cpu, stand.bench
    await cpu.unmask(0, 1, 2, 3)
    await cpu.write(WritePort.COMMAND, DISABLE)
    assert await _requests(stand, 0b1111) == 0, "channels served with command bit 2 set, a bit each"
    bench.dreq = 0b1111
    # When a new sense reaches what samples DREQ is nowhere said: it does before the controller is enabled.
    await cpu.write(WritePort.COMMAND, DREQ_ACTIVE_LOW | DACK_ACTIVE_HIGH | DISABLE)
    await cpu.write(WritePort.COMMAND, DREQ_ACTIVE_LOW | DACK_ACTIVE_HIGH)
    await bench.states(4)
    assert stand.shows("dack") == 0b0000, "DACK3 to DACK0 at rest, with command bit 7 set, and every DREQ high"
    stand.log.clear()
    bench.dreq = 0b1101
    await bench.until(lambda: stand.shows("dack") == 0b0010, states=20, what="DACK1 active high")
    bench.dreq = 0b1111
    await stand.quiet()
    assert stand.log.order() == [1], "channels in the order served, for DREQ1 low with command bit 6 set"


@cocotb.test()
async def a_status_read_clears_tc_bits_at_its_end_and_returns_the_old_value(dut: Any) -> None:
    stand = await Stand(dut).start()
    await _tc_on(stand, 3)
    cpu, bench = stand.cpu, stand.bench
    bench.dreq = 0b0100
    await bench.states(2)
    read = [await cpu.status(), await cpu.status()]
    # What bits 4 to 7 show is another rule's.
    said = "TC bits of the status register, read twice, after TC of channel 3 and with DREQ2 high"
    assert [one & 0xF for one in read] == [8, 0], said

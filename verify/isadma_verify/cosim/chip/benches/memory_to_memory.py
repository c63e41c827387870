"""Memory-to-memory at the pins: figure 12 at every half clock, and what ends it."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 6, figure 12.
from typing import Any

import cocotb

from isadma.i8237.regs import ReadPort
from isadma_verify.cosim.chip.driving import EopDriver
from isadma_verify.cosim.chip.stand import (
    ADDRESS_HOLD,
    AUTOINITIALIZE,
    BLOCK,
    COMPRESSED,
    DECREMENT,
    EXTENDED_WRITE,
    MEMORY_TO_MEMORY,
    READ,
    WRITE,
    Stand,
)

#: Two bytes, from 20FE and 20FF to 4011 and 4010; channel 0 counts 7, channel 1 ends it.
FIGURE_12 = """
state half | dreq hlda ready eop dbin | hrq dack aen adstb IOR IOW MEMR MEMW EOP A  DB
S0    l    | 0000 0    1     1   .    | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 0000 0    1     1   .    | 1   1111 0   0     z   z   z    z    z   z  z
S0    l    | 0000 1    1     1   .    | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 0000 1    1     1   .    | 1   1111 0   0     z   z   z    z    z   z  z
S11   l    | 0000 1    1     1   .    | 1   1111 1   0     z   z   z    z    z   z  z
S11   h    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   FE 20
S12   l    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   FE 20
S12   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   0    1    z   FE z
S13   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   0    1    z   FE z
S13   h    | 0000 1    1     1   A7   | 1   1111 1   0     1   1   0    1    z   FE z
S14   l    | 0000 1    1     1   A7   | 1   1111 1   0     1   1   0    1    z   FE z
S14   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   FE z
S21   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   FE z
S21   h    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   11 40
S22   l    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   11 40
S22   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   11 A7
S23   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   11 A7
S23   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    z   11 A7
S24   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    z   11 A7
S24   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   11 A7
S11   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   11 ?
S11   h    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   FF 20
S12   l    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   FF 20
S12   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   0    1    z   FF z
S13   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   0    1    z   FF z
S13   h    | 0000 1    0     1   .    | 1   1111 1   0     1   1   0    1    z   FF z
SW    l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   0    1    z   FF z
SW    h    | 0000 1    1     1   3C   | 1   1111 1   0     1   1   0    1    z   FF z
S14   l    | 0000 1    1     1   3C   | 1   1111 1   0     1   1   0    1    z   FF z
S14   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   FF z
S21   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   FF z
S21   h    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   10 40
S22   l    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   10 40
S22   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   10 3C
S23   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   10 3C
S23   h    | 0000 1    0     1   .    | 1   1111 1   0     1   1   1    0    0   10 3C
SW    l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    0   10 3C
SW    h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    0   10 3C
S24   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    0   10 3C
S24   h    | 0000 1    1     1   .    | 0   1111 1   0     1   1   1    1    z   10 3C
SI    l    | 0000 0    1     1   .    | 0   1111 1   0     1   1   1    1    z   10 ?
SI    h    | 0000 0    1     1   .    | 0   1111 0   0     z   z   z    z    z   z  z
SI    l    | 0000 0    1     1   .    | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0000 0    1     1   .    | 0   1111 0   0     z   z   z    z    z   z  z
"""

EXTENDED = """
state half | dreq hlda ready eop dbin | hrq dack aen adstb IOR IOW MEMR MEMW EOP A  DB
S0    l    | 0000 1    1     1   .    | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 0000 1    1     1   .    | 1   1111 0   0     z   z   z    z    z   z  z
S11   l    | 0000 1    1     1   .    | 1   1111 1   0     z   z   z    z    z   z  z
S11   h    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   00 10
S12   l    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   00 10
S12   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   0    1    z   00 z
S13   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   0    1    z   00 z
S13   h    | 0000 1    1     1   81   | 1   1111 1   0     1   1   0    1    z   00 z
S14   l    | 0000 1    1     1   81   | 1   1111 1   0     1   1   0    1    z   00 z
S14   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   00 z
S21   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    1    z   00 z
S21   h    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   00 20
S22   l    | 0000 1    1     1   .    | 1   1111 1   1     1   1   1    1    z   00 20
S22   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    z   00 81
S23   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    z   00 81
S23   h    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    0   00 81
S24   l    | 0000 1    1     1   .    | 1   1111 1   0     1   1   1    0    0   00 81
S24   h    | 0000 1    1     1   .    | 0   1111 1   0     1   1   1    1    z   00 81
SI    l    | 0000 0    1     1   .    | 0   1111 1   0     1   1   1    1    z   00 ?
SI    h    | 0000 0    1     1   .    | 0   1111 0   0     z   z   z    z    z   z  z
"""

#: States that the longest copy here may take, bus included.
BOUND = 2000


async def _requested(
    dut: Any,
    *,
    command: int = 0,
    source: int,
    target: int,
    count: int,
    count0: int = 0x00FF,
    source_mode: int = BLOCK | READ,
    target_mode: int = BLOCK | WRITE,
    grant: bool = True,
) -> Stand:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.write(0x8, command | MEMORY_TO_MEMORY)
    await cpu.program(0, mode=source_mode, address=source, count=count0)
    await cpu.program(1, mode=target_mode, address=target, count=count)
    cpu.may_grant = grant
    await cpu.request(0)
    return stand


async def _done(stand: Stand) -> None:
    bench = stand.bench
    await bench.until(lambda: bench.last is not None and bool(bench.last.hlda), states=20, what="HRQ for a copy")
    await bench.until(stand.cpu.owns_bus, states=BOUND, what="the end of the copy")


async def _waiting(stand: Stand) -> None:
    """Let HRQ rise and S0 repeat: the CPU does not grant."""
    await stand.bench.states(6)
    assert stand.bench.last is not None
    assert stand.bench.last.chip.hrq == 1, "HRQ for a copy: a software request of channel 0, with command bit 0 set"


@cocotb.test()
async def figure_12_two_bytes_with_waits_end_with_tc_of_channel_1(dut: Any) -> None:
    stand = await _requested(
        dut, source=0x20FE, target=0x4011, count=1, target_mode=BLOCK | WRITE | DECREMENT, grant=False
    )
    await _waiting(stand)
    await stand.figure(FIGURE_12)
    cpu = stand.cpu
    await stand.reached(1)
    said, kept = "temporary register after a copy whose last byte is 3Ch", await cpu.read(ReadPort.TEMPORARY)
    stand.aside("temporary", said, f"{kept:02X}h", "3Ch")
    assert [await cpu.address(0), await cpu.count(0)] == [0x2100, 0x00FD]
    assert [await cpu.address(1), await cpu.count(1)] == [0x400F, 0xFFFF]


@cocotb.test()
async def figure_12_extended_write_lowers_memw_in_s22_and_compressed_timing_does_not_apply(dut: Any) -> None:
    stand = await _requested(dut, command=EXTENDED_WRITE, source=0x1000, target=0x2000, count=0, grant=False)
    await _waiting(stand)
    await stand.figure(EXTENDED)
    await stand.reached(1)


@cocotb.test()
@cocotb.parametrize(command=[0, EXTENDED_WRITE, COMPRESSED])
async def row_19_a_copy_takes_eight_clocks_per_byte_with_adstb_in_both_halves_and_no_dack(
    dut: Any, command: int
) -> None:
    stand = await _requested(dut, command=command, source=0x30F8, target=0x5000, count=15)
    stand.memory.data[0x30F8:0x3108] = bytes(range(0x40, 0x50))
    bench = stand.bench
    await stand.active(what="AEN in a copy")
    assert bench.last is not None
    first = bench.last.state
    while bench.last.chip.aen:
        assert bench.last.chip.dack == 0b1111, "DACK3 to DACK0 in a copy"
        await bench.tick()
    # Once in each half, whether A8 to A15 have changed or not.
    assert len(stand.log.rises["adstb"]) == 16 * 2, "number of times that ADSTB rises in a copy of 16 bytes"
    # AEN rises with S11 and falls in the middle of the SI after the last S24 (at one state per clock: with that SI).
    assert bench.last.state - first == 16 * 8, "clocks that a copy of 16 bytes takes"
    assert stand.memory.data[0x5000:0x5010] == bytes(range(0x40, 0x50))
    assert stand.memory.reads == list(range(0x30F8, 0x3108))
    assert stand.memory.writes == list(range(0x5000, 0x5010))


@cocotb.test()
async def channel_0_address_hold_fills_a_block_with_one_byte(dut: Any) -> None:
    stand = await _requested(dut, command=ADDRESS_HOLD, source=0x1234, target=0x2000, count=7)
    stand.memory.data[0x1234:0x1236] = b"\x5a\xff"
    await _done(stand)
    said = "what a copy of 8 bytes with channel 0 held has written, from one byte 5Ah"
    assert stand.memory.data[0x2000:0x2009] == b"\x5a" * 8 + b"\x00", said
    assert await stand.cpu.address(0) == 0x1234
    assert await stand.cpu.count(0) == 0x00F7


@cocotb.test()
async def tc_masks_channel_1_but_not_channel_0_and_clears_the_request(dut: Any) -> None:
    stand = await _requested(dut, source=0x1000, target=0x2000, count=0)
    await _done(stand)
    cpu, bench = stand.cpu, stand.bench
    await stand.reached(1)
    await bench.states(20)
    assert bench.last is not None
    assert bench.last.chip.hrq == 0, "the request bit of channel 0 stayed"
    await cpu.write(0x8, 0)
    bench.dreq = 0b0010
    await bench.states(10)
    assert bench.last.chip.hrq == 0, "channel 1 is not masked after its TC"


@cocotb.test()
async def channel_0_count_passing_zero_reloads_it_and_nothing_else(dut: Any) -> None:
    stand = await _requested(dut, source=0x1000, target=0x2000, count=5, count0=1, source_mode=BLOCK | READ | 0x10)
    stand.memory.data[0x1000:0x1002] = b"\x11\x22"
    await _done(stand)
    said = "what a copy of 6 bytes has written, channel 0 starting over after 2"
    assert stand.memory.data[0x2000:0x2006] == b"\x11\x22" * 3, said
    await stand.reached(1)
    assert await stand.cpu.address(0) == 0x1000
    assert await stand.cpu.count(0) == 1


@cocotb.test()
async def dreq_0_starts_a_copy_too(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu, bench = stand.cpu, stand.bench
    await cpu.write(0x8, MEMORY_TO_MEMORY)
    await cpu.program(0, mode=BLOCK | READ, address=0x0100, count=0xFF)
    await cpu.program(1, mode=BLOCK | WRITE, address=0x0200, count=3)
    stand.memory.data[0x0100:0x0104] = b"copy"
    await cpu.unmask(0)
    bench.dreq = 0b0001
    await stand.active(what="AEN in a copy for DREQ0")
    bench.dreq = 0
    await bench.until(cpu.owns_bus, states=BOUND, what="the end of the copy")
    said = "what a copy of 4 bytes for DREQ0 has written"
    assert stand.memory.data[0x0200:0x0205] == b"copy\x00", said


@cocotb.test()
@cocotb.parametrize(half=[0, 1])
async def row_9_external_eop_in_either_half_ends_memory_to_memory_after_s24(dut: Any, half: int) -> None:
    stand = await Stand(dut).start()
    cpu, bench, log = stand.cpu, stand.bench, stand.log
    await cpu.write(0x8, MEMORY_TO_MEMORY)
    await cpu.program(0, mode=BLOCK | READ | AUTOINITIALIZE, address=0x0100, count=9)
    await cpu.program(1, mode=BLOCK | WRITE, address=0x0200, count=9)
    stand.memory.data[0x0100:0x0104] = b"wxyz"
    log.clear()
    # ADSTB rises in S11 and S21 of each byte; before the second byte's the log has two or three rises.
    EopDriver(bench, lambda chip: bool(chip.adstb) and len(log.rises["adstb"]) == 2 + half)
    await cpu.request(0)
    await stand.active()
    await bench.until(lambda: stand.shows("aen") == 0, states=60, what="the end of the copy")
    await stand.quiet()
    assert stand.memory.data[0x0200:0x0204] == b"wx\x00\x00", "what a copy has written, EOP# low in its second byte"
    await stand.reached(half, after=" by EOP# from outside")
    # The channel of that half reacts: channel 0 reloads, channel 1 is masked.
    assert await cpu.address(0) == (0x0100, 0x0102)[half]
    assert [await cpu.address(1), await cpu.count(1)] == [0x0202, 7]


@cocotb.test()
async def the_temporary_register_keeps_the_last_byte_of_a_copy(dut: Any) -> None:
    stand = await Stand(dut).start()
    stand.memory.data[0x1000:0x1004] = b"copy"
    await stand.cpu.write(0x8, MEMORY_TO_MEMORY)
    await stand.cpu.program(0, mode=BLOCK | READ, address=0x1000, count=0xFFFF)
    await stand.cpu.program(1, mode=BLOCK | WRITE, address=0x2000, count=3)
    await stand.cpu.unmask(0)
    await stand.cpu.request(0)
    await stand.bench.states(12)
    await stand.bench.until(stand.cpu.owns_bus, states=400, what="the end of a copy of four bytes")
    assert await stand.cpu.read(0xD) == ord("y"), "temporary register after a copy whose last byte is 79h"

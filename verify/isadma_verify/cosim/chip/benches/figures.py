"""The data sheet's timing figures 11 to 15, every pin at every half clock."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, figures 11 (DMA transfer), 12 (memory-to-memory), 13 (ready),
# 14 (compressed), 15 (reset). A state runs from one CLK falling edge to the next: `l` is its first half (CLK low),
# `h` its second (CLK high). Where a figure leaves a choice: docs/decisions/0001-the-clock-contract.md.
from typing import Any

import cocotb

from isadma.i8237.regs import ReadPort, WritePort
from isadma_verify.cosim.chip.stand import BLOCK, COMPRESSED, DEMAND, EXTENDED_WRITE, READ, WRITE, Stand

FIGURE_11_READ = """
state half | dreq hlda ready eop | hrq dack aen adstb IOR IOW MEMR MEMW EOP A  DB
SI    l    | 0100 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0100 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    l    | 0100 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0100 0    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    l    | 0100 0    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 0100 0    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    l    | 0100 1    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 0100 1    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S1    l    | 0100 1    1     1   | 1   1111 1   0     z   z   z    z    z   z  z
S1    h    | 0100 1    1     1   | 1   1111 1   1     1   1   1    1    z   12 34
S2    l    | 0100 1    1     1   | 1   1011 1   1     1   1   1    1    z   12 34
S2    h    | 0100 1    1     1   | 1   1011 1   0     1   1   0    1    z   12 z
S3    l    | 0000 1    1     1   | 1   1011 1   0     1   1   0    1    z   12 z
S3    h    | 0000 1    1     1   | 1   1011 1   0     1   0   0    1    z   12 z
S4    l    | 0000 1    1     1   | 1   1011 1   0     1   0   0    1    z   12 z
S4    h    | 0000 1    1     1   | 1   1011 1   0     1   1   1    1    z   12 z
S2    l    | 0000 1    1     1   | 1   1011 1   0     1   1   1    1    z   12 z
S2    h    | 0000 1    1     1   | 1   1011 1   0     1   1   0    1    z   13 z
S3    l    | 0000 1    1     1   | 1   1011 1   0     1   1   0    1    z   13 z
S3    h    | 0000 1    1     1   | 1   1011 1   0     1   0   0    1    0   13 z
S4    l    | 0000 1    1     1   | 1   1011 1   0     1   0   0    1    0   13 z
S4    h    | 0000 1    1     1   | 0   1011 1   0     1   1   1    1    z   13 z
SI    l    | 0000 0    1     1   | 0   1111 1   0     1   1   1    1    z   13 z
SI    h    | 0000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    l    | 0000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
"""

FIGURE_11_WRITE_EXTENDED = """
state half | dreq hlda ready eop | hrq dack aen adstb IOR IOW MEMR MEMW EOP A  DB
SI    l    | 0010 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0010 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    l    | 0010 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0010 0    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    l    | 0010 1    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 0010 1    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S1    l    | 0010 1    1     1   | 1   1111 1   0     z   z   z    z    z   z  z
S1    h    | 0010 1    1     1   | 1   1111 1   1     1   1   1    1    z   FF 80
S2    l    | 0010 1    1     1   | 1   1101 1   1     1   1   1    1    z   FF 80
S2    h    | 0010 1    1     1   | 1   1101 1   0     0   1   1    0    z   FF z
S3    l    | 0010 1    1     1   | 1   1101 1   0     0   1   1    0    z   FF z
S3    h    | 0010 1    1     1   | 1   1101 1   0     0   1   1    0    z   FF z
S4    l    | 0010 1    1     1   | 1   1101 1   0     0   1   1    0    z   FF z
S4    h    | 0010 1    1     1   | 1   1101 1   0     1   1   1    1    z   FF z
S1    l    | 0010 1    1     1   | 1   1101 1   0     1   1   1    1    z   FF z
S1    h    | 0010 1    1     1   | 1   1101 1   1     1   1   1    1    z   00 81
S2    l    | 0010 1    1     1   | 1   1101 1   1     1   1   1    1    z   00 81
S2    h    | 0010 1    1     1   | 1   1101 1   0     0   1   1    0    z   00 z
S3    l    | 0010 1    1     1   | 1   1101 1   0     0   1   1    0    z   00 z
S3    h    | 0010 1    1     1   | 1   1101 1   0     0   1   1    0    z   00 z
S4    l    | 0010 1    1     1   | 1   1101 1   0     0   1   1    0    z   00 z
S4    h    | 0000 1    1     1   | 1   1101 1   0     1   1   1    1    z   00 z
S2    l    | 0000 1    1     1   | 1   1101 1   0     1   1   1    1    z   00 z
S2    h    | 0000 1    1     1   | 1   1101 1   0     0   1   1    0    z   01 z
S3    l    | 0000 1    1     1   | 1   1101 1   0     0   1   1    0    z   01 z
S3    h    | 0000 1    1     1   | 1   1101 1   0     0   1   1    0    z   01 z
S4    l    | 0000 1    1     1   | 1   1101 1   0     0   1   1    0    z   01 z
S4    h    | 0000 1    1     1   | 0   1101 1   0     1   1   1    1    z   01 z
SI    l    | 0000 1    1     1   | 0   1111 1   0     1   1   1    1    z   01 z
SI    h    | 0000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
"""

FIGURE_13 = """
state half | dreq hlda ready eop | hrq dack aen adstb IOR IOW MEMR MEMW EOP A  DB
SI    l    | 1000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 1000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    l    | 1000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 1000 0    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    l    | 1000 1    0     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 1000 1    0     1   | 1   1111 0   0     z   z   z    z    z   z  z
S1    l    | 1000 1    0     1   | 1   1111 1   0     z   z   z    z    z   z  z
S1    h    | 1000 1    0     1   | 1   1111 1   1     1   1   1    1    z   40 02
S2    l    | 1000 1    0     1   | 1   0111 1   1     1   1   1    1    z   40 02
S2    h    | 1000 1    0     1   | 1   0111 1   0     0   1   1    1    z   40 z
S3    l    | 1000 1    1     1   | 1   0111 1   0     0   1   1    1    z   40 z
S3    h    | 1000 1    0     1   | 1   0111 1   0     0   1   1    0    z   40 z
SW    l    | 1000 1    1     1   | 1   0111 1   0     0   1   1    0    z   40 z
SW    h    | 1000 1    0     1   | 1   0111 1   0     0   1   1    0    z   40 z
SW    l    | 1000 1    0     1   | 1   0111 1   0     0   1   1    0    z   40 z
SW    h    | 1000 1    1     1   | 1   0111 1   0     0   1   1    0    z   40 z
S4    l    | 1000 1    0     1   | 1   0111 1   0     0   1   1    0    z   40 z
S4    h    | 1000 1    0     1   | 1   0111 1   0     1   1   1    1    z   40 z
S2    l    | 1000 1    0     1   | 1   0111 1   0     1   1   1    1    z   40 z
S2    h    | 1000 1    0     1   | 1   0111 1   0     0   1   1    1    z   3F z
S3    l    | 0000 1    0     1   | 1   0111 1   0     0   1   1    1    z   3F z
S3    h    | 0000 1    0     1   | 1   0111 1   0     0   1   1    0    0   3F z
SW    l    | 0000 1    0     1   | 1   0111 1   0     0   1   1    0    0   3F z
SW    h    | 0000 1    1     1   | 1   0111 1   0     0   1   1    0    0   3F z
S4    l    | 0000 1    0     1   | 1   0111 1   0     0   1   1    0    0   3F z
S4    h    | 0000 1    0     1   | 0   0111 1   0     1   1   1    1    z   3F z
SI    l    | 0000 0    1     1   | 0   1111 1   0     1   1   1    1    z   3F z
SI    h    | 0000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
"""

FIGURE_14 = """
state half | dreq hlda ready eop | hrq dack aen adstb IOR IOW MEMR MEMW EOP A  DB
SI    l    | 0001 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0001 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    l    | 0001 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0001 0    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    l    | 0001 1    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 0001 1    1     1   | 1   1111 0   0     z   z   z    z    z   z  z
S1    l    | 0001 1    1     1   | 1   1111 1   0     z   z   z    z    z   z  z
S1    h    | 0001 1    1     1   | 1   1111 1   1     1   1   1    1    z   7E 00
S2    l    | 0001 1    1     1   | 1   1110 1   1     1   1   1    1    z   7E 00
S2    h    | 0001 1    1     1   | 1   1110 1   0     1   0   0    1    z   7E z
S4    l    | 0001 1    0     1   | 1   1110 1   0     1   0   0    1    z   7E z
S4    h    | 0001 1    0     1   | 1   1110 1   0     1   1   1    1    z   7E z
S2    l    | 0001 1    0     1   | 1   1110 1   0     1   1   1    1    z   7E z
S2    h    | 0001 1    0     1   | 1   1110 1   0     1   0   0    1    z   7F z
SW    l    | 0001 1    1     1   | 1   1110 1   0     1   0   0    1    z   7F z
SW    h    | 0001 1    1     1   | 1   1110 1   0     1   0   0    1    z   7F z
S4    l    | 0001 1    1     1   | 1   1110 1   0     1   0   0    1    z   7F z
S4    h    | 0001 1    1     1   | 1   1110 1   0     1   1   1    1    z   7F z
S2    l    | 0001 1    1     1   | 1   1110 1   0     1   1   1    1    z   7F z
S2    h    | 0001 1    1     1   | 1   1110 1   0     1   0   0    1    0   80 z
S4    l    | 0000 1    1     1   | 1   1110 1   0     1   0   0    1    0   80 z
S4    h    | 0000 1    1     1   | 0   1110 1   0     1   1   1    1    z   80 z
SI    l    | 0000 0    1     1   | 0   1111 1   0     1   1   1    1    z   80 z
SI    h    | 0000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
"""

FIGURE_14_EXTERNAL_EOP = """
state half | dreq hlda ready eop | hrq dack aen adstb IOR IOW MEMR MEMW EOP A  DB
SI    l    | 0001 0    1     0   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0001 0    1     0   | 0   1111 0   0     z   z   z    z    z   z  z
SI    l    | 0001 0    1     0   | 0   1111 0   0     z   z   z    z    z   z  z
SI    h    | 0001 0    1     0   | 1   1111 0   0     z   z   z    z    z   z  z
S0    l    | 0001 1    1     0   | 1   1111 0   0     z   z   z    z    z   z  z
S0    h    | 0001 1    1     0   | 1   1111 0   0     z   z   z    z    z   z  z
S1    l    | 0001 1    1     0   | 1   1111 1   0     z   z   z    z    z   z  z
S1    h    | 0001 1    1     1   | 1   1111 1   1     1   1   1    1    z   20 10
S2    l    | 0001 1    1     0   | 1   1110 1   1     1   1   1    1    z   20 10
S2    h    | 0001 1    1     0   | 1   1110 1   0     0   1   1    0    z   20 z
S4    l    | 0001 1    1     1   | 1   1110 1   0     0   1   1    0    z   20 z
S4    h    | 0001 1    1     0   | 1   1110 1   0     1   1   1    1    z   20 z
S2    l    | 0001 1    1     1   | 1   1110 1   0     1   1   1    1    z   20 z
S2    h    | 0001 1    1     1   | 1   1110 1   0     0   1   1    0    z   21 z
S4    l    | 0001 1    1     1   | 1   1110 1   0     0   1   1    0    z   21 z
S4    h    | 0000 1    1     1   | 0   1110 1   0     1   1   1    1    z   21 z
SI    l    | 0000 0    1     1   | 0   1111 1   0     1   1   1    1    z   21 z
SI    h    | 0000 0    1     1   | 0   1111 0   0     z   z   z    z    z   z  z
"""

FIGURE_15 = """
state half | reset dreq hlda | hrq dack aen adstb IOR IOW MEMR MEMW EOP A DB
SI    l    | 1     1111 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    h    | 1     1111 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    l    | 1     1111 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    h    | 1     1111 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    l    | 0     1111 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    h    | 0     1111 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    l    | 0     1111 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    h    | 0     1111 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    l    | 0     0000 0    | 0   1111 0   0     z   z   z    z    z   z z
SI    h    | 0     0000 0    | 0   1111 0   0     z   z   z    z    z   z z
"""


async def _ready_for(dut: Any, *, command: int, channel: int, mode: int, address: int, count: int) -> Stand:
    stand = await Stand(dut).start()
    await stand.cpu.write(0x8, command)
    await stand.cpu.program(channel, mode=mode, address=address, count=count)
    await stand.cpu.unmask(channel)
    return stand


@cocotb.test()
async def figure_11_dma_read_of_two_bytes_skips_s1_and_ends_with_tc(dut: Any) -> None:
    stand = await _ready_for(dut, command=0, channel=2, mode=BLOCK | READ, address=0x3412, count=1)
    await stand.figure(FIGURE_11_READ)
    await stand.reached(2)
    assert await stand.cpu.count(2) == 0xFFFF
    assert await stand.cpu.address(2) == 0x3414


@cocotb.test()
async def figure_11_extended_write_takes_s1_on_carry_and_pauses_when_dreq_goes(dut: Any) -> None:
    stand = await _ready_for(dut, command=EXTENDED_WRITE, channel=1, mode=DEMAND | WRITE, address=0x80FF, count=9)
    await stand.figure(FIGURE_11_WRITE_EXTENDED)
    await stand.reached()
    assert await stand.cpu.count(1) == 0x0006
    assert await stand.cpu.address(1) == 0x8102


@cocotb.test()
async def figure_13_ready_counts_only_at_the_end_of_s3_and_sw(dut: Any) -> None:
    stand = await _ready_for(dut, command=0, channel=3, mode=DEMAND | WRITE | 0x20, address=0x0240, count=1)
    await stand.figure(FIGURE_13)
    await stand.reached(3)
    assert await stand.cpu.count(3) == 0xFFFF
    assert await stand.cpu.address(3) == 0x023E


@cocotb.test()
async def figure_14_compressed_read_of_three_bytes_with_one_wait(dut: Any) -> None:
    stand = await _ready_for(dut, command=COMPRESSED, channel=0, mode=BLOCK | READ, address=0x007E, count=2)
    await stand.figure(FIGURE_14)
    await stand.reached(0)
    assert await stand.cpu.count(0) == 0xFFFF
    assert await stand.cpu.address(0) == 0x0081


@cocotb.test()
async def figure_14_external_eop_counts_only_on_the_edge_that_enters_s2(dut: Any) -> None:
    stand = await _ready_for(dut, command=COMPRESSED, channel=0, mode=BLOCK | WRITE, address=0x1020, count=9)
    await stand.figure(FIGURE_14_EXTERNAL_EOP)
    await stand.reached(0)
    assert await stand.cpu.count(0) == 0x0007
    assert await stand.cpu.address(0) == 0x1022


@cocotb.test()
async def figure_15_reset_idles_the_chip_and_masks_every_channel(dut: Any) -> None:
    stand = await _ready_for(dut, command=0x04, channel=0, mode=BLOCK | READ, address=0x1234, count=5)
    await stand.cpu.write(0x0, 0x77)  # leaves the first/last flip-flop at the high byte
    await stand.figure(FIGURE_15)
    # What becomes of address and word count the data sheet does not say of RESET.
    await stand.cpu.write(0x0, 0x55)
    await stand.cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    assert await stand.cpu.read(0x0) == 0x55, "RESET leaves the first/last flip-flop at the high byte"
    assert await stand.cpu.status() == 0x00, "status register after RESET"
    assert await stand.cpu.read(ReadPort.TEMPORARY) == 0x00, "temporary register after RESET"

"""The program side at the pins: slave mode write and read, and every register that can be read back."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, figures 9 (slave mode write) and 10 (slave mode read), pages 4,
# 9 to 11, 14 and 15. One row of a table is one fabric clock: the program side knows no states. Widths and recovery are
# the least that docs/decisions/0001-the-clock-contract.md allows.
import random
from dataclasses import replace
from typing import Any

import cocotb

from isadma.i8237.regs import WritePort
from isadma_verify.cosim.chip.stand import BLOCK, CASCADE, DECREMENT, DEMAND, DISABLE, READ, SINGLE, WRITE, Stand
from isadma_verify.cosim.common.processor import AccessTiming

#: Writes 5Ah and then C3h to channel 0's address, IOW# one fabric clock low, two high.
FIGURE_9 = """
clock half | cs ior iow ain dbin | hrq dack aen adstb IOR IOW MEMR MEMW EOP A DB
1     l    | 1  1   1   .   .    | 0   1111 0   0     z   z   z    z    z   z z
2     l    | 0  1   1   0   5A   | 0   1111 0   0     z   z   z    z    z   z z
3     l    | 0  1   0   0   5A   | 0   1111 0   0     z   z   z    z    z   z z
4     l    | 0  1   1   0   5A   | 0   1111 0   0     z   z   z    z    z   z z
5     l    | 0  1   1   0   C3   | 0   1111 0   0     z   z   z    z    z   z z
6     l    | 0  1   0   0   C3   | 0   1111 0   0     z   z   z    z    z   z z
7     l    | 0  1   1   0   C3   | 0   1111 0   0     z   z   z    z    z   z z
8     l    | 1  1   1   .   .    | 0   1111 0   0     z   z   z    z    z   z z
"""

#: Reads both bytes back: data from the third clock of IOR# low until it is high; nothing is driven without CS#.
FIGURE_10 = """
clock half | cs ior iow ain | hrq dack aen adstb IOR IOW MEMR MEMW EOP A DB
1     l    | 1  1   1   .   | 0   1111 0   0     z   z   z    z    z   z z
2     l    | 0  1   1   0   | 0   1111 0   0     z   z   z    z    z   z z
3     l    | 0  0   1   0   | 0   1111 0   0     z   z   z    z    z   z ?
4     l    | 0  0   1   0   | 0   1111 0   0     z   z   z    z    z   z ?
5     l    | 0  0   1   0   | 0   1111 0   0     z   z   z    z    z   z 5A
6     l    | 0  0   1   0   | 0   1111 0   0     z   z   z    z    z   z 5A
7     l    | 0  1   1   0   | 0   1111 0   0     z   z   z    z    z   z ?
8     l    | 0  1   1   0   | 0   1111 0   0     z   z   z    z    z   z z
9     l    | 0  0   1   0   | 0   1111 0   0     z   z   z    z    z   z ?
10    l    | 0  0   1   0   | 0   1111 0   0     z   z   z    z    z   z ?
11    l    | 0  0   1   0   | 0   1111 0   0     z   z   z    z    z   z C3
12    l    | 0  1   1   0   | 0   1111 0   0     z   z   z    z    z   z ?
13    l    | 1  1   1   .   | 0   1111 0   0     z   z   z    z    z   z z
14    l    | 1  0   1   0   | 0   1111 0   0     z   z   z    z    z   z z
15    l    | 1  0   1   0   | 0   1111 0   0     z   z   z    z    z   z z
16    l    | 1  1   1   0   | 0   1111 0   0     z   z   z    z    z   z z
"""


@cocotb.test()
async def figures_9_and_10_slave_write_and_read_at_the_shortest(dut: Any) -> None:
    stand = await Stand(dut).start()
    await stand.figure_of_program_side(FIGURE_9)
    await stand.figure_of_program_side(FIGURE_10)


@cocotb.test()
@cocotb.parametrize(shortest=[False, True])
async def every_address_and_count_byte_reads_back(dut: Any, shortest: bool) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    if shortest:
        cpu.timing = AccessTiming.shortest()
    values = random.Random(stand.bench.options.seed)
    words = {port: values.getrandbits(16) for port in range(8)}
    await cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    for port, word in words.items():
        await cpu.write(port, word & 0xFF)
        await cpu.write(port, word >> 8)
    for port, word in words.items():
        assert await cpu.read(port) == word & 0xFF
        assert await cpu.read(port) == word >> 8


@cocotb.test()
@cocotb.parametrize(port=[0x8, 0x9, 0xA, 0xB, 0xE, 0xF])
async def the_flip_flop_ignores_accesses_above_port_7(dut: Any, port: int) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.write_word(0x5, 0xBEEF)
    await cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    assert await cpu.read(0x5) == 0xEF
    # No request: it would raise HRQ, and what is accepted then is another rule's matter.
    await cpu.write(port, 0x00 if port == WritePort.REQUEST else 0x04)
    assert await cpu.read(0x5) == 0xBE


@cocotb.test()
async def a_write_to_port_c_clears_the_flip_flop(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    # From RESET on it is clear: the first four bytes go to their halves whatever port C does.
    for byte in (0x12, 0x34):
        await cpu.write(0x2, byte)
    await cpu.read(0x2)
    await cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    got = await cpu.read(0x2)
    assert got == 0x12, "a write to port C leaves the flip-flop: the next byte is not the low one"


@cocotb.test()
async def all_channels_share_one_flip_flop(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    for port in (0x2, 0x5):
        for byte in (0x12, 0x34):
            await cpu.write(port, byte)
    assert await cpu.read(0x2) == 0x12
    got = await cpu.read(0x5)
    assert got == 0x34, "an access to one channel does not move the flip-flop of the others"


@cocotb.test()
async def master_clear_masks_every_channel(dut: Any) -> None:
    stand = await Stand(dut).start()
    await stand.cpu.program(2, mode=DEMAND | READ, address=0x1000, count=40)
    await stand.cpu.unmask(2)
    await stand.cpu.write(WritePort.MASTER_CLEAR, 0)
    stand.bench.dreq = 0b0100
    await stand.bench.states(40)
    asks = stand.shows("hrq")
    stand.bench.dreq = 0
    assert asks == 0, "Master Clear does not mask the channels: DREQ is served after it"


@cocotb.test()
async def master_clear_clears_the_command_register(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu, bench = stand.cpu, stand.bench
    await cpu.write(WritePort.COMMAND, DISABLE)
    await cpu.write(WritePort.MASTER_CLEAR, 0)
    await cpu.program(2, mode=DEMAND | READ, address=0x1000, count=40)
    await cpu.unmask(2)
    bench.dreq = 0b0100
    what = "HRQ after Master Clear of a controller that command bit 2 had disabled"
    await bench.until(lambda: stand.shows("hrq") == 1, states=40, what=what)
    bench.dreq = 0


@cocotb.test()
async def one_long_strobe_is_one_access(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    cpu.timing = replace(cpu.timing, write_low=40, read_low=40)
    await cpu.write_word(0x3, 0x1234)
    assert await cpu.read_word(0x3) == 0x1234


@cocotb.test()
async def programming_is_accepted_while_hrq_waits_for_hlda(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.program(2, mode=BLOCK | READ, address=0x1000, count=0)
    await cpu.unmask(2)
    cpu.may_grant = False
    stand.bench.dreq = 0b0100
    await stand.bench.until(lambda: stand.shows("hrq") == 1, states=10, what="HRQ for DREQ2")
    await cpu.write_word(0x4, 0x7788)
    assert await cpu.read_word(0x4) == 0x7788, "current address of channel 2, written while HRQ is high and HLDA low"
    assert stand.shows("hrq") == 1, "HRQ, after an access while HLDA has not come yet"
    cpu.may_grant = True
    await stand.bench.until(lambda: bool(stand.log.dacks[2]), states=60, what="DACK2 for DREQ2")
    stand.bench.dreq = 0
    await stand.quiet()
    assert stand.memory.reads == [0x7788]


@cocotb.test()
async def a_count_read_races_with_transfers_because_the_chip_has_no_latch(dut: Any) -> None:
    # The low byte before, the high byte after a transfer that borrows: 0100 and 00FF give 0000.
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.program(2, mode=0x40 | READ, address=0x1000, count=0x0100)
    await cpu.unmask(2)
    await cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    low = await cpu.read(0x5)
    stand.bench.dreq = 0b0100
    await stand.active()
    stand.bench.dreq = 0
    await stand.quiet()
    said = "current word count of channel 2: its low byte read before a byte moves, from 100h, its high byte after it"
    assert low | await cpu.read(0x5) << 8 == 0x0000, said


@cocotb.test()
async def a_strobe_without_cs_writes_nothing(dut: Any) -> None:
    stand = await Stand(dut).start()
    await stand.cpu.write_word(0x6, 0x4321)
    await stand.figure_of_program_side("""
clock half | cs ior iow ain dbin | DB
1     l    | 1  1   1   6   FF   | z
2     l    | 1  1   0   6   FF   | z
3     l    | 1  1   0   6   FF   | z
4     l    | 1  1   1   6   FF   | z
5     l    | 1  1   1   .   .    | z
""")
    assert await stand.cpu.read_word(0x6) == 0x4321


@cocotb.test()
@cocotb.parametrize(mode=[BLOCK | READ | DECREMENT, SINGLE | READ | DECREMENT, BLOCK | WRITE, BLOCK | READ | 0x10])
async def a_mode_written_right_before_hlda_counts(dut: Any, mode: int) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.program(2, mode=CASCADE if mode & DECREMENT == 0 else BLOCK | READ, address=0x1000, count=2)
    await cpu.unmask(2)
    cpu.may_grant = False
    stand.bench.dreq = 0b0100
    await stand.bench.until(lambda: stand.shows("hrq") == 1, states=10, what="HRQ for DREQ2")
    cpu.timing = AccessTiming.shortest()
    cpu.may_grant = True
    await cpu.write(WritePort.MODE, mode | 2)
    await stand.active()
    stand.bench.dreq = 0
    await stand.quiet()
    step = -1 if mode & DECREMENT else 1
    moved = stand.memory.writes if mode & WRITE else stand.memory.reads
    reached = [0x1000 + step * index for index in range(len(moved))]
    assert moved == reached, "addresses of the bytes moved: the mode is written while HRQ is high"
    said = f"bytes moved in {'single' if mode & SINGLE else 'block'} mode, of 3: the mode is written while HRQ is high"
    assert len(moved) == (1 if mode & SINGLE else 3), said

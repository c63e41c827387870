"""The program side at the board's pins: every register of both chips, the page registers, and who answers where."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 7 to 11; Ralf Brown, Interrupt List release 61,
# PORTS.A; IBM PC AT Technical Reference, BIOS listing (power-on tests 01 to 08). Ports are spelled out, as in programs.
import random
from typing import Any

import cocotb

from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.chip.stand import BLOCK, DISABLE, READ, ROTATING
from isadma_verify.cosim.common.processor import AccessTiming

#: Address and count ports of DMA 1, of DMA 2, and the page registers.
WORDS = (*range(0x00, 0x08), *range(0xC0, 0xD0, 2))
PAGES = range(0x80, 0x90)


@cocotb.test()
@cocotb.parametrize(shortest=[False, True])
async def every_address_count_and_page_reads_back(dut: Any, shortest: bool) -> None:
    stand = await BoardStand(dut).posted()
    cpu = stand.cpu
    if shortest:
        cpu.timing = AccessTiming.shortest()
    values = random.Random(stand.bench.options.seed)
    words = {port: values.getrandbits(16) for port in WORDS}
    pages = {port: values.getrandbits(8) for port in PAGES}
    await cpu.write(0x0C, 0)
    await cpu.write(0xD8, 0)
    for port, word in words.items():
        await cpu.write(port, word & 0xFF)
        await cpu.write(port, word >> 8)
    for port, page in pages.items():
        await cpu.write(port, page)
    for port, word in words.items():
        assert [await cpu.read(port), await cpu.read(port)] == [word & 0xFF, word >> 8], f"port {port:X}h"
    for port, page in pages.items():
        assert await cpu.read(port) == page, f"port {port:X}h"


@cocotb.test()
async def the_power_on_test_of_the_pc_at_passes(dut: Any) -> None:
    stand = await BoardStand(dut).start()
    cpu = stand.cpu
    for port, value in ((0x08, 0x04), (0xD0, 0x04), (0x0D, 0), (0xDA, 0)):
        await cpu.write(port, value)
    for pattern in (0xFF, 0x00, 0x55, 0xAA):
        for port in WORDS:
            # No write to 0Ch: the flip-flops are clear, and two accesses bring them back.
            await cpu.write(port, pattern)
            await cpu.write(port, pattern)
            assert [await cpu.read(port), await cpu.read(port)] == [pattern, pattern], f"port {port:X}h"
    for port in range(0x81, 0x8F):
        await cpu.write(port, port - 0x80)
    for port in range(0x81, 0x8F):
        assert await cpu.read(port) == port - 0x80
    for value in (0xCC, 0x33, 0x00):
        await cpu.write(0x8F, value)
        assert await cpu.read(0x8F) == value


@cocotb.test()
@cocotb.parametrize((("word", "other", "clear"), [(0x02, 0xC4, 0x0C), (0xC4, 0x02, 0xD8)]))
async def each_chip_has_a_flip_flop_of_its_own(dut: Any, word: int, other: int, clear: int) -> None:
    stand = await BoardStand(dut).posted()
    cpu = stand.cpu
    await cpu.write(word, 0x34)
    await cpu.write(other, 0x78)  # the other chip's low byte
    await cpu.write(word, 0x12)
    await cpu.write(other, 0x56)
    assert await cpu.read(other) == 0x78
    assert await cpu.read(word) == 0x34
    await cpu.write(clear, 0)  # the low byte again for one, the high byte for the other
    assert await cpu.read(word) == 0x34
    assert await cpu.read(other) == 0x56


@cocotb.test()
@cocotb.parametrize(port=[0x08, 0x09, 0x0A, 0x0B, 0x0E, 0x0F, 0x80, 0x87, 0x8F, 0xC0, 0xD0, 0xDE])
async def dma_1s_flip_flop_ignores_every_other_port(dut: Any, port: int) -> None:
    stand = await BoardStand(dut).posted()
    cpu = stand.cpu
    await cpu.write(0x05, 0xEF)
    await cpu.write(0x05, 0xBE)
    assert await cpu.read(0x05) == 0xEF
    await cpu.write(port, 0x04)
    assert await cpu.read(0x05) == 0xBE


@cocotb.test()
async def every_register_of_dma_2_answers_at_two_ports(dut: Any) -> None:
    stand = await BoardStand(dut).posted()
    cpu = stand.cpu
    await cpu.write(0xC7, 0x21)  # channel 5's count, by the odd port
    await cpu.write(0xC6, 0x43)
    assert [await cpu.read(0xC6), await cpu.read(0xC7)] == [0x21, 0x43]
    stand.bench.dreq = 0x40
    assert [await cpu.read(0xD0), await cpu.read(0xD1)] == [0x40, 0x40]


@cocotb.test()
@cocotb.parametrize(port=[0x10, 0x1F, 0x20, 0x7F, 0x90, 0xA0, 0xBF, 0xE0, 0x100, 0x187, 0x2C4, 0x3F5])
async def no_other_port_is_answered_or_written(dut: Any, port: int) -> None:
    stand = await BoardStand(dut).posted()
    cpu, bench = stand.cpu, stand.bench
    for place in (0x87, 0x84, 0x8F):
        await cpu.write(place, 0x5A)
    await cpu.write_word(1, 0x0, 0x1234)
    await cpu.write_word(2, 0x2, 0x5678)
    await cpu.write(port, 0xFF)
    reading = cpu.read(port)
    task = cocotb.start_soon(reading)
    while not task.done():
        await bench.tick()
        assert stand.bench.last is not None
        assert stand.bench.last.chip.d is None, f"the board answers at {port:X}h"
    for place in (0x87, 0x84, 0x8F):
        assert await cpu.read(place) == 0x5A
    assert [await cpu.read_word(1, 0x0), await cpu.read_word(2, 0x2)] == [0x1234, 0x5678]


@cocotb.test()
async def ports_repeat_each_400h(dut: Any) -> None:
    stand = await BoardStand(dut).posted()
    await stand.cpu.write(0x0487, 0x9E)
    assert await stand.cpu.read(0x0087) == 0x9E
    assert await stand.cpu.read(0xFC87) == 0x9E


async def _tc_on(stand: BoardStand, *channels: int) -> None:
    """Bring these channels to TC, one after the other, by DRQ: a software request has rules of its own."""
    for channel in channels:
        await stand.cpu.program(channel, mode=BLOCK | READ, address=0x1000, count=0, page=0x02)
        await stand.cpu.unmask(channel)
        stand.log.clear()
        stand.bench.dreq = 1 << channel
        begun, what = stand.log.dacks[channel], f"DACK{channel}# for DRQ{channel}"
        await stand.bench.until(lambda begun=begun: bool(begun), states=60, what=what)  # type: ignore[misc]
        stand.bench.dreq = 0
        await stand.quiet()


@cocotb.test()
async def status_keeps_tc_until_its_own_chip_is_read(dut: Any) -> None:
    stand = await BoardStand(dut).posted()
    cpu = stand.cpu
    await _tc_on(stand, 1, 3, 6)
    said = "status register of DMA {} after TC of channels 1, 3 and 6{}"
    assert await cpu.status(1) == 0x0A, said.format(1, "")
    assert await cpu.status(1) == 0x00, said.format(1, ", read once more")
    assert await cpu.status(2) == 0x04, said.format(2, "")
    assert await cpu.status(2) == 0x00, said.format(2, ", read once more")


@cocotb.test()
async def status_shows_the_requests_whatever_the_mask(dut: Any) -> None:
    stand = await BoardStand(dut).posted()
    cpu, bench = stand.cpu, stand.bench
    bench.dreq = 0xC5  # 0 and 2, 6 and 7; all of them masked
    assert [await cpu.status(1), await cpu.status(2)] == [0x50, 0xC0]
    bench.dreq = 0x2A
    assert [await cpu.status(1), await cpu.status(2)] == [0xA0, 0x20]
    cpu.may_grant = False
    await cpu.unmask(3)
    await bench.states(6)
    assert await cpu.status(2) == 0x30, "DMA 1's HRQ is channel 4's request"


@cocotb.test()
@cocotb.parametrize(dma=[1, 2])
async def master_clear_reaches_one_chip_and_no_address_count_mode_or_page(dut: Any, dma: int) -> None:
    stand = await BoardStand(dut).posted()
    cpu, bench = stand.cpu, stand.bench
    mine, other = (2, 6) if dma == 1 else (6, 2)
    for channel in (2, 6):
        await cpu.program(channel, mode=BLOCK | READ, address=0x2000, count=1, page=0x12)
        await cpu.unmask(channel)
    await _tc_on(stand, 1, 5)
    await cpu.command(dma, DISABLE | ROTATING)
    await cpu.request(mine)
    await cpu.write(0x00 if dma == 1 else 0xC0, 0xAB)  # leaves the flip-flop at the high byte
    await cpu.write(0x0D if dma == 1 else 0xDA, 0)
    assert await cpu.read(0x00 if dma == 1 else 0xC0) == 0xAB, "the flip-flop is cleared"
    assert await cpu.read(0x0D if dma == 1 else 0xDA) == 0x00
    said = f"status registers of DMA {dma}, which was cleared, and of the other, where channel 1 has come to TC"
    assert [await cpu.status(dma), await cpu.status(3 - dma)] == [0x00, 0x02], said
    bench.dreq = 1 << mine
    await bench.states(20)
    assert stand.shows("hrq") == 0, "every channel is masked, no request is left"
    bench.dreq = 0
    if dma == 2:
        await cpu.unmask(4)
    bench.dreq = 1 << other
    await stand.active()
    bench.dreq = 0
    await stand.quiet()
    assert stand.log.order()[-1:] == [other], "the other chip is as it was"
    await cpu.unmask(mine)
    bench.dreq = 1 << mine
    await stand.active()
    bench.dreq = 0
    await stand.quiet()
    assert stand.log.order()[-1:] == [mine], "the command register is clear, the mode still there"
    reads = {2: [(0x122000, 1), (0x122001, 1)], 6: [(0x124000, 2), (0x124002, 2)]}
    assert stand.memory.reads[-4:] == reads[other] + reads[mine]


@cocotb.test()
async def reset_masks_both_chips_and_clears_commands_and_tc(dut: Any) -> None:
    stand = await BoardStand(dut).posted()
    cpu, bench = stand.cpu, stand.bench
    await _tc_on(stand, 1, 7)
    for channel in (0, 5):
        await cpu.program(channel, mode=BLOCK | READ, address=0x2000, count=1, page=0x12)
        await cpu.unmask(channel)
    bench.reset = 1
    await bench.states(2)
    bench.reset = 0
    await bench.states(2)
    bench.dreq = 0x21
    await bench.states(20)
    assert stand.shows("hrq") == 0
    assert [await cpu.status(1), await cpu.status(2)] == [0x10, 0x20]
    assert await cpu.read(0x87) == 0x12, "page register after RESET, which it does not know"


@cocotb.test()
@cocotb.parametrize(port=[0x09, 0x0A, 0x0B, 0x0C, 0x0E, 0x0F, 0xD2, 0xD4, 0xD6, 0xD8, 0xDC, 0xDE])
async def what_an_8237a_cannot_read_reads_as_told(dut: Any, port: int) -> None:
    stand = await BoardStand(dut).posted()
    seen, told = await stand.cpu.read(port), stand.bench.options.undefined_read
    assert told is None or seen == told

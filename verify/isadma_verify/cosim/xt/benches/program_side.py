"""The program side of a PC/XT's board: the chip's sixteen ports, who answers where, and what RESET leaves."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 7 to 11; IBM PC/XT Technical Reference, system board;
# Ralf Brown, Interrupt List release 61, PORTS.A.
import random
from typing import Any

import cocotb

from isadma_verify.cosim.chip.stand import BLOCK, READ
from isadma_verify.cosim.common.processor import AccessTiming
from isadma_verify.cosim.xt.stand import CHANNELS, XtStand

#: The boards that these benches are for.
WAIT_STATES = (1, 0)


@cocotb.test()
@cocotb.parametrize(shortest=[False, True])
async def every_address_and_count_reads_back(dut: Any, shortest: bool) -> None:
    stand = await XtStand(dut).posted()
    cpu = stand.cpu
    if shortest:
        cpu.timing = AccessTiming.shortest()
    values = random.Random(stand.bench.options.seed)
    words = {port: values.getrandbits(16) for port in range(8)}
    for port, word in words.items():
        await cpu.write(port, word & 0xFF)
        await cpu.write(port, word >> 8)
    for port, word in words.items():
        assert [await cpu.read(port), await cpu.read(port)] == [word & 0xFF, word >> 8], f"port {port:X}h"


@cocotb.test()
@cocotb.parametrize(port=[0x20, 0x40, 0x60, 0x80, 0x81, 0x83, 0x87, 0xA0, 0xC0, 0xD0, 0x100, 0x3F5])
async def no_other_port_is_answered(dut: Any, port: int) -> None:
    stand = await XtStand(dut).posted()
    await stand.cpu.write_word(1, 0x0, 0x1234)
    task = cocotb.start_soon(stand.cpu.read(port))
    while not task.done():
        await stand.bench.tick()
        assert stand.bench.last is not None
        assert stand.bench.last.chip.d is None, f"the board answers at {port:X}h"
    await stand.cpu.write(port, 0xFF)
    assert await stand.cpu.read_word(1, 0x0) == 0x1234


@cocotb.test()
async def status_keeps_tc_until_it_is_read_and_shows_every_request(dut: Any) -> None:
    stand = await XtStand(dut).posted()
    for channel in CHANNELS:
        await stand.cpu.program(channel, mode=BLOCK | READ, address=0x1000, count=0, page=0x02)
        await stand.cpu.unmask(channel)
        stand.bench.dreq = 1 << channel
        begun, what = stand.log.dacks[channel], f"DACK{channel}# for DRQ{channel}"
        await stand.bench.until(lambda begun=begun: bool(begun), states=60, what=what)  # type: ignore[misc]
        stand.bench.dreq = 0
        await stand.quiet()
    said = "status register, read twice, after TC of channels 1, 2 and 3"
    assert [await stand.cpu.status(1), await stand.cpu.status(1)] == [0x0E, 0x00], said
    stand.bench.dreq = 0b1010
    assert await stand.cpu.status(1) == 0xA0, "status register with DRQ1 and DRQ3 high"


@cocotb.test()
async def reset_masks_every_channel_and_clears_tc(dut: Any) -> None:
    stand = await XtStand(dut).posted()
    bench = stand.bench
    for channel in (1, 3):
        await stand.cpu.program(channel, mode=BLOCK | READ, address=0x2000, count=1, page=0x03)
        await stand.cpu.unmask(channel)
    await stand.cpu.request(3)
    await stand.quiet()
    bench.reset = 1
    await bench.states(2)
    bench.reset = 0
    await bench.states(2)
    bench.dreq = 0b0010
    await bench.states(20)
    assert stand.shows("hrq") == 0
    assert await stand.cpu.status(1) == 0x20

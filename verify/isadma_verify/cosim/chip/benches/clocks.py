"""Clocks per byte: how long each kind of service holds the bus, and how soon it comes again."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7 and 13, figures 11 and 14.
from itertools import pairwise
from typing import Any

import cocotb

from isadma_verify.cosim.chip.driving import WaitStates
from isadma_verify.cosim.chip.peripheral import Peripheral
from isadma_verify.cosim.chip.stand import (
    BLOCK,
    COMPRESSED,
    DECREMENT,
    DEMAND,
    EXTENDED_WRITE,
    READ,
    SINGLE,
    WRITE,
    Stand,
)

#: What mode bits 7 and 6 say.
MODES = {DEMAND: "demand", SINGLE: "single", BLOCK: "block"}


async def _block(dut: Any, *, command: int, mode: int, address: int, count: int) -> tuple[Stand, Peripheral]:
    """Run one service of channel 1 to TC."""
    stand = await Stand(dut).start()
    cpu, bench = stand.cpu, stand.bench
    data = bytes((7 * index + 3) & 0xFF for index in range(count + 1))
    device = Peripheral(bench, 1, send=data) if mode & WRITE else Peripheral(bench, 1, receive=count + 1)
    stand.add(device)
    device.enabled = False
    await cpu.write(0x8, command)
    await cpu.program(1, mode=mode, address=address, count=count)
    await cpu.unmask(1)
    stand.log.clear()
    device.enabled = True
    await stand.quiet(states=4000)
    said = f"bytes that the device moved, of {count + 1} in {MODES[mode & 0xC0]} mode"
    assert device.moved == count + 1, said
    await stand.reached(1)
    return stand, device


@cocotb.test()
@cocotb.parametrize(mode=[BLOCK | WRITE, BLOCK | READ, DEMAND | WRITE, DEMAND | READ], command=[0, EXTENDED_WRITE])
async def a_page_of_256_bytes_takes_769_clocks(dut: Any, mode: int, command: int) -> None:
    stand, _ = await _block(dut, command=command, mode=mode, address=0x4000, count=255)
    assert stand.log.services() == [769]
    assert len(stand.log.rises["adstb"]) == 1


@cocotb.test()
@cocotb.parametrize(mode=[BLOCK | WRITE, DEMAND | READ])
async def a_page_of_256_bytes_takes_513_clocks_compressed(dut: Any, mode: int) -> None:
    stand, _ = await _block(dut, command=COMPRESSED, mode=mode, address=0x4000, count=255)
    assert stand.log.services() == [513]
    assert len(stand.log.rises["adstb"]) == 1


@cocotb.test()
@cocotb.parametrize(
    (("command", "mode", "address", "count", "clocks"), [
        (0, BLOCK | WRITE, 0x10FF, 0, 4),              # S1 S2 S3 S4
        (0, BLOCK | WRITE, 0x10FF, 1, 4 + 4),          # A8 carries
        (0, BLOCK | WRITE, 0x10FE, 2, 4 + 3 + 4),
        (0, BLOCK | READ | DECREMENT, 0x1000, 1, 4 + 4),  # A8 borrows
        (0, BLOCK | READ | DECREMENT, 0x10FF, 2, 4 + 3 + 3),
        (0, BLOCK | READ, 0xFFFE, 3, 4 + 3 + 4 + 3),   # FFFF to 0000
        (0, BLOCK | WRITE, 0x1080, 383, 4 + 127 * 3 + 4 + 255 * 3),
        (COMPRESSED, BLOCK | WRITE, 0x10FE, 2, 3 + 2 + 3),
        (COMPRESSED, BLOCK | READ | DECREMENT, 0x1001, 2, 3 + 2 + 3),
    ])
)  # fmt: skip
async def s1_comes_first_and_where_a8_carries(
    dut: Any, command: int, mode: int, address: int, count: int, clocks: int
) -> None:
    stand, _ = await _block(dut, command=command, mode=mode, address=address, count=count)
    way = f"{'down' if mode & DECREMENT else 'up'} from {address:04X}h{', compressed' if command else ''}"
    assert stand.log.services() == [clocks], f"clocks of a block of {count + 1} bytes {way}"


@cocotb.test()
@cocotb.parametrize(
    (("command", "mode", "on_bus", "period"), [
        (0, WRITE, 4, 7), (0, READ, 4, 7), (EXTENDED_WRITE, WRITE, 4, 7), (COMPRESSED, READ, 3, 6),
    ])
)  # fmt: skip
async def single_mode_holds_the_bus_for_4_clocks_and_returns_every_7(
    dut: Any, command: int, mode: int, on_bus: int, period: int
) -> None:
    stand, device = await _block(dut, command=command, mode=SINGLE | mode, address=0x2000, count=9)
    assert stand.log.services() == [on_bus] * 10
    starts = stand.log.rises["hrq"]
    assert [later - earlier for earlier, later in pairwise(starts)] == [period] * 9
    assert device.terminal_counts == 1


@cocotb.test()
@cocotb.parametrize((("command", "per_byte"), [(0, 3), (EXTENDED_WRITE, 3), (COMPRESSED, 2)]))
@cocotb.parametrize(waits=[1, 3])
async def each_wait_state_adds_one_clock(dut: Any, command: int, per_byte: int, waits: int) -> None:
    stand = await Stand(dut).start()
    cpu, bench = stand.cpu, stand.bench
    device = Peripheral(bench, 3, send=b"waiting")
    stand.add(device)
    stand.add(WaitStates(bench, waits=waits, compressed=command == COMPRESSED))
    device.enabled = False
    await cpu.write(0x8, command)
    await cpu.program(3, mode=BLOCK | WRITE, address=0x0300, count=6)
    await cpu.unmask(3)
    stand.log.clear()
    device.enabled = True
    await stand.quiet()
    assert stand.memory.data[0x0300:0x0308] == b"waiting\x00"
    said = f"clocks of a block of 7 bytes with READY low for {waits} state{'s' * (waits > 1)} in each"
    assert stand.log.services() == [1 + 7 * (per_byte + waits)], said
    assert device.terminal_counts == 1, "terminal counts that the device saw, with READY low in each transfer"
    assert len(stand.log.falls["eop_n"]) == 1, "number of times that EOP# falls, with READY low in each transfer"

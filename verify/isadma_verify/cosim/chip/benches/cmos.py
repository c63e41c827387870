"""The 82C37A's read-back map: reads that the NMOS part calls illegal."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Harris/Intersil 82C37A data sheet: software commands and register read-back.
from typing import Any

import cocotb

from isadma.i8237.regs import CmosPort, WritePort
from isadma_verify.cosim.chip.stand import BLOCK, DISABLE, READ, Stand

#: What the benches here need of the core.
VARIANT = "cmos"


@cocotb.test()
@cocotb.parametrize(value=[0x04, 0xA6, 0x5D])
async def the_command_register_reads_back(dut: Any, value: int) -> None:
    stand = await Stand(dut).start()
    await stand.cpu.write(WritePort.COMMAND, value)
    assert await stand.cpu.read(CmosPort.COMMAND) == value


@cocotb.test()
async def the_mask_reads_back_in_the_low_nibble_under_ones(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    assert await cpu.read(CmosPort.MASK) == 0xFF
    await cpu.write(WritePort.ALL_MASK, 0x0A)
    assert await cpu.read(CmosPort.MASK) == 0xFA
    await cpu.write(WritePort.SINGLE_MASK, 0x03)
    assert await cpu.read(CmosPort.MASK) == 0xF2
    await cpu.write(WritePort.CLEAR_MASK, 0)
    assert await cpu.read(CmosPort.MASK) == 0xF0


@cocotb.test()
async def the_requests_read_back_and_one_write_changes_one_bit(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.write(WritePort.COMMAND, DISABLE)
    await cpu.request(1)
    await cpu.request(3)
    assert await cpu.read(CmosPort.REQUEST) == 0xFA
    await cpu.write(WritePort.REQUEST, 0x01)
    assert await cpu.read(CmosPort.REQUEST) == 0xF8


@cocotb.test()
async def row_14_tc_leaves_the_requests_of_other_channels(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.program(1, mode=BLOCK | READ, address=0x1000, count=0)
    await cpu.write(WritePort.COMMAND, DISABLE)
    await cpu.request(1)
    await cpu.request(2)
    await cpu.program(2, mode=0xC0, address=0, count=0)  # cascade: its software request stays pending
    await cpu.write(WritePort.COMMAND, 0)
    await stand.quiet()
    assert await cpu.read(CmosPort.REQUEST) == 0xF4


@cocotb.test()
async def modes_read_back_in_turn_under_two_ones_and_port_e_starts_over(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    for value in (0x44, 0x99, 0xE2, 0x3B):
        await cpu.write(WritePort.MODE, value)
    await cpu.read(CmosPort.CLEAR_MODE_COUNTER)
    assert [await cpu.read(CmosPort.MODE) for _ in range(5)] == [0x47, 0x9B, 0xE3, 0x3B, 0x47]
    await cpu.read(CmosPort.CLEAR_MODE_COUNTER)
    assert await cpu.read(CmosPort.MODE) == 0x47


@cocotb.test()
async def a_read_of_port_c_selects_the_high_byte(dut: Any) -> None:
    stand = await Stand(dut).start()
    cpu = stand.cpu
    await cpu.write_word(0x6, 0xABCD)
    await cpu.write(WritePort.CLEAR_FLIP_FLOP, 0)
    await cpu.read(CmosPort.SET_FLIP_FLOP)
    assert await cpu.read(0x6) == 0xAB
    assert await cpu.read(0x6) == 0xCD

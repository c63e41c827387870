"""Memory-to-memory on DMA 1 of an AT: through the cascade, in the page of channel 0, with the board's wait state."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 6, figure 12;
# docs/decisions/0001-the-clock-contract.md, "Memory to memory" and "The AT board".
import random
from typing import Any

import cocotb

from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.chip.driving import RandomReady
from isadma_verify.cosim.chip.stand import ADDRESS_HOLD, BLOCK, DECREMENT, EXTENDED_WRITE, MEMORY_TO_MEMORY, READ, WRITE

#: The boards that these benches are for.
WAIT_STATES = (1, 0)

#: Clocks of a byte, by the board's wait states and the command: S11 to S14 and S21 to S24. A wait state counts from the
#: strobe, which falls in S12 and S22; a late MEMW# falls in S23, where READY is looked at already: one SW more.
CLOCKS = {(0, 0): 8, (0, EXTENDED_WRITE): 8, (1, 0): 8 + 1 + 2, (1, EXTENDED_WRITE): 8 + 1 + 1}


async def _copy(
    dut: Any, *, source: int, target: int, count: int, command: int = 0, target_mode: int = BLOCK | WRITE
) -> BoardStand:
    """Set up a copy in page 5Ah; channel 1's own page would be C3h."""
    stand = await BoardStand(dut).posted()
    cpu = stand.cpu
    await cpu.command(1, MEMORY_TO_MEMORY | command)
    await cpu.program(0, mode=BLOCK | READ, address=source, count=0xFFFF, page=0x5A)
    await cpu.program(1, mode=target_mode, address=target, count=count, page=0xC3)
    stand.log.clear()
    return stand


@cocotb.test()
@cocotb.parametrize(command=[0, EXTENDED_WRITE])
async def a_copy_goes_through_the_cascade_byte_by_byte_without_dack(dut: Any, command: int) -> None:
    stand = await _copy(dut, source=0x30F8, target=0x5000, count=15, command=command)
    stand.memory.data[0x5A30F8:0x5A3108] = bytes(range(0x40, 0x50))
    await stand.cpu.request(0)
    await stand.quiet()
    assert stand.memory.data[0x5A5000:0x5A5011] == bytes(range(0x40, 0x50)) + b"\x00"
    assert stand.memory.reads == [(0x5A30F8 + index, 1) for index in range(16)]
    assert stand.memory.writes == [(0x5A5000 + index, 1) for index in range(16)]
    assert stand.log.services() == [16 * CLOCKS[stand.bench.options.wait_states, command]]
    assert stand.log.order() == []
    assert len(stand.log.rises["tc"]) == 1
    cpu = stand.cpu
    assert [await cpu.status(1), await cpu.status(2)] == [0x02, 0x00]
    assert [await cpu.address(0), await cpu.address(1), await cpu.count(1)] == [0x3108, 0x5010, 0xFFFF]
    assert await cpu.read(0x0D) == 0x4F, "the last byte stays in the temporary register"


@cocotb.test()
async def address_hold_fills_a_block_downwards_with_one_byte(dut: Any) -> None:
    stand = await _copy(
        dut, source=0x1234, target=0x2001, count=3, command=ADDRESS_HOLD, target_mode=BLOCK | WRITE | DECREMENT
    )
    stand.memory.data[0x5A1234:0x5A1236] = b"\x5a\xff"
    await stand.cpu.request(0)
    await stand.quiet()
    assert stand.memory.writes == [(0x5A2001, 1), (0x5A2000, 1), (0x5A1FFF, 1), (0x5A1FFE, 1)]
    assert stand.memory.data[0x5A1FFD:0x5A2003] == b"\x00\x5a\x5a\x5a\x5a\x00"


@cocotb.test()
async def drq_0_starts_a_copy_and_drq_5_waits_until_it_is_done(dut: Any) -> None:
    stand = await _copy(dut, source=0x0100, target=0x0200, count=3)
    bench, cpu = stand.bench, stand.cpu
    await cpu.program(5, mode=BLOCK | READ, address=0x4000, count=0, page=0x10)
    stand.memory.data[0x5A0100:0x5A0104] = b"copy"
    await cpu.unmask(0, 5)
    bench.dreq = 0x01
    await stand.active()
    bench.dreq = 0x20
    await bench.until(lambda: stand.log.order() == [5], states=80, what="channel 5")
    bench.dreq = 0
    await stand.quiet()
    assert stand.memory.data[0x5A0200:0x5A0205] == b"copy\x00"
    assert stand.memory.reads[-1] == (0x108000, 2)


@cocotb.test()
@cocotb.parametrize(program=list(range(4)))
async def random_copies_move_every_byte_to_its_place_and_nothing_else(dut: Any, program: int) -> None:
    chooser = random.Random(f"{cocotb.RANDOM_SEED}/board copy {program}")
    hold, extended, down = (chooser.random() < 0.5 for _ in range(3))
    length = chooser.randint(2, 40)
    source, target = 0x10F0 + chooser.randint(0, 20), 0x80F0 + chooser.randint(0, 20)
    stand = await _copy(
        dut,
        source=source,
        target=target,
        count=length - 1,
        command=ADDRESS_HOLD * hold | EXTENDED_WRITE * extended,
        target_mode=BLOCK | WRITE | DECREMENT * down,
    )
    bank = bytearray(chooser.randbytes(0x10000))
    stand.memory.data[0x5A0000:0x5B0000] = bank
    stand.add(RandomReady(stand.bench, low=chooser.choice([0.0, 0.4]), seed=program))
    await stand.cpu.request(0)
    await stand.quiet(states=8000)
    after = bytearray(bank)
    for index in range(length):
        after[target - index if down else target + index] = bank[source if hold else source + index]
    assert stand.memory.data[0x5A0000:0x5B0000] == after
    assert len(stand.memory.writes) == length
    assert await stand.cpu.status(1) == 0x02

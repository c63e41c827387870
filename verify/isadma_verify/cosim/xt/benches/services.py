"""Services on every channel of an XT, against a scoreboard: every byte of memory, every byte of a card."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 5 to 9; IBM PC/XT Technical Reference, system board (pages of
# four bits, no carry into them).
import random
from typing import Any

import cocotb

from isadma_verify.cosim.board.peripheral import Card
from isadma_verify.cosim.board.scoreboard import BoardJob, make_job
from isadma_verify.cosim.board.transfers import run_jobs
from isadma_verify.cosim.chip.driving import RandomReady
from isadma_verify.cosim.chip.stand import (
    BLOCK,
    COMPRESSED,
    DEMAND,
    EXTENDED_WRITE,
    MEMORY_TO_MEMORY,
    READ,
    ROTATING,
    SINGLE,
    WRITE,
)
from isadma_verify.cosim.xt.stand import CHANNELS, LEAST, PAGE_BITS, XtStand

#: The boards that these benches are for.
WAIT_STATES = (1, 0)


@cocotb.test()
@cocotb.parametrize(channel=CHANNELS, kind=[SINGLE, DEMAND, BLOCK], write=[True, False])
async def every_mode_moves_every_byte_both_ways_on_every_channel(
    dut: Any, channel: int, kind: int, write: bool
) -> None:
    chooser = random.Random(f"{cocotb.RANDOM_SEED}/{channel}/{kind}/{write}")
    stand = await XtStand(dut).posted()
    page, address = chooser.getrandbits(PAGE_BITS), chooser.randint(0x1000, 0xE000)
    job = make_job(chooser, channel, kind=kind, write=write, address=address, length=6, page=page)
    await run_jobs(stand, [job], chooser)


@cocotb.test()
@cocotb.parametrize(
    (("channel", "decrement", "page", "places"), [
        (1, False, 0x1, [0x1FFFE, 0x1FFFF, 0x10000, 0x10001]),
        (2, True, 0x2, [0x20001, 0x20000, 0x2FFFF, 0x2FFFE]),
        (3, False, 0xF, [0xFFFFE, 0xFFFFF, 0xF0000, 0xF0001]),
    ])
)  # fmt: skip
async def bytes_wrap_in_64_k(dut: Any, channel: int, decrement: bool, page: int, places: list[int]) -> None:
    stand = await XtStand(dut).posted()
    card = Card(stand.bench, channel, send=[0x11, 0x22, 0x33, 0x44])
    stand.add(card)
    address = 0x0001 if decrement else 0xFFFE
    await stand.cpu.program(channel, mode=SINGLE | 0x04 | 0x20 * decrement, address=address, count=3, page=page)
    await stand.cpu.unmask(channel)
    await stand.quiet()
    assert stand.memory.writes == [(place, 1) for place in places]


@cocotb.test()
async def a_page_has_four_bits(dut: Any) -> None:
    stand = await XtStand(dut).posted()
    await stand.cpu.program(3, mode=BLOCK | READ, address=0x1234, count=0, page=0xFA)
    await stand.cpu.request(3)
    await stand.quiet()
    assert stand.memory.reads == [(0xA1234, 1)]


@cocotb.test()
async def a_copy_goes_byte_by_byte_without_dack_in_the_page_of_channel_1(dut: Any) -> None:
    stand = await XtStand(dut).posted()
    await stand.cpu.command(1, MEMORY_TO_MEMORY)
    await stand.cpu.program(0, mode=BLOCK | READ, address=0x30FE, count=0xFFFF)
    await stand.cpu.program(1, mode=BLOCK | WRITE, address=0x5000, count=3, page=0xA)
    stand.memory.data[0xA30FE:0xA3102] = b"copy"
    await stand.cpu.request(0)
    await stand.quiet()
    assert stand.memory.data[0xA5000:0xA5005] == b"copy\x00"
    assert stand.log.order() == []
    assert await stand.cpu.status(1) == 0x02


@cocotb.test()
@cocotb.parametrize(rotating=[False, True])
async def the_lowest_channel_comes_first_unless_priority_rotates(dut: Any, rotating: bool) -> None:
    stand = await XtStand(dut).posted()
    await stand.cpu.command(1, ROTATING * rotating)
    for channel in CHANNELS:
        await stand.cpu.program(channel, mode=SINGLE | READ, address=0x1000, count=1, page=0x01)
    stand.cpu.may_grant = False
    await stand.cpu.unmask(*CHANNELS)
    stand.bench.dreq = 0b1110
    stand.log.clear()
    stand.cpu.may_grant = True
    await stand.bench.until(lambda: len(stand.log.rises["tc"]) == len(CHANNELS), states=400, what="three TC")
    stand.bench.dreq = 0
    await stand.quiet()
    assert stand.log.order() == ([1, 2, 3] * 2 if rotating else [1, 1, 2, 2, 3, 3])


def _draw(chooser: random.Random) -> list[BoardJob]:
    """Draw a job for each of some channels, each in a bank of its own."""
    jobs = []
    for channel in chooser.sample(CHANNELS, chooser.randint(2, len(CHANNELS))):
        again = chooser.random() < 0.3
        jobs.append(
            make_job(
                chooser,
                channel,
                kind=chooser.choice((SINGLE, DEMAND, BLOCK)),
                write=chooser.random() < 0.5,
                decrement=chooser.random() < 0.4,
                autoinitialize=again,
                laps=chooser.randint(1, 2) if again else 1,
                address=chooser.choice([chooser.randint(0, 0xFFFF), chooser.randint(0xFFE0, 0xFFFF)]),
                length=chooser.randint(1, 20),
                page=4 * channel + chooser.randint(0, 3),
            )
        )
    return jobs


@cocotb.test()
@cocotb.parametrize(program=list(range(8)))
async def random_programs_move_every_byte_to_its_place_and_nothing_else(dut: Any, program: int) -> None:
    chooser = random.Random(f"{cocotb.RANDOM_SEED}/xt {program}")
    latency = random.Random(chooser.random())
    stand = XtStand(dut, grant=lambda: latency.randint(LEAST, 9), release=lambda: latency.randint(LEAST, 6))
    await stand.posted()
    command = sum(bit for bit in (ROTATING, EXTENDED_WRITE, COMPRESSED) if chooser.random() < 0.5)
    await stand.cpu.command(1, command)
    stand.add(RandomReady(stand.bench, low=chooser.choice([0.0, 0.3, 0.6]), seed=program))
    await run_jobs(stand, _draw(chooser), chooser)

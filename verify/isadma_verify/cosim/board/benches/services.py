"""Services on every channel of the AT, against a scoreboard: every byte of memory, every item of a card."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 5 to 9; Intel 6-series chipset data sheet, January 2011, page
# 135 (no carry into the page).
import random
from typing import Any

import cocotb

from isadma_verify.cosim.board.cpu import dma_of
from isadma_verify.cosim.board.peripheral import Card
from isadma_verify.cosim.board.scoreboard import draw_jobs, make_job
from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.board.transfers import run_jobs
from isadma_verify.cosim.chip.driving import RandomReady
from isadma_verify.cosim.chip.stand import BLOCK, COMPRESSED, DEMAND, EXTENDED_WRITE, ROTATING, SINGLE, VERIFY

CHANNELS = [0, 1, 2, 3, 5, 6, 7]


@cocotb.test()
@cocotb.parametrize(channel=CHANNELS, kind=[SINGLE, DEMAND, BLOCK], write=[True, False])
async def every_mode_moves_every_item_both_ways_on_every_channel(
    dut: Any, channel: int, kind: int, write: bool
) -> None:
    chooser = random.Random(f"{cocotb.RANDOM_SEED}/{channel}/{kind}/{write}")
    stand = await BoardStand(dut).posted()
    page, address = chooser.getrandbits(8), chooser.randint(0x1000, 0xE000)
    await run_jobs(
        stand, [make_job(chooser, channel, kind=kind, write=write, address=address, length=6, page=page)], chooser
    )


@cocotb.test()
@cocotb.parametrize(channel=CHANNELS, kind=[SINGLE, DEMAND, BLOCK])
async def verify_on_every_channel_counts_to_tc_and_moves_nothing(dut: Any, channel: int, kind: int) -> None:
    stand = await BoardStand(dut).posted()
    bench, log = stand.bench, stand.log
    await stand.cpu.program(channel, mode=kind | VERIFY, address=0x2000, count=2, page=0x40)
    await stand.cpu.unmask(channel)
    log.clear()
    bench.dreq = 1 << channel
    await bench.until(lambda: bool(log.falls["tc"]), states=100, what="TC")
    bench.dreq = 0
    await stand.quiet()
    assert not any(log.falls[strobe] for strobe in ("ior_n", "iow_n", "memr_n", "memw_n"))
    assert set(log.order()) == {channel}
    assert len(log.rises["tc"]) == 1
    assert await stand.cpu.status(dma_of(channel)) == 1 << (channel & 3)
    assert [await stand.cpu.address(channel), await stand.cpu.count(channel)] == [0x2003, 0xFFFF]


@cocotb.test()
@cocotb.parametrize(
    (("channel", "decrement", "page", "places"), [
        (1, False, 0x01, [0x01FFFE, 0x01FFFF, 0x010000, 0x010001]),
        (2, True, 0x02, [0x020001, 0x020000, 0x02FFFF, 0x02FFFE]),
        (3, False, 0xFF, [0xFFFFFE, 0xFFFFFF, 0xFF0000, 0xFF0001]),
        (5, False, 0x00, [0x01FFFC, 0x01FFFE, 0x000000, 0x000002]),
        (6, True, 0x02, [0x020002, 0x020000, 0x03FFFE, 0x03FFFC]),
        (7, False, 0x03, [0x03FFFC, 0x03FFFE, 0x020000, 0x020002]),
        (7, True, 0xFF, [0xFE0002, 0xFE0000, 0xFFFFFE, 0xFFFFFC]),
    ])
)  # fmt: skip
async def bytes_wrap_in_64_k_and_words_in_128_k(
    dut: Any, channel: int, decrement: bool, page: int, places: list[int]
) -> None:
    stand = await BoardStand(dut).posted()
    cpu, size = stand.cpu, 1 if channel < 4 else 2
    address = 0x0001 if decrement else 0xFFFE
    mode = SINGLE | 0x04 | 0x20 * decrement
    card = Card(stand.bench, channel, send=[0x11, 0x22, 0x33, 0x44])
    stand.add(card)
    await cpu.program(channel, mode=mode, address=address, count=3, page=page)
    await cpu.unmask(channel)
    await stand.quiet()
    assert stand.memory.writes == [(place, size) for place in places]


@cocotb.test()
@cocotb.parametrize(channel=CHANNELS)
async def autoinitialize_starts_over_lap_after_lap_without_the_processor(dut: Any, channel: int) -> None:
    chooser = random.Random(f"{cocotb.RANDOM_SEED}/laps/{channel}")
    stand = await BoardStand(dut).posted()
    job = make_job(
        chooser, channel, kind=SINGLE, write=bool(channel & 1), address=0xFFF9, length=9, page=0x33,
        decrement=channel > 4, autoinitialize=True, laps=3,
    )  # fmt: skip
    await run_jobs(stand, [job], chooser)


@cocotb.test()
@cocotb.parametrize(program=list(range(8)))
async def random_programs_on_all_channels_move_every_item_to_its_place_and_nothing_else(dut: Any, program: int) -> None:
    chooser = random.Random(f"{cocotb.RANDOM_SEED}/board {program}")
    latency = random.Random(chooser.random())
    stand = BoardStand(dut, grant=lambda: latency.randint(0, 9), release=lambda: latency.randint(0, 6))
    await stand.posted()
    for dma in (1, 2):
        command = 0
        for bit in (ROTATING, EXTENDED_WRITE, COMPRESSED):
            command |= bit if chooser.random() < 0.5 else 0
        await stand.cpu.command(dma, command)
    stand.add(RandomReady(stand.bench, low=chooser.choice([0.0, 0.3, 0.6]), seed=program))
    await run_jobs(stand, draw_jobs(chooser, [SINGLE, DEMAND, BLOCK], longest=20), chooser)

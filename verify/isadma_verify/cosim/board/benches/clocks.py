"""Clocks per transfer at the board's pins: how long each kind of service holds the bus, and how soon it comes again."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7; IBM PC AT Technical Reference, system board (one wait
# state: 5 clocks a transfer); docs/decisions/0001-the-clock-contract.md, "The AT board".
from itertools import pairwise
from typing import Any

import cocotb

from isadma_verify.cosim.board.peripheral import Card
from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.chip.driving import WaitStates
from isadma_verify.cosim.chip.stand import BLOCK, COMPRESSED, DEMAND, EXTENDED_WRITE, READ, SINGLE, VERIFY, WRITE

#: The boards that these benches are for.
WAIT_STATES = (1, 0)


async def _service(
    dut: Any, channel: int, *, mode: int, count: int, command: int = 0, address: int = 0x4000
) -> tuple[BoardStand, Card]:
    """Run a channel from one request to TC."""
    stand = await BoardStand(dut).posted()
    items = [(7 * index + 3) & 0xFF for index in range(count + 1)]
    card = Card(stand.bench, channel, send=items) if mode & WRITE else Card(stand.bench, channel, receive=count + 1)
    stand.add(card)
    card.enabled = False
    await stand.cpu.command(1 if channel < 4 else 2, command)
    await stand.cpu.program(channel, mode=mode, address=address, count=count, page=0x20)
    await stand.cpu.unmask(channel)
    stand.log.clear()
    card.enabled = True
    await stand.quiet(states=4000)
    assert card.moved == count + 1
    assert card.terminal_counts == 1
    assert await stand.cpu.status(1 if channel < 4 else 2) == 1 << (channel & 3)
    return stand, card


#: Clocks of one page of 256 transfers, by the board's wait states and the timing: one S1, then 3 (compressed 2) each.
PAGES = {(0, 0): 769, (0, COMPRESSED): 513, (1, 0): 1025, (1, COMPRESSED): 1025, (1, EXTENDED_WRITE): 1025}


@cocotb.test()
@cocotb.parametrize(
    channel=[1, 6], mode=[BLOCK | WRITE, DEMAND | READ], command=[0, COMPRESSED]
)  # fmt: skip
async def a_page_of_256_transfers_has_one_s1(dut: Any, channel: int, mode: int, command: int) -> None:
    stand, _ = await _service(dut, channel, mode=mode, count=255, command=command)
    assert stand.log.services() == [PAGES[stand.bench.options.wait_states, command]]


#: First and following clocks of a service of four, the second of which carries out of A7 of the chip.
CARRIES = {(0, 0): 4 + 3 + 4 + 3, (0, COMPRESSED): 3 + 2 + 3 + 2, (1, 0): 5 + 4 + 5 + 4, (1, COMPRESSED): 5 + 4 + 5 + 4}


@cocotb.test()
@cocotb.parametrize(channel=[0, 3, 5, 7], command=[0, COMPRESSED])
async def s1_comes_again_where_the_chips_a8_carries(dut: Any, channel: int, command: int) -> None:
    stand, _ = await _service(dut, channel, mode=BLOCK | READ, count=3, command=command, address=0x10FE)
    assert stand.log.services() == [CARRIES[stand.bench.options.wait_states, command]]


#: Clocks on the bus, and from one HRQ to the next: channels beside the cascade, and behind it.
SINGLES = {(0, 6): (4, 7), (1, 6): (5, 8), (0, 2): (4, 11), (1, 2): (5, 12)}


@cocotb.test()
@cocotb.parametrize(channel=[2, 6], mode=[READ, WRITE], command=[0, EXTENDED_WRITE])
async def single_mode_gives_the_bus_back_each_time(dut: Any, channel: int, mode: int, command: int) -> None:
    stand, _ = await _service(dut, channel, mode=SINGLE | mode, count=7, command=command)
    on_bus, period = SINGLES[stand.bench.options.wait_states, channel]
    assert stand.log.services() == [on_bus] * 8
    assert [later - earlier for earlier, later in pairwise(stand.log.rises["hrq"])] == [period] * 7


@cocotb.test()
@cocotb.parametrize(channel=[1, 5])
async def verify_has_no_wait_state(dut: Any, channel: int) -> None:
    stand = await BoardStand(dut).posted()
    await stand.cpu.program(channel, mode=BLOCK | VERIFY, address=0x2000, count=4, page=0x01)
    stand.log.clear()
    await stand.cpu.request(channel)
    stand.bench.ready = 0
    await stand.quiet()
    assert stand.log.services() == [4 + 4 * 3]
    assert not any(stand.log.falls[strobe] for strobe in ("ior_n", "iow_n", "memr_n", "memw_n"))
    assert len(stand.log.rises["tc"]) == 1


@cocotb.test()
@cocotb.parametrize(channel=[3, 7], low=[1, 2, 9])
async def iochrdy_low_from_s3_on_overlaps_the_boards_own_wait_state(dut: Any, channel: int, low: int) -> None:
    stand = await BoardStand(dut).posted()
    stand.add(WaitStates(stand.bench, waits=low, compressed=False))
    await stand.cpu.program(channel, mode=BLOCK | WRITE, address=0x2000, count=2, page=0x01)
    card = Card(stand.bench, channel, send=[1, 2, 3])
    stand.add(card)
    stand.log.clear()
    await stand.cpu.unmask(channel)
    await stand.quiet()
    # S1, then S2 S3 S4 and a clock for each state of IOCHRDY: the first of them is the board's own, where it has one.
    assert stand.log.services() == [1 + 3 * (3 + low)]
    assert card.terminal_counts == 1

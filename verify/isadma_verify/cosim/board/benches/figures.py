"""Timing tables at the board's pins: cascade, page and wait state, every pin at every half clock."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, figures 11, 13 and 14; Intel 6-series chipset data sheet, January
# 2011, page 135 (address shift); docs/decisions/0001-the-clock-contract.md, "The AT board". A state runs from one CLK
# falling edge to the next: `l` is its first half (CLK low), `h` its second (CLK high). SC: DMA 2 has acknowledged the
# cascade. The SW without IOCHRDY is the board's own. In which half of SI a cascaded HRQ falls, no figure says.
# HLDA goes a state after the service: the page goes with it.
from typing import Any

import cocotb

from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.chip.stand import BLOCK, COMPRESSED, DECREMENT, DEMAND, EXTENDED_WRITE, READ, SINGLE, WRITE

#: One state per fabric clock; the half clock; halves of unequal length in fabric clocks.
PER_STATE = (1, 2, 5)

BYTE_OF_CHANNEL_2 = """
state half | drq hlda rdy din  | hrq dack aen sbhe IOR IOW MEMR MEMW TC A      D
SI    l    | 04  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 04  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 04  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 04  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 04  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 04  0    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    l    | 04  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    h    | 04  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
SC    l    | 04  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
SC    h    | 04  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    l    | 04  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    h    | 04  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S1    l    | 04  1    1   .    | 1   FF   1   z    z   z   z    z    0  z      z
S1    h    | 04  1    1   .    | 1   FF   1   1    1   1   1    1    0  345678 z
S2    l    | 00  1    1   .    | 1   FB   1   1    1   1   1    1    0  345678 z
S2    h    | 00  1    1   .    | 1   FB   1   1    0   1   1    1    0  345678 z
S3    l    | 00  1    1   .    | 1   FB   1   1    0   1   1    1    0  345678 z
S3    h    | 00  1    1   A59C | 1   FB   1   1    0   1   1    0    1  345678 z
SW    l    | 00  1    1   A59C | 1   FB   1   1    0   1   1    0    1  345678 z
SW    h    | 00  1    1   A59C | 1   FB   1   1    0   1   1    0    1  345678 z
S4    l    | 00  1    1   A59C | 1   FB   1   1    0   1   1    0    1  345678 z
S4    h    | 00  1    1   .    | 1   FB   1   1    1   1   1    1    0  345678 z
SI    l    | 00  1    1   .    | ?   FF   1   1    1   1   1    1    0  345678 z
SI    h    | 00  1    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
"""

WORDS_OF_CHANNEL_5 = """
state half | drq hlda rdy din  | hrq dack aen sbhe IOR IOW MEMR MEMW TC A      D
SI    l    | 20  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 20  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 20  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 20  0    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    l    | 20  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    h    | 20  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S1    l    | 20  1    1   .    | 1   FF   1   z    z   z   z    z    0  z      z
S1    h    | 20  1    1   .    | 1   FF   1   0    1   1   1    1    0  35FFFE z
S2    l    | 20  1    1   .    | 1   DF   1   0    1   1   1    1    0  35FFFE z
S2    h    | 20  1    1   .    | 1   DF   1   0    1   1   0    1    0  35FFFE z
S3    l    | 20  1    1   .    | 1   DF   1   0    1   1   0    1    0  35FFFE z
S3    h    | 20  1    1   1234 | 1   DF   1   0    1   0   0    1    0  35FFFE z
SW    l    | 20  1    1   1234 | 1   DF   1   0    1   0   0    1    0  35FFFE z
SW    h    | 20  1    1   1234 | 1   DF   1   0    1   0   0    1    0  35FFFE z
S4    l    | 20  1    1   1234 | 1   DF   1   0    1   0   0    1    0  35FFFE z
S4    h    | 20  1    1   .    | 1   DF   1   0    1   1   1    1    0  35FFFE z
S1    l    | 20  1    1   .    | 1   DF   1   0    1   1   1    1    0  35FFFE z
S1    h    | 20  1    1   .    | 1   DF   1   0    1   1   1    1    0  340000 z
S2    l    | 00  1    1   .    | 1   DF   1   0    1   1   1    1    0  340000 z
S2    h    | 00  1    1   .    | 1   DF   1   0    1   1   0    1    0  340000 z
S3    l    | 00  1    1   .    | 1   DF   1   0    1   1   0    1    0  340000 z
S3    h    | 00  1    1   5678 | 1   DF   1   0    1   0   0    1    1  340000 z
SW    l    | 00  1    1   5678 | 1   DF   1   0    1   0   0    1    1  340000 z
SW    h    | 00  1    1   5678 | 1   DF   1   0    1   0   0    1    1  340000 z
S4    l    | 00  1    1   5678 | 1   DF   1   0    1   0   0    1    1  340000 z
S4    h    | 00  1    1   .    | 0   DF   1   0    1   1   1    1    0  340000 z
SI    l    | 00  1    1   .    | 0   FF   1   0    1   1   1    1    0  340000 z
SI    h    | 00  1    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
"""

COMPRESSED_BYTES_OF_CHANNEL_1 = """
state half | drq hlda rdy din  | hrq dack aen sbhe IOR IOW MEMR MEMW TC A      D
SI    l    | 02  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 02  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 02  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 02  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 02  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 02  0    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    l    | 02  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    h    | 02  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
SC    l    | 02  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
SC    h    | 02  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    l    | 02  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    h    | 02  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S1    l    | 02  1    1   .    | 1   FF   1   z    z   z   z    z    0  z      z
S1    h    | 02  1    1   .    | 1   FF   1   0    1   1   1    1    0  7F1081 z
S2    l    | 00  1    1   .    | 1   FD   1   0    1   1   1    1    0  7F1081 z
S2    h    | 00  1    1   3C3C | 1   FD   1   0    1   0   0    1    0  7F1081 z
SW    l    | 00  1    1   3C3C | 1   FD   1   0    1   0   0    1    0  7F1081 z
SW    h    | 00  1    1   3C3C | 1   FD   1   0    1   0   0    1    0  7F1081 z
SW    l    | 00  1    1   3C3C | 1   FD   1   0    1   0   0    1    0  7F1081 z
SW    h    | 00  1    1   3C3C | 1   FD   1   0    1   0   0    1    0  7F1081 z
S4    l    | 00  1    1   3C3C | 1   FD   1   0    1   0   0    1    0  7F1081 z
S4    h    | 00  1    1   .    | 1   FD   1   0    1   1   1    1    0  7F1081 z
S2    l    | 00  1    1   .    | 1   FD   1   0    1   1   1    1    0  7F1081 z
S2    h    | 00  1    1   A53D | 1   FD   1   1    1   0   0    1    1  7F1082 z
SW    l    | 00  1    1   A53D | 1   FD   1   1    1   0   0    1    1  7F1082 z
SW    h    | 00  1    1   A53D | 1   FD   1   1    1   0   0    1    1  7F1082 z
SW    l    | 00  1    1   A53D | 1   FD   1   1    1   0   0    1    1  7F1082 z
SW    h    | 00  1    1   A53D | 1   FD   1   1    1   0   0    1    1  7F1082 z
S4    l    | 00  1    1   A53D | 1   FD   1   1    1   0   0    1    1  7F1082 z
S4    h    | 00  1    1   .    | 1   FD   1   1    1   1   1    1    0  7F1082 z
SI    l    | 00  1    1   .    | ?   FF   1   1    1   1   1    1    0  7F1082 z
SI    h    | 00  1    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
"""

EXTENDED_WORDS_OF_CHANNEL_7 = """
state half | drq hlda rdy din  | hrq dack aen sbhe IOR IOW MEMR MEMW TC A      D
SI    l    | 80  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 80  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 80  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 80  0    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    l    | 80  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    h    | 80  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S1    l    | 80  1    1   .    | 1   FF   1   z    z   z   z    z    0  z      z
S1    h    | 80  1    1   .    | 1   FF   1   0    1   1   1    1    0  C00002 z
S2    l    | 80  1    1   .    | 1   7F   1   0    1   1   1    1    0  C00002 z
S2    h    | 80  1    1   BEEF | 1   7F   1   0    0   1   1    0    0  C00002 z
S3    l    | 80  1    1   BEEF | 1   7F   1   0    0   1   1    0    0  C00002 z
S3    h    | 80  1    1   BEEF | 1   7F   1   0    0   1   1    0    0  C00002 z
SW    l    | 80  1    1   BEEF | 1   7F   1   0    0   1   1    0    0  C00002 z
SW    h    | 80  1    1   BEEF | 1   7F   1   0    0   1   1    0    0  C00002 z
S4    l    | 80  1    1   BEEF | 1   7F   1   0    0   1   1    0    0  C00002 z
S4    h    | 80  1    1   .    | 1   7F   1   0    1   1   1    1    0  C00002 z
S2    l    | 80  1    1   .    | 1   7F   1   0    1   1   1    1    0  C00002 z
S2    h    | 80  1    1   CAFE | 1   7F   1   0    0   1   1    0    0  C00000 z
S3    l    | 00  1    1   CAFE | 1   7F   1   0    0   1   1    0    0  C00000 z
S3    h    | 00  1    1   CAFE | 1   7F   1   0    0   1   1    0    1  C00000 z
SW    l    | 00  1    1   CAFE | 1   7F   1   0    0   1   1    0    1  C00000 z
SW    h    | 00  1    1   CAFE | 1   7F   1   0    0   1   1    0    1  C00000 z
S4    l    | 00  1    1   CAFE | 1   7F   1   0    0   1   1    0    1  C00000 z
S4    h    | 00  1    1   .    | 0   7F   1   0    1   1   1    1    0  C00000 z
SI    l    | 00  1    1   .    | 0   FF   1   0    1   1   1    1    0  C00000 z
SI    h    | 00  1    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
"""

IOCHRDY_ON_CHANNEL_3 = """
state half | drq hlda rdy din  | hrq dack aen sbhe IOR IOW MEMR MEMW TC A      D
SI    l    | 08  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 08  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 08  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 08  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 08  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 08  0    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    l    | 08  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    h    | 08  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
SC    l    | 08  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
SC    h    | 08  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    l    | 08  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S0    h    | 08  1    1   .    | 1   FF   0   z    z   z   z    z    0  z      z
S1    l    | 08  1    0   .    | 1   FF   1   z    z   z   z    z    0  z      z
S1    h    | 08  1    0   .    | 1   FF   1   0    1   1   1    1    0  FF0001 z
S2    l    | 08  1    0   .    | 1   F7   1   0    1   1   1    1    0  FF0001 z
S2    h    | 08  1    0   .    | 1   F7   1   0    0   1   1    1    0  FF0001 z
S3    l    | 00  1    0   .    | 1   F7   1   0    0   1   1    1    0  FF0001 z
S3    h    | 00  1    1   A577 | 1   F7   1   0    0   1   1    0    1  FF0001 z
SW    l    | 00  1    1   A577 | 1   F7   1   0    0   1   1    0    1  FF0001 z
SW    h    | 00  1    0   A577 | 1   F7   1   0    0   1   1    0    1  FF0001 z
SW    l    | 00  1    1   A577 | 1   F7   1   0    0   1   1    0    1  FF0001 z
SW    h    | 00  1    0   A577 | 1   F7   1   0    0   1   1    0    1  FF0001 z
SW    l    | 00  1    0   A577 | 1   F7   1   0    0   1   1    0    1  FF0001 z
SW    h    | 00  1    1   A577 | 1   F7   1   0    0   1   1    0    1  FF0001 z
S4    l    | 00  1    0   A577 | 1   F7   1   0    0   1   1    0    1  FF0001 z
S4    h    | 00  1    1   .    | 1   F7   1   0    1   1   1    1    0  FF0001 z
SI    l    | 00  1    1   .    | ?   FF   1   0    1   1   1    1    0  FF0001 z
SI    h    | 00  1    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    l    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
SI    h    | 00  0    1   .    | 0   FF   0   z    z   z   z    z    0  z      z
"""


async def _ready_for(
    dut: Any, *, channel: int, mode: int, page: int, address: int, count: int, command: int = 0
) -> BoardStand:
    stand = await BoardStand(dut).posted()
    await stand.cpu.command(1 if channel < 4 else 2, command)
    await stand.cpu.program(channel, mode=mode, address=address, count=count, page=page)
    await stand.cpu.unmask(channel)
    return stand


@cocotb.test()
async def a_byte_of_channel_2_goes_through_the_cascade_with_one_wait_state(dut: Any) -> None:
    stand = await _ready_for(dut, channel=2, mode=SINGLE | WRITE, page=0x34, address=0x5678, count=0)
    await stand.figure(BYTE_OF_CHANNEL_2)
    assert [await stand.cpu.status(1), await stand.cpu.status(2)] == [0x04, 0x00]
    assert [await stand.cpu.address(2), await stand.cpu.count(2)] == [0x5679, 0xFFFF]


@cocotb.test()
async def words_of_channel_5_are_shifted_lose_page_bit_0_and_wrap_at_128_k(dut: Any) -> None:
    stand = await _ready_for(dut, channel=5, mode=BLOCK | READ, page=0x35, address=0xFFFF, count=1)
    await stand.figure(WORDS_OF_CHANNEL_5)
    assert [await stand.cpu.status(1), await stand.cpu.status(2)] == [0x00, 0x02]
    assert [await stand.cpu.address(5), await stand.cpu.count(5)] == [0x0001, 0xFFFF]


@cocotb.test()
async def compressed_bytes_of_channel_1_meet_two_wait_states(dut: Any) -> None:
    stand = await _ready_for(dut, channel=1, mode=BLOCK | READ, page=0x7F, address=0x1081, count=1, command=COMPRESSED)
    await stand.figure(COMPRESSED_BYTES_OF_CHANNEL_1)
    assert await stand.cpu.status(1) == 0x02
    assert [await stand.cpu.address(1), await stand.cpu.count(1)] == [0x1083, 0xFFFF]


@cocotb.test()
async def extended_words_of_channel_7_write_from_s2_on_and_count_down(dut: Any) -> None:
    stand = await _ready_for(
        dut, channel=7, mode=DEMAND | WRITE | DECREMENT, page=0xC1, address=0x0001, count=1, command=EXTENDED_WRITE
    )
    await stand.figure(EXTENDED_WORDS_OF_CHANNEL_7)
    assert await stand.cpu.status(2) == 0x08
    assert [await stand.cpu.address(7), await stand.cpu.count(7)] == [0xFFFF, 0xFFFF]


@cocotb.test()
async def iochrdy_counts_from_the_boards_wait_state_on(dut: Any) -> None:
    stand = await _ready_for(dut, channel=3, mode=SINGLE | WRITE, page=0xFF, address=0x0001, count=0)
    await stand.figure(IOCHRDY_ON_CHANNEL_3)
    assert await stand.cpu.status(1) == 0x08

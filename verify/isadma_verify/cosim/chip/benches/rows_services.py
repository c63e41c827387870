"""Where sources disagree, part 1: how services run. A bench for each row, named by its number in the list of facts."""

# ruff: noqa: D103 - a bench's name is its sentence
# Ref: Intel 8237A data sheet, order no. 231466-005, pages 3 to 9 and 13, figures 11, 12 and 14. Each row is a point on
# which emulators and other cores differ from the data sheet or among themselves; followed here is the data sheet.
from typing import Any

import cocotb

from isadma_verify.cosim.chip.driving import EopDriver
from isadma_verify.cosim.chip.peripheral import Peripheral
from isadma_verify.cosim.chip.pins import Drives
from isadma_verify.cosim.chip.stand import (
    AUTOINITIALIZE,
    BLOCK,
    CASCADE,
    COMPRESSED,
    DEMAND,
    ILLEGAL,
    READ,
    SINGLE,
    VERIFY,
    WRITE,
    Stand,
)
from isadma_verify.cosim.common.wires import STROBES, named


async def _channel(
    dut: Any, channel: int, mode: int, *, address: int = 0x1000, count: int = 9, command: int = 0
) -> Stand:
    stand = await Stand(dut).start()
    await stand.cpu.write(0x8, command)
    await stand.cpu.program(channel, mode=mode, address=address, count=count)
    await stand.cpu.unmask(channel)
    stand.log.clear()
    return stand


@cocotb.test()
@cocotb.parametrize(transfer=[VERIFY, ILLEGAL], kind=[BLOCK, DEMAND])
async def row_1_verify_moves_nothing_ignores_ready_and_reaches_tc(dut: Any, transfer: int, kind: int) -> None:
    stand = await _channel(dut, 2, kind | transfer, count=4)
    bench, log = stand.bench, stand.log
    bench.ready = 0
    bench.dreq = 0b0100
    await stand.active()
    # A core that gives the bus back between two bytes has not come to the end yet.
    for still in range(200):
        await bench.states(1)
        # A device that sees its terminal count asks no more.
        bench.dreq = 0 if log.falls["eop_n"] else bench.dreq
        if stand.shows("aen") == 0 and (log.falls["eop_n"] or still > 40):
            break
    bench.dreq = 0
    moved = [strobe for strobe in ("ior_n", "iow_n", "memr_n", "memw_n") if log.falls[strobe]]
    assert not moved, "verify lowers strobes"
    assert stand.shows("aen") == 0, "verify does not come to its end with READY low"
    assert len(log.falls["eop_n"]) == 1, "number of times that EOP# falls in a verify of five bytes"
    stand.aside("clocks", "clocks that a verify of five bytes takes", log.services(), [4 + 4 * 3])
    await stand.reached(2)
    said = "current address and word count of channel 2, after a verify of five bytes from 1000h"
    assert [await stand.cpu.address(2), await stand.cpu.count(2)] == [0x1005, 0xFFFF], said


@cocotb.test()
async def row_3_single_mode_repeats_while_dreq_stays_and_gives_the_bus_back_each_time(dut: Any) -> None:
    stand = await _channel(dut, 1, SINGLE | WRITE, count=3)
    device = Peripheral(stand.bench, 1, send=b"abcd")
    stand.add(device)
    await stand.quiet()
    # How many clocks each takes is another rule's matter.
    assert len(stand.log.services()) == 4, "services of a single mode channel of four bytes, for a DREQ1 that stays"
    said = "number of times that HRQ falls in four bytes of single mode, for a DREQ1 that stays"
    assert len(stand.log.falls["hrq"]) == 4, said
    assert stand.memory.data[0x1000:0x1004] == b"abcd"
    assert stand.log.order() == [1, 1, 1, 1], "channels in the order served, for a DREQ1 that stays"


@cocotb.test()
async def row_4_a_normal_transfer_has_no_wait_state_of_its_own(dut: Any) -> None:
    stand = await _channel(dut, 1, BLOCK | READ, count=1)
    stand.bench.dreq = 0b0010
    await stand.active()
    stand.bench.dreq = 0
    await stand.quiet()
    reads, writes = stand.log.falls["memr_n"], stand.log.falls["iow_n"]
    lows = [end - begin for begin, end in zip(reads, stand.log.rises["memr_n"], strict=True)]
    assert lows == [2, 2], "states that MEMR# is low in each of two transfers"
    lows = [end - begin for begin, end in zip(writes, stand.log.rises["iow_n"], strict=True)]
    assert lows == [1, 1], "states that IOW# is low in each of two transfers"


@cocotb.test()
async def row_5_compressed_timing_obeys_ready_at_the_end_of_s2(dut: Any) -> None:
    stand = await _channel(dut, 1, BLOCK | READ, count=0, command=COMPRESSED)
    bench = stand.bench
    bench.dreq = 0b0010
    await stand.active()
    bench.dreq = 0
    bench.ready = 0
    await bench.until(lambda: stand.shows("iow_n") == 0, states=4, what="IOW# low, compressed")
    await bench.states(6)
    assert [stand.shows("memr_n"), stand.shows("iow_n")] == [0, 0], "MEMR# and IOW#, compressed, with READY low"
    bench.ready = 1
    await bench.states(3)
    await stand.quiet()
    assert len(stand.log.falls["iow_n"]) == 1


@cocotb.test()
@cocotb.parametrize(kind=[SINGLE, BLOCK, DEMAND])
async def row_6_hrq_stays_low_until_hlda_has_gone(dut: Any, kind: int) -> None:
    stand = await _channel(dut, 0, kind | READ | AUTOINITIALIZE, count=0)
    stand.cpu.release = 16
    stand.bench.dreq = 0b0001
    await stand.bench.states(60)
    stand.bench.dreq = 0
    await stand.quiet()
    drops, rises = stand.log.falls["hrq"], stand.log.rises["hrq"]
    said = "fewer than three services for a DREQ0 that stays, autoinitialize with a word count of 0"
    stand.needs("single", said, len(drops) >= 3)
    # HRQ drops in S4; eight states later HLDA goes; DREQ is seen in that SI or the next, and HRQ rises one later.
    gaps = {later - earlier for earlier, later in zip(drops, rises[1:], strict=False)}
    assert gaps <= {9, 10}, "states from HRQ's fall to its next rise, where HLDA goes low eight states after the fall"


@cocotb.test()
async def row_7_dreq_gone_before_hlda_keeps_hrq_and_the_channel(dut: Any) -> None:
    stand = await _channel(dut, 3, SINGLE | WRITE, count=5)
    bench, cpu = stand.bench, stand.cpu
    await cpu.program(0, mode=SINGLE | READ, address=0x2000, count=5)
    await cpu.unmask(0)
    cpu.may_grant = False
    bench.dreq = 0b1000
    await bench.until(lambda: stand.shows("hrq") == 1, states=6, what="HRQ for DREQ3")
    bench.dreq = 0b0001
    await bench.states(8)
    assert stand.shows("hrq") == 1, "HRQ, where DREQ3 has gone and HLDA has not come yet"
    cpu.may_grant = True
    await bench.until(lambda: stand.shows("dack") != 0b1111, states=8, what="a DACK after HLDA")
    bench.dreq = 0
    await stand.quiet()
    said = "channels in the order served, where DREQ3 raised HRQ, and went for DREQ0 before HLDA came"
    assert stand.log.order()[:1] == [3], said
    assert stand.log.order() == [3], f"{said}; DREQ0 came, and went before its DACK"


@cocotb.test()
@cocotb.parametrize((("drop_in", "transfers"), [("S3", 1), ("S4", 2)]))
async def row_8_demand_stops_when_dreq_is_low_on_the_edge_between_s3_and_s4(
    dut: Any, drop_in: str, transfers: int
) -> None:
    stand = await _channel(dut, 2, DEMAND | READ)
    bench = stand.bench
    bench.dreq = 0b0100
    # The read strobe falls in S2, the late write strobe in S3; the clock after the one that shows it is the next state.
    strobe = {"S3": "memr_n", "S4": "iow_n"}[drop_in]
    await bench.until(lambda: stand.shows(strobe) == 0, states=30, what=strobe)
    if drop_in == "S4":
        # Half a clock after it began, the write strobe has half a clock to go or more, in whatever half it began.
        await bench.tick(bench.clocking.per_state - bench.clocking.low_length - 1)
    else:
        await bench.until(lambda: bench.clocking.position == 0, states=1, what=drop_in)
    bench.dreq = 0
    await stand.quiet()
    assert len(stand.log.falls["iow_n"]) == transfers, f"bytes in demand mode where DREQ2 falls in {drop_in}"
    assert await stand.cpu.count(2) == 9 - transfers, "current word count of channel 2 after them, from 9"


@cocotb.test()
async def row_9_external_eop_lets_the_transfer_that_starts_finish_and_ends_the_service(dut: Any) -> None:
    stand = await _channel(dut, 1, BLOCK | WRITE, count=9)
    device = Peripheral(stand.bench, 1, send=b"0123456789")
    # From the third byte's write strobe to the start of the fourth's read: the edge from S4 to S2 lies between, where
    # the strobes of a core end a half clock later than the figure's too.
    seen = {"write": False}

    def pulled(chip: Drives) -> bool:
        seen["write"] = seen["write"] or (device.moved == 2 and chip.memw_n == 0)
        return seen["write"] and (device.moved == 2 or (device.moved == 3 and chip.ior_n != 0))

    eop = EopDriver(stand.bench, pulled)
    stand.add(device)
    await stand.bench.until(lambda: device.moved >= 4, states=60, what="four bytes, EOP# low after the third")
    device.enabled = False
    eop.condition = lambda chip: False
    await stand.quiet()
    assert device.moved == 4, "bytes moved, EOP# low from the third's strobe to the fourth's"
    await stand.reached(1, after=" by EOP# from outside")
    said = "current address and word count of channel 1, EOP# low before its fourth byte"
    assert [await stand.cpu.address(1), await stand.cpu.count(1)] == [0x1004, 0x0005], said
    stand.bench.agents.remove(device)  # or it would take DREQ back in every clock
    stand.bench.dreq = 0b0010
    await stand.bench.states(10)
    assert stand.shows("hrq") == 0, "EOP# did not mask the channel"


@cocotb.test()
async def row_9_external_eop_in_s1_ends_the_service_after_its_first_byte(dut: Any) -> None:
    stand = await _channel(dut, 1, BLOCK | WRITE, count=9)
    device = Peripheral(stand.bench, 1, send=b"0123456789")
    # From the beginning of S1 to that of the write's strobe: the edge from S1 to S2 lies between.
    EopDriver(stand.bench, lambda chip: bool(chip.aen) and device.moved == 0 and chip.memw_n != 0)
    stand.add(device)
    await stand.bench.until(lambda: device.moved == 1, states=60, what="a byte")
    device.enabled = False
    await stand.quiet()
    assert device.moved == 1, "bytes moved, EOP# low in S1"
    await stand.reached(1, after=" by EOP# from outside")
    said = "current address and word count of channel 1, EOP# low before its first byte"
    assert [await stand.cpu.address(1), await stand.cpu.count(1)] == [0x1001, 0x0008], said


@cocotb.test()
@cocotb.parametrize(
    (("kind", "transfers"), [(BLOCK, 10), (SINGLE, 10), (DEMAND, 10)])
)  # fmt: skip
async def rows_12_and_13_a_software_request_runs_a_masked_channel_in_every_mode(
    dut: Any, kind: int, transfers: int
) -> None:
    stand = await _channel(dut, 2, kind | READ)
    await stand.cpu.mask(2)
    stand.log.clear()
    await stand.cpu.request(2)
    await stand.bench.states(60)
    assert stand.log.falls["iow_n"], "a software request of masked channel 2 moves nothing"
    await stand.quiet()
    assert len(stand.log.falls["iow_n"]) == transfers, "bytes that a software request of masked channel 2 moves"
    await stand.reached(2)
    assert await stand.cpu.count(2) == 0xFFFF


@cocotb.test()
async def row_14_tc_clears_the_request_of_its_own_channel_only(dut: Any) -> None:
    stand = await _channel(dut, 1, BLOCK | READ, count=1)
    cpu = stand.cpu
    await cpu.program(3, mode=BLOCK | READ, address=0x3000, count=1)
    cpu.may_grant = False
    stand.bench.dreq = 0b0010
    await stand.bench.states(4)
    await cpu.request(3)
    cpu.may_grant = True
    await stand.bench.until(lambda: bool(stand.log.dacks[1]), states=40, what="DACK1")
    stand.bench.dreq = 0
    await stand.quiet()
    said = "channels served: 1 for its DREQ to TC, and 3 for a software request of before"
    assert sorted(stand.log.order()) == [1, 3], said
    await stand.reached(1, 3)


@cocotb.test()
@cocotb.parametrize(count=[0, 3])
async def row_23_cascade_drives_dack_alone_and_counts_nothing(dut: Any, count: int) -> None:
    stand = await _channel(dut, 0, CASCADE | WRITE, address=0x1234, count=count)
    bench = stand.bench
    bench.ready = 0
    bench.dreq = 0b0001
    await bench.until(lambda: stand.shows("dack") == 0b1110, states=10, what="DACK0 of a cascade for DREQ0")
    for _ in range(20):
        await bench.states(1)
        assert stand.shows("dack") == 0b1110, "DACK3 to DACK0 in a cascade of channel 0, while DREQ0 stays"
        assert bench.last is not None
        chip = bench.last.chip
        driven = [name for name in (*STROBES, "a", "db", "eop_n") if getattr(chip, name) is not None]
        assert not driven, f"the core drives {named(*driven)} in a cascade: that is the other chip's to do"
        assert [stand.shows("aen"), stand.shows("adstb")] == [0, 0], "AEN and ADSTB in a cascade of channel 0"
        assert stand.shows("hrq") == 1, "HRQ in a cascade of channel 0, while DREQ0 stays"
    bench.dreq = 0
    await bench.until(lambda: stand.shows("dack") == 0b1111, states=4, what="the end of DACK0")
    await stand.quiet()
    await stand.reached()
    said = "current address and word count of channel 0 after a cascade"
    assert [await stand.cpu.address(0), await stand.cpu.count(0)] == [0x1234, count], said


@cocotb.test()
@cocotb.parametrize(
    (("mode", "address", "reached"), [(BLOCK | WRITE, 0xFFFE, [0xFFFE, 0xFFFF, 0, 1]),
                                      (BLOCK | WRITE | 0x20, 0x0001, [1, 0, 0xFFFF, 0xFFFE])])
)  # fmt: skip
async def row_26_the_address_wraps_at_64_kib(dut: Any, mode: int, address: int, reached: list[int]) -> None:
    stand = await _channel(dut, 1, mode, address=address, count=3)
    device = Peripheral(stand.bench, 1, send=b"wrap")
    stand.add(device)
    await stand.quiet()
    assert stand.memory.writes == reached

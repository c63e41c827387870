"""Cards that take the bus: a channel in cascade mode, DACK#, MASTER#, and the bus given back."""

from itertools import permutations

import pytest

CASCADE = 0xC0


async def cascade_channel(pc, channel):
    """Do what a SCSI driver does: the card's channel in cascade mode, unmasked."""
    number = channel & 3
    await pc.outb(0x0B if channel < 4 else 0xD6, CASCADE | number)
    await pc.outb(0x0A if channel < 4 else 0xD4, number)


async def take_the_bus(pc, channel):
    """Request, wait for DACK#, pull MASTER#; leave DRQ high."""
    pc.hold.add(channel)
    pc.drq |= 1 << channel
    await pc.until(lambda: pc.acknowledged() == channel, states=2000)
    pc.ctx.set(pc.isa.master_n, 0)
    await pc.clock()


async def give_it_back(pc, channel):
    pc.ctx.set(pc.isa.master_n, 1)
    pc.drq &= ~(1 << channel)
    pc.hold.discard(channel)


@pytest.mark.parametrize("channel", [0, 1, 2, 3, 5, 6, 7])
@pytest.mark.parametrize("ratio", [1, 2])
def test_a_master_holds_the_bus_and_the_board_drives_nothing(at_hardware, channel, ratio):
    async def scenario(pc):
        await pc.post()
        await cascade_channel(pc, channel)
        await take_the_bus(pc, channel)
        pc.mark()
        await pc.clock(60)
        assert {str(row) for row in pc.rows} == {f"1 1 0 {channel} .  0 ......"}
        await give_it_back(pc, channel)
        await pc.idle()
        assert pc.rows[-1].dack == "-"

    at_hardware(scenario, ratio=ratio)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        # DMA 2's own: HRQ falls, and DACK# with it, a state after DRQ.
        (6, ["1 1 0 6 .  0 ......", "0 1 0 - .  0 ......", "0 0 0 - .  0 ......"]),
        # Behind the cascade: DMA 1 lets go first, then DMA 2.
        (
            3,
            [
                "1 1 0 3 .  0 ......",
                "1 1 0 - .  0 ......",
                "0 1 0 - .  0 ......",
                "0 0 0 - .  0 ......",
            ],
        ),
    ],
)
def test_the_bus_goes_back_when_the_request_goes(at_board, channel, expected):
    async def scenario(pc):
        await pc.post()
        await cascade_channel(pc, channel)
        await take_the_bus(pc, channel)
        await pc.clock(5)
        await give_it_back(pc, channel)
        pc.mark()
        await pc.clock(len(expected))
        assert pc.table() == expected

    at_board(scenario)


def test_iochrdy_does_not_hold_the_board_while_a_master_has_the_bus(at_board):
    async def scenario(pc):
        await pc.post()
        await cascade_channel(pc, 5)
        pc.ctx.set(pc.isa.iochrdy, 0)
        await take_the_bus(pc, 5)
        await pc.clock(10)
        await give_it_back(pc, 5)
        await pc.idle()
        assert pc.rows[-1].dack == "-"
        pc.ctx.set(pc.isa.iochrdy, 1)

    at_board(scenario)


def test_a_master_counts_nothing_and_reaches_no_tc(at_board):
    async def scenario(pc):
        await pc.post()
        for port, value in ((0xC8, 0x1234), (0xCA, 0x0000)):
            await pc.outb(port, value & 0xFF)
            await pc.outb(port, value >> 8)
        await cascade_channel(pc, 6)
        for _ in range(3):
            await take_the_bus(pc, 6)
            await pc.clock(7)
            await give_it_back(pc, 6)
            await pc.idle()
        assert [await pc.inw2(0xC8), await pc.inw2(0xCA)] == [0x1234, 0x0000]
        assert await pc.inb(0xD0) == 0x00
        assert not any(row.tc for row in pc.rows)

    at_board(scenario)


def test_a_master_reaches_the_ports_that_the_processor_reaches(at_hardware):
    async def scenario(pc):
        await pc.post()
        await pc.outb(0x83, 0x5C)
        await pc.outb(0x00, 0x34)
        await pc.outb(0x00, 0x12)
        await cascade_channel(pc, 7)
        await take_the_bus(pc, 7)
        found = []
        for port in (0x83, 0x00, 0x00):
            pc.cpu["a"] = port
            await pc.clock()
            pc.cpu["ior_n"] = 0
            await pc.clock(3)
            found.append(pc.rows[-1].data)
            pc.cpu["ior_n"] = 1
            await pc.clock(2)
        assert found == [0x5C, 0x34, 0x12]
        await give_it_back(pc, 7)
        await pc.idle()

    at_hardware(scenario)


@pytest.mark.parametrize("channel", [2, 5])
def test_master_low_in_a_transfer_makes_the_board_float(at_hardware, channel):
    # No card may do that; the board gives way all the same, as drivers that MASTER# turns off do.
    async def scenario(pc):
        await pc.post()
        await pc.program(channel, mode=0x88, address=0x0100, count=3, page=0x02)
        pc.drq = 1 << channel
        await pc.until(lambda: pc.acknowledged() == channel)
        pc.ctx.set(pc.isa.master_n, 0)
        pc.mark()
        await pc.clock(3)
        assert [(row.aen, row.strobes, row.address, row.sbhe_n) for row in pc.rows] == [(0, ".", None, None)] * 3
        pc.ctx.set(pc.isa.master_n, 1)
        await pc.idle()

    at_hardware(scenario)


@pytest.mark.parametrize(
    ("master", "rotating"),
    [
        pytest.param(master, rotating, marks=[] if (master, rotating) in ((0, True), (7, False)) else pytest.mark.long)
        for master in (0, 5, 7)
        for rotating in (False, True)
    ],
)
def test_nothing_is_lost_when_a_master_and_two_channels_ask_in_any_order(at_board, master, rotating):
    async def scenario(pc):
        others = (2, 6)
        for order in permutations((master, *others)):
            for apart in (0, 1, 5, 11):
                await pc.post()
                for port in (0x08, 0xD0):
                    await pc.outb(port, 0x10 if rotating else 0x00)
                for channel in others:
                    await pc.program(channel, mode=0x04, address=0x0100, count=2, page=0x20)
                    pc.device[channel].extend([0xB0 + channel] * 3)
                await cascade_channel(pc, master)
                pc.written.clear()
                pc.hold = {master, *others}
                for channel in order:
                    pc.drq |= 1 << channel
                    await pc.clock(apart)
                for _ in range(2000):
                    await pc.clock()
                    if pc.acknowledged() == master and pc.drq >> master & 1:
                        pc.ctx.set(pc.isa.master_n, 0)
                        await pc.clock(9)
                        assert pc.rows[-1].strobes == "."
                        pc.ctx.set(pc.isa.master_n, 1)
                        pc.drq &= ~(1 << master)
                    for channel in others:
                        if sum(data == 0xB0 + channel for _, data in pc.written) == 3:
                            pc.drq &= ~(1 << channel)
                    if not pc.drq:
                        break
                await pc.idle()
                assert sorted(pc.written) == [
                    (0x200100, 0xB2),
                    (0x200101, 0xB2),
                    (0x200102, 0xB2),
                    (0x200200, 0xB6),
                    (0x200202, 0xB6),
                    (0x200204, 0xB6),
                ]
                assert (await pc.inb(0x08) & 0x0F, await pc.inb(0xD0) & 0x0F) == (0x04, 0x04)

    at_board(scenario)

"""A bus master's card that writes memory itself, while all other channels of the AT move their own bytes."""

import random
from itertools import combinations, permutations

import pytest

CHANNELS = (0, 1, 2, 3, 5, 6, 7)
DEMAND_WRITE, SINGLE_WRITE, CASCADE = 0x04, 0x44, 0xC0
#: Transfers of each channel that is no master's.
TRANSFERS = 2
#: Where the card writes, and what: nobody else goes there.
BUFFER, MESSAGE = 0x3A5FFE, b"master"
#: No order of seven requests takes longer, however long IOCHRDY is low.
MAX_STATES = 3000


class MasterCard:
    """Asks with DRQ, pulls MASTER# when acknowledged, writes bytes with MEMW#, waits for IOCHRDY, gives the bus back.

    A write is a state of address, three of MEMW# low, more while IOCHRDY is low, and one of MEMW# high.
    """

    def __init__(self, pc, channel):
        self.pc, self.channel = pc, channel
        self.left = list(enumerate(MESSAGE, start=BUFFER))
        self.phase = "asks"
        self.low = 0

    def step(self):
        """Do what the card does in the state that follows."""
        pc = self.pc
        if self.phase == "asks":
            pc.hold.add(self.channel)
            if pc.acknowledged() == self.channel:
                pc.ctx.set(pc.isa.master_n, 0)
                self.phase = "address"
        elif self.phase == "address":
            pc.cpu["a"], pc._cpu_data = self.left[0]
            self.phase = "strobe"
        elif self.phase == "strobe":
            pc.cpu["memw_n"] = 0
            self.low += 1
            if self.low > 3 and pc.ctx.get(pc.isa.iochrdy):
                self.low, pc.cpu["memw_n"] = 0, 1
                pc.written.append(self.left.pop(0))
                self.phase = "address" if self.left else "back"
        elif self.phase == "back":
            pc.ctx.set(pc.isa.master_n, 1)
            pc.cpu["a"], pc._cpu_data = 0, 0xFFFF
            self.phase = "gone"
        elif self.phase == "gone":
            pc.drq &= ~(1 << self.channel)
            pc.hold.discard(self.channel)
            self.phase = "done"


class SlowMemory:
    """Holds IOCHRDY low for some states, once for each time that a strobe falls, whoever drives it."""

    def __init__(self, pc, states):
        self.pc, self.states = pc, states
        self.left, self.was_low = 0, False

    def step(self):
        pc = self.pc
        low = any(letter in pc.rows[-1].strobes for letter in "RWrw") or not pc.cpu["memw_n"]
        if low and not self.was_low:
            self.left = self.states
        self.was_low = low
        pc.ctx.set(pc.isa.iochrdy, not (low and self.left))
        self.left = max(0, self.left - 1)


def byte(channel, number):
    return 0x10 * channel + number + 1


def expected(channels):
    """Return what all of them write, in order of the address; a word channel's device gives a byte a transfer."""
    found = list(enumerate(MESSAGE, start=BUFFER))
    for channel in channels:
        start, step = (0x200000 + 0x10 * channel, 1) if channel < 4 else (0x200000 + 0x20 * channel, 2)
        found += [(start + step * n, byte(channel, n)) for n in range(TRANSFERS)]
    return sorted(found)


async def compete(pc, master, order, *, apart, waits, rotating, mode):
    """Let the channels ask in this order, so many states apart, and look at every byte."""
    others = [channel for channel in order if channel != master]
    await pc.post()
    for port in (0x08, 0xD0):
        await pc.outb(port, 0x10 if rotating else 0x00)
    for channel in others:
        await pc.program(channel, mode=mode, address=0x10 * channel, count=TRANSFERS - 1, page=0x20)
        pc.device[channel].extend(byte(channel, n) for n in range(TRANSFERS))
    await pc.outb(0x0B if master < 4 else 0xD6, CASCADE | master & 3)
    await pc.outb(0x0A if master < 4 else 0xD4, master & 3)
    pc.written.clear()
    pc.mark()
    pc.hold = set(others)
    card, memory, coming, pause = MasterCard(pc, master), SlowMemory(pc, waits), list(order), 0
    for _ in range(MAX_STATES):
        while coming and pause == 0:
            pc.drq |= 1 << coming.pop(0)
            pause = apart
        pause = max(0, pause - 1)
        await pc.clock()
        memory.step()
        if pc.drq >> master & 1 or card.phase != "asks":
            card.step()
        for channel in others:
            if not pc.device[channel]:  # the device's last byte is gone
                pc.drq &= ~(1 << channel)
        if card.phase == "done" and not coming and not pc.drq:
            break
    pc.ctx.set(pc.isa.iochrdy, 1)
    await pc.idle()
    where = f"order {order}, {apart} states apart, IOCHRDY low for {waits}, {'rotating' if rotating else 'fixed'}"
    assert sorted(pc.written) == expected(others), where
    assert not any(pc.device.values()), where
    # Each has reached terminal count and is masked again, but for the card: it counts nothing.
    reached = sum(1 << channel for channel in others)
    assert await pc.inb(0x08) & 0x0F | (await pc.inb(0xD0) & 0x0F) << 4 == reached, where
    return pc.served()


@pytest.mark.parametrize("rotating", [False, True], ids=["fixed", "rotating"])
@pytest.mark.parametrize("master", CHANNELS)
def test_no_byte_is_lost_when_all_seven_channels_ask_in_any_order(at_board, master, rotating):
    orders = random.Random(10 * master + rotating)

    async def scenario(pc):
        for waits, mode in ((0, DEMAND_WRITE), (3, SINGLE_WRITE)):
            order = orders.sample(CHANNELS, len(CHANNELS))
            apart = orders.choice((0, 1, 4, 9))
            await compete(pc, master, order, apart=apart, waits=waits, rotating=rotating, mode=mode)

    at_board(scenario)


@pytest.mark.parametrize("waits", [0, 1, 2, 5, 13, 40])
def test_iochrdy_low_for_any_length_loses_nothing(at_board, waits):
    async def scenario(pc):
        await compete(pc, 6, (2, 6, 5), apart=1, waits=waits, rotating=False, mode=DEMAND_WRITE)

    at_board(scenario)


@pytest.mark.parametrize("ratio", [2, 4])
def test_no_byte_is_lost_with_several_clocks_to_a_state(at_hardware, ratio):
    async def scenario(pc):
        await compete(pc, 5, (3, 5, 7), apart=2, waits=2, rotating=True, mode=SINGLE_WRITE)

    at_hardware(scenario, ratio=ratio)


def test_the_card_is_served_in_its_place_of_the_fixed_order(at_board):
    async def scenario(pc):
        served = await compete(pc, 6, (7, 6, 5, 3, 1), apart=0, waits=0, rotating=False, mode=DEMAND_WRITE)
        # DMA 1's HRQ is DMA 2's request of highest priority, but comes a state after the DRQ, and falls with each
        # service of DMA 1: so DMA 2's own channels are chosen in turn with it.
        assert served == [5, 1, 6, 3, 7]

    at_board(scenario)


# Every master with every pair of others, in each order in which the three can come.
@pytest.mark.long
@pytest.mark.parametrize("rotating", [False, True], ids=["fixed", "rotating"])
@pytest.mark.parametrize("master", CHANNELS)
def test_no_byte_is_lost_in_every_order_of_three(at_board, master, rotating):
    async def scenario(pc):
        number = 0
        for others in combinations([channel for channel in CHANNELS if channel != master], 2):
            for order in permutations((master, *others)):
                apart, waits = (0, 1, 5, 11)[number % 4], (0, 1, 4)[number % 3]
                number += 1
                await compete(pc, master, order, apart=apart, waits=waits, rotating=rotating, mode=DEMAND_WRITE)

    at_board(scenario)


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_card_that_never_gives_the_bus_back_is_reported_after_its_states(at_limited, ratio):
    found = []

    async def scenario(pc):
        await pc.post()
        await pc.outb(0xD6, CASCADE | 1)
        await pc.outb(0xD4, 0x01)
        pc.hold.add(5)
        pc.drq = 1 << 5
        await pc.until(lambda: pc.acknowledged() == 5)
        pc.ctx.set(pc.isa.master_n, 0)
        pc.mark()
        try:
            await pc.clock(100)
        except AssertionError as error:
            found.append((str(error), len(pc.rows)))

    at_limited(scenario, master_limit=60, ratio=ratio)
    assert found == [("bus rules broken: ['MASTER_TOO_LONG']", 60)]

"""Who is served first on the AT: four channels behind the cascade, three beside it."""

import pytest

ALL = (0, 1, 2, 3, 5, 6, 7)


async def ready(pc, *, command1=0, command2=0, mode=0x44, count=63):
    await pc.post()
    await pc.outb(0x08, command1)
    await pc.outb(0xD0, command2)
    for channel in ALL:
        await pc.program(channel, mode=mode, address=0, count=count, page=0x10 + channel)
        pc.device[channel].extend([0xC0 + channel] * 64)
    pc.release_delay = 1
    pc.mark()


@pytest.mark.parametrize("ratio", [1, 2])
def test_fixed_priority_is_0_to_3_before_5_to_7(at_board, ratio):
    async def scenario(pc):
        await ready(pc)
        pc.drq = 0x0F
        await pc.clock()  # DMA 1's HRQ reaches DMA 2 a state after DRQ0-3
        pc.drq |= 0xE0
        await pc.idle()
        assert pc.served() == [0, 1, 2, 3, 5, 6, 7]

    at_board(scenario, ratio=ratio)


def test_of_requests_in_the_same_state_the_one_beside_the_cascade_is_seen_first(at_board):
    async def scenario(pc):
        await ready(pc)
        pc.drq = 0xEF
        await pc.idle()
        assert pc.served() == [5, 0, 1, 2, 3, 6, 7]

    at_board(scenario)


def test_a_processor_that_takes_the_bus_back_at_once_lets_5_to_7_in_between(at_board):
    # DMA 1 asks again only after it saw HLDA low, a state later than DMA 2 does: its next request is a state too late.
    async def scenario(pc):
        await ready(pc)
        pc.release_delay = 0
        pc.drq = 0xEF
        await pc.idle()
        assert pc.served() == [5, 0, 6, 1, 7, 2, 3]

    at_board(scenario)


def test_fixed_priority_with_every_request_held_serves_channel_0_alone(at_board):
    async def scenario(pc):
        await ready(pc)
        pc.hold = set(ALL)
        pc.drq = 0x0F
        await pc.clock()
        pc.drq |= 0xE0
        await pc.until(lambda: len(pc.written) == 8)
        assert pc.written == [(0x100000 + i, 0xC0) for i in range(8)]

    at_board(scenario)


def test_rotating_in_the_second_controller_takes_0_to_3_as_one(at_board):
    async def scenario(pc):
        await ready(pc, command2=0x10)
        pc.hold = set(ALL)
        pc.drq = 0xEF
        await pc.until(lambda: len(pc.written) == 12, states=2000)
        assert pc.served()[:12] == [5, 6, 7, 0, 5, 6, 7, 0, 5, 6, 7, 0]

    at_board(scenario)


def test_rotating_in_the_first_controller_leaves_5_to_7_behind(at_board):
    async def scenario(pc):
        await ready(pc, command1=0x10)
        pc.hold = {0, 1, 2, 3}
        pc.drq = 0x0F
        await pc.clock()
        pc.drq |= 0xE0
        await pc.until(lambda: len(pc.written) == 9, states=2000)
        assert pc.served()[:9] == [0, 1, 2, 3, 0, 1, 2, 3, 0]

    at_board(scenario)


def test_rotating_in_both_controllers_serves_everyone(at_board):
    async def scenario(pc):
        await ready(pc, command1=0x10, command2=0x10)
        pc.hold = set(ALL)
        pc.drq = 0xEF
        await pc.until(lambda: len(pc.written) == 17, states=2000)
        assert pc.served()[:17] == [5, 6, 7, 0, 5, 6, 7, 1, 5, 6, 7, 2, 5, 6, 7, 3, 5]

    at_board(scenario)


@pytest.mark.parametrize(("first", "second"), [(7, 0), (0, 7), (2, 5), (5, 2), (3, 1), (6, 5)])
def test_a_service_under_way_is_not_interrupted(at_board, first, second):
    async def scenario(pc):
        await ready(pc, mode=0x84, count=7)
        pc.drq = 1 << first
        await pc.until(lambda: pc.rows and pc.rows[-1].dack == str(first))
        pc.drq |= 1 << second
        await pc.idle()
        assert pc.served() == [first, second]
        assert [data for _, data in pc.written] == [0xC0 + first] * 8 + [0xC0 + second] * 8

    at_board(scenario)


@pytest.mark.parametrize("delay", range(16))
@pytest.mark.parametrize(("first", "second"), [(2, 6), (6, 2), (1, 0)])
def test_two_requests_any_number_of_states_apart_are_both_served_whole(at_board, first, second, delay):
    async def scenario(pc):
        await ready(pc, mode=0x44, count=0)
        pc.drq = 1 << first
        await pc.clock(delay)
        pc.drq |= 1 << second
        await pc.idle()
        assert sorted(pc.written) == sorted(
            [((0x10 + c & (0xFE if c > 4 else 0xFF)) << 16, 0xC0 + c) for c in (first, second)]
        )
        assert await pc.inb(0x08) == sum(1 << c for c in (first, second) if c < 4)
        assert await pc.inb(0xD0) == sum(1 << c - 4 for c in (first, second) if c > 4)

    at_board(scenario)

"""Who is served next."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 6 (priority).
import pytest

SINGLE, READ, ROTATING = 0x40, 0x08, 0x10


async def served(bench, dreq, services):
    """Hold `dreq` and return the channels of the next services."""
    bench.set(dreq=dreq)
    order = []
    for _ in range(services):
        await bench.until("aen")
        await bench.step()
        order += [int(word[4]) for word in bench.show().split() if word.startswith("dack")]
        await bench.idle()
    return order


async def load_all(bench, command):
    await bench.write(8, command)
    for channel in range(4):
        await bench.program(channel, SINGLE | READ, 0x1000, 0x00FF)
    await bench.write(0xE, 0)


@pytest.mark.parametrize(
    ("dreq", "order"),
    [(0b1111, [0, 0, 0]), (0b1110, [1, 1]), (0b1100, [2, 2]), (0b1000, [3, 3]), (0b1010, [1, 1])],
)
def test_fixed_priority_serves_the_lowest_number(run, dreq, order):
    async def body(bench):
        await load_all(bench, 0)
        assert await served(bench, dreq, len(order)) == order

    run(body)


@pytest.mark.parametrize(
    ("dreq", "order"),
    [
        (0b1111, [0, 1, 2, 3, 0, 1]),
        (0b1101, [0, 2, 3, 0, 2]),
        (0b0110, [1, 2, 1, 2]),
        (0b1001, [0, 3, 0, 3]),
        (0b0100, [2, 2, 2]),
    ],
)
def test_rotating_priority_makes_the_last_served_the_lowest(run, dreq, order):
    async def body(bench):
        await load_all(bench, ROTATING)
        assert await served(bench, dreq, len(order)) == order

    run(body)


def test_a_switch_to_rotating_starts_from_the_channel_served_last(run):
    async def body(bench):
        await load_all(bench, 0)
        assert await served(bench, 0b0110, 2) == [1, 1]
        bench.set(dreq=0)
        await bench.idle()
        await bench.write(8, ROTATING)
        assert await served(bench, 0b1111, 3) == [2, 3, 0]

    run(body)


def test_master_clear_makes_channel_0_the_highest(run):
    async def body(bench):
        await load_all(bench, ROTATING)
        assert await served(bench, 0b0010, 1) == [1]
        bench.set(dreq=0)
        await bench.idle()
        await bench.write(0xD, 0)
        await bench.write(0xE, 0)
        await bench.write(8, ROTATING)
        assert await served(bench, 0b1111, 2) == [0, 1]

    run(body)


def test_a_higher_request_after_hrq_waits_for_the_next_service(run):
    async def body(bench):
        await load_all(bench, 0)
        bench.grant = False
        bench.set(dreq=0b1000)
        await bench.until("hrq")
        bench.grant = True
        assert await served(bench, 0b1001, 2) == [3, 0]

    run(body)


def test_masked_channels_are_passed_over_and_software_requests_are_not(run):
    async def body(bench):
        await load_all(bench, 0)
        await bench.write(0xF, 0b0011)
        await bench.write(9, 0x05)
        assert await served(bench, 0b1101, 1) == [1]
        await bench.write(9, 0x01)

    run(body)


def test_dreq_can_be_active_low(run):
    async def body(bench):
        bench.set(dreq=0b1111)
        await load_all(bench, 0x40)
        assert await bench.steps(4) == [""] * 4
        assert await served(bench, 0b1011, 1) == [2]

    run(body)

"""The board's own device withdraws its request at every clock: the 8237A counts what memory, source and sink show."""

import pytest

from isadma_sim.engines.native.compiler import missing
from isadma_sim.engines.uart.client import Client
from isadma_sim.engines.uart.codes import Set
from isadma_sim.engines.uart.link import Link
from isadma_sim.engines.uart.simulated import SimulatedPort, rtl

FILL = 0xEE
COUNT = 24
AT = 0x80
FIRST = 0x31
#: Ports of the device.
REQUEST, PATTERN, SUM_LOW, SUM_HIGH, CONTROL = range(0x300, 0x305)
PAGES = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}
#: Single transfers: in the other modes the processor has no bus to withdraw anything with.
SINGLE = 0x40


class Wire:
    """The serial line without a terminal."""

    name = "wire"
    in_waiting = 0

    def __init__(self, port):
        self._port, self._answer = port, b""

    def write(self, data):
        self._answer += self._port.exchange(data)
        return len(data)

    def read(self, size=1):
        data, self._answer = self._answer, b""
        return data

    def close(self):
        pass


@pytest.fixture(scope="module", params=["at", pytest.param("xt", marks=pytest.mark.long)])
def board(request):
    if missing() is not None:
        pytest.skip(missing())
    with SimulatedPort(rtl(10, board=request.param)) as port:
        client = Client(Link(Wire(port), timeout=60))
        client.set(Set.HOST, 0)
        if request.param == "at":
            client.outb(0xD6, 0xC0)
            client.outb(0xD4, 0x00)
        yield client


def base(channel):
    return (0x00, 1, channel, 1) if channel < 4 else (0xC0, 2, channel - 4, 2)


def program(client, channel, mode, *, at=AT, reading=False):
    """Unmask a channel for 24 bytes or words; `reading` is from memory."""
    ports, step, local, width = base(channel)
    client.outb(ports + 0xA * step, 4 | local)
    client.outb(ports + 0xB * step, mode | (0x08 if reading else 0x04) | local)
    client.outb(ports + 0xC * step, 0)
    start = at // width
    for value in (start & 0xFF, start >> 8):
        client.outb(ports + 2 * local * step, value)
    client.outb(PAGES[channel], 0)
    for value in (COUNT - 1, 0):
        client.outb(ports + (2 * local + 1) * step, value)
    client.outb(ports + 0xA * step, local)


def counted(client, channel):
    """Return how many transfers the 8237A says there were."""
    ports, step, local, _ = base(channel)
    client.outb(ports + 0xC * step, 0)
    port = ports + (2 * local + 1) * step
    left = client.inb(port) | client.inb(port) << 8
    return COUNT - 1 - left if left != 0xFFFF else COUNT


def units(channel, first=FIRST, count=COUNT):
    """Return the source's bytes or words."""
    values = [first + n & 0xFF for n in range(count)]
    return values if channel < 4 else [value | (value ^ 0xFF) << 8 for value in values]


def to_bytes(values, channel):
    return b"".join(value.to_bytes(base(channel)[3], "little") for value in values)


def nothing(client, channel):
    pass


def mask(client, channel, on=True):
    ports, step, local, _ = base(channel)
    client.outb(ports + 0xA * step, 4 * on | local)


def disable(client, channel, on=True):
    ports, step, _, _ = base(channel)
    client.outb(ports + 0x8 * step, 4 * on)


#: Name: what withdraws the request, and what asks again.
WAYS = {
    "ask no more": (lambda client, channel: client.outb(REQUEST, 0), lambda c, channel: c.outb(REQUEST, 1 << channel)),
    "ask elsewhere": (
        lambda client, channel: client.outb(REQUEST, 1 << (channel ^ 1)),
        lambda client, channel: client.outb(REQUEST, 1 << channel),
    ),
    "write the control": (lambda client, channel: client.outb(CONTROL, 0), nothing),
    "mask": (mask, lambda client, channel: mask(client, channel, on=False)),
    "disable the 8237A": (disable, lambda client, channel: disable(client, channel, on=False)),
}


def prepare(client, channel, reading):
    disable(client, channel, on=False)
    client.outb(REQUEST, 0)
    client.outb(CONTROL, 0)
    client.run(20)
    client.outb(PATTERN, FIRST)
    client.outb(SUM_LOW, 0)
    data = to_bytes(units(channel), channel)
    client.write(AT, data.ljust(64, b"\0") if reading else bytes([FILL]) * 64)


def account(client, channel, reading):
    """Compare the device's side, memory and the 8237A's count; return that."""
    count = counted(client, channel)
    if reading:
        total = client.inb(SUM_LOW) | client.inb(SUM_HIGH) << 8
        assert total == sum(units(channel)[:count]) & 0xFFFF, f"{count} counted, the sink has {total:04X}h"
        return count
    given = client.inb(PATTERN) - FIRST & 0xFF
    memory = client.read(AT, 64)
    assert given == count, f"{count} counted, {given} given"
    there = to_bytes(units(channel)[:count], channel)
    assert memory == there.ljust(64, bytes([FILL])), f"{count} counted, memory has {memory.hex(' ')}"
    return count


def at_each(clocks, name, begin, client, work):
    """Begin anew for each of the clocks, let them go by, and do the work; says where it went wrong."""
    for clock in clocks:
        begin()
        if clock:
            client.run(clock)
        try:
            work()
        except AssertionError as error:
            raise AssertionError(f"{name}, {clock} clocks after the request: {error}") from None


def sweep(client, channel, reading, clocks):
    def begin():
        prepare(client, channel, reading)
        program(client, channel, SINGLE, reading=reading)
        client.outb(REQUEST, 1 << channel)

    for name, (withdraw, again) in WAYS.items():
        seen = set()

        def work(withdraw=withdraw, again=again, seen=seen):
            withdraw(client, channel)
            client.run(40)
            if again is not nothing:
                seen.add(account(client, channel, reading))
            again(client, channel)
            for _ in range(3):
                client.run(COUNT * 20)
                client.outb(CONTROL, 0)
            assert account(client, channel, reading) == COUNT

        at_each(clocks, name, begin, client, work)
        assert len(seen) > 1 or again is nothing, f"{name}: {seen}"


def sweep_loop(client, clocks):
    """Withdraw what goes out of memory over channel 3 and comes back over channel 1."""

    def begin():
        prepare(client, 3, True)
        client.write(AT + 64, bytes([FILL]) * 64)
        client.outb(CONTROL, 1)
        program(client, 3, SINGLE, reading=True)
        program(client, 1, SINGLE, at=AT + 64)
        client.outb(REQUEST, 0x0A)

    def account_loop(*, whole=False):
        went, came = counted(client, 3), counted(client, 1)
        memory = client.read(AT + 64, 64)
        assert memory == bytes(units(3)[:came]).ljust(64, bytes([FILL])), f"{came} came: {memory.hex(' ')}"
        assert went - came == 0 if whole else went - came in (0, 1), f"{went} went, {came} came"
        return went, came

    for name in ("ask no more", "mask", "disable the 8237A"):
        withdraw, _ = WAYS[name]
        seen = set()

        def work(name=name, withdraw=withdraw, seen=seen):
            withdraw(client, 3)
            client.run(60)
            seen.add(account_loop())
            if name == "ask no more":
                client.outb(REQUEST, 0x0A)
            else:
                WAYS[name][1](client, 3)
            for _ in range(3):
                client.run(COUNT * 40)
            assert account_loop(whole=True)[0] == COUNT

        at_each(clocks, name, begin, client, work)
        assert len(seen) > 1, f"{name}: {seen}"


CHANNELS = {"at": (0, 1, 5, 7), "xt": (1, 3)}


@pytest.mark.parametrize("reading", [False, True], ids=["source", "sink"])
def test_a_request_that_the_boards_device_withdraws_at_some_clocks_loses_nothing(board, reading):
    sweep(board, CHANNELS[board.board][-1], reading, range(3, 50, 31))


def test_a_loop_that_is_stopped_at_some_clocks_loses_nothing(board):
    sweep_loop(board, range(3, 50, 31))


@pytest.mark.long
@pytest.mark.parametrize("reading", [False, True], ids=["source", "sink"])
def test_a_request_that_the_boards_device_withdraws_at_every_clock_loses_nothing(board, reading):
    for channel in CHANNELS[board.board]:
        sweep(board, channel, reading, range(100))


@pytest.mark.long
def test_a_loop_that_is_stopped_at_every_clock_loses_nothing(board):
    sweep_loop(board, range(150))

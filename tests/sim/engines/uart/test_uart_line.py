"""A line that fails: a lost byte costs a repetition, anything worse one sentence, soon."""

import time

import pytest
from serial import SerialTimeoutException

from isadma_sim import PC, EngineError
from isadma_sim.engines.uart.client import Client
from isadma_sim.engines.uart.codes import Status
from isadma_sim.engines.uart.frame import Decoder, encode
from isadma_sim.engines.uart.link import ANSWER_TIMEOUT, EXCHANGE_TIMEOUT, Link

#: Seconds within which a failure is told: a bound on waits, and no measure of speed.
SOON = 2.0


def failure(**options):
    began = time.monotonic()
    with pytest.raises(EngineError) as caught:
        PC(engine="uart", **options)
    assert time.monotonic() - began < SOON
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_without_a_port_it_says_how_to_name_one(monkeypatch):
    monkeypatch.delenv("ISADMA_PORT", raising=False)
    assert failure() == "engine 'uart' needs a serial port: PC(engine='uart', port=...), or set ISADMA_PORT"


def test_a_port_that_is_not_there_is_told_with_those_that_are():
    assert failure(port="/dev/ttyNONE9").startswith("no serial port '/dev/ttyNONE9': this machine has ")


def test_a_port_in_use_is_told(port, client):
    assert failure(port=port.name) == f"the serial port '{port.name}' is in use: close the other program"


@pytest.mark.parametrize(
    ("make", "reason"),
    [("write_text", "inappropriate ioctl for device"), ("mkdir", "is a directory")],
    ids=["file", "folder"],
)
def test_what_is_no_port_is_told_with_the_systems_reason(tmp_path, make, reason):
    path = tmp_path / "thing"
    getattr(path, make)(*([""] if make == "write_text" else []))
    assert failure(port=str(path)) == f"'{path}' is no serial port that can be used ({reason}): name another one"


def test_a_speed_that_no_port_has_is_told_with_the_boards(port):
    wanted = f"the serial port '{port.name}' has no speed of 99999999999 bit/s: the boards have 1000000"
    assert failure(port=port.name, baud=99_999_999_999) == wanted


def test_a_cable_pulled_in_the_middle_is_told_by_the_next_access(port):
    with PC(engine="uart", port=port.name) as pc:
        pc.outb(0x87, 1)
        port.unplug()
        began = time.monotonic()
        with pytest.raises(EngineError, match=r"^/dev/\S+: the line is gone: check cable and power$"):
            pc.inb(0x87)
        assert time.monotonic() - began < SOON


def test_what_the_hardware_does_not_have_is_refused_before_a_port_is_opened():
    said = failure(port="/dev/null", wait_states=3)
    assert said.startswith("engine 'uart' has its board's wait states, 0 or 1, and hlda_delay=1")


def test_a_byte_lost_on_the_line_costs_a_repetition_and_nothing_else(client):
    line, lost = client.link._line, []
    whole = line.write

    def lossy(data):
        if not lost:
            lost.append(data)
            return whole(data[:5] + data[6:])
        return whole(data)

    line.write = lossy
    client.outb(0x87, 0x77)
    line.write = whole
    assert client.inb(0x87) == 0x77
    assert client.link.repeats == 1


class Clock:
    """Time that passes only where a line waits."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr("isadma_sim.engines.uart.link.time.monotonic", lambda: self.now)


class FakeLine:
    """Answers the sendings that `answers` numbers, counting from 0, after 0.3 s; reads cost 0.05 s."""

    name, in_waiting = "fake", 0

    def __init__(self, clock, answers, blocks_at=None):
        self.clock, self.answers, self.blocks_at = clock, answers, blocks_at
        self.sent, self.due, self.coming = [], 0.0, b""

    def write(self, data):
        if len(self.sent) == self.blocks_at:
            self.clock.now += 0.3
            raise SerialTimeoutException("Write timeout")
        if len(self.sent) in self.answers:
            sequence, _ = Decoder().feed(data)[0]
            self.due, self.coming = self.clock.now + 0.3, encode(sequence, bytes([0, 1, 10]))
        self.sent.append(data)

    def read(self, size):
        self.clock.now += 0.05
        data, self.coming = (self.coming, b"") if self.clock.now >= self.due else (b"", self.coming)
        return data


def test_a_frame_is_sent_again_until_it_is_answered(monkeypatch):
    clock = Clock(monkeypatch)
    line = FakeLine(clock, {2})
    link = Link(line)
    assert link.exchange(b"\x2e\x2f") == (Status(0), bytes([1, 10]))
    assert (link.repeats, len(set(line.sent)), len(line.sent)) == (2, 1, 3)
    assert 2 * ANSWER_TIMEOUT < clock.now < EXCHANGE_TIMEOUT


def test_an_exchange_without_an_answer_ends_with_its_time_and_a_read(monkeypatch):
    clock = Clock(monkeypatch)
    with pytest.raises(EngineError, match=r"^fake: no answer within 1\.2 s: "):
        Link(FakeLine(clock, ())).exchange(b"")
    assert EXCHANGE_TIMEOUT <= clock.now <= EXCHANGE_TIMEOUT + 0.05 + 1e-9


@pytest.mark.parametrize("sending", [0, 1, 2])
def test_a_line_that_takes_no_bytes_is_told_at_once(monkeypatch, sending):
    clock = Clock(monkeypatch)
    with pytest.raises(EngineError, match=r"^fake: the line takes no bytes: check what is at its other end$"):
        Link(FakeLine(clock, (), blocks_at=sending)).exchange(b"")
    assert clock.now < SOON - 0.3


@pytest.mark.parametrize("answered", [{2}, {0, 3}, {1}, {0, 1}])
def test_the_exchanges_of_an_opening_share_one_time(monkeypatch, answered):
    clock = Clock(monkeypatch)
    with pytest.raises(EngineError, match=r"^fake: no answer within 1\.2 s: "):
        Client(Link(FakeLine(clock, answered)))
    assert clock.now <= EXCHANGE_TIMEOUT + 0.1

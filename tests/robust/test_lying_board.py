"""A board that lies: right frames with wrong contents end in one line, soon, and nothing wrong is taken."""

import random
import time

import pytest

from isadma_sim import PC, EngineError
from isadma_sim.engines.native.compiler import missing
from isadma_sim.engines.uart import opening
from isadma_sim.engines.uart.client import Client
from isadma_sim.engines.uart.frame import Decoder, encode
from isadma_sim.engines.uart.link import Link
from isadma_sim.engines.uart.selftest import self_test
from isadma_sim.engines.uart.simulated import SimulatedPort, rtl

pytestmark = pytest.mark.skipif(missing() is not None, reason="a simulated board is compiled")
#: Seconds that a lie may hold us up: a bound on hangs, and no measure of speed.
PATIENCE = 60


class LyingLine:
    """The simulated board's line, with answers changed on their way: from answer `start` on, or that one alone."""

    name = "a lying board"

    def __init__(self, board, lie, start=0, once=False):
        self.board, self.lie, self.start, self.once = board, lie, start, once
        self.decoder = Decoder()
        self.coming = b""
        self.answers = self.lies = 0

    def write(self, data):
        _, question = Decoder().feed(data)[0]
        for number, body in self.decoder.feed(self.board.exchange(data)):
            if self.answers >= self.start and not (self.once and self.lies):
                told = self.lie(body, question)
                if told != body:
                    self.lies += 1
                body = told
            self.answers += 1
            if body is not None:
                self.coming += encode(number, body[:230])

    def read(self, size=1):
        if not self.coming:
            time.sleep(0.001)
        data, self.coming = self.coming[:size], self.coming[size:]
        return data

    @property
    def in_waiting(self):
        return len(self.coming)

    def close(self):
        pass


def identity(question):
    return question[:2] == bytes([0x2E, 0x2F])


def changed(place, value):
    return lambda body, question: body[:place] + bytes([value]) + body[place + 1 :] if len(body) > place else body


def of_identity(change):
    return lambda body, question: change(body) if identity(question) else body


def of_kind(change):
    return lambda body, question: change(body) if question[:2] == bytes([0x2C, 0x2A]) else body


def of_run(left):
    """Lie about the clocks that are left: the last two bytes of what a look shows."""

    def lie(body, question):
        return body[:-2] + left.to_bytes(2, "little") if len(body) in (10, 11) else body

    return lie


#: Every one of these is no board's truth. With the self-test, and with a machine's work.
LIES = {
    "status only": lambda body, question: body[:1],
    "nothing, not even a status": lambda body, question: b"",
    "a byte less": lambda body, question: body[:-1] if len(body) > 1 else body,
    "a byte more": lambda body, question: body + b"\0",
    "two less": lambda body, question: body[:-2] if len(body) > 2 else body[:1],
    "twice": lambda body, question: body * 2 if len(body) < 100 else body[:100],
    "always full": lambda body, question: body.ljust(230, b"\xaa"),
    "cut to three": lambda body, question: body[:3],
    "the question itself": lambda body, question: b"\0" + question[:200],
    "a look, whatever was asked": lambda body, question: bytes(10),
    **{
        f"2^{bits} bytes of memory": of_identity(changed_bits)
        for bits, changed_bits in (
            (bits, lambda body, bits=bits: body[:2] + bytes([bits])) for bits in (0, 1, 9, 25, 31, 32, 63, 64, 128, 255)
        )
    },
    **{
        f"protocol {number}": of_identity(lambda body, number=number: body[:1] + bytes([number]) + body[2:])
        for number in (0, 2, 255)
    },
    **{
        f"a board of kind {kind}": of_kind(lambda body, kind=kind: body[:1] + bytes([kind]) + body[2:])
        for kind in (2, 3, 127, 255)
    },
    "no kind": of_kind(lambda body: body[:1]),
    "a kind and no clock": of_kind(lambda body: body[:2]),
    "identity and more": of_identity(lambda body: body + b"\x0a"),
    **{f"{left} clocks left": of_run(left) for left in (0xFFFF, 0x8000)},
    "always aborted": lambda body, question: bytes([body[0] | 2]) + body[1:],
    "aborted, and nothing else": lambda body, question: bytes([body[0] | 2]),
    "never a clock": lambda body, question: (
        body[:-2]
        + question[question.index(0x14) + 1 : question.index(0x14) + 2]
        + question[question.index(0x15) + 1 : question.index(0x15) + 2]
        if len(body) == 10 and 0x30 in question and 0x14 in question and 0x15 in question
        else body
    ),
}


@pytest.fixture(scope="module")
def board():
    with SimulatedPort(rtl(10)) as port:
        yield port


def open_on(line, monkeypatch):
    monkeypatch.setattr(opening, "open_line", lambda port, baud: line)
    return PC(engine="uart", port="here")


def work(pc):
    """What a program does: registers, memory, clocks."""
    for page in (0x87, 0x83, 0x81):
        pc.outb(page, page)
        assert pc.inb(page) == page
    pc.memory[0x10:0x30] = bytes(range(32))
    pc.run(clocks=100)
    pc.outb(0x0C, 0)
    for value in (0x34, 0x12):
        pc.outb(0x02, value)
    pc.outb(0x0C, 0)
    assert (pc.inb(0x02), pc.inb(0x02)) == (0x34, 0x12)
    pc.run(clocks=70_000)


def told(line, monkeypatch):
    """Work on the board; return the one line that it ended with, or None where the lie was never told."""
    began = time.monotonic()
    try:
        with open_on(line, monkeypatch) as pc:
            work(pc)
    except EngineError as error:
        said = str(error)
        assert "\n" not in said
        assert said.startswith("a lying board: ")
    else:
        said = None
    assert time.monotonic() - began < PATIENCE
    return said


@pytest.mark.parametrize("lie", LIES)
def test_a_board_that_lies_from_the_beginning_is_told_in_one_line(board, monkeypatch, lie):
    line = LyingLine(board, LIES[lie])
    said = told(line, monkeypatch)
    assert line.lies
    assert said is not None


#: Lies that only the opening hears, or that a short work does not get to the end of.
AT_ONCE = ("2^", "protocol", "a board", "no kind", "a kind", "identity", "never a clock")


@pytest.mark.parametrize("lie", [name for name in LIES if not name.startswith(AT_ONCE)])
def test_one_that_begins_to_lie_in_the_middle_is_too(board, monkeypatch, lie):
    line = LyingLine(board, LIES[lie], start=30)
    said = told(line, monkeypatch)
    assert line.lies
    assert said is not None


def test_an_honest_line_passes(board, monkeypatch):
    line = LyingLine(board, lambda body, question: body)
    assert told(line, monkeypatch) is None
    assert self_test(Client(Link(LyingLine(board, lambda body, question: body)))).passed


def lied_once(board, monkeypatch, seed):
    dice = random.Random(seed)
    kind = dice.choice(["length", "status", "cut"])
    change = {
        "length": lambda body, question: body + dice.randbytes(dice.randint(1, 20)),
        "cut": lambda body, question: body[: dice.randrange(1, len(body))] if len(body) > 1 else body + b"\0",
        "status": lambda body, question: bytes([body[0] ^ 0x02]) + body[1:],
    }[kind]
    line = LyingLine(board, change, start=dice.randrange(3, 60), once=True)
    said = told(line, monkeypatch)
    # A flag of a frame that has no use for it is no wrong data; any other lie is told.
    assert said is not None or kind == "status" or not line.lies, f"seed {seed}"


def test_one_lie_anywhere_is_told(board, monkeypatch):
    for seed in range(40):
        lied_once(board, monkeypatch, seed)


@pytest.mark.long
def test_one_lie_anywhere_is_told_a_thousand_times(board, monkeypatch):
    for seed in range(40, 1040):
        lied_once(board, monkeypatch, seed)


@pytest.mark.parametrize("clocks", [0, 1, 40, 400, 3000])
def test_a_frame_repeated_into_an_answer_never_tears_it(board, clocks):
    data = bytes(range(0x60, 0x80))  # with SYNC and ESCAPE in it
    body = bytes([0x10, 0, 0x11, 0, 0x14, 32, 0x15, 0, 0x34]) + data
    body += bytes([0x14, clocks & 0xFF, 0x15, clocks >> 8, 0x30])
    body += bytes([0x10, 0, 0x11, 0, 0x14, 32, 0x15, 0, 0x33])
    for tail in range(0, 64):
        frame = encode(tail + 1, body)
        # All of it or any end of it once more, before the answer has gone; then the line rests.
        came = board.exchange(frame + frame[len(frame) - tail :] if tail else frame) + board.exchange(b"\xff\xff")
        answers = Decoder().feed(came)
        assert answers, f"{tail} bytes repeated: {came.hex()}"
        assert set(answers) == {(tail + 1, b"\0" + data)}
        assert came.startswith(b"\x7e")
        assert came.count(b"\x7e") == len(answers)

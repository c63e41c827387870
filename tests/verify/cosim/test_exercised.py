"""From when on, in a bench, a fault of one kind could have shown."""

from types import SimpleNamespace

import pytest

from isadma_verify.cosim.chip.bench import Sample, Sense
from isadma_verify.cosim.chip.exercised import KNOWN, Exercised
from isadma_verify.cosim.chip.pins import Drives

IDLE = {"hrq": 0, "dack": 0b1111, "aen": 0, "adstb": 0}
FLOATS = dict.fromkeys(("ior_n", "iow_n", "memr_n", "memw_n", "eop_n", "db", "a"))
INPUTS = {"reset": 0, "cs_n": 1, "ready": 1, "hlda": 0, "dreq": 0, "a": 0, "db": 0}

#: Channel 2 in single read mode, two bytes: what a program writes, port and byte.
SINGLE, BLOCK, VERIFY, AGAIN = 0x4A, 0x8A, 0x82, 0x9A

#: What a read of an address or a count may show after a transfer.
LOOKED = ("count", "address-steps")

#: What any transfer may show.
MOVED = ("extended-write", "clocks", "figure-11")

#: What an access while HRQ is high may show.
REFUSED = ("late-programming", "figure-11")

#: What a software request may show.
ASKED = ("software-request",)


class Played:
    """Samples made up one after the other, and what is noted of them."""

    def __init__(self) -> None:
        self.noted: dict[str, int] = {}
        self.count = 0
        journal = SimpleNamespace(exercised=self._note)
        self.agent = Exercised(SimpleNamespace(sense=Sense(), journal=journal))

    def _note(self, *rules: str) -> None:
        for rule in rules:
            self.noted.setdefault(rule, self.count)

    def clock(self, chip=None, **inputs) -> "Played":
        self.count += 1
        drives = Drives(**{**FLOATS, **IDLE, **(chip or {})})
        lines = {name: 0 if getattr(drives, name) == 0 else 1 for name in FLOATS if name.endswith("_n")}
        where = {"count": self.count, "state": self.count, "high": False, "falls": True, "rises": True}
        self.agent.watch(Sample(**{**where, **INPUTS, **lines, **inputs}, chip=drives, fights=()))
        return self

    def write(self, *pairs) -> "Played":
        for port, byte in pairs:
            self.clock(cs_n=0, iow_n=0, a=port, db=byte).clock()
        return self

    def read(self, port) -> "Played":
        return self.clock(cs_n=0, ior_n=0, a=port).clock()

    def program(self, mode, count=1) -> "Played":
        return self.write((0xB, mode), (0xC, 0), (0x4, 0), (0x4, 0x10), (0xC, 0), (0x5, count), (0x5, 0), (0xA, 2))

    def moves(self, *, tc=False, dreq=0b0100, **inputs) -> "Played":
        chip = {"hrq": 1, "dack": 0b1011, "aen": 1}
        terminal = {"eop_n": 0} if tc else {}
        for strobes in ({}, {"memr_n": 0}, {"memr_n": 0, "iow_n": 0, **terminal}, {}):
            self.clock({**chip, **strobes}, hlda=1, dreq=dreq, **inputs)
        return self

    def asks(self) -> "Played":
        return self.clock().clock({"hrq": 1}, dreq=0b0100)


@pytest.mark.parametrize(
    ("played", "noted"),
    [
        (lambda it: it.program(SINGLE), set()),
        (lambda it: it.program(SINGLE, 9).moves(), set(MOVED)),
        (lambda it: it.program(SINGLE, 9).moves().moves(), {*MOVED, "address-steps"}),
        (lambda it: it.program(SINGLE).moves(), {*MOVED, "count"}),
        (lambda it: it.program(SINGLE).moves().moves(tc=True), {*MOVED, "count", "address-steps"}),
        (lambda it: it.program(SINGLE, 9).moves(dreq=0).write((0xC, 0)).read(0x4), {*MOVED, *LOOKED}),
        (lambda it: it.program(BLOCK, 9).moves(dreq=0), {*MOVED, "block"}),
        (lambda it: it.program(BLOCK, 9).write((0x9, 6)).moves(dreq=0), {*MOVED, *ASKED}),
        (lambda it: it.program(BLOCK, 9).write((0x9, 6)).moves(tc=True), {*MOVED, *ASKED, "count", "request-ends"}),
        (lambda it: it.program(AGAIN, 0).moves(tc=True), {*MOVED, "count", "autoinitialize", "autoinitialize-mask"}),
        (lambda it: it.program(SINGLE, 0).moves(tc=True).asks(), {*MOVED, "count", "single", "tc-masks"}),
        (lambda it: it.program(SINGLE, 0).moves(tc=True).write((0xA, 2)).asks(), {*MOVED, "count", "single"}),
        (lambda it: it.program(SINGLE, 0).moves().moves(), {*MOVED, "count", "tc-masks", "address-steps"}),
        (lambda it: it.program(SINGLE, 0).moves(tc=True, dreq=0), {*MOVED, "count"}),
        (lambda it: it.program(VERIFY, 9).moves(), {*MOVED, "count", "address-steps", "verify"}),
        (lambda it: it.program(SINGLE, 9).write((0x8, 8)).moves(ready=0), {*MOVED, "compressed-ready"}),
        (lambda it: it.program(SINGLE, 9).write((0x8, 1)).moves(), {*MOVED, "count", "copy"}),
        (lambda it: it.write((0x9, 4), (0x9, 5)), {"request-bits", "software-request"}),
        (lambda it: it.write((0x9, 4), (0xD, 0), (0x9, 1)), set(ASKED)),
        (lambda it: it.write((0xC, 0), (0x0, 1), (0xF, 0)).read(0x0), {"flip-flop"}),
        (lambda it: it.write((0xC, 0), (0x0, 1), (0xF, 0), (0xC, 0)).read(0x0), {"flip-flop"}),
        (lambda it: it.write((0xC, 0), (0x0, 1), (0x0, 2), (0xF, 0), (0xC, 0)).read(0x0), set()),
        (lambda it: it.write((0x8, 0x20)), set()),
        (lambda it: it.write((0x8, 0x04)), {"command"}),
        (lambda it: it.read(0xD), {"temporary"}),
        (lambda it: it.write((0x9, 4)).clock(reset=1).write((0x9, 5)), set(ASKED)),
        (
            lambda it: it.program(SINGLE, 9).clock({"hrq": 1}).clock({"hrq": 1}, cs_n=0, iow_n=0),
            {"late-programming", "figure-11"},
        ),
        (lambda it: it.program(SINGLE, 9).moves().clock(), {*MOVED, "single"}),
        (lambda it: it.program(SINGLE, 9).moves(dreq=0).clock(), set(MOVED)),
        (lambda it: it.program(SINGLE, 9).clock({"hrq": 1, "aen": 1}, hlda=1), {"figure-11"}),
        (lambda it: it.write((0x8, 1)), set()),
        (lambda it: it.write((0x8, 1), (0x9, 5)), set(ASKED)),
        (lambda it: it.write((0x8, 1), (0x9, 4)), {*ASKED, "copy"}),
        (lambda it: it.clock({"hrq": 1}), {"figure-11"}),
    ],
)
def test_what_a_bench_has_come_to_is_noted_and_nothing_else(played, noted: set[str]):
    assert set(played(Played()).noted) == noted
    assert noted <= KNOWN


def test_the_fabric_clock_is_that_of_the_first_time():
    it = Played().program(SINGLE, 9)
    first = it.count + 2
    assert it.moves().moves().noted["extended-write"] == first


def test_a_request_ends_where_dack_comes_after_the_read_strobe_and_tc_after_dack():
    played = Played().program(BLOCK, 0).write((0x9, 6))
    chip = {"hrq": 1, "aen": 1}
    for shown in ({"memr_n": 0}, {"memr_n": 0, "dack": 0b1011, "iow_n": 0}, {}, {"eop_n": 0}):
        played.clock({**chip, **shown}, hlda=1)
    assert played.noted["request-ends"] == played.count - 2  # its one transfer is known by then
    played = Played().program(BLOCK, 9).write((0x9, 6))
    for shown in ({"memr_n": 0, "dack": 0b1011, "iow_n": 0}, {}, {"eop_n": 0}):
        played.clock({**chip, **shown}, hlda=1)
    assert played.noted["request-ends"] == played.count

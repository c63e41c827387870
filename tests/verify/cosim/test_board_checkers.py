"""Each checker of the board finds the fault it is there for, and leaves a healthy transfer alone."""

import re
from dataclasses import replace

import pytest

from isadma_verify.cosim.board.bench import BoardSample, BoardSense, IsaWires
from isadma_verify.cosim.board.checkers import BusLent, DataLent, OffTheBus, SteadyIsa
from isadma_verify.cosim.board.pins import BoardDrives
from isadma_verify.cosim.chip.checkers import Handshake, OneDack, OneDriver, ReadyObeyed
from isadma_verify.cosim.chip.timing import StrobeOrder, StrobeWidth

CHECKERS = (
    *(OneDriver, OneDack, Handshake, ReadyObeyed, StrobeOrder, StrobeWidth),
    *(BusLent, OffTheBus, DataLent, SteadyIsa),
)

FLOATING = dict.fromkeys(("a", "sbhe_n", "d", "ior_n", "iow_n", "memr_n", "memw_n"))
IDLE = BoardDrives(hrq=0, dack=0xFF, aen=0, tc=0, refresh_n=1, **FLOATING)
WAITING = replace(IDLE, hrq=1)
S1_LOW = replace(WAITING, aen=1)
S1_HIGH = replace(S1_LOW, ior_n=1, iow_n=1, memr_n=1, memw_n=1, a=0x345678, sbhe_n=1)
S2_LOW = replace(S1_HIGH, dack=0xFB)
S2_HIGH = replace(S2_LOW, memr_n=0)
S3_HIGH = replace(S2_HIGH, iow_n=0, tc=1)
S4_HIGH = replace(S2_LOW, hrq=0)
AFTER = replace(S4_HIGH, dack=0xFF)

#: A single transfer at two fabric clocks per state: one row for each half clock, CLK low first.
TRANSFER = (
    [IDLE] * 3
    + [WAITING] * 3
    + [S1_LOW, S1_HIGH, S2_LOW, S2_HIGH, S2_HIGH, S3_HIGH, S3_HIGH, S4_HIGH, AFTER]
    + [IDLE] * 3
)
#: HLDA comes with S0 and goes with the SI after the service.
HLDA = [0] * 4 + [1] * 10 + [0] * 4


def samples(drives: list[BoardDrives], at: dict[int, dict[str, object]] | None = None) -> list[BoardSample]:
    made = []
    for count, (chip, granted) in enumerate(zip(drives, HLDA, strict=True)):
        wires = {
            name: 1 if getattr(chip, name) is None else getattr(chip, name)
            for name in ("ior_n", "iow_n", "memr_n", "memw_n", "sbhe_n")
        }
        where = {"count": count, "state": count // 2, "high": bool(count % 2), "falls": bool(count % 2)}
        inputs = {"d": chip.d or 0, "a": chip.a or 0, "reset": 0, "ready": 1, "hlda": granted, "dreq": 0}
        made.append(BoardSample(**where, rises=not count % 2, chip=chip, **wires, **inputs, fights=()))
    for index, change in (at or {}).items():
        made[index] = replace(made[index], **change)
    return made


def watch(checker, made: list[BoardSample]) -> None:
    rule = checker(BoardSense())
    for sample in made:
        rule.watch(sample)


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_healthy_transfer_passes(checker):
    watch(checker, samples(TRANSFER))


#: Checker, the half clock to change, what to change in the board's drives there, words of the message.
FAULTS = [
    (OneDack, 10, {"dack": 0xBB}, "channels [2, 6] active together"),
    (Handshake, 4, {"hrq": 0}, "HRQ falls before HLDA came"),
    (StrobeOrder, 11, {"ior_n": 0}, "low together"),
    (StrobeOrder, 11, {"dack": 0xFF}, "low with DACK of channels []"),
    (StrobeWidth, 12, {"iow_n": 1}, "IOW# lasted 1 half clocks"),
    (BusLent, 3, {"a": 0x55}, "drives A and not the others"),
    (BusLent, 10, {"aen": 0}, "drives A, SBHE#, IOR#, IOW#, MEMR#, MEMW# with AEN low"),
    (BusLent, 3, {"aen": 1}, "AEN rises after HRQ=0"),
    (BusLent, 4, {"dack": 0xFE}, "DACK0# begins after HRQ=1 HLDA=0"),
    (BusLent, 13, {"memr_n": 0}, "holds MEMR# low with HRQ=0"),
    (BusLent, 15, {"tc": 1}, "TC with AEN low"),
    (OffTheBus, 9, {"dack": 0xEB}, "DACK4# is low"),
    (OffTheBus, 9, {"refresh_n": 0}, "REFRESH# is low"),
    (DataLent, 2, {"d": 0x11}, "drives D with neither AEN nor a read"),
    (DataLent, 7, {"d": 0x56, "memr_n": 0}, "drives D against memory"),
    (DataLent, 11, {"d": 0x56}, "drives D while a device is acknowledged"),
    (SteadyIsa, 11, {"a": 0x355678}, "address or SBHE# moved"),
    (SteadyIsa, 11, {"sbhe_n": 0}, "address or SBHE# moved"),
    (SteadyIsa, 11, {"dack": 0xF7}, "DACK moved from 11111011 to 11110111"),
    (SteadyIsa, 14, {"a": 0x345679}, "the address held 1 half clocks"),
]


@pytest.mark.parametrize(
    ("checker", "index", "change", "words"), FAULTS, ids=[f"{f[0].__name__}-{f[1]}-{'-'.join(f[2])}" for f in FAULTS]
)
def test_a_planted_fault_is_found(checker, index, change, words):
    drives = list(TRANSFER)
    drives[index] = replace(drives[index], **change)
    with pytest.raises(AssertionError, match=re.escape(words)):
        watch(checker, samples(drives))


def test_a_strobe_that_ends_against_iochrdy_is_found():
    with pytest.raises(AssertionError, match="ends in a state entered with READY low"):
        watch(ReadyObeyed, samples(TRANSFER, at={11: {"ready": 0}}))


@pytest.mark.parametrize(("port", "answers"), [(0x00, True), (0x8F, True), (0xDE, True), (0x487, True), (0x20, False)])
def test_a_read_of_the_boards_own_port_may_be_answered(port, answers):
    drives = [replace(IDLE, d=0x34) if index in (1, 2) else IDLE for index in range(len(TRANSFER))]
    made = samples(drives, at={index: {"ior_n": 0, "a": port} for index in (1, 2)})
    if answers:
        watch(DataLent, made)
    else:
        with pytest.raises(AssertionError, match="drives D with neither AEN nor a read of its ports"):
            watch(DataLent, made)


def test_the_page_may_go_half_a_clock_after_the_strobe():
    drives = list(TRANSFER)
    drives[14] = replace(drives[14], a=0x995678)
    watch(SteadyIsa, samples(drives))


def test_two_drivers_of_the_isa_bus_are_a_fight():
    wires = IsaWires()
    wires.d.drive("memory", 0x1234)
    assert wires.resolve(replace(IDLE, d=0x1234)) == ["d has 2 drivers: chip=0x1234, memory=0x1234"]

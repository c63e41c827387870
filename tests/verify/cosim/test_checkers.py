"""Each checker finds the fault it is there for, and leaves a healthy transfer alone."""

from dataclasses import replace

import pytest

from isadma_verify.cosim.chip.bench import Sample, Sense
from isadma_verify.cosim.chip.checkers import BusOwner, Handshake, OneDack, OneDriver, ReadyObeyed
from isadma_verify.cosim.chip.pins import Drives
from isadma_verify.cosim.chip.timing import SteadyBus, StrobeOrder, StrobeWidth
from isadma_verify.cosim.chip.wires import BusHolder

CHECKERS = (OneDriver, BusOwner, OneDack, Handshake, ReadyObeyed, StrobeOrder, StrobeWidth, SteadyBus)

IDLE = Drives(
    hrq=0, dack=0b1111, aen=0, adstb=0, ior_n=None, iow_n=None, memr_n=None, memw_n=None, eop_n=None, db=None, a=None
)
WAITING = replace(IDLE, hrq=1)
S1_LOW = replace(WAITING, aen=1)
S1_HIGH = replace(S1_LOW, adstb=1, ior_n=1, iow_n=1, memr_n=1, memw_n=1, a=0x12, db=0x34)
S2_LOW = replace(S1_HIGH, dack=0b1011)
S2_HIGH = replace(S2_LOW, adstb=0, db=None, memr_n=0)
S3_HIGH = replace(S2_HIGH, iow_n=0)
S4_HIGH = replace(S3_HIGH, iow_n=1, memr_n=1, hrq=0)
AFTER = replace(S4_HIGH, dack=0b1111)

#: A single transfer at two fabric clocks per state: one row for each half clock, CLK low first.
TRANSFER = (
    [IDLE] * 3
    + [WAITING] * 3
    + [S1_LOW, S1_HIGH, S2_LOW, S2_HIGH, S2_HIGH, S3_HIGH, S3_HIGH, S4_HIGH, AFTER]
    + [IDLE] * 3
)
#: HLDA comes with S0 and goes with the SI after the service.
HLDA = [0] * 4 + [1] * 10 + [0] * 4


def samples(drives: list[Drives], hlda: list[int], **changes: dict[int, object]) -> list[Sample]:
    made = []
    for count, (chip, granted) in enumerate(zip(drives, hlda, strict=True)):
        wires = {
            name: 1 if getattr(chip, name) is None else getattr(chip, name)
            for name in ("ior_n", "iow_n", "memr_n", "memw_n")
        }
        where = {"count": count, "state": count // 2, "high": bool(count % 2), "falls": bool(count % 2)}
        inputs = {"eop_n": 1, "db": 0, "a": 0, "reset": 0, "cs_n": 1, "ready": 1, "hlda": granted, "dreq": 0}
        made.append(Sample(**where, rises=not count % 2, chip=chip, **wires, **inputs, fights=()))
    for index, change in changes.get("at", {}).items():
        made[index] = replace(made[index], **change)
    return made


def watch(checker, made: list[Sample]) -> None:
    rule = checker(Sense())
    for sample in made:
        rule.watch(sample)


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_healthy_transfer_passes(checker):
    watch(checker, samples(TRANSFER, HLDA))


#: Checker, the half clock to change, what to change in the chip's drives there, words of the message.
FAULTS = [
    (BusOwner, 3, {"a": 0x55}, "drives A with AEN low"),
    (BusOwner, 3, {"aen": 1}, "AEN rises with HRQ=1 HLDA=0, after HRQ=0 HLDA=0"),
    (BusOwner, 4, {"dack": 0b1110}, "DACK0 begins in the half clock in which HLDA comes, and not after it"),
    (BusOwner, 7, {"db": None}, "ADSTB high with AEN=1, DB floating"),
    (BusOwner, 2, {"db": 0x11}, "drives DB"),
    (BusOwner, 13, {"memr_n": 0}, "holds MEMR# low with HRQ=0"),
    (Handshake, 4, {"hrq": 0}, "HRQ falls before HLDA came"),
    (StrobeOrder, 11, {"ior_n": 0}, "low together"),
    (StrobeOrder, 11, {"dack": 0b1111}, "low with DACK of channels []"),
    (StrobeOrder, 12, {"memr_n": 1}, "ends before IOW#"),
    (StrobeWidth, 12, {"iow_n": 1}, "IOW# lasted 1 half clocks"),
    (StrobeWidth, 8, {"adstb": 0}, "ADSTB lasted 1 half clocks"),
    (SteadyBus, 11, {"a": 0x13}, "A0-A7 moved from 12h to 13h"),
    (SteadyBus, 14, {"a": 0x13}, "A0-A7 held 1 half clocks"),
    (SteadyBus, 8, {"db": 0x35}, "A8-A15 moved"),
]


@pytest.mark.parametrize(
    ("checker", "index", "change", "words"), FAULTS, ids=[f"{f[0].__name__}-{f[3][:20]}" for f in FAULTS]
)
def test_a_planted_fault_is_found(checker, index, change, words):
    drives = list(TRANSFER)
    drives[index] = replace(drives[index], **change)
    with pytest.raises(AssertionError, match=words.replace("[", r"\[").replace("]", r"\]")):
        watch(checker, samples(drives, HLDA))


def test_two_dacks_together_are_found():
    drives = list(TRANSFER)
    drives[8:14] = [replace(row, dack=0b1010) for row in drives[8:14]]
    with pytest.raises(AssertionError, match=r"channels \[0, 2\] active together"):
        watch(OneDack, samples(drives, HLDA))


def test_hrq_back_before_hlda_has_gone_is_found():
    drives = [*TRANSFER[:14], *TRANSFER[14:16], WAITING, WAITING]
    with pytest.raises(AssertionError, match="HRQ rises again while HLDA is still high"):
        watch(Handshake, samples(drives, [0] * 4 + [1] * 14))


def test_a_strobe_that_ends_against_ready_is_found():
    with pytest.raises(AssertionError, match="ends in a state entered with READY low"):
        watch(ReadyObeyed, samples(TRANSFER, HLDA, at={11: {"ready": 0}}))


def test_ready_low_before_the_sampling_edge_does_not_count():
    watch(ReadyObeyed, samples(TRANSFER, HLDA, at={9: {"ready": 0}, 10: {"ready": 0}, 12: {"ready": 0}}))


def test_two_drivers_that_agree_are_a_fight():
    wires = BusHolder()
    wires.memr_n.drive("cpu", 0)
    fights = wires.resolve(S2_HIGH)
    assert fights == ["memr_n has 2 drivers: chip=0x0, cpu=0x0"]
    with pytest.raises(AssertionError, match="memr_n has 2 drivers"):
        watch(OneDriver, samples(TRANSFER, HLDA, at={10: {"fights": tuple(fights)}}))


def test_undriven_data_is_noise_but_command_lines_are_pulled_up():
    wires = BusHolder(seed=3)
    seen = set()
    for _ in range(20):
        wires.new_clock()
        assert wires.resolve(IDLE) == []
        seen.add(wires.db.level)
        assert [wires.ior_n.level, wires.iow_n.level, wires.memr_n.level, wires.memw_n.level] == [1, 1, 1, 1]
    assert len(seen) > 10


def test_eop_is_open_drain_and_never_fights():
    wires = BusHolder()
    wires.eop_n.drive("external", 0)
    assert wires.resolve(replace(IDLE, eop_n=0)) == []
    assert wires.eop_n.level == 0


def test_sense_follows_command_writes_and_master_clear():
    sense = Sense()
    idle = samples(TRANSFER, HLDA)[0]
    for port, data, expected in [(0x8, 0xC0, (True, True)), (0x8, 0x40, (True, False)), (0xD, 0x80, (False, False))]:
        sense.watch(replace(idle, cs_n=0, iow_n=0, a=port, db=data))
        sense.watch(replace(idle, cs_n=0, a=port, db=data))
        assert (sense.dreq_active_low, sense.dack_active_high) == expected

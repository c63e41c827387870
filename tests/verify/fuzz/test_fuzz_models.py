"""The golden model in C++ against the one in Python: two readings of the same facts, clock by clock."""

from dataclasses import fields

import pytest

from isadma_sim.reference import AtBoard, BoardInputs, Chip, ChipInputs, XtBoard
from isadma_verify.random.scenario import READ_VALID

STROBES = {"IOR#": "ior_n", "IOW#": "iow_n", "MEMR#": "memr_n", "MEMW#": "memw_n"}
CHIP_IN = {"RESET": "reset", "CS#": "cs_n", "READY": "ready", "HLDA": "hlda", "DREQ": "dreq", "A0-A3": "a"}
CHIP_IN |= {"IOR# in": "ior_n", "IOW# in": "iow_n", "EOP# in": "eop_n", "DB in": "db"}
CHIP_OUT = {"HRQ": "hrq", "DACK": "dack", "AEN": "aen", "ADSTB": "adstb", "EOP# driven": "eop_oe"}
CHIP_OUT |= {"DB driven": "db_oe", "DB": "db", "A0-A7 driven": "a_oe", "A0-A7": "a", "IOR# driven": "strobes_oe"}
BOARD_IN = {f"{pin} in": name for pin, name in STROBES.items()}
BOARD_IN |= {"RESET": "reset", "HLDA": "hlda", "SBHE# in": "sbhe_n", "DRQ": "drq", "IOCHRDY": "iochrdy"}
BOARD_IN |= {"MASTER#": "master_n", "OUT1": "out1", "D in": "d", "A in": "a"}
BOARD_OUT = {"HRQ": "hrq", "AEN": "aen", "DACK#": "dack_n", "TC": "tc", "REFRESH#": "refresh_n", "D driven": "d_oe"}
BOARD_OUT |= {"D": "d", "A0-A23 driven": "a_oe", "A0-A23": "a", "SBHE#": "sbhe_n", "IOR# driven": "strobes_oe"}
GATE = {
    "DB": "DB driven",
    "A0-A7": "A0-A7 driven",
    "D": "D driven",
    "A0-A23": "A0-A23 driven",
    "SBHE#": "A0-A23 driven",
}
GATE |= dict.fromkeys(STROBES, "IOR# driven")

MODELS = {
    "i8237": (lambda: Chip(variant="nmos"), ChipInputs, CHIP_IN, CHIP_OUT | STROBES),
    "82c37": (lambda: Chip(variant="cmos"), ChipInputs, CHIP_IN, CHIP_OUT | STROBES),
    "at": (lambda: AtBoard(wait_states=1), BoardInputs, BOARD_IN, BOARD_OUT | STROBES),
    "xt": (XtBoard, BoardInputs, BOARD_IN, BOARD_OUT | STROBES),
    "at-refresh": (lambda: AtBoard(wait_states=0, refresh=True), BoardInputs, BOARD_IN, BOARD_OUT | STROBES),
}


def compare(library, name, seed, clocks):
    build, inputs_type, inputs, outputs = MODELS[name]
    assert set(inputs.values()) == {field.name for field in fields(inputs_type)}
    model, low = build(), 0
    for number, clock in enumerate(library(name).trace(library(name).scenario(seed, clocks))):
        pins = inputs_type(**{field: clock.inputs[pin] for pin, field in inputs.items()})
        want = model.outputs(pins)
        low = 0 if pins.ior_n or clock.expected["IOR# driven"] else low + 1
        wrong = {
            pin: (clock.expected[pin], int(getattr(want, field)))
            for pin, field in outputs.items()
            if clock.expected[pin] != getattr(want, field) and clock.expected.get(GATE.get(pin), 1)
        }
        if 0 < low < READ_VALID:  # neither model fixes what a read shows before that
            wrong = {pin: values for pin, values in wrong.items() if not pin.startswith("D")}
        assert not wrong, f"{name}, seed {seed}, clock {number}: (C++, Python) {wrong}"
        model.clock(pins)


#: Compiled for no other quick test.
SELDOM = {"82c37", "at-refresh"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if name in SELDOM else []) for name in MODELS]
)
@pytest.mark.parametrize("seed", range(3))
def test_the_two_golden_models_show_the_same_in_every_clock(library, name, seed):
    compare(library, name, 900 + seed, 1500)


@pytest.mark.long
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("block", range(4))
def test_the_two_golden_models_show_the_same_for_long(library, name, block):
    for seed in range(25):
        compare(library, name, 5000 + 100 * block + seed, 3000)

"""What is kept of a scenario: the same clocks as in its trace, and the registers around them."""

import numpy as np
import pytest

from isadma_verify.fuzz.recording import Recorder
from isadma_verify.fuzz.scenario import Kind, Scenario, Step

#: Channel 2: single mode, write, two bytes at 12FFh; then DREQ.
PROGRAM = [(0x0B, 0x46), (0x04, 0xFF), (0x04, 0x12), (0x05, 0x01), (0x05, 0x00), (0x0A, 0x02)]
STEPS = (
    *(Step(Kind.OUT, 1, 0, byte, port) for port, byte in PROGRAM),
    Step(Kind.LINES, gap=25),
    Step(Kind.LINES, gap=4, port=0x4),
)
SCENARIO = Scenario("i8237", 100, STEPS)
FIRST, CLOCKS = 24, 50


@pytest.fixture(scope="module")
def recording(library):
    return Recorder(library("i8237")).record(SCENARIO, FIRST, CLOCKS)


def test_the_clocks_are_those_of_the_trace(library, recording):
    built = library("i8237")
    trace = built.trace(SCENARIO)[FIRST : FIRST + CLOCKS]
    assert [list(clock.inputs.values()) for clock in trace] == recording.inputs.tolist()
    for clock, pins, care in zip(trace, recording.pins, recording.care, strict=True):
        assert not (np.array(list(clock.expected.values())) ^ pins)[care > 0].any()


def test_the_registers_are_those_before_and_after(recording):
    before, after = recording.before, recording.after
    assert (before.address[2], before.count[2], before.mode[2], before.mask) == (0x12FF, 1, 0x44, 0b1011)
    assert (after.address[2], after.count[2], after.base_address[2]) == (0x1301, 0xFFFF, 0x12FF)
    assert (after.status, after.mask, after.high_byte) == (0b0100, 0b1111, 0)


def test_bins_are_of_those_clocks_alone(library, recording):
    reached = [name for name in recording.bins if name.startswith("transfer")]
    assert len(reached) == 1
    assert "single | write" in reached[0]
    assert recording.bins[reached[0]] == 2
    early = Recorder(library("i8237")).record(SCENARIO, 0, 20)
    assert not [name for name in early.bins if name.startswith("transfer")]


def test_a_recording_ends_before_the_scenario_does(library):
    with pytest.raises(ValueError, match="100 clocks has none after clock 100"):
        Recorder(library("i8237")).record(SCENARIO, 50, 50)

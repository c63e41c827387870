"""The parts around a board on the bench: what they refuse, where they put things, and that random pins are lawful."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from isadma_sim.reference import AtBoard, BoardOutputs
from isadma_verify.cosim.board.cpu import PAGES, port
from isadma_verify.cosim.board.lockstep import Lockstep
from isadma_verify.cosim.board.peripheral import Card
from isadma_verify.cosim.board.scoreboard import BoardJob
from isadma_verify.cosim.board.stand import BOARD
from isadma_verify.cosim.chip.scoreboard import Job
from isadma_verify.cosim.common.clocking import Clocking
from isadma_verify.cosim.common.figure import parse
from isadma_verify.random.side_by_side import LawfulPins, SideBySide, differences


def test_a_card_on_the_cascade_is_refused():
    with pytest.raises(ValueError, match="channel 4 does not exist; the bus has DRQ 0 to 3 and 5 to 7"):
        Card(None, 4, receive=1)


def test_lockstep_with_two_clocks_a_state_is_refused():
    with pytest.raises(ValueError, match="run this with per_state=1"):
        Lockstep(SimpleNamespace(clocking=Clocking(2)), "1")


def test_ports_are_the_at_s():
    assert [port(1, 0x8), port(2, 0x0), port(2, 0x8), port(2, 0xF)] == [0x08, 0xC0, 0xD0, 0xDE]
    assert PAGES == {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}


@pytest.mark.parametrize(
    ("channel", "page", "address", "decrement", "places"),
    [
        (2, 0x01, 0xFFFE, False, [0x01FFFE, 0x01FFFF, 0x010000]),
        (2, 0x02, 0x0001, True, [0x020001, 0x020000, 0x02FFFF]),
        (5, 0x01, 0xFFFE, False, [0x01FFFC, 0x01FFFE, 0x000000]),
        (5, 0x03, 0x0001, True, [0x020002, 0x020000, 0x03FFFE]),
    ],
)
def test_the_scoreboard_wraps_bytes_in_64_k_and_words_in_128_k(channel, page, address, decrement, places):
    job = Job(channel & 3, 0x40, True, decrement, False, address, 3, 1, b"")
    assert BoardJob(channel, page, job, (1, 2, 3)).places == places


def test_a_row_of_a_boards_figure_has_hexadecimal_columns():
    row = parse("state half | drq din | dack A sbhe\nS2 h | 20 BEEF | DF 34ACF0 0", BOARD)[0]
    assert row.drive == {"drq": 0x20, "din": 0xBEEF}
    shown = BoardOutputs(dack_n=0xDF, a=0x34ACF0)
    assert BOARD.shown("A", SimpleNamespace(a=shown.a)) == row.expect["A"]
    assert BOARD.shown("dack", SimpleNamespace(dack=shown.dack_n)) == row.expect["dack"]


def run_the_model(seed: int, states: int = 3000):
    """Yield pins and the model's outputs, clock by clock."""
    model, pins = AtBoard(), LawfulPins(seed, opening=True)
    for state in range(states):
        inputs = pins.next(model.outputs(pins.inputs))
        inputs.reset = int(state < 2)
        yield replace(inputs), replace(model.outputs(inputs))
        model.clock(inputs)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_pins_ask_for_nothing_unlawful(seed):
    was = None
    for pins, shown in run_the_model(seed):
        if was is not None:
            assert pins.hlda <= (was.hlda or shown.hrq), f"seed {seed}: HLDA without HRQ"
            assert pins.ior_n or pins.iow_n, f"seed {seed}: both strobes"
            if not (pins.ior_n and pins.iow_n):
                assert not pins.hlda, f"seed {seed}: an access while the bus is lent"
                assert pins.a == was.a, f"seed {seed}: the address moves with the strobe"
        was = pins


def test_every_pin_that_differs_is_named():
    want = BoardOutputs(hrq=1, a_oe=1, strobes_oe=1, a=0x123456, aen=1)
    levels = {"hrq": 1, "aen": 1, "dack_n": 0xFF, "tc": 1, "refresh_n": 1, "a.oe": 1, "d.oe": 0, "a.o": 0x123457}
    levels |= {f"{name}.{half}": 1 for name in ("ior_n", "iow_n", "memr_n", "memw_n", "sbhe_n") for half in ("o", "oe")}
    assert differences(levels.__getitem__, want) == ["tc: board 1, model 0", "a.o: board 123457, model 123456"]


def test_the_message_of_a_difference_has_seed_state_and_pins():
    pair = SideBySide(AtBoard(), lambda pin: int(pin.endswith("_n")) * 0xFF, "seed 5")
    inputs = LawfulPins(5).inputs
    for _ in range(2):
        assert pair.resetting
        pair.clock(inputs)
    with pytest.raises(AssertionError, match=r"seed 5, state 2 \(SI, SI\): refresh_n: board FF, model 1"):
        pair.clock(inputs)

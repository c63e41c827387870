"""A dump's window: a clock or an event opens it, a clock or an event closes it, on every engine."""

import re

import pytest

from isadma_sim import PC, Device
from isadma_sim.engines.pins import In, Out
from isadma_sim.machine.schedule import NEVER
from isadma_sim.waves.window import Window, as_mark

IDLE = (In.IDLE, Out.IDLE)
DREQ2 = In.IDLE | 1 << In.DRQ.low + 2
DACK2 = Out.IDLE & ~(1 << Out.DACK_N.low + 2)


def shown(window, clocks):
    """Numbers of the clocks that the window shows; each clock is (inputs, out, interrupt requests)."""
    return [n for n, clock in enumerate(clocks) if window.shows(n, *clock)]


def test_clocks_bound_a_window_on_both_sides():
    assert shown(Window(3, 5, 0), [(*IDLE, 0)] * 9) == [3, 4, 5]


def test_an_event_opens_the_window_in_its_own_clock():
    clocks = [(*IDLE, 0)] * 2 + [(DREQ2, Out.IDLE, 0)] * 2 + [(*IDLE, 0)]
    assert shown(Window("dreq2", None, 0), clocks) == [2, 3, 4]


def test_an_event_closes_the_window_behind_its_own_clock():
    clocks = [(*IDLE, 0)] * 2 + [(In.IDLE, DACK2, 0)] * 3
    assert shown(Window(None, "dack2", 0), clocks) == [0, 1, 2]


@pytest.mark.parametrize(
    ("name", "clock"),
    [
        ("irq6", (*IDLE, 1 << 6)),
        ("tc", (In.IDLE, Out.IDLE | Out.TC.mask, 0)),
        ("hrq", (In.IDLE, Out.IDLE | Out.HRQ.mask, 0)),
    ],
)
def test_every_line_can_be_an_event(name, clock):
    assert shown(Window(name, None, 0), [(*IDLE, 0), clock]) == [1]


def test_a_line_that_is_active_when_the_window_opens_does_not_close_it():
    clocks = [(DREQ2, Out.IDLE, 0)] * 2 + [(*IDLE, 0)] + [(DREQ2, Out.IDLE, 0)] * 2
    assert shown(Window("dreq2", "dreq2", 0), clocks) == [0, 1, 2, 3]


def test_before_its_first_clock_and_after_its_last_a_window_wants_to_see_nothing():
    window = Window(100, 101, 0)
    assert window.wakes == 100
    for clock in (100, 101, 102):
        window.shows(clock, *IDLE, 0)
    assert window.wakes == NEVER


@pytest.mark.parametrize("text", ["dreq4", "irq16", "dack8", "tc2", "eop", "-3", ""])
def test_what_is_no_clock_and_no_event_is_refused_with_what_there_is(text):
    with pytest.raises(ValueError, match=rf"'{re.escape(text)}': use a clock number, dreqN"):
        as_mark(text)


def test_a_window_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="end at clock 5, before they begin at 9"):
        Window(9, 5, 0)


class Card(Device):
    """Asks for one byte after some clocks, and interrupts for it."""

    name = "card"

    def begin(self, clocks):
        self.lines.after(clocks, lambda: self.lines.dreq(True))

    def dma_read(self):
        self.lines.dreq(False)
        return 0x42

    def tc(self):
        self.lines.after(30, lambda: self.lines.irq(True))


@pytest.mark.parametrize("engine", ["reference", "amaranth", "native"])
@pytest.mark.parametrize("skip_idle", [True, False])
def test_from_request_to_interrupt_the_dump_has_the_same_clocks_on_every_engine(engine, skip_idle, tmp_path):
    with PC(engine=engine, skip_idle=skip_idle) as pc:
        card = Card()
        pc.attach(card, dma=1, irq=5)
        for port, value in ((0x0C, 0), (0x0B, 0x45), (2, 0), (2, 0), (0x83, 1), (3, 0), (3, 0), (0x0A, 1)):
            pc.outb(port, value)
        start = pc.clocks
        waves = pc.waves(tmp_path / "x.vcd", first="dreq1", last="irq5")
        card.begin(500)
        pc.run(clocks=2000)
        assert waves.begun == start + 500
        # The service takes some twelve clocks, and the interrupt comes thirty after its TC.
        assert 500 + 30 < waves.ended - start < 500 + 60
        ended = waves.ended
    rises = re.findall(r"^#(\d+)$", (tmp_path / "x.vcd").read_text(), re.MULTILINE)
    assert int(rises[-1]) == ended * 250


def test_native_runs_at_full_speed_outside_of_the_window(tmp_path):
    with PC(engine="native", skip_idle=False) as pc:
        start = pc.clocks
        waves = pc.waves(tmp_path / "x.vcd", first=start + 300_000, last=start + 300_009)
        pc.run(clocks=600_000)
        assert (waves.begun, waves.ended) == (start + 300_000, start + 300_010)
        assert pc.clocks == start + 600_000

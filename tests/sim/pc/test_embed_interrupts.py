"""The processor's side of interrupts and time for an emulator: INTR, INTA, the next event, and no POST."""

import pytest

from isadma_sim import PC
from isadma_sim.machine.device import Device


class Line(Device):
    """A card with nothing but an interrupt line."""

    name = "line"


def lines(pc, *irqs):
    pc.outb(0x21, 0x00)
    if pc.board == "at":
        pc.outb(0xA1, 0x00)
    cards = {irq: Line() for irq in irqs}
    for irq, card in cards.items():
        pc.attach(card, irq=irq)
    return cards


@pytest.mark.parametrize(("board", "irq", "vector"), [("at", 5, 0x0D), ("at", 12, 0x74), ("xt", 5, 0x0D)])
def test_intr_is_high_until_the_acknowledge_that_returns_the_vector(engine, board, irq, vector):
    with PC(engine=engine, board=board) as pc:
        card = lines(pc, irq)[irq]
        assert pc.intr is False
        card.lines.irq(True)
        assert pc.intr is True
        before = pc.clocks
        assert pc.inta() == vector
        assert pc.clocks == before
        assert pc.intr is False
        assert (pc.acknowledged(irq), pc.spurious) == (1, 0)


@pytest.mark.parametrize(("irq", "vector"), [(5, 0x0F), (12, 0x77)])
def test_a_request_that_went_away_gives_the_spurious_vector(engine, irq, vector):
    """The slave's is spurious for the slave alone: the master holds the cascade in service."""
    with PC(engine=engine) as pc:
        card = lines(pc, irq)[irq]
        card.lines.irq(True)
        if irq < 8:
            card.lines.irq(False)
            assert not pc.intr
            assert pc.inta() == vector
        else:
            pc.outb(0xA1, 0xFF)  # masked between INTR and INTA: the slave has nothing to show
            pc.run(10)
            assert pc.inta() in (vector, 0x0F)
        assert pc.spurious == 1
        assert pc.acknowledged(irq) == 0


def test_the_processor_takes_interrupts_by_priority_and_ends_them(engine):
    with PC(engine=engine) as pc:
        cards = lines(pc, 3, 4, 10)
        for card in cards.values():
            card.lines.irq(True)
        vectors = []
        while pc.intr:
            vectors.append(pc.inta())
            for card in cards.values():
                card.lines.irq(False)
            pc.outb(0xA0, 0x20)
            pc.outb(0x20, 0x20)
        assert vectors == [0x72]
        for irq in (4, 3):
            cards[irq].lines.irq(True)
        taken = []
        while pc.intr:
            taken.append(pc.inta())
            pc.outb(0x20, 0x20)
        assert taken == [0x0B, 0x0C]


def timer_at(pc, count):
    pc.outb(0x43, 0x30)
    pc.outb(0x40, count & 0xFF)
    pc.outb(0x40, count >> 8)


def test_a_run_stops_in_the_clock_that_raises_intr(engine):
    with PC(engine=engine) as pc:
        timer_at(pc, 1000)
        gone = pc.run(1_000_000, until_intr=True)
        assert pc.intr
        # 1000 counts and the pulse that loads them, at 105/88 MHz, in clocks of 4 MHz; the bytes' own clocks before
        assert 3340 < gone < 3360
        assert pc.run(1_000_000, until_intr=True) == 0
        assert pc.inta() == 0x08
        assert pc.run(500, until_intr=True) == 500


def test_a_run_to_an_interrupt_is_the_same_in_every_engine():
    ends = []
    for name in ("reference", "amaranth", "native"):
        with PC(engine=name) as pc:
            timer_at(pc, 77)
            ends.append((pc.run(10_000, until_intr=True), pc.clocks))
    assert len(set(ends)) == 1


def test_the_next_event_is_when_the_machine_does_something_by_itself(engine):
    with PC(engine=engine) as pc:
        pc.outb(0x43, 0x30)  # counter 0 stands still
        pc.run(10)
        assert pc.next_event is None
        timer_at(pc, 1000)
        assert pc.next_event == 1  # the bus is still settling
        pc.run(10)
        left = pc.next_event
        while left is not None and not pc.intr:
            pc.run(left - 1)
            assert not pc.intr
            pc.run(1)
            left = pc.next_event
        assert pc.intr


def test_the_next_event_of_a_busy_bus_is_the_next_clock(engine, giver, set_up_channel1):
    with PC(engine=engine) as pc:
        pc.outb(0x43, 0x30)
        card = giver(bytes(8))
        pc.attach(card, dma=1, irq=5)
        set_up_channel1(pc, 0x2000, 8)
        pc.run(10)
        assert pc.next_event is None
        card.go()
        steps = 0
        while pc.next_event is not None:
            assert pc.next_event == 1
            pc.run(1)
            steps += 1
        assert 8 * 5 < steps < 8 * 15
        assert not card.data


def test_without_post_the_chips_are_as_reset_left_them(engine):
    with PC(engine=engine, post=False) as pc, PC(engine=engine) as other:
        assert pc.stats.accesses == 0
        assert other.stats.accesses > 10
        assert pc.clocks < other.clocks
        pc.reset()
        assert pc.stats.accesses == 0
        pc.outb(0x20, 0x13)
        pc.outb(0x21, 0x40)
        pc.outb(0x21, 0x01)
        pc.outb(0x21, 0x00)
        card = Line()
        pc.attach(card, irq=3)
        card.lines.irq(True)
        assert pc.inta() == 0x43


@pytest.mark.parametrize("option", [{"post": 1}, {"decode": 12}, {"decode": "16"}])
def test_options_of_another_kind_are_refused(option):
    with pytest.raises(ValueError, match=next(iter(option))):
        PC(engine="reference", **option)


def test_until_intr_is_yes_or_no():
    with PC(engine="reference") as pc, pytest.raises(ValueError, match="until_intr=3"):
        pc.run(10, until_intr=3)

"""Ports of an embedded machine: 16 address lines, cards that share a port, and cards in front of one."""

import pytest

from isadma_sim import PC
from isadma_sim.machine.device import Device


class Latch(Device):
    """Keeps what is written to it, and drives what it is told."""

    def __init__(self, name, *ports, drives=0xFF):
        self.name, self.ports, self.drives = name, ports, drives
        self.written = []

    def io_read(self, port):
        return self.drives

    def io_write(self, port, value):
        self.written.append((port, value))


@pytest.mark.parametrize("decode", [10, 16])
@pytest.mark.parametrize("board", ["at", "xt"])
def test_ports_repeat_each_400h_with_ten_lines_and_not_with_sixteen(engine, board, decode):
    with PC(engine=engine, board=board, decode=decode) as pc:
        pc.outb(0x00, 0x5A)
        pc.outb(0x00, 0x33)  # channel 0's address, low and high byte
        pc.outb(0xFC00, 0x77)
        pc.outb(0x0C, 0)
        assert pc.inb(0xFC00) == (0x77 if decode == 10 else 0xFF)
        pc.outb(0x0C, 0)
        assert pc.inb(0x00) == (0x77 if decode == 10 else 0x5A)


def test_with_sixteen_lines_a_card_can_have_what_was_a_repetition(engine):
    card = Latch("card", 0x0480, 0x0441, drives=0x12)
    with PC(engine=engine, board="xt", decode=16) as pc:
        pc.attach(card)
        assert pc.inb(0x0480) == 0x12
        pc.outb(0x0441, 0x77)
        assert card.written == [(0x0441, 0x77)]
    with PC(engine=engine, board="xt") as pc, pytest.raises(ValueError, match="taken by"):
        pc.attach(Latch("card", 0x0480))


def test_accesses_take_the_same_clocks_with_ten_and_sixteen_lines(engine):
    clocks = []
    for decode in (10, 16):
        with PC(engine=engine, decode=decode) as pc:
            start = pc.clocks
            for port in (0x83, 0x483, 0x8000, 0x61, 0x461):
                pc.outb(port, pc.inb(port))
            clocks.append(pc.clocks - start)
    assert clocks == [70, 70]


def test_cards_that_share_a_port_all_take_writes_and_drive_reads_together(engine):
    first, second = Latch("first", 0x300, drives=0xF3), Latch("second", 0x300, drives=0x3F)
    with PC(engine=engine) as pc:
        pc.attach(first)
        with pytest.raises(ValueError, match="port 300h of second is taken by first"):
            pc.attach(second)
        pc.attach(second, share=True)
        pc.outb(0x300, 0x44)
        assert first.written == second.written == [(0x300, 0x44)]
        assert pc.inb(0x300) == 0x33
        third = Latch("third", 0x300, drives=0x7F)
        with pytest.raises(ValueError, match="taken by first and second"):
            pc.attach(third)


def test_a_card_that_shares_a_port_of_the_board_hears_what_the_board_takes(engine):
    """A diagnostic card at 80h, which is a page register without a channel."""
    card = Latch("diagnostic", 0x80, drives=0x00)
    with PC(engine=engine) as pc:
        pc.attach(card, share=True)
        for code in (0x01, 0x7F):
            pc.outb(0x80, code)
        assert card.written == [(0x80, 0x01), (0x80, 0x7F)]
        assert pc.inb(0x80) == 0x7F  # the page register's, which drives


def test_a_card_that_shares_the_8259s_data_port_hears_masks(engine):
    card = Latch("listener", 0x21)
    with PC(engine=engine) as pc:
        pc.attach(card, share=True)
        pc.outb(0x21, 0x55)
        assert card.written == [(0x21, 0x55)]
        assert pc.inb(0x21) == 0x55


class Filter(Latch):
    """Answers one port itself, and passes others on with a bit changed."""

    def io_read(self, port):
        return self.lines.behind(port).io_read(port) ^ 0x80

    def io_write(self, port, value):
        super().io_write(port, value)
        self.lines.behind(port).io_write(port, value ^ 0x01)


def test_a_card_in_front_of_another_answers_in_its_place(engine):
    back, front = Latch("back", 0x300, drives=0x11), Filter("front", 0x300)
    with PC(engine=engine) as pc:
        pc.attach(back)
        pc.attach(front, front=True)
        assert pc.inb(0x300) == 0x91
        pc.outb(0x300, 0x40)
        assert (front.written, back.written) == ([(0x300, 0x40)], [(0x300, 0x41)])


def test_a_card_in_front_of_the_8259_and_of_the_timer(engine):
    front = Filter("front", 0x21, 0x61)
    with PC(engine=engine) as pc:
        pc.attach(front, front=True)
        pc.outb(0x21, 0x54)
        assert pc.inb(0x21) == 0x55 ^ 0x80


def test_a_card_in_front_of_the_board_hides_its_port_and_no_other(engine):
    card = Latch("card", 0x83, drives=0x66)
    with PC(engine=engine) as pc:
        pc.outb(0x83, 0x02)
        pc.attach(card, front=True)
        pc.outb(0x83, 0x0F)
        pc.outb(0x82, 0x01)
        assert pc.inb(0x83) == 0x66
        assert pc.inb(0x82) == 0x01
        assert card.written == [(0x83, 0x0F)]
        with pytest.raises(RuntimeError, match="card is in front of no card at port 083h"):
            card.lines.behind(0x83)


def test_the_board_keeps_what_a_card_in_front_of_it_hid(engine, giver, set_up_channel1):
    """The page register that DMA uses is still the board's, as it was written last."""
    with PC(engine=engine) as pc:
        given = giver(b"\x42")
        pc.attach(given, dma=1, irq=5)
        set_up_channel1(pc, 0x21000, 1)
        pc.attach(Latch("card", 0x83), front=True)
        pc.outb(0x83, 0x05)
        given.go()
        pc.run(100)
        assert pc.memory[0x21000] == 0x42


def test_a_card_that_fails_in_its_reset_leaves_the_ports_as_they_were(engine):
    class Broken(Latch):
        def reset(self):
            raise OSError("no")

    first = Latch("first", 0x300, drives=0x21)
    with PC(engine=engine) as pc:
        pc.attach(first)
        for how in ({"share": True}, {"front": True}):
            with pytest.raises(OSError, match="no"):
                pc.attach(Broken("broken", 0x300, 0x83), **how)
        assert pc.inb(0x300) == 0x21
        pc.outb(0x83, 0x09)
        assert pc.inb(0x83) == 0x09


def test_a_card_shares_or_stands_in_front_not_both():
    with PC(engine="reference") as pc, pytest.raises(ValueError, match="one of them"):
        pc.attach(Latch("card", 0x300), share=True, front=True)


@pytest.mark.parametrize("when", ["read", "write"])
def test_a_device_that_fails_at_a_port_leaves_the_bus_as_every_engine_does(when):
    """The access is finished, the error leaves, and the clocks and the next accesses are the same everywhere."""
    ends = []

    class Broken(Device):
        ports = (0x300,)

        def io_read(self, port):
            raise OSError("read")

        def io_write(self, port, value):
            raise OSError("write")

    for name in ("reference", "amaranth", "native"):
        with PC(engine=name) as pc:
            pc.attach(Broken())
            for _ in range(3):
                with pytest.raises(OSError, match=when):
                    pc.inb(0x300) if when == "read" else pc.outb(0x300, 1)
            pc.outb(0x83, 0x07)
            ends.append((pc.clocks, pc.inb(0x83), pc.stats.accesses, pc.stats.cpu_clocks))
    assert len(set(ends)) == 1, ends

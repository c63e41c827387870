"""The timer and refresh in a PC: exact clocks, IRQ 0, port 61h, and a bus that refresh takes its share of."""

# Ref: 105/88 MHz against 4 MHz is 3520/105 clocks a pulse; against the PC/XT's clock it is 4.

from itertools import pairwise

import pytest

from isadma_sim import PC, Device


def set_counter(pc, number, mode, count):
    """Low and high byte."""
    pc.outb(0x43, number << 6 | 0x30 | mode << 1)
    pc.outb(0x40 + number, count & 0xFF)
    pc.outb(0x40 + number, count >> 8)


def read_counter(pc, number):
    pc.outb(0x43, number << 6)
    return pc.inb(0x40 + number) | pc.inb(0x40 + number) << 8


def ticks(pc, number):
    found = []
    for _ in range(number):
        pc.wait_irq(0, clocks=10_000)
        found.append(pc.clocks)
        pc.outb(0x20, 0x60)
    return found


def test_irq_0_ticks_without_drift(engine):
    with PC(engine=engine) as pc:
        set_counter(pc, 0, 2, 100)
        seen = ticks(pc, 44)
        # 100 pulses are 335.238 clocks: 21 times that are 7040, to the clock.
        assert seen[22] - seen[1] == seen[43] - seen[22] == 7040
        assert {b - a for a, b in pairwise(seen[1:])} == {335, 336}


@pytest.mark.parametrize("engine", ["reference", "native"])
def test_the_time_of_day_tick_comes_18_times_a_second(engine):
    with PC(engine=engine) as pc:
        set_counter(pc, 0, 3, 0)
        pc.wait_irq(0, clocks=10)  # OUT is high with the control word
        pc.outb(0x20, 0x60)
        start, stepped = pc.clocks, pc.stats.stepped
        pc.wait_irq(0, clocks=400_000)
        assert pc.clocks - start in range(219_690, 219_705)  # 65536 pulses are 219,701.6 clocks
        assert pc.stats.stepped - stepped < 100


def test_a_count_read_twice_tells_the_clocks_between(engine):
    with PC(engine=engine, board="xt") as pc:
        set_counter(pc, 0, 2, 0)
        first, start = read_counter(pc, 0), pc.clocks
        pc.run(clocks=4000 - 21)  # and the three accesses of the reading
        second = read_counter(pc, 0)
        assert pc.clocks - start == 4000
        assert (first - second) & 0xFFFF == 1000


@pytest.mark.parametrize("board", ["at", "xt"])
def test_skipping_idle_clocks_does_not_change_a_tick(board):
    told = []
    for skip in (True, False):
        with PC(engine="reference", board=board, skip_idle=skip) as pc:
            set_counter(pc, 0, 2, 77)
            told.append((ticks(pc, 5), read_counter(pc, 0), pc.clocks))
    assert told[0] == told[1]


def test_counter_2_counts_while_port_61h_lets_it(engine):
    with PC(engine=engine) as pc:
        assert pc.inb(0x61) & 0x2F == 0x00
        pc.outb(0x61, 0x01)
        set_counter(pc, 2, 0, 20)
        assert pc.inb(0x61) & 0x2F == 0x01
        pc.run(clocks=80)  # 20 pulses are 67.04 clocks
        assert pc.inb(0x61) & 0x2F == 0x21
        set_counter(pc, 2, 0, 20)
        pc.outb(0x61, 0x0E)
        left = read_counter(pc, 2)
        pc.run(clocks=500)
        assert read_counter(pc, 2) == left
        assert pc.inb(0x61) & 0x2F == 0x0E


def test_an_xt_has_out2_at_port_62h_and_reads_port_61h_as_written():
    with PC(engine="reference", board="xt") as pc:
        pc.outb(0x65, 0xFD)  # an alias
        assert pc.inb(0x61) == 0xFD
        set_counter(pc, 2, 0, 5)
        assert pc.inb(0x62) == 0x00
        pc.run(clocks=24)
        assert (pc.inb(0x62), pc.inb(0x7E), pc.inb(0x61)) == (0x20, 0x20, 0xFD)
        pc.outb(0x62, 0xFF)  # an input
        assert pc.inb(0x61) == 0xFD
        assert pc.inb(0x63) == 0xFF  # the 8255's control word does not read


def test_the_8253_of_an_xt_answers_at_its_aliases_and_has_no_read_back():
    with PC(engine="reference", board="xt") as pc:
        pc.outb(0x5F, 0x94)  # counter 2, low byte, mode 2; its gate is low
        pc.outb(0x46, 0x42)
        pc.run(clocks=8)
        pc.outb(0x43, 0xE8)  # on an 8254: latch the status
        assert pc.inb(0x52) == 0x42


@pytest.mark.parametrize(
    ("ports", "irq", "owner"), [((0x42,), None, "timer"), ((0x61,), None, "system control port"), ((), 0, "timer")]
)
def test_timer_and_port_61h_belong_to_the_board(ports, irq, owner):
    card = Device()
    card.ports = ports
    with PC(engine="reference") as pc, pytest.raises(ValueError, match=f"taken by {owner}"):
        pc.attach(card, irq=irq)


# ---------------------------------------------------------------- refresh
def settle(pc, refreshes):
    """Run until there were so many refreshes; a hundred periods at most."""
    for _ in range(7300):
        if pc.stats.refreshes >= refreshes:
            return
        pc.run(clocks=1)
    pytest.fail(f"only {pc.stats.refreshes} refreshes")


@pytest.mark.parametrize(
    ("board", "clocks", "refreshes", "held"),
    [("xt", 7200, 100, 5), ("at", 2112, 35, 5)],
)
def test_refresh_comes_every_15_microseconds_and_takes_its_clocks(engine, board, clocks, refreshes, held):
    with PC(engine=engine, board=board, refresh=True) as pc:
        settle(pc, 3)
        before, busy = pc.stats.refreshes, pc.stats.dma_clocks
        pc.run(clocks=clocks)
        assert pc.stats.refreshes - before == refreshes
        # HLDA is high for the four clocks of the cycle, and for the one before.
        assert pc.stats.dma_clocks - busy == refreshes * held
        assert pc.stats.transfers[0] == (pc.stats.refreshes if board == "xt" else 0)
        assert pc.stats.bytes[0] == 0


def test_refresh_reads_row_after_row(engine):
    with PC(engine=engine, board="at", refresh=True) as pc:
        log = pc.trace()
        pc.outb(0x8F, 0x5A)
        settle(pc, pc.stats.refreshes + 3)
        rows = [cycle for cycle in log if cycle.kind == "refresh"]
        assert [cycle.address >> 16 for cycle in rows] == [0x5A] * 3
        assert {b.address - a.address for a, b in pairwise(rows)} == {1}
        assert {b.clock - a.clock for a, b in pairwise(rows)} <= {60, 61}


@pytest.mark.parametrize("board", ["at", "xt"])
def test_without_refresh_the_bus_stays_idle(board):
    with PC(engine="reference", board=board) as pc:
        stepped = pc.stats.stepped
        pc.run(clocks=1_000_000)
        assert pc.stats.refreshes == 0
        assert pc.stats.stepped - stepped < 10


def test_bit_4_of_port_61h_toggles_with_each_refresh_of_an_at():
    with PC(engine="reference", refresh=True) as pc:
        levels = []
        for _ in range(40):
            settle(pc, pc.stats.refreshes + 1)
            levels.append(pc.inb(0x61) >> 4 & 1)
        assert levels in ([0, 1] * 20, [1, 0] * 20)


def toggles(pc, clocks):
    """Read port 61h for so many clocks, an access each 4, and count how often bit 4 changed."""
    end, levels = pc.clocks + clocks, [pc.inb(0x61) >> 4 & 1]
    while pc.clocks < end:
        levels.append(pc.inb(0x61) >> 4 & 1)
    return sum(a != b for a, b in pairwise(levels))


def test_bit_4_of_port_61h_toggles_without_refresh_cycles_at_the_rate_of_counter_1(engine):
    with PC(engine=engine) as pc:
        assert toggles(pc, 2112) in (34, 35, 36)  # 18 pulses are 60.34 clocks
        pc.outb(0x43, 0x54)
        pc.outb(0x41, 90)
        assert toggles(pc, 3017) in (9, 10, 11)
        pc.outb(0x43, 0x76)  # mode 3, both bytes: once each period too
        pc.outb(0x41, 90)
        pc.outb(0x41, 0)
        assert toggles(pc, 3017) in (9, 10, 11)
        pc.outb(0x43, 0x50)  # mode 0: OUT1 rises once, and no more
        pc.outb(0x41, 18)
        assert toggles(pc, 2000) in (0, 1)
        assert toggles(pc, 2000) == 0


def test_both_ways_to_refresh_detect_toggle_alike():
    counts = []
    for refresh in (False, True):
        with PC(engine="reference", refresh=refresh) as pc:
            counts.append(toggles(pc, 12_000))
    assert abs(counts[0] - counts[1]) <= 1
    assert 198 <= counts[0] <= 200


@pytest.mark.parametrize("pause", [1, 7, 59, 61, 12_345, 1_000_003, 60_000_000])
def test_bit_4_is_where_it_would_be_had_it_been_read_all_the_time(pause):
    levels = []
    for steps in (1, 1000):
        with PC(engine="reference") as pc:
            for left in range(steps):
                pc.run(clocks=pause // steps + (pause % steps if left == 0 else 0))
                if steps > 1:
                    pc.timer.rises(1)
            levels.append((pc.clocks, pc.inb(0x61) & 0x10, pc.timer.rises(1)))
    assert levels[0] == levels[1]


def test_refresh_detect_costs_no_event_where_nobody_reads_it():
    with PC(engine="reference") as pc:
        stepped = pc.stats.stepped
        pc.run(clocks=40_000_000)
        assert pc.stats.stepped - stepped < 10


@pytest.mark.parametrize("board", ["at", "xt"])
def test_a_transfer_and_refresh_share_the_bus(engine, board):
    class Source(Device):
        name = "source"
        next = 0

        def dma_read(self):
            self.next += 1
            return self.next & 0xFF

        def tc(self):
            self.lines.dreq(False)
            self.lines.irq(True)

    with PC(engine=engine, board=board, refresh=True) as pc:
        source = Source()
        pc.attach(source, dma=2, irq=6)
        for port, value in ((0x0C, 0), (0x0B, 0x46), (4, 0), (4, 0), (0x81, 2), (5, 99), (5, 0), (0x0A, 2)):
            pc.outb(port, value)
        before = pc.stats.refreshes
        source.lines.dreq(True)
        start = pc.clocks
        pc.wait_irq(6, clocks=5000)
        pc.run(clocks=10)
        assert pc.memory[0x20000:0x20064] == bytes(range(1, 101))
        assert pc.stats.transfers[2] == 100
        # None is lost: single mode lets refresh in after every byte.
        expected = (pc.clocks - start) / (72 if board == "xt" else 60.343)
        assert abs(pc.stats.refreshes - before - expected) <= 1


def test_refresh_goes_on_after_the_reset_button(engine):
    with PC(engine=engine, board="xt", refresh=True) as pc:
        settle(pc, 2)
        pc.reset()
        before = pc.stats.refreshes
        pc.run(clocks=720)
        assert pc.stats.refreshes - before in (9, 10, 11)

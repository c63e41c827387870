"""The 8254's six modes, pulse by pulse, as the data sheet's figures draw them."""

# Ref: Intel 8254 data sheet, order no. 231164-005, figures 15 to 20. Their counts, their OUT lines; where a figure
#      leaves the second period out, "Mode Definitions" decides.

import pytest

from isadma_sim.devices.timer import Pit8254
from isadma_sim.devices.timer.moment import Moment

LATCH_STATUS_0 = 0xE2


class Bench:
    """Counter 0, with CLK by hand: `write` and `gate` come while CLK is low, between two pulses."""

    def __init__(self, gate=True):
        self.pit = Pit8254(gates=(gate, True, True))
        self.pulses = 0
        self.bytes = 1

    @property
    def now(self):
        return Moment(self.pulses, self.pulses + 1)

    def write(self, address, value):
        if address == 3:
            self.bytes = 2 if value & 0x30 == 0x30 else 1
        self.pit.write(address, value, self.now)

    def gate(self, level):
        self.pit.counters[0].set_gate(bool(level), self.now)

    def clk(self):
        """One pulse; returns the low byte of the count and OUT."""
        self.wait(1)
        value = self.count()[0]
        return f"{value:02X}", self.pit.counters[0].out

    def wait(self, pulses):
        self.pulses += pulses
        self.pit.counters[0].advance(self.pulses)

    def count(self, reads=None):
        """Read so many bytes of counter 0: as many as a count has, unless told."""
        return [self.pit.read(0, self.now) for _ in range(reads or self.bytes)]

    def row(self, steps):
        """Counts and OUT after each pulse of a script: ``.`` a pulse, ``g`` GATE low, ``G`` high, a number a count."""
        counts, outs = [], ""
        for step in steps.split():
            if step == ".":
                count, out = self.clk()
                counts.append(count)
                outs += "-" if out else "_"
            elif step in "gG":
                self.gate(step == "G")
            else:
                self.write(0, int(step, 16))
        return " ".join(counts), outs


FIGURES = [
    # control word, GATE at first, script, counts, OUT
    pytest.param("10", 1, "4 . . . . . . .", "04 03 02 01 00 FF FE", "____---", id="mode 0"),
    pytest.param("10", 1, "3 . . g . . G . . .", "03 02 02 02 01 00 FF", "_____--", id="mode 0 gate"),
    pytest.param("10", 1, "3 . . . 2 . . . .", "03 02 01 02 01 00 FF", "_____--", id="mode 0 new count"),
    pytest.param("10", 1, "1 . . . 2 . . . .", "01 00 FF 02 01 00 FF", "_--__--", id="mode 0 new count after the end"),
    pytest.param("10", 0, "3 . . G . . .", "03 03 02 01 00", "____-", id="mode 0 loads with GATE low"),
    pytest.param("12", 0, "3 . G . g . . . .", "00 03 02 01 00 FF", "-___--", id="mode 1"),
    pytest.param("12", 0, "3 G . g . . G . g . . . .", "03 02 01 03 02 01 00 FF", "______--", id="mode 1 retrigger"),
    pytest.param(
        "12", 0, "2 G . g . . 4 . . G . .", "02 01 00 FF FE 04 03", "__---__", id="mode 1 new count"
    ),
    pytest.param("12", 0, "3 G . 9 . . . .", "03 02 01 00 FF", "___--", id="mode 1 new count waits for the trigger"),
    pytest.param("14", 1, "3 . . . . . . .", "03 02 01 03 02 01 03", "--_--_-", id="mode 2"),
    pytest.param("14", 1, "3 . . g . G . . . .", "03 02 02 03 02 01 03", "-----_-", id="mode 2 gate"),
    pytest.param("14", 1, "4 . . 5 . . . . . . .", "04 03 02 01 05 04 03 02 01", "---_----_", id="mode 2 new count"),
    pytest.param("14", 1, "3 . . . g . . G . .", "03 02 01 01 01 03 02", "--_----", id="mode 2 gate sets OUT"),
    pytest.param("14", 1, "5 . . 3 g G . . . .", "05 04 03 02 01 03", "----_-", id="mode 2 trigger, new count"),
    pytest.param("14", 1, "2 . . . . .", "02 01 02 01 02", "-_-_-", id="mode 2 smallest"),
    pytest.param("16", 1, "4 . . . . . . . . .", "04 02 04 02 04 02 04 02 04", "--__--__-", id="mode 3 even"),
    pytest.param(
        "16", 1, "5 . . . . . . . . . . .", "04 02 00 04 02 04 02 00 04 02 04", "---__---__-", id="mode 3 odd"
    ),
    pytest.param("16", 1, "4 . . . g . . G . . .", "04 02 04 04 04 04 02 04", "--_----_", id="mode 3 gate"),
    pytest.param("16", 1, "4 . 6 . . . . . . .", "04 02 06 04 02 06 04 02", "--___---", id="mode 3 new count"),
    pytest.param("16", 1, "2 . . . . .", "02 02 02 02 02", "-_-_-", id="mode 3 smallest"),
    pytest.param("1E", 1, "3 . . . . . .", "02 00 02 02 00 02", "--_--_", id="mode 7 is mode 3"),
    pytest.param("18", 1, "3 . . . . . . .", "03 02 01 00 FF FE FD", "---_---", id="mode 4"),
    pytest.param("18", 0, "3 . . . G . . . .", "03 03 03 02 01 00 FF", "-----_-", id="mode 4 gate"),
    pytest.param("18", 1, "3 . . . 2 . . . .", "03 02 01 02 01 00 FF", "-----_-", id="mode 4 new count"),
    pytest.param("1A", 0, "3 . G . g . . . . G .", "00 03 02 01 00 FF 03", "----_--", id="mode 5"),
    pytest.param("1A", 0, "3 G . . g G . . . . . .", "03 02 03 02 01 00 FF FE", "-----_--", id="mode 5 retrigger"),
    pytest.param("1A", 0, "3 G . . g 5 . . . . G . .", "03 02 01 00 FF FE 05 04", "---_----", id="mode 5 new count"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "gate", "script", "counts", "outs"), FIGURES)
def test_a_mode_counts_and_drives_out_as_in_its_figure(word, gate, script, counts, outs):
    bench = Bench(gate=bool(gate))
    bench.write(3, int(word, 16))
    assert bench.row(script) == (counts, outs)


@pytest.mark.parametrize(
    ("word", "out"), [(0x10, False), (0x12, True), (0x14, True), (0x16, True), (0x18, True), (0x1A, True)]
)
def test_a_control_word_sets_out_at_once(word, out):
    bench = Bench()
    bench.write(3, 0x10 if out else 0x12)
    bench.write(3, word)
    assert bench.pit.counters[0].out is out


def test_the_first_byte_of_two_stops_mode_0_and_the_second_starts_it():
    bench = Bench()
    bench.write(3, 0x30)
    assert bench.row("3 0 . . . . .") == ("03 02 01 00 FF", "___--")
    assert bench.row("2 . . 0 . . .") == ("FF FF 02 01 00", "____-")


def test_in_other_modes_a_half_written_count_changes_nothing():
    bench = Bench()
    bench.write(3, 0x34)
    assert bench.row("3 0 . . 5 . . . . 0 . . . . .") == ("03 02 01 03 02 01 05 04 03 02 01", "--_--_----_")


@pytest.mark.parametrize(("word", "period"), [(0x34, 65536), (0x35, 10000), (0x36, 65536), (0x37, 10000)])
def test_a_count_of_0_is_the_largest(word, period):
    bench = Bench()
    bench.write(3, word)
    bench.row("0 0 .")
    counter = bench.pit.counters[0]
    edges = []
    for _ in range(4):
        bench.pulses = counter.change()
        counter.advance(bench.pulses)
        edges.append((bench.pulses - 1, counter.out))
    half = period // 2 if word & 2 else period - 1
    assert edges == [(half, False), (period, True), (period + half, False), (2 * period, True)]


def test_bcd_counts_in_decimal():
    bench = Bench()
    bench.write(3, 0x31)
    bench.row("0 1 .")  # 0100
    bench.wait(1)
    assert bench.count() == [0x99, 0x00]
    bench.wait(98)
    assert (bench.count(), bench.pit.counters[0].out) == ([0x01, 0x00], False)
    bench.wait(1)
    assert (bench.count(), bench.pit.counters[0].out) == ([0x00, 0x00], True)
    bench.wait(1)
    assert bench.count() == [0x99, 0x99]


@pytest.mark.parametrize(("access", "expected"), [(0x10, [0x34, 0x34]), (0x20, [0x12, 0x12]), (0x30, [0x34, 0x12])])
def test_reads_take_the_bytes_that_the_control_word_says(access, expected):
    bench = Bench()
    bench.write(3, access | 0x08)  # mode 4: the count stands at what was loaded while GATE is low
    bench.gate(0)
    for value in {0x10: [0x34], 0x20: [0x12], 0x30: [0x34, 0x12]}[access]:
        bench.write(0, value)
    bench.wait(1)
    assert bench.count(2) == expected


def test_bytes_read_and_bytes_written_may_alternate():
    bench = Bench()
    bench.write(3, 0x34)
    bench.row("34 12 .")
    read = bench.count(1)
    bench.write(0, 0x78)
    read += bench.count(1)
    bench.write(0, 0x56)
    assert read == [0x34, 0x12]
    bench.wait(0x1234)
    assert bench.count() == [0x78, 0x56]


def test_a_latched_count_stands_until_both_bytes_are_read():
    bench = Bench()
    bench.write(3, 0x34)
    bench.row("34 12 .")
    bench.write(3, 0x00)
    bench.wait(3)
    bench.write(3, 0x00)  # ignored: the first one is still to be read
    assert bench.count(4) == [0x34, 0x12, 0x31, 0x12]


def test_read_back_latches_status_and_count_of_the_chosen_counters():
    bench = Bench()
    bench.write(3, 0x36)
    bench.write(3, 0x98)  # counter 2, low byte, mode 4
    bench.write(2, 7)
    bench.write(3, 0xCA)  # counters 0 and 2
    assert bench.pit.read(2, bench.now) == 0xD8  # OUT, null count
    bench.write(3, 0x36)
    bench.row("6 0 . .")
    bench.write(3, 0xC2)
    bench.wait(3)
    assert bench.count(5) == [0xB6, 0x04, 0x00, 0x04, 0x00]  # status first, then the count, latched and as it is
    bench.write(3, 0xE2)
    assert bench.count(1) == [0x36]  # OUT has fallen


def test_status_tells_null_count_and_out():
    bench = Bench()

    def status():
        bench.write(3, LATCH_STATUS_0)
        return bench.pit.read(0, bench.now)

    bench.write(3, 0x14)
    seen = [status()]
    bench.write(0, 3)
    seen.append(status())
    bench.clk()
    seen.append(status())
    bench.write(0, 9)  # waits for the end of the period
    bench.row(". .")
    seen.append(status())
    bench.clk()
    seen.append(status())
    assert seen == [0xD4, 0xD4, 0x94, 0x54, 0x94]


def test_the_control_word_does_not_read():
    bench = Bench()
    assert bench.pit.read(3, bench.now) == 0xFF


def test_an_8253_has_no_read_back():
    pit = Pit8254(read_back=False)
    now = Moment(0, 1)
    pit.write(3, 0x14, now)
    pit.write(0, 9, now)
    pit.write(3, LATCH_STATUS_0, now)
    assert pit.read(0, Moment(1, 2)) == 9


def test_what_comes_while_clk_is_high_waits_for_the_next_pulse():
    bench = Bench()
    bench.write(3, 0x14)
    bench.pit.write(0, 3, Moment(0, 2))  # CLK is high: pulse 1 has begun
    counter = bench.pit.counters[0]
    counts = []
    for bench.pulses in range(1, 5):
        counter.advance(bench.pulses)
        counts.append(bench.pit.read(0, bench.now))
    assert counts == [0, 3, 2, 1]
    assert not counter.out
    counter.set_gate(False, Moment(4, 6))  # pulse 5 saw GATE high
    assert counter.out
    assert bench.pit.read(0, Moment(5, 6)) == 3
    assert bench.pit.read(0, Moment(9, 10)) == 3


@pytest.mark.parametrize("word", [0x14, 0x16])
def test_the_illegal_count_of_1_does_not_make_the_machine_stand_still(word):
    bench = Bench()
    bench.write(3, word)
    bench.row("1 .")
    assert bench.pit.counters[0].out
    assert bench.pit.counters[0].change() is None
    assert bench.row("4 . . .")[0] == ("04 03 02" if word == 0x14 else "04 02 04")

"""The AT's clock: the time against Python's calendar, its three interrupts, and the registers' small print."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isadma_sim.devices.rtc import RealTimeClock, checksum, set_up

NEW_YEARS_EVE = datetime.datetime(1999, 12, 31, 23, 59, 58)


class Chip:
    def __init__(self, slot, start=NEW_YEARS_EVE):
        self.chip = RealTimeClock(start)
        self.pc = slot(self.chip)

    def get(self, reg):
        self.pc.outb(0x70, reg)
        return self.pc.inb(0x71)

    def put(self, reg, value):
        self.pc.outb(0x70, reg)
        self.pc.outb(0x71, value)

    @property
    def time(self):
        """The time registers as they are."""
        return [self.get(reg) for reg in (9, 8, 7, 4, 2, 0)]


@pytest.fixture
def chip(slot):
    return Chip(slot)


def bcd(value):
    return value // 10 << 4 | value % 10


def test_the_year_ends(chip):
    assert chip.time == [0x99, 0x12, 0x31, 0x23, 0x59, 0x58]
    assert chip.get(6) == 6  # a Friday
    chip.pc.delay(2)
    assert chip.time == [0x00, 0x01, 0x01, 0x00, 0x00, 0x00]
    assert chip.get(6) == 7


@given(
    start=st.datetimes(datetime.datetime(1980, 1, 1), datetime.datetime(2079, 12, 30)),
    binary=st.booleans(),
    twelve=st.booleans(),
    seconds=st.integers(1, 70),
)
@settings(max_examples=40)
def test_it_counts_as_the_calendar_does(slot, start, binary, twelve, seconds):
    start = start.replace(microsecond=0)
    rtc = Chip(slot, start)
    rtc.put(0x0B, 0x80)
    rtc.put(0x0B, (0x04 if binary else 0) | (0 if twelve else 2))

    def shown(moment):
        code = (lambda value: value) if binary else bcd
        hour = code(moment.hour)
        if twelve:
            hour = code((moment.hour + 11) % 12 + 1) | (0x80 if moment.hour >= 12 else 0)
        return [
            code(moment.year % 100),
            code(moment.month),
            code(moment.day),
            hour,
            *map(code, (moment.minute, moment.second)),
        ]

    for reg, value in zip((9, 8, 7, 4, 2, 0), shown(start), strict=True):
        rtc.put(reg, value)
    rtc.pc.delay(seconds)
    assert rtc.time == shown(start + datetime.timedelta(seconds=seconds))


def test_the_update_is_announced_and_reads_as_before_until_it_is_over(chip):
    hertz = chip.pc.clock_hz
    chip.pc.run(hertz - chip.pc.clock - round(0.0024 * hertz))
    assert not chip.get(0x0A) & 0x80
    chip.pc.run(hertz - chip.pc.clock - round(0.0021 * hertz))
    assert chip.get(0x0A) & 0x80
    assert chip.get(0) == 0x58
    chip.pc.run(hertz - chip.pc.clock - 30)
    assert chip.get(0x0A) & 0x80
    chip.pc.run(100)
    assert not chip.get(0x0A) & 0x80
    assert chip.get(0) == 0x59


def test_set_stops_updates_and_takes_the_update_interrupt_back(chip):
    chip.put(0x0B, 0x92)
    assert chip.get(0x0B) == 0x82
    chip.pc.delay(3)
    assert chip.get(0) == 0x58
    assert chip.get(0x0C) & 0x10 == 0
    chip.put(0x0B, 0x02)
    chip.pc.delay(1)
    assert chip.get(0) == 0x59


def test_the_update_interrupt_comes_each_second_and_reading_c_ends_it(chip):
    chip.get(0x0C)
    chip.put(0x0B, 0x12)
    for _ in range(3):
        chip.pc.wait_irq(1.01)
        assert chip.get(0x0C) & 0x90 == 0x90
        assert not chip.pc.level
        assert chip.get(0x0C) & 0x90 == 0
    assert chip.pc.clock == pytest.approx(3 * chip.pc.clock_hz, abs=200)


@pytest.mark.parametrize(
    ("alarm", "seconds"), [((0x00, 0x00, 0x00), 2), ((0x03, 0xFF, 0xC0), 5), ((0xC0, 0xC0, 0xC0), 1)]
)
def test_the_alarm_matches_the_time_and_two_high_bits_match_any(chip, alarm, seconds):
    for reg, value in zip((1, 3, 5), alarm, strict=True):
        chip.put(reg, value)
    chip.put(0x0B, 0x22)
    chip.pc.wait_irq(10)
    assert chip.get(0x0C) & 0xB0 == 0xB0
    assert chip.pc.clock / chip.pc.clock_hz == pytest.approx(seconds, abs=0.001)


@pytest.mark.parametrize(("rate", "per_second"), [(1, 256), (2, 128), (3, 8192), (6, 1024), (8, 256), (13, 8), (15, 2)])
def test_periodic_rates_are_those_of_the_table(chip, rate, per_second):
    chip.put(0x0A, 0x20 | rate)
    chip.put(0x0B, 0x42)
    chip.get(0x0C)
    for _ in range(8):
        chip.pc.wait_irq(1)
        assert chip.get(0x0C) & 0xC0 == 0xC0
    start = chip.pc.clock
    for _ in range(16):
        chip.pc.wait_irq(1)
        chip.get(0x0C)
    assert 16 * chip.pc.clock_hz / (chip.pc.clock - start) == pytest.approx(per_second, rel=0.01)


def test_flags_come_without_their_interrupts_and_rate_0_has_no_period(chip):
    chip.get(0x0C)
    chip.pc.delay(0.002)
    assert chip.get(0x0C) == 0x40
    assert chip.pc.rises == 0
    chip.put(0x0A, 0x20)
    chip.get(0x0C)
    chip.pc.delay(0.5)
    assert chip.get(0x0C) & 0x40 == 0


def test_the_first_update_comes_half_a_second_after_the_divider_was_let_go(chip):
    chip.pc.delay(0.3)
    chip.put(0x0A, 0x66)
    chip.pc.delay(2)
    assert chip.get(0) == 0x58
    chip.put(0x0A, 0x26)
    start = chip.pc.clock
    chip.put(0x0B, 0x12)
    chip.pc.wait_irq(1)
    assert (chip.pc.clock - start) / chip.pc.clock_hz == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize(
    ("start", "after"),
    [
        (datetime.datetime(1990, 4, 29, 1, 59, 59), 3),
        (datetime.datetime(1990, 4, 22, 1, 59, 59), 2),
        (datetime.datetime(1990, 10, 28, 1, 59, 59), 1),
        (datetime.datetime(1990, 10, 27, 1, 59, 59), 2),
    ],
)
def test_daylight_saving_turns_the_clock_on_the_last_sundays(slot, start, after):
    rtc = Chip(slot, start)
    rtc.put(0x0B, 0x03)
    rtc.pc.delay(1.1)
    assert rtc.get(4) == after
    rtc.put(2, 0x59)
    rtc.put(0, 0x58)
    rtc.pc.delay(3)
    assert rtc.get(4) == after + 1  # October's hour is not repeated twice


def test_reset_takes_the_interrupts_and_leaves_time_and_memory(chip):
    chip.put(0x40 - 1, 0xA5)
    chip.put(0x0B, 0x72)
    chip.pc.delay(1.1)
    assert chip.pc.level
    chip.chip.reset()
    assert not chip.pc.level
    assert chip.get(0x0B) == 0x02
    assert chip.get(0x0C) & 0x80 == 0
    assert (chip.get(0), chip.get(0x3F)) == (0x59, 0xA5)


def test_c_and_d_are_read_only_and_70h_does_not_read(chip):
    chip.put(0x0D, 0x00)
    assert chip.get(0x0D) == 0x80
    assert chip.pc.inb(0x70) == 0xFF
    chip.pc.outb(0x70, 0x8F)
    assert chip.chip.nmi_masked
    chip.pc.outb(0x71, 5)
    assert chip.get(0x0F) == 5
    assert not chip.chip.nmi_masked


def test_setup_writes_what_an_at_keeps():
    ram = [0] * 64
    set_up(ram, memory=16 << 20, floppies=["1.44M", "360K"])
    assert ram[0x10] == 0x41
    assert ram[0x14] == 0x61
    assert ram[0x15] | ram[0x16] << 8 == 640
    assert ram[0x17] | ram[0x18] << 8 == ram[0x30] | ram[0x31] << 8 == 15 * 1024
    assert ram[0x2E] << 8 | ram[0x2F] == sum(ram[0x10:0x2E]) == checksum(ram)
    set_up(ram, memory=512 << 10, monochrome=True)
    assert (ram[0x10], ram[0x14], ram[0x15], ram[0x16], ram[0x30]) == (0, 0x30, 0x00, 0x02, 0)


def test_a_drive_or_a_year_that_cannot_be():
    with pytest.raises(ValueError, match=r"floppies=\['8inch'\]"):
        set_up([0] * 64, memory=1 << 20, floppies=["8inch"])
    with pytest.raises(ValueError, match="give a datetime of 1980 to 2079"):
        RealTimeClock(datetime.datetime(1979, 1, 1))


def test_saved_and_loaded_it_goes_on(chip, slot):
    chip.put(0x0A, 0x2F)
    chip.put(0x0B, 0x42)
    chip.pc.delay(0.3)
    twin = Chip(slot)
    twin.pc.run(chip.pc.clock)
    twin.chip.load_state(chip.chip.save_state())
    for each in (chip, twin):
        each.pc.wait_irq(0.6)
        each.pc.delay(0.9)
    assert chip.pc.clock == twin.pc.clock
    assert chip.time == twin.time

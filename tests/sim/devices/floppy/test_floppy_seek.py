"""SEEK, RELATIVE SEEK, RECALIBRATE and the implied seek, with their times.

# Ref: Intel 82077AA, order 290166, sections 5.2.2, 5.2.3, 5.2.8 and table 5-10 (SRT).
"""

import pytest

from isadma_sim.devices.floppy import Drive

MSR = 0x3F4
MS = 4_000  # clocks of a millisecond


def test_a_seek_ends_with_seek_end_and_the_cylinder(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    assert machine.seek(42) == [0x20, 42]
    assert machine.fdc.drives[0].cylinder == 42


def test_the_busy_bit_stands_from_seek_to_sense(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.send(0x0F, 0, 10)
    assert machine.inb(MSR) == 0x81
    machine.wait_irq()
    assert machine.inb(MSR) == 0x81
    machine.sense()
    assert machine.inb(MSR) == 0x80


# SPECIFY's step rate, rate bits, clocks of ten steps at 4 MHz.
RATES = [
    (0xD0, 0, 10 * 3 * MS),  # 3 ms at 500 kbit/s
    (0x00, 0, 10 * 16 * MS),
    (0xF0, 3, 10 * MS // 2),  # 0.5 ms at 1 Mbit/s
    (0xD0, 2, 10 * 6 * MS),  # 6 ms at 250 kbit/s
    (0xD0, 1, 10 * 5 * MS),  # 5 ms at 300 kbit/s
]


@pytest.mark.parametrize(("srt", "rate", "clocks"), RATES)
def test_steps_come_at_the_rate_of_specify(rig, disk, srt, rate, clocks):
    machine = rig(disk(), rate=rate)
    machine.send(0x03, srt, 0x02)
    start = machine.clock
    machine.seek(10)
    assert machine.clock - start == pytest.approx(clocks, abs=20)


def test_recalibrate_finds_track_0(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.seek(30)
    machine.send(0x07, 0)
    machine.wait_irq()
    assert machine.sense() == [0x20, 0]
    assert machine.fdc.drives[0].cylinder == 0


def test_recalibrate_gives_up_after_80_steps(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.fdc.drives[0].cylinder = 82
    machine.send(0x07, 0)
    machine.wait_irq()
    assert machine.sense() == [0x70, 0]
    assert machine.fdc.drives[0].cylinder == 2
    machine.send(0x07, 0)
    machine.wait_irq()
    assert machine.sense() == [0x20, 0]


def test_recalibrate_without_a_drive_is_an_equipment_check(rig, disk):
    machine = rig(disk(), speed="full")
    machine.outb(0x3F2, 0x2D)  # select drive 1, which is not there
    machine.send(0x07, 1)
    machine.wait_irq()
    assert machine.sense() == [0x71, 0]


def test_a_relative_seek_moves_by_a_count(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.seek(10)
    machine.send(0xCF, 0, 5)
    machine.wait_irq()
    assert machine.sense() == [0x20, 15]
    machine.send(0x8F, 0, 7)
    machine.wait_irq()
    assert machine.sense() == [0x20, 8]
    assert machine.fdc.drives[0].cylinder == 8


def test_a_relative_seek_beyond_track_0_is_an_equipment_check(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.seek(3)
    machine.send(0x8F, 0, 5)
    machine.wait_irq()
    assert machine.sense() == [0x70, 0]


def test_an_implied_seek_goes_before_the_read(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    machine.send(0x13, 0x00, 0x60, 0x00)
    data, result = machine.read(20, 1, 1, 18, 512)
    assert data == image.data[(20 * 36 + 18) * 512 : (20 * 36 + 19) * 512]
    assert result == [0x04, 0, 0, 20, 1, 2, 2]
    machine.send(0x0E)
    assert machine.results()[0] == 20


def test_the_head_stops_at_the_end_stop_and_the_next_read_notices(rig, disk):
    machine = rig(disk(), speed="full")
    assert machine.seek(100) == [0x20, 100]
    assert machine.fdc.drives[0].cylinder == 83
    _, result = machine.read(100, 0, 1, 18, 512)
    assert result[:3] == [0x40, 0x01, 0x00]


def test_a_software_reset_forgets_the_cylinder_not_the_head(rig, disk):
    machine = rig(disk(), speed="full")
    machine.seek(12)
    machine.outb(0x3F4, 0x80)
    machine.wait_irq()
    assert machine.sense() == [0xC0, 0]
    assert machine.fdc.drives[0].cylinder == 12


def test_a_360k_disk_in_a_1_2m_drive_lies_under_every_second_cylinder_at_300_kbit(rig, disk, speed):
    image = disk("360K")
    machine = rig([Drive("1.2M", image)], speed=speed, rate=1)
    machine.seek(10)
    data, result = machine.read(5, 0, 1, 9, 512)
    assert data == image.data[5 * 18 * 512 : (5 * 18 + 1) * 512]
    assert result[:3] == [0, 0, 0]
    machine.seek(11)
    _, result = machine.read(5, 0, 1, 9, 512)
    assert result[:3] == [0x40, 0x01, 0x00]


def test_a_seek_that_ends_during_a_result_interrupts_after_it(rig, disk):
    machine = rig([disk(), Drive("1.44M")], speed="full")
    machine.send(0x0F, 1, 1)
    machine.send(0x10)
    machine.run(100)
    assert machine.irq_level
    assert machine.results() == [0x90]
    assert machine.irq_level
    assert machine.sense() == [0x21, 1]
    assert not machine.irq_level

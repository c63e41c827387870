"""Real speed: bytes at the data rate, sectors where they lie, head and motor in their time.

# Ref: Intel 82077AA, order 290166, figure 5-1 (MFM track format), tables 5-8 and 5-10; IBM System 34 format: GAP4a 80,
#      sync 12, IAM 4, GAP1 50; sync 12, IDAM 4, CHRN 4, CRC 2, GAP2 22, sync 12, DAM 4, data, CRC 2, GAP3 per sector.
"""

import itertools

import pytest

from isadma_sim.devices.floppy import Drive

DOR, MSR = 0x3F2, 0x3F4

# Format, rate bits, clocks of a byte at 4 MHz.
BYTES = [("360K", 2, 128), ("720K", 2, 128), ("1.2M", 0, 64), ("1.44M", 0, 64), ("2.88M", 3, 32)]


@pytest.mark.parametrize(("name", "rate", "clocks"), BYTES)
def test_a_byte_takes_its_time(rig, disk, name, rate, clocks):
    machine = rig(disk(name), rate=rate)
    machine.dma("write", count=512)
    machine.send(0xE6, 0, 0, 0, 1, 2, 8, 0x1B, 0xFF)
    machine.until(lambda: machine.moved == 1)
    first = machine.clock
    machine.until(lambda: machine.moved == 501)
    assert machine.clock - first == 500 * clocks


def test_a_360k_disk_in_a_1_2m_drive_gives_a_byte_every_107_clocks(rig, disk):
    machine = rig([Drive("1.2M", disk("360K"))], rate=1)
    machine.dma("write", count=512)
    machine.send(0xE6, 0, 0, 0, 1, 2, 8, 0x1B, 0xFF)
    machine.until(lambda: machine.moved == 1)
    first = machine.clock
    machine.until(lambda: machine.moved == 301)
    assert machine.clock - first == 32_000  # 300 bytes at 37.5 kbyte/s


# Format, rate bits, bytes from one sector to the next: 62 of overhead (81 with the wide gap), 512, and GAP3.
PITCHES = [("360K", 2, 654), ("1.2M", 0, 658), ("1.44M", 0, 682), ("2.88M", 3, 676)]


@pytest.mark.parametrize(("name", "rate", "pitch"), PITCHES)
def test_sectors_follow_at_the_pitch_of_the_format(rig, disk, name, rate, pitch):
    machine = rig(disk(name), rate=rate)
    byte = {2: 128, 0: 64, 3: 32}[rate]
    machine.dma("write", count=1024)
    machine.send(0xE6, 0, 0, 0, 1, 2, 8, 0x1B, 0xFF)
    machine.until(lambda: machine.moved == 1)
    first = machine.clock
    machine.until(lambda: machine.moved == 513)
    assert machine.clock - first == pitch * byte


def test_the_first_byte_of_a_track_comes_210_bytes_after_the_index(rig, disk):
    machine = rig(disk())
    machine.run(2_000_000)  # the disk is at speed, index at a multiple of 800,000 clocks after
    start = machine.fdc.drives[0].turning_from
    machine.dma("write", count=512)
    machine.send(0x66, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    machine.until(lambda: machine.moved == 1)
    # 146 to the first sector; 22 ID, 22 GAP2, 16 sync and mark, 1 the byte itself: 207; then the service.
    assert (machine.clock - start) % 800_000 == 207 * 64 + 7


# Kind of disk, rate bits, clocks of a turn at 4 MHz.
TURNS = [("1.44M", 0, 800_000), ("1.2M", 0, 666_666), ("360K", 2, 800_000)]


@pytest.mark.parametrize(("name", "rate", "turn"), TURNS)
def test_the_same_sector_comes_round_once_a_turn(rig, disk, name, rate, turn):
    machine = rig(disk(name), rate=rate)
    ends = []
    for _ in range(3):
        machine.read(0, 0, 5, 9, 512)
        ends.append(machine.clock)
    assert [b - a for a, b in itertools.pairwise(ends)] == [turn, turn]


def test_a_missing_sector_takes_two_index_pulses(rig, disk):
    machine = rig(disk())
    machine.read(0, 0, 1, 18, 512)
    start = machine.clock
    machine.read(0, 0, 99, 99, 512)
    assert 800_000 < machine.clock - start <= 1_600_000
    assert (machine.clock - machine.fdc.drives[0].turning_from) % 800_000 == 0


def test_the_motor_takes_half_a_second(rig, disk):
    machine = rig(disk())
    machine.command(0x4A, 0)
    assert 2_000_000 < machine.clock < 2_100_000


def test_the_head_loads_when_it_was_unloaded(rig, disk):
    machine = rig(disk())
    machine.send(0x03, 0xDF, 0x10)  # unload after 240 ms, load in 16 ms at 500 kbit/s

    def time_to_first_id():
        start = machine.clock
        machine.command(0x4A, 0)
        return machine.clock - start

    time_to_first_id()
    assert time_to_first_id() <= 682 * 64  # loaded still: the next ID field
    machine.run(961_000)
    assert time_to_first_id() > 64_000


def test_the_reset_interrupt_waits_for_the_first_poll(rig, disk):
    machine = rig(disk(), up=False)
    machine.outb(DOR, 0x0C)
    machine.wait_irq()
    assert machine.clock == 1_008  # 252 us at 250 kbit/s


def test_a_slow_clock_counts_fewer_clocks_for_the_same_time(rig, disk):
    machine = rig(disk(), clock_hz=1_000_000)
    machine.dma("write", count=512)
    machine.send(0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    machine.until(lambda: machine.moved == 1)
    first = machine.clock
    machine.until(lambda: machine.moved == 501)
    assert machine.clock - first == 8_000


def test_full_speed_takes_no_longer_than_the_services(rig, disk):
    machine = rig(disk(), speed="full")
    start = machine.clock
    machine.read(0, 0, 1, 18, 36 * 512)
    assert machine.clock - start < 36 * 512 * 9


def test_a_whole_cylinder_takes_its_two_turns_at_real_speed(rig, disk):
    machine = rig(disk())
    machine.read(0, 0, 1, 18, 512)
    start = machine.clock
    machine.read(0, 0, 1, 18, 36 * 512)
    assert 1_600_000 < machine.clock - start < 2_400_000

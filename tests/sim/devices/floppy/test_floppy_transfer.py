"""READ DATA, WRITE DATA and their ends.

# Ref: Intel 82077AA, order 290166, tables 5-3 to 5-6 and section 6.
"""

import pytest

SECTOR = 512


def test_one_sector_arrives_byte_for_byte(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    data, result = machine.read(0, 0, 1, 18, SECTOR)
    assert data == image.data[:SECTOR]
    assert result == [0x00, 0x00, 0x00, 0, 0, 2, 2]


def test_multitrack_reads_a_cylinder(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    machine.seek(5)
    data, result = machine.read(5, 0, 1, 18, 36 * SECTOR)
    assert data == image.data[5 * 36 * SECTOR : 6 * 36 * SECTOR]
    assert result == [0x04, 0x00, 0x00, 6, 0, 1, 2]


# MT, head, last sector, EOT, then C, H, R, N: the eight rows of the result phase table.
TABLE_5_6 = [
    (0, 0, 8, 18, (3, 0, 9, 2)),
    (0, 0, 18, 18, (4, 0, 1, 2)),
    (0, 1, 8, 18, (3, 1, 9, 2)),
    (0, 1, 18, 18, (4, 1, 1, 2)),
    (1, 0, 8, 18, (3, 0, 9, 2)),
    (1, 0, 18, 18, (3, 1, 1, 2)),
    (1, 1, 8, 18, (3, 1, 9, 2)),
    (1, 1, 18, 18, (4, 0, 1, 2)),
]


@pytest.mark.parametrize(("mt", "head", "last", "eot", "chrn"), TABLE_5_6)
def test_id_information_after_terminal_count_is_that_of_the_table(rig, disk, speed, mt, head, last, eot, chrn):
    machine = rig(disk(), speed=speed)
    machine.seek(3)
    first = (0xC6 if mt else 0x46) | 0x20
    _, result = machine.read(3, head, last - 1, eot, 2 * SECTOR, first=first)
    assert result == [head << 2, 0x00, 0x00, *chrn]


@pytest.mark.parametrize(("mt", "head", "last", "eot", "chrn"), TABLE_5_6)
def test_a_write_ends_with_the_same_table(rig, disk, speed, mt, head, last, eot, chrn):
    machine = rig(disk(), speed=speed)
    machine.seek(3)
    result = machine.write(3, head, last - 1, eot, bytes(2 * SECTOR), first=0xC5 if mt else 0x45)
    assert result == [head << 2, 0x00, 0x00, *chrn]


def test_eot_without_terminal_count_is_end_of_cylinder_and_r_stays(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    data, result = machine.read(0, 0, 17, 18, 3 * SECTOR, first=0x46)
    assert len(data) == 2 * SECTOR
    assert result == [0x40, 0x80, 0x00, 0, 0, 18, 2]


def test_a_write_without_terminal_count_is_end_of_cylinder(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    result = machine.write(0, 0, 17, 18, bytes(3 * SECTOR), first=0x45)
    assert result == [0x40, 0x80, 0x00, 0, 0, 18, 2]
    assert machine.moved == 2 * SECTOR
    assert image.data[16 * SECTOR : 18 * SECTOR] == bytes(2 * SECTOR)


def test_terminal_count_inside_a_sector_still_counts_the_sector(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    data, result = machine.read(0, 0, 4, 18, 100)
    assert data == image.data[3 * SECTOR : 3 * SECTOR + 100]
    assert result == [0x00, 0x00, 0x00, 0, 0, 5, 2]


def test_a_write_changes_its_sectors_and_no_other_byte(rig, disk, speed):
    image = disk()
    before = image.data
    machine = rig(image, speed=speed)
    new = bytes(range(256)) * 6
    result = machine.write(0, 1, 5, 18, new)
    assert result == [0x04, 0x00, 0x00, 0, 1, 8, 2]
    at = (18 + 4) * SECTOR
    assert image.data == before[:at] + new + before[at + len(new) :]


def test_a_sector_cut_by_terminal_count_is_filled_with_zeros(rig, disk, speed):
    image = disk()
    before = image.data
    machine = rig(image, speed=speed)
    assert machine.write(0, 0, 2, 18, b"\xa5" * 700) == [0x00, 0x00, 0x00, 0, 0, 4, 2]
    assert image.data == before[:SECTOR] + b"\xa5" * 700 + bytes(324) + before[3 * SECTOR :]


def test_a_verify_transfer_moves_nothing_and_reaches_terminal_count(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.dma("verify", count=2 * SECTOR)
    result = machine.command(0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    assert result == [0x00, 0x00, 0x00, 0, 0, 3, 2]
    assert machine.moved == 2 * SECTOR


def test_a_write_protected_disk_is_not_writable(rig, disk, speed):
    image = disk(write_protected=True)
    before = image.data
    machine = rig(image, speed=speed)
    assert machine.write(0, 0, 1, 18, bytes(SECTOR)) == [0x40, 0x02, 0x00, 0, 0, 1, 2]
    assert machine.moved == 0
    assert image.data == before


def test_a_sector_that_is_not_there_is_no_data(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    data, result = machine.read(0, 0, 19, 19, SECTOR)
    assert data == b""
    assert result == [0x40, 0x04, 0x00, 0, 0, 19, 2]


def test_another_cylinder_under_the_head_is_a_wrong_cylinder(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.seek(7)
    _, result = machine.read(8, 0, 1, 18, SECTOR)
    assert result == [0x40, 0x04, 0x10, 8, 0, 1, 2]


def test_a_wrong_data_rate_finds_no_address_mark(rig, disk, speed):
    machine = rig(disk(), speed=speed, rate=2)
    _, result = machine.read(0, 0, 1, 18, SECTOR)
    assert result == [0x40, 0x01, 0x00, 0, 0, 1, 2]


def test_fm_finds_no_address_mark_on_an_mfm_disk(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    _, result = machine.read(0, 0, 1, 18, SECTOR, first=0xA6)
    assert result == [0x40, 0x01, 0x00, 0, 0, 1, 2]


def test_a_size_code_that_does_not_fit_is_no_data(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    _, result = machine.read(0, 0, 1, 18, SECTOR, n=3)
    assert result == [0x40, 0x04, 0x00, 0, 0, 1, 3]


def test_a_single_sided_disk_has_nothing_on_side_one(rig, disk, speed):
    machine = rig(disk("180K"), speed=speed, rate=2)
    _, result = machine.read(0, 1, 1, 9, SECTOR)
    assert result == [0x44, 0x01, 0x00, 0, 1, 1, 2]


def test_a_late_dma_controller_overruns_at_real_speed(rig, disk):
    machine = rig(disk(), speed="real", latency=65)  # a byte lasts 64 clocks
    data, result = machine.read(0, 0, 1, 18, SECTOR)
    assert result == [0x40, 0x10, 0x00, 0, 0, 1, 2]
    assert len(data) < 2


def test_a_late_dma_controller_underruns_a_write_and_zeros_fill_the_sector(rig, disk):
    image = disk()
    machine = rig(image, speed="real", latency=65)
    result = machine.write(0, 0, 1, 18, b"\xff" * SECTOR)
    assert result == [0x40, 0x10, 0x00, 0, 0, 1, 2]
    written = image.data[:SECTOR].rstrip(b"\0")
    assert set(written) <= {0xFF}
    assert 1 <= len(written) < SECTOR


def test_the_fifo_bears_a_late_dma_controller(rig, disk):
    image = disk()
    machine = rig(image, speed="real")
    machine.send(0x13, 0x00, 0x0F, 0x00)  # CONFIGURE: FIFO on, threshold 16
    machine.latency = 60
    data, result = machine.read(0, 0, 1, 18, 2 * SECTOR)
    assert result == [0x00, 0x00, 0x00, 0, 0, 3, 2]
    assert data == image.data[: 2 * SECTOR]


def test_the_fifo_asks_first_when_the_threshold_is_reached(rig, disk):
    machine = rig(disk(), speed="real")
    machine.send(0x13, 0x00, 0x03, 0x00)  # threshold 4: asks when 12 bytes are in
    machine.send(0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    machine.until(lambda: machine.dreq_level)
    first = machine.clock
    machine.until(lambda: machine.irq_level)  # nobody serves: the seventeenth byte overruns
    assert machine.clock - first == 5 * 64
    assert machine.results() == [0x40, 0x10, 0x00, 0, 0, 1, 2]


# Format, sectors a track, sides, rate bits.
FORMATS = [
    ("160K", 8, 1, 2),
    ("180K", 9, 1, 2),
    ("320K", 8, 2, 2),
    ("360K", 9, 2, 2),
    ("720K", 9, 2, 2),
    ("1.2M", 15, 2, 0),
    ("1.44M", 18, 2, 0),
    ("2.88M", 36, 2, 3),
]


@pytest.mark.parametrize(("name", "sectors", "heads", "rate"), FORMATS)
def test_every_format_reads_to_the_end_of_its_cylinder(rig, disk, speed, name, sectors, heads, rate):
    image = disk(name)
    machine = rig(image, speed=speed, rate=rate)
    machine.seek(2)
    # The last two sectors of side 0, then side 1's first two: multi-track goes on there.
    data, result = machine.read(2, 0, sectors - 1, sectors, (2 * heads) * SECTOR)
    first = (2 * heads + 1) * sectors - 2
    assert data == image.data[first * SECTOR : (first + 2 * heads) * SECTOR]
    assert result == ([0x04, 0, 0, 2, 1, 3, 2] if heads == 2 else [0x00, 0, 0, 2, 1, 1, 2])


def test_dor_chooses_the_drive_and_the_status_names_it(rig, disk, speed):
    images = [disk(), disk()]
    machine = rig(images, speed=speed)
    machine.write(0, 0, 1, 18, b"\x01" * SECTOR)
    machine.power_up(unit=1)
    assert machine.seek(4, unit=1) == [0x21, 4]
    data, result = machine.read(4, 0, 1, 18, SECTOR, unit=1)
    assert data == images[1].data[4 * 36 * SECTOR : (4 * 36 + 1) * SECTOR]
    assert result == [0x01, 0, 0, 4, 0, 2, 2]
    assert machine.write(4, 1, 1, 18, b"\x02" * SECTOR, unit=1) == [0x05, 0, 0, 4, 1, 2, 2]
    assert [drive.cylinder for drive in machine.fdc.drives[:2]] == [0, 4]
    assert images[0].data[:SECTOR] == b"\x01" * SECTOR
    assert images[0].data[SECTOR:] == disk().data[SECTOR:]

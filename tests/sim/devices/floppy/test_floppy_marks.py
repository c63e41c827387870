"""READ ID, READ TRACK, VERIFY, deleted data, damaged sectors.

# Ref: Intel 82077AA, order 290166, sections 5.1.2, 5.1.3, 5.1.5, 5.2.1, tables 5-4, 5-5 and 5-7.
"""

import pytest

SECTOR = 512


def test_read_id_reports_what_passes(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    machine.seek(6)
    result = machine.command(0x4A, 0x04)
    assert result[:5] == [0x04, 0x00, 0x00, 6, 1]
    assert 1 <= result[5] <= 18
    assert result[6] == 2


def test_read_id_finds_every_sector_in_turn(rig, disk):
    machine = rig(disk(), speed="real")
    seen = [machine.command(0x4A, 0x00)[5] for _ in range(36)]
    assert seen == [(seen[0] - 1 + n) % 18 + 1 for n in range(36)]


def test_read_id_at_the_wrong_rate_misses_the_address_mark(rig, disk, speed):
    machine = rig(disk("720K"), speed=speed, rate=0)
    assert machine.command(0x4A, 0x00)[:3] == [0x40, 0x01, 0x00]


def test_read_id_with_bad_crcs_only_is_no_data(rig, disk):
    image = disk()
    for sector in image.track(0, 0):
        sector.id_error = True
    assert rig(image, speed="full").command(0x4A, 0x00)[:3] == [0x40, 0x24, 0x00]


def test_a_bad_crc_in_the_id_field_is_a_data_error(rig, disk, speed):
    image = disk()
    image.track(0, 0)[2].id_error = True
    _, result = rig(image, speed=speed).read(0, 0, 3, 18, SECTOR)
    assert result == [0x40, 0x20, 0x00, 0, 0, 3, 2]


def test_a_bad_crc_in_the_data_field_is_a_data_error_there(rig, disk, speed):
    image = disk()
    image.track(0, 0)[2].data_errors = 1
    machine = rig(image, speed=speed)
    data, result = machine.read(0, 0, 2, 18, 3 * SECTOR)
    assert result == [0x40, 0x20, 0x20, 0, 0, 3, 2]
    assert data == image.data[SECTOR : 3 * SECTOR]
    data, result = machine.read(0, 0, 3, 18, SECTOR)  # the second try reads it
    assert result == [0x00, 0x00, 0x00, 0, 0, 4, 2]


def test_a_missing_data_mark_is_reported_in_both_registers(rig, disk, speed):
    image = disk()
    image.track(0, 0)[0].no_data_mark = True
    _, result = rig(image, speed=speed).read(0, 0, 1, 18, SECTOR)
    assert result == [0x40, 0x01, 0x01, 0, 0, 1, 2]


def test_a_cylinder_number_of_ffh_marks_a_bad_track(rig, disk):
    image = disk()
    for sector in image.track(0, 0):
        sector.c = 0xFF
    _, result = rig(image, speed="full").read(0, 0, 1, 18, SECTOR)
    assert result == [0x40, 0x04, 0x12, 0, 0, 1, 2]


# First byte, whether sector 2 has a deleted mark, sectors asked for; ST2, R afterwards, sectors that arrived.
# SK = 0: read, CM set, address not incremented; SK = 1: skipped, CM set.
MARKS = [
    (0x46, True, 3, 0x40, 2, [1, 2]),
    (0x66, True, 2, 0x40, 4, [1, 3]),
    (0x46, False, 3, 0x00, 4, [1, 2, 3]),
    (0x66, False, 3, 0x00, 4, [1, 2, 3]),
]


@pytest.mark.parametrize(("first", "deleted", "count", "st2", "r", "arrived"), MARKS)
def test_sk_and_the_data_mark_decide_what_is_read(rig, disk, speed, first, deleted, count, st2, r, arrived):
    image = disk()
    image.track(0, 0)[1].deleted = deleted
    data, result = rig(image, speed=speed).read(0, 0, 1, 18, count * SECTOR, first=first)
    assert result == [0x00, 0x00, st2, 0, 0, r, 2]
    assert data == b"".join(image.data[(n - 1) * SECTOR : n * SECTOR] for n in arrived)


def test_read_deleted_data_wants_the_other_mark(rig, disk, speed):
    image = disk()
    image.track(0, 0)[1].deleted = True
    machine = rig(image, speed=speed)
    _, result = machine.read(0, 0, 2, 18, SECTOR, first=0x4C)
    assert result == [0x00, 0x00, 0x00, 0, 0, 3, 2]
    _, result = machine.read(0, 0, 3, 18, 2 * SECTOR, first=0x4C)
    assert result == [0x00, 0x00, 0x40, 0, 0, 3, 2]
    data, result = machine.read(0, 0, 1, 18, SECTOR, first=0x6C)
    assert result == [0x00, 0x00, 0x40, 0, 0, 3, 2]
    assert data == image.data[SECTOR : 2 * SECTOR]


def test_write_deleted_data_marks_the_sector_and_write_data_takes_it_back(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    assert machine.write(0, 0, 4, 18, b"\x11" * SECTOR, first=0x49) == [0, 0, 0, 0, 0, 5, 2]
    _, result = machine.read(0, 0, 4, 18, SECTOR, first=0x46)
    assert result[2] == 0x40
    machine.write(0, 0, 4, 18, b"\x22" * SECTOR, first=0x45)
    data, result = machine.read(0, 0, 4, 18, SECTOR, first=0x46)
    assert (data, result[2]) == (b"\x22" * SECTOR, 0x00)


def test_read_track_reads_from_the_index_whatever_the_numbers(rig, disk, speed):
    image = disk()
    data, result = rig(image, speed=speed).read(0, 0, 1, 18, 18 * SECTOR, first=0x42)
    assert data == image.data[: 18 * SECTOR]
    assert result[:3] == [0x00, 0x00, 0x00]


def test_read_track_ends_by_eot_without_terminal_count(rig, disk, speed):
    image = disk()
    data, result = rig(image, speed=speed).read(0, 0, 1, 4, 18 * SECTOR, first=0x42)
    assert data == image.data[: 4 * SECTOR]
    assert result[:3] == [0x00, 0x00, 0x00]


def test_read_track_notes_a_strange_number_as_no_data_and_reads_on(rig, disk, speed):
    image = disk()
    track = image.track(0, 0)
    track[1].r, track[2].r = 3, 2
    data, result = rig(image, speed=speed).read(0, 0, 1, 18, 4 * SECTOR, first=0x42)
    assert data == image.data[: 4 * SECTOR]
    assert result[:3] == [0x40, 0x04, 0x00]


# First byte, EC, SC or DTL, EOT, R; result.
VERIFIES = [
    (0x56, 0, 0xFF, 18, 1, [0x00, 0x00, 0x00, 1, 0, 1, 2]),
    (0xD6, 0, 0xFF, 18, 1, [0x04, 0x00, 0x00, 1, 0, 1, 2]),
    (0x56, 1, 5, 18, 3, [0x00, 0x00, 0x00, 0, 0, 8, 2]),
    (0xD6, 1, 20, 18, 1, [0x04, 0x00, 0x00, 0, 1, 3, 2]),
    (0x56, 1, 5, 18, 16, [0x40, 0x80, 0x00, 0, 0, 18, 2]),
    (0x56, 0, 0xFF, 19, 1, [0x40, 0x04, 0x00, 0, 0, 19, 2]),
]


@pytest.mark.parametrize(("first", "ec", "sc", "eot", "r", "result"), VERIFIES)
def test_the_verify_command_ends_by_eot_or_by_its_count(rig, disk, speed, first, ec, sc, eot, r, result):
    machine = rig(disk(), speed=speed)
    assert machine.command(first, ec << 7, 0, 0, r, 2, eot, 0x1B, sc) == result
    assert machine.requests == 0


def test_the_verify_command_finds_a_bad_sector(rig, disk, speed):
    image = disk()
    image.track(0, 0)[6].data_errors = -1
    result = rig(image, speed=speed).command(0x56, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    assert result == [0x40, 0x20, 0x20, 0, 0, 7, 2]

"""FORMAT TRACK.

# Ref: Intel 82077AA, order 290166, section 5.1.6, tables 5-8 and 5-9.
"""

import pytest

SECTOR = 512


def ids(cylinder, head, numbers, n=2):
    return b"".join(bytes((cylinder, head, r, n)) for r in numbers)


def format_track(machine, data, *, head=0, n=2, sc=18, gpl=0x6C, fill=0xF6, first=0x4D):
    machine.dma("read", data)
    return machine.command(first, head << 2, n, sc, gpl, fill)


def test_a_formatted_track_is_filled_and_no_other(rig, disk, speed):
    image = disk()
    before = image.data
    machine = rig(image, speed=speed)
    machine.seek(3)
    result = format_track(machine, ids(3, 1, range(1, 19)), head=1)
    assert result[:3] == [0x04, 0x00, 0x00]
    at = (3 * 36 + 18) * SECTOR
    assert image.data == before[:at] + b"\xf6" * 18 * SECTOR + before[at + 18 * SECTOR :]


def test_it_lasts_from_index_to_index(rig, disk):
    machine = rig(disk())
    machine.read(0, 0, 1, 18, SECTOR)
    start = machine.clock
    format_track(machine, ids(0, 0, range(1, 19)))
    assert 800_000 < machine.clock - start <= 1_600_000
    assert (machine.clock - machine.fdc.drives[0].turning_from) % 800_000 == 0


def test_interleaved_sectors_are_found_where_they_were_laid(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    order = [1, 10, 2, 11, 3, 12, 4, 13, 5, 14, 6, 15, 7, 16, 8, 17, 9, 18]
    format_track(machine, ids(0, 0, order))
    assert [sector.r for sector in image.track(0, 0)] == order
    assert machine.write(0, 0, 2, 18, b"\x42" * SECTOR)[:3] == [0, 0, 0]
    assert image.data[SECTOR : 2 * SECTOR] == b"\x42" * SECTOR


def test_sectors_a_raw_image_has_no_place_for_live_until_it_is_closed(rig, disk, speed):
    image = disk()
    before = image.data
    machine = rig(image, speed=speed)
    format_track(machine, ids(0, 0, [200, 201], n=3), n=3, sc=2, gpl=0x35, fill=0x5A)
    assert image.data == before
    data, result = machine.read(0, 0, 200, 201, 2048, n=3)
    assert data == b"\x5a" * 2048
    assert result[:3] == [0, 0, 0]
    machine.write(0, 0, 201, 201, b"\x01" * 1024, n=3)
    assert machine.read(0, 0, 201, 201, 1024, n=3)[0] == b"\x01" * 1024
    _, result = machine.read(0, 0, 1, 18, SECTOR)
    assert result[:3] == [0x40, 0x04, 0x00]


def test_sectors_of_128_bytes_move_dtl_bytes(rig, disk, speed):
    machine = rig(disk(), speed=speed)
    format_track(machine, ids(0, 0, [1, 2], n=0), n=0, sc=2, gpl=0x1B, fill=0x33)
    data, result = machine.read(0, 0, 1, 2, 200, n=0, dtl=100, first=0x46)
    assert data == b"\x33" * 200
    assert result == [0x00, 0x00, 0x00, 1, 0, 1, 0]


def test_sectors_beyond_the_next_index_are_not_laid(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    result = format_track(machine, ids(0, 0, range(1, 25)), sc=24)
    assert result[:3] == [0x00, 0x00, 0x00]
    assert [sector.r for sector in image.track(0, 0)] == list(range(1, 19))


def test_a_write_protected_disk_is_not_formatted(rig, disk, speed):
    image = disk(write_protected=True)
    before = image.data
    result = format_track(rig(image, speed=speed), ids(0, 0, range(1, 19)))
    assert result[:3] == [0x40, 0x02, 0x00]
    assert image.data == before


def test_a_late_host_is_an_overrun(rig, disk):
    machine = rig(disk(), speed="real", latency=50_000)
    result = format_track(machine, ids(0, 0, range(1, 19)))
    assert result[:3] == [0x40, 0x10, 0x00]


def test_an_early_terminal_count_leaves_the_rest_of_the_track_bare(rig, disk, speed):
    image = disk()
    machine = rig(image, speed=speed)
    assert format_track(machine, ids(0, 0, [1, 2, 3]))[:3] == [0x00, 0x00, 0x00]
    assert [sector.r for sector in image.track(0, 0)] == [1, 2, 3]


def test_a_reset_in_the_middle_leaves_whole_sectors_new_and_the_rest_old(rig, disk):
    image = disk()
    before = image.data
    machine = rig(image, speed="real")
    machine.dma("read", ids(0, 0, range(1, 19)))
    machine.send(0x4D, 0, 2, 18, 0x6C, 0xF6)
    machine.until(lambda: machine.moved == 29)  # seven sectors are laid, and the eighth is asked for
    machine.outb(0x3F4, 0x80)
    assert image.data == b"\xf6" * 7 * SECTOR + before[7 * SECTOR :]
    machine.power_up()
    data, _ = machine.read(0, 0, 9, 18, SECTOR)
    assert data == before[8 * SECTOR : 9 * SECTOR]


def test_a_track_formatted_at_another_rate_cannot_be_read_any_more(rig, disk):
    machine = rig(disk(), speed="full", rate=2)
    format_track(machine, ids(0, 0, range(1, 10)), sc=9, gpl=0x50)
    machine.outb(0x3F7, 0)
    _, result = machine.read(0, 0, 1, 18, SECTOR)
    assert result[:3] == [0x40, 0x01, 0x00]


def test_an_id_field_with_another_size_than_was_laid_is_misread(rig, disk):
    machine = rig(disk(), speed="full")
    format_track(machine, ids(0, 0, [1], n=3), n=2, sc=1)
    _, result = machine.read(0, 0, 1, 1, 1024, n=3)
    assert result[:3] == [0x40, 0x20, 0x20]


@pytest.mark.parametrize(("mode", "pitch"), [(0x00, 62 + 512 + 0x53), (0x03, 81 + 512 + 0x53)])
def test_perpendicular_mode_widens_the_gap_after_the_id_field(rig, disk, mode, pitch):
    image = disk("2.88M")
    machine = rig(image, speed="full", rate=3)
    machine.send(0x12, mode)
    format_track(machine, ids(0, 0, range(1, 37)), sc=36, gpl=0x53)
    first, second = image.track(0, 0)[:2]
    assert second.start - first.start == pitch


def test_an_unformatted_disk_formats_whole_in_every_sector_number_wanted(rig, disk):
    image = disk("720K")
    machine = rig(image, speed="full", rate=2)
    for cylinder in range(3):
        machine.seek(cylinder)
        for head in range(2):
            assert format_track(machine, ids(cylinder, head, range(1, 10)), head=head, sc=9, gpl=0x50)[1:3] == [0, 0]
    assert image.data[: 3 * 18 * SECTOR] == b"\xf6" * 3 * 18 * SECTOR

"""The older chip: READY wired to the drives, SCAN, none of the enhanced commands.

# Ref: NEC uPD765A/B data sheet: command table, status registers, 'Scan Commands'.
"""

import pytest

SECTOR = 512


@pytest.fixture
def old(rig, disk):
    """Make a rig with the older chip, whose drive has become ready."""

    def make(image=None, **options):
        machine = rig(image or disk(), variant="uPD765A", **options)
        if not machine.fdc.instant:
            machine.wait_irq()
            assert machine.sense() == [0xC0, 0]
        return machine

    return make


@pytest.mark.parametrize("code", [0x10, 0x13, 0x0E, 0x12, 0x14, 0x94, 0x16, 0x8F, 0xCF])
def test_enhanced_commands_are_invalid(old, code):
    machine = old(speed="full")
    machine.send(code)
    assert machine.results() == [0x80]


def test_it_reads_like_the_newer_one(old, disk, speed):
    image = disk()
    data, result = old(image, speed=speed).read(0, 0, 1, 18, 2 * SECTOR)
    assert data == image.data[: 2 * SECTOR]
    assert result == [0, 0, 0, 0, 0, 3, 2]


def test_a_drive_that_is_not_ready_ends_a_read_at_once(old, speed):
    machine = old(speed=speed)
    machine.fdc.eject(0)
    assert machine.sense() == [0xC8, 0]
    assert machine.command(0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)[:3] == [0x48, 0x00, 0x00]


def test_ready_going_away_ends_a_read_under_way(old):
    machine = old(speed="real")
    machine.dma("write", count=1024)
    machine.send(0xE6, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF)
    machine.until(lambda: machine.moved == 100)
    machine.fdc.eject(0)
    machine.wait_irq()
    assert machine.results()[:3] == [0x48, 0x00, 0x00]


def test_ready_and_two_side_show_in_st3(old, disk):
    machine = old(speed="full")
    machine.send(0x04, 0)
    assert machine.results() == [0x38]
    machine.fdc.eject(0)
    machine.sense()
    machine.send(0x04, 0)
    assert machine.results() == [0x50]


def test_recalibrate_gives_up_after_77_steps(old):
    machine = old(speed="full")
    machine.fdc.drives[0].cylinder = 80
    machine.send(0x07, 0)
    machine.wait_irq()
    assert machine.sense() == [0x70, 0]
    assert machine.fdc.drives[0].cylinder == 3


# Command, byte sent minus byte on disk for a sector of 80h: ST2 (SH 08h, SN 04h).
SCANS = [
    (0x51, 0, 0x08),
    (0x51, 1, 0x04),
    (0x59, 0, 0x08),
    (0x59, 1, 0x00),
    (0x59, -1, 0x04),
    (0x5D, 0, 0x08),
    (0x5D, 1, 0x04),
    (0x5D, -1, 0x00),
]


@pytest.mark.parametrize(("code", "difference", "st2"), SCANS)
def test_scans_compare_disk_and_host(old, disk, speed, code, difference, st2):
    image = disk()
    machine = old(image, speed=speed)
    machine.write(0, 0, 1, 18, b"\x80" * SECTOR)
    before = image.data
    machine.dma("read", bytes([0x80 + difference]) * SECTOR)
    result = machine.command(code, 0, 0, 0, 1, 2, 1, 0x1B, 1)
    assert result[:3] == [0x00, 0x00, st2]
    assert image.data == before


def test_a_scan_goes_on_to_the_sector_that_fits(old, disk, speed):
    image = disk()
    machine = old(image, speed=speed)
    machine.dma("read", bytes(2 * SECTOR) + image.data[2 * SECTOR : 3 * SECTOR] + bytes(SECTOR))
    result = machine.command(0x51, 0, 0, 0, 1, 2, 18, 0x1B, 1)
    assert result[:3] == [0x00, 0x00, 0x08]
    assert result[5] == 3
    assert machine.moved == 3 * SECTOR


def test_ffh_from_the_host_fits_anything(old, disk):
    machine = old(speed="full")
    machine.dma("read", b"\xff" * SECTOR)
    assert machine.command(0x51, 0, 0, 0, 1, 2, 1, 0x1B, 1)[2] == 0x08

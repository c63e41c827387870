"""Disks go in and out while the machine runs: the change line, what is read, and files that are let go of."""

import pytest

from isadma_driver import Floppy, Kernel
from isadma_driver.errors import NoDiskError
from isadma_sim import PC
from isadma_sim.devices.floppy import Drive, FloppyController

DIR, DOR = 0x3F7, 0x3F2


def disk(path, byte, size=1_474_560):
    path.write_bytes(bytes([byte]) * size)
    return path


@pytest.mark.parametrize("engine", ["reference", "native"])
def test_the_driver_notices_another_disk_and_reads_it(tmp_path, engine):
    one, two = disk(tmp_path / "one.img", 1), disk(tmp_path / "two.img", 2)
    with PC(engine=engine, floppy=one, floppy_speed="full") as pc, Floppy(Kernel(pc), "1.44M") as floppy:
        assert floppy.read(0) == b"\x01" * 512
        pc.floppy.eject()
        with pytest.raises(NoDiskError):
            floppy.read(0)
        pc.floppy.insert(two)
        assert floppy.read(0) == b"\x02" * 512
        floppy.write(3, b"\x55" * 512)
        pc.floppy.eject()
        pc.floppy.insert(one)
        assert floppy.read(0) == b"\x01" * 512
    assert two.read_bytes()[3 * 512 : 4 * 512] == b"\x55" * 512
    assert one.read_bytes() == b"\x01" * 1_474_560


def test_the_change_line_stays_until_a_step_with_a_disk_in(tmp_path):
    with PC(engine="reference", floppy=disk(tmp_path / "a.img", 1), floppy_speed="full") as pc:
        pc.outb(DOR, 0x1C)

        def recalibrate_and_seek():
            for command in ((0x07, 0), (0x0F, 0, 2)):
                for value in command:
                    pc.outb(0x3F5, value)
                pc.run(clocks=4000)
                pc.outb(0x3F5, 0x08)
                pc.run(clocks=100)
                pc.inb(0x3F5)
                pc.inb(0x3F5)

        pc.run(clocks=1000)
        for _ in range(4):
            pc.outb(0x3F5, 0x08)
            pc.inb(0x3F5)
            pc.inb(0x3F5)
        recalibrate_and_seek()
        assert not pc.inb(DIR) & 0x80
        image = pc.floppy.eject()
        assert pc.inb(DIR) & 0x80
        recalibrate_and_seek()
        assert pc.inb(DIR) & 0x80  # no disk: a step does not clear it
        pc.floppy.insert(image)
        assert pc.inb(DIR) & 0x80
        recalibrate_and_seek()
        assert not pc.inb(DIR) & 0x80


def test_what_does_not_go_in_is_told_and_changes_nothing(tmp_path):
    controller = FloppyController([Drive("720K")])
    with pytest.raises(ValueError, match=r"a 1\.44M disk does not go into a 720K drive"):
        controller.insert(disk(tmp_path / "a.img", 1))
    with pytest.raises(FileNotFoundError, match="no floppy image"):
        controller.insert(tmp_path / "none.img")
    controller.insert(disk(tmp_path / "b.img", 1, 737_280), write_protected=True)
    with pytest.raises(ValueError, match="eject it first"):
        controller.insert(tmp_path / "b.img")
    assert controller.eject().write_protected
    assert controller.eject() is None

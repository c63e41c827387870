"""What the power-on self tests of a PC/XT ask the machine, asked by a ROM of our own (`asm/xtpost.s`)."""

from pathlib import Path

import pytest

from isadma_sim.boot import Computer
from isadma_sim.boot.assembler import assembled
from isadma_sim.boot.bios import Bios
from isadma_sim.boot.computer import End

ROM = 8192
CHECKS = """checksum, timer 1, 8237A registers, no request of channel 0 waits, refresh, 64 KiB, 640 KiB,
no monochrome adapter, screen memory, retrace, 8259A mask, no stray interrupt, timer 0, keyboard, nothing more of it,
switches, timer 2, COM1, nothing else, floppy reset, floppy statuses, recalibrate, a sector by DMA 2"""


@pytest.fixture(scope="module")
def rom():
    data = bytearray(assembled(Path(__file__).parent / "asm" / "xtpost.s", {}))
    assert len(data) == ROM
    data[-1] = -sum(data[:-1]) & 0xFF
    return Bios(bytes(data), "the self tests")


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "disk.img"
    path.write_bytes(b"\0" * 510 + b"\x55\xaa" + b"\0" * (368640 - 512))
    return path


def test_a_pc_xt_passes_its_self_tests(rom, image):
    with Computer(image, rom, board="xt") as computer:
        end = computer.run(20)
        said = computer.cards.consoles[0].said.decode().splitlines()
        assert said == [f"{check}: ok" for check in CHECKS.replace("\n", " ").split(", ")]
        assert end is End.HALTED
        assert computer.seconds < 10

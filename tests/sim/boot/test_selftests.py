"""Guests of our own that check the machine, as a PC/XT's self tests do (`asm/xtpost.s`), and DOS (`asm/doslike.s`)."""

from pathlib import Path

import pytest

from isadma_sim.boot import Computer
from isadma_sim.boot.assembler import assembled
from isadma_sim.boot.bios import SEABIOS, Bios
from isadma_sim.boot.computer import End
from isadma_sim.devices.keyboard.typist import strokes_of

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


DOS = """memory, equipment, drive A, sectors over tracks, a track, a sector that is not there, a sector written, ticks,
clock, delay, A20, 15 MiB, blocks moved, protected mode, the floppy by its ports, scrolled, typed"""


@pytest.mark.parametrize(
    "own",
    [
        True,
        pytest.param(
            False, marks=[pytest.mark.long, pytest.mark.skipif(not SEABIOS.is_file(), reason="apt install seabios")]
        ),
    ],
    ids=["builtin", "seabios"],
)
def test_what_dos_and_its_drivers_ask_of_an_at_is_answered(tmp_path, own):
    disk = bytearray(b"".join(bytes([sector & 0xFF]) * 512 for sector in range(2880)))
    program = assembled(Path(__file__).parent / "asm" / "doslike.s", {})
    disk[: len(program)] = program
    path = tmp_path / "dos.img"
    path.write_bytes(disk)
    with Computer(path, Bios.own("at") if own else Bios.from_file(SEABIOS, "at")) as computer:
        computer.cards.typist.type(strokes_of("Dir{ENTER}"))
        assert computer.run(20) is End.HALTED
        said = computer.cards.consoles[0].said.decode().split()
    checks = " ".join(said).replace(" ok scrolled", " scrolled").replace("A> ", "").split(": ok")
    assert [check.strip() for check in checks] == [*DOS.replace("\n", " ").split(", "), ""]

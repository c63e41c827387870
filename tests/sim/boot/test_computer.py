"""Guests of a few instructions on the whole machine: what they wait for, and what they must not."""

import pytest

from isadma_sim.boot import Computer
from isadma_sim.boot.bios import Bios
from isadma_sim.boot.computer import End

#: Where the guest stands: the first byte of the ROM.
ORIGIN = "ea 0000 00f0"


@pytest.fixture
def run(tmp_path):
    """Run code as the ROM of an AT, and return how it ended."""
    image = tmp_path / "disk.img"
    image.write_bytes(bytes(1474560))

    def go(code, seconds=2.0):
        rom = bytes.fromhex(code).ljust(0xFFF0, b"\xff") + bytes.fromhex(ORIGIN).ljust(16, b"\xff")
        with Computer(image, Bios(rom, "a guest")) as computer:
            return computer.run(seconds), computer.seconds

    return go


@pytest.mark.parametrize(
    "code",
    [
        "fb bb00f4 49 75fa fa f4 ebfc",  # STI; again: MOV BX,F400h; DEC CX; JNZ again; CLI; HLT
        "fb eb0a" + "90" * 10 + "49 7403 eb00 ebf4 fa f4 ebfc",  # a loop whose jump's last byte is F4h
    ],
)
def test_an_instruction_that_ends_with_hlts_byte_is_not_waited_at(run, code):
    end, seconds = run(code)
    assert end is End.HALTED
    assert seconds < 0.5

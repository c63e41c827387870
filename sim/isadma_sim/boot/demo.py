"""The demo floppy: a boot sector, the program that it loads, and a track whose sum the program knows."""

from __future__ import annotations

from isadma_sim.boot.assembler import assemble

__all__ = ["FINE", "demo_floppy"]

#: What the program says at its end.
FINE = "All is as it should be."
_SECTOR = 512
#: A 1.44M disk: sectors of a track, heads, and all.
_TRACK, _HEADS, _SECTORS = 18, 2, 2880
#: Sectors of the program.
_PROGRAM = 4


def demo_floppy(board: str) -> bytes:
    """Return the image of a 1.44M floppy that boots.

    Parameters
    ----------
    board : str
        ``"at"`` or ``"xt"``: the refreshes are counted where the board has them.
    """
    symbols = {"XT": 1} if board == "xt" else {}
    boot = assemble("demoboot", SECTORS=_PROGRAM)
    program = assemble("demo", SECTORS=_PROGRAM, **symbols)
    data = bytes((at * 7 + at // 512 * 13 + 5) & 0xFF for at in range(_TRACK * _SECTOR))
    program = program[:-4] + sum(data).to_bytes(4, "little")
    image = bytearray(_SECTORS * _SECTOR)
    image[: len(boot)] = boot
    image[_SECTOR : _SECTOR + len(program)] = program
    second = _TRACK * _HEADS * _SECTOR  # cylinder 1
    image[second : second + len(data)] = data
    return bytes(image)

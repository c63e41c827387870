"""What the SETUP program of an AT leaves in the clock's memory: drives, display, sizes of memory, the checksum."""

# Ref: IBM PC AT Technical Reference (1502494), CMOS RAM information.

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

from isadma_sim.devices.rtc.regs import CHECKED, FLOPPY_TYPES, Equipment, Kept

__all__ = ["checksum", "set_up"]

_KB, _MB = 1 << 10, 1 << 20
#: Base memory ends where the display's begins.
_BASE = 640 * _KB
_MOST_EXTENDED_KB = 0xFFFF


def checksum(ram: Sequence[int]) -> int:
    """Return the sum of 10h to 2Dh, 16 bits."""
    return sum(ram[at] for at in CHECKED) & 0xFFFF


def set_up(ram: MutableSequence[int], *, memory: int, floppies: Sequence[str] = (), monochrome: bool = False) -> None:
    """Write the configuration of a machine.

    Parameters
    ----------
    ram : sequence of int
        The clock's 64 bytes.
    memory : int
        Bytes installed.
    floppies : sequence of str
        One or two drives, by the largest format that they take: ``"1.44M"``.
    monochrome : bool
        The display is an MDA's; a CGA's with 80 columns unless told.

    Raises
    ------
    ValueError
        For a drive that no byte stands for, or more than two.
    """
    unknown = [name for name in floppies if name not in FLOPPY_TYPES]
    if unknown or len(floppies) > 2:
        raise ValueError(f"floppies={list(floppies)!r}: two drives at most, of {', '.join(FLOPPY_TYPES)}")
    types = [FLOPPY_TYPES[name] for name in floppies] + [0, 0]
    ram[Kept.FLOPPIES] = types[0] << 4 | types[1]
    equipment = Equipment.MONOCHROME if monochrome else Equipment.COLOUR_80
    equipment |= Equipment.FLOPPY if floppies else Equipment(0)
    equipment |= Equipment.SECOND_FLOPPY if len(floppies) == 2 else Equipment(0)
    ram[Kept.EQUIPMENT] = int(equipment)
    base = min(memory, _BASE) // _KB
    extended = min(max(memory - _MB, 0) // _KB, _MOST_EXTENDED_KB)
    ram[Kept.BASE_LOW], ram[Kept.BASE_HIGH] = base & 0xFF, base >> 8
    for low, high in ((Kept.EXTENDED_LOW, Kept.EXTENDED_HIGH), (Kept.FOUND_LOW, Kept.FOUND_HIGH)):
        ram[low], ram[high] = extended & 0xFF, extended >> 8
    ram[Kept.DIAGNOSTIC] = ram[Kept.SHUTDOWN] = ram[Kept.DISKS] = 0
    total = checksum(ram)
    ram[Kept.CHECKSUM_HIGH], ram[Kept.CHECKSUM_LOW] = total >> 8, total & 0xFF

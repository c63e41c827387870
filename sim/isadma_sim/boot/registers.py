"""The processor's registers and tables as interrupts need them: flags, segments, descriptors, pages."""

# Ref: Intel 80386 Programmer's Reference Manual (230985), chapters 5, 6 and 9.

from __future__ import annotations

from collections.abc import Callable
from enum import IntFlag
from typing import NamedTuple

__all__ = ["Flags", "Gate", "Segment", "gate_of", "physical", "segment_of"]


class Flags(IntFlag):
    """Bits of EFLAGS."""

    TRAP = 0x100
    INTERRUPT = 0x200
    NESTED = 0x4000
    VIRTUAL_8086 = 0x20000


#: CR0: protected mode, paging.
PROTECTED = 1
PAGING = 1 << 31
#: Types of gates in the IDT.
_INTERRUPT_16, _TRAP_16, _INTERRUPT_32, _TRAP_32 = 6, 7, 14, 15


class Segment(NamedTuple):
    """A descriptor of code or data.

    Attributes
    ----------
    base : int
        Linear address of its first byte.
    level : int
        Its privilege level.
    wide : bool
        Of 32 bits.
    """

    base: int
    level: int
    wide: bool


class Gate(NamedTuple):
    """An entry of the IDT.

    Attributes
    ----------
    selector, offset : int
        Where it leads.
    wide : bool
        It pushes double words.
    masks : bool
        It clears the interrupt flag: an interrupt gate, and no trap gate.
    """

    selector: int
    offset: int
    wide: bool
    masks: bool


def segment_of(descriptor: bytes) -> Segment:
    """Take a descriptor apart."""
    base = int.from_bytes(descriptor[2:5], "little") | descriptor[7] << 24
    return Segment(base, descriptor[5] >> 5 & 3, bool(descriptor[6] & 0x40))


def gate_of(descriptor: bytes) -> Gate | None:
    """Take an entry of the IDT apart; None when it is no interrupt or trap gate, or not present."""
    kind = descriptor[5] & 0x1F
    if not descriptor[5] & 0x80 or kind not in (_INTERRUPT_16, _TRAP_16, _INTERRUPT_32, _TRAP_32):
        return None
    wide = kind in (_INTERRUPT_32, _TRAP_32)
    offset = int.from_bytes(descriptor[0:2], "little")
    offset |= int.from_bytes(descriptor[6:8], "little") << 16 if wide else 0
    return Gate(int.from_bytes(descriptor[2:4], "little"), offset, wide, kind in (_INTERRUPT_16, _INTERRUPT_32))


def physical(linear: int, table: int, read: Callable[[int, int], bytes]) -> int | None:
    """Return the physical address of a linear one under paging; None when it is not present.

    Parameters
    ----------
    linear : int
        The address.
    table : int
        CR3.
    read : callable
        Reads physical memory: address and length.
    """
    entry = int.from_bytes(read((table & ~0xFFF) + (linear >> 22) * 4, 4), "little")
    if not entry & 1:
        return None
    if entry & 0x80:
        return entry & 0xFFC00000 | linear & 0x3FFFFF
    entry = int.from_bytes(read((entry & ~0xFFF) + (linear >> 12 & 0x3FF) * 4, 4), "little")
    return entry & ~0xFFF | linear & 0xFFF if entry & 1 else None

"""Interrupts and exceptions to the guest, which Unicorn leaves to its host: vectors, gates, what goes on the stack."""

# Ref: Intel 80386 Programmer's Reference Manual (230985), chapter 9; section 14.2 (real mode).

from __future__ import annotations

from typing import Any

from isadma_sim.boot.errors import GuestError
from isadma_sim.boot.registers import PAGING, PROTECTED, Flags, Segment, gate_of, physical, segment_of

__all__ = ["Delivery"]

#: Exceptions that push an error code.
_WITH_CODE = (8, 10, 11, 12, 13, 14, 17)
_INT = 0xCD


class Delivery:
    """Brings one interrupt after another to a Unicorn processor.

    In protected mode only to the privilege level that is interrupted: to let it change levels Unicorn offers no way.
    Of an error code Unicorn tells nothing: 0 is pushed.

    Parameters
    ----------
    uc : unicorn.Uc
        The processor.
    x86 : module
        Names of its registers.
    """

    def __init__(self, uc: Any, x86: Any) -> None:
        self._uc = uc
        self._names = (x86.UC_X86_REG_CR0, x86.UC_X86_REG_EFLAGS, x86.UC_X86_REG_CS, x86.UC_X86_REG_EIP)
        self._stack = (x86.UC_X86_REG_SS, x86.UC_X86_REG_ESP)
        self._x86 = x86

    # ---------------------------------------------------------------- looking
    @property
    def where(self) -> str:
        """CS:EIP."""
        _, _, cs, eip = self._uc.reg_read_batch(self._names)
        return f"{cs:04X}:{eip:04X}"

    def peek(self, linear: int, length: int) -> bytes:
        """Return bytes at a linear address; zeros where no page is."""
        return self._read(linear, length) or bytes(length)

    def _read(self, linear: int, length: int) -> bytes | None:
        place = self._place(linear)
        try:
            return None if place is None else bytes(self._uc.mem_read(place, length))
        except Exception:  # over the end of what is mapped
            return None

    def _place(self, linear: int) -> int | None:
        linear &= 0xFFFFFFFF
        if not self._uc.reg_read(self._x86.UC_X86_REG_CR0) & PAGING:
            return linear
        return physical(linear, self._uc.reg_read(self._x86.UC_X86_REG_CR3), self._uc.mem_read)

    def linear_pc(self) -> int:
        """Return the linear address of the next instruction."""
        cr0, flags, cs, eip = self._uc.reg_read_batch(self._names)
        if not cr0 & PROTECTED or flags & Flags.VIRTUAL_8086:
            return int((cs << 4) + eip & 0xFFFFFFFF)
        found = self._segment(cs)
        return int((found.base if found else 0) + eip & 0xFFFFFFFF)

    def _segment(self, selector: int) -> Segment | None:
        """Return the descriptor of a selector; None when it has none."""
        table = self._x86.UC_X86_REG_LDTR if selector & 4 else self._x86.UC_X86_REG_GDTR
        _, base, limit, _ = self._uc.reg_read(table)
        at = selector & ~7
        descriptor = self._read(base + at, 8) if at + 7 <= limit else None
        return None if descriptor is None or not descriptor[5] & 0x80 else segment_of(descriptor)

    # ---------------------------------------------------------------- delivering
    def deliver(self, number: int, *, outside: bool) -> str | None:
        """Let the guest go on in its handler.

        Parameters
        ----------
        number : int
            The vector.
        outside : bool
            From the interrupt controllers, and neither an instruction nor an exception.

        Returns
        -------
        str or None
            None; or what went wrong three times: the processor shuts down.

        Raises
        ------
        GuestError
            For what this processor cannot do.
        """
        cr0, flags, cs, eip = self._uc.reg_read_batch(self._names)
        if not cr0 & PROTECTED:
            done = self._real(number, flags, cs, eip)
        else:
            done = self._protected(number, flags, cs, eip, outside=outside)
        if done:
            return None
        return (
            f"interrupt {number:02X}h at {cs:04X}:{eip:04X} has no usable entry in the interrupt table: a triple fault"
        )

    def _real(self, number: int, flags: int, cs: int, eip: int) -> bool:
        _, base, limit, _ = self._uc.reg_read(self._x86.UC_X86_REG_IDTR)
        if number * 4 + 3 > limit:
            return False
        vector = self.peek(base + number * 4, 4)
        self._push((flags & 0xFFFF, cs, eip & 0xFFFF), 2)
        self._go(vector[0] | vector[1] << 8, vector[2] | vector[3] << 8, flags, clears=Flags.INTERRUPT | Flags.TRAP)
        return True

    def _protected(self, number: int, flags: int, cs: int, eip: int, *, outside: bool) -> bool:
        if flags & Flags.VIRTUAL_8086:
            raise GuestError(f"interrupt {number:02X}h in virtual-8086 mode at {cs:04X}:{eip:04X}: not possible here")
        _, base, limit, _ = self._uc.reg_read(self._x86.UC_X86_REG_IDTR)
        entry = self._read(base + number * 8, 8) if number * 8 + 7 <= limit else None
        gate = None if entry is None else gate_of(entry)
        target = None if gate is None else self._segment(gate.selector)
        if gate is None or target is None:
            return False
        if target.level != cs & 3:
            raise GuestError(
                f"interrupt {number:02X}h at {cs:04X}:{eip:04X} leads to another privilege level: not possible here"
            )
        pc = self.linear_pc()
        instruction = not outside and self.peek(pc - 2, 2) == bytes([_INT, number])
        values = (flags, cs, eip) + ((0,) if number in _WITH_CODE and not outside and not instruction else ())
        size = 4 if gate.wide else 2
        self._push(tuple(value & (1 << 8 * size) - 1 for value in values), size)
        clears = Flags.TRAP | Flags.NESTED | (Flags.INTERRUPT if gate.masks else Flags(0))
        self._go(gate.offset, gate.selector & ~3 | cs & 3, flags, clears=clears)
        return True

    def _go(self, offset: int, selector: int, flags: int, *, clears: int) -> None:
        write, x86 = self._uc.reg_write, self._x86
        write(x86.UC_X86_REG_EFLAGS, flags & ~clears)
        write(x86.UC_X86_REG_CS, selector)
        write(x86.UC_X86_REG_EIP, offset)

    def _push(self, values: tuple[int, ...], size: int) -> None:
        ss, esp = self._uc.reg_read_batch(self._stack)
        wide, base = False, ss << 4
        if self._uc.reg_read(self._x86.UC_X86_REG_CR0) & PROTECTED:
            segment = self._segment(ss)
            wide, base = (segment.wide, segment.base) if segment else (True, 0)
        mask = 0xFFFFFFFF if wide else 0xFFFF
        pointer = esp & mask
        for value in values:
            pointer = pointer - size & mask
            place = self._place(base + pointer)
            if place is None:
                raise GuestError(f"an interrupt at {self.where} finds no page under its stack: not possible here")
            self._uc.mem_write(place, value.to_bytes(size, "little"))
        self._uc.reg_write(self._x86.UC_X86_REG_ESP, esp & ~mask | pointer)

"""The processor: Unicorn in steps of so many instructions, its ports and memory the machine's."""

# Unicorn's ways that this file knows of, each tried on 2.1.4 (docs/decisions/0014):
# - UC_MODE_16 cannot go on above 64 KiB in protected mode; UC_MODE_32 with CR0.PE cleared does both.
# - It delivers no interrupt: neither INT n, nor an exception, nor one from outside (`delivery`).
# - HLT ends a run without a word: see `halts`.
# - A write to memory without write permission happens when its hook says to go on, and an instruction that is stopped
#   there comes again for ever: see `_write_to_rom`.
# - Its hook on every instruction, which counting brings, lets `emu_stop` take effect behind the present one; but INS
#   that is stopped stores its byte and comes again, for ever: see `stop`.

from __future__ import annotations

import ctypes
import mmap
from typing import Any, Protocol

from isadma_sim.boot.delivery import Delivery
from isadma_sim.boot.errors import GuestError
from isadma_sim.boot.halts import Halts
from isadma_sim.boot.layout import SPACE, Layout
from isadma_sim.boot.registers import Flags
from isadma_sim.boot.unicorn import load_unicorn

__all__ = ["Cpu", "PortSide"]

#: No instruction is ever there: a run ends by its count.
_NOWHERE = 0xFFFFFFFFFFFF0000
_STI, _POP_SS, _MOV_SEGMENT = 0xFB, 0x17, 0x8E
_PREFIXES = bytes([0xF2, 0xF3, 0x66, 0x67, 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65])
_PAGE = 0xFFF
#: Instructions to account for at a write to ROM.
_AT_ROM = 16


class PortSide(Protocol):
    """What the processor's port instructions meet."""

    def read(self, port: int) -> int:
        """Read a byte."""
        ...

    def write(self, port: int, value: int) -> None:
        """Write a byte."""
        ...


class Cpu:
    """An i486 (Unicorn's model without a time stamp counter, which would count the host's time).

    Parameters
    ----------
    memory : mmap
        The machine's memory, whole pages: it is not copied.
    layout : Layout
        What is where.
    ports : PortSide
        Where ``IN`` and ``OUT`` go, byte by byte.
    a20 : bool
        Whether A20 is let through; on a PC/XT, which has 20 address lines, never.

    Attributes
    ----------
    halted : bool
        It waits for an interrupt: the last instruction was HLT.
    delivered : int
        Interrupts and exceptions so far.
    shutdown : str or None
        Why it stopped for good: a triple fault, and where.
    """

    def __init__(self, memory: mmap.mmap, layout: Layout, ports: PortSide, *, a20: bool = True) -> None:
        self._unicorn, self._x86 = load_unicorn()
        self._memory, self._layout, self._ports = memory, layout, ports
        self._export = ctypes.c_char.from_buffer(memory)
        self._base = ctypes.addressof(self._export)
        self._running = self._reading = False
        self._a20, self._a20_wanted = not a20, a20  # so that it is applied
        self._mapped: list[tuple[int, int]] = []
        self._rom_write: int | None = None
        self._failure: BaseException | None = None
        self.shutdown: str | None = None
        self.delivered = 0
        self.uc: Any = self._unicorn.Uc(self._unicorn.UC_ARCH_X86, self._unicorn.UC_MODE_32)
        self.uc.ctl_set_cpu_model(self._x86.UC_CPU_X86_486)
        self.delivery = Delivery(self.uc, self._x86)
        self.halts = Halts(self.uc, self._unicorn.UC_HOOK_CODE, self.delivery)
        self._map_nothing()
        self._apply_a20()
        self._hook()
        self.reset()

    def close(self) -> None:
        """Let go of the memory."""
        del self.uc, self.delivery, self.halts, self._export

    # ---------------------------------------------------------------- memory
    def _map_nothing(self) -> None:
        """Let what is not there read as ones, between the memory and the ROM at the end."""
        start, end = max(self._layout.memory, 2 << 20), SPACE - self._layout.high_rom
        self.uc.mmio_map(start, end - start, lambda uc, at, size, _: (1 << 8 * size) - 1, None, lambda *_: None, None)

    @property
    def a20(self) -> bool:
        """Whether A20 is let through."""
        return self._a20_wanted

    @a20.setter
    def a20(self, level: bool) -> None:
        self._a20_wanted = level
        if self._running:
            self.uc.emu_stop()
        else:
            self._apply_a20()

    def _apply_a20(self) -> None:
        if self._a20 == self._a20_wanted:
            return
        for start, size in self._mapped:
            self.uc.mem_unmap(start, size)
        self._a20 = self._a20_wanted
        rights = {True: self._unicorn.UC_PROT_ALL, False: self._unicorn.UC_PROT_READ | self._unicorn.UC_PROT_EXEC}
        self._mapped = []
        for part in self._layout.ranges(a20=self._a20):
            self.uc.mem_map_ptr(part.start, part.end - part.start, rights[part.writable], self._base + part.shows)
            self._mapped.append((part.start, part.end - part.start))
        self.uc.ctl_flush_tb()

    def forget(self, address: int, length: int) -> None:
        """Drop what was translated of a stretch of memory: DMA has written there."""
        self.uc.ctl_remove_cache(address, address + length)
        if not self._a20 and address < 0x10000:
            self.uc.ctl_remove_cache(address + (1 << 20), address + length + (1 << 20))

    # ---------------------------------------------------------------- hooks
    def _hook(self) -> None:
        add, names = self.uc.hook_add, self._unicorn
        add(names.UC_HOOK_INSN, self._in, None, 1, 0, self._x86.UC_X86_INS_IN)
        add(names.UC_HOOK_INSN, self._out, None, 1, 0, self._x86.UC_X86_INS_OUT)
        add(names.UC_HOOK_INTR, self._interrupt)
        add(names.UC_HOOK_INSN_INVALID, self._invalid)
        add(names.UC_HOOK_MEM_WRITE_PROT, self._rom_hit)

    def _in(self, uc: Any, port: int, size: int, _: Any) -> int:
        value, self._reading = 0, True
        try:
            for at in range(size):
                value |= self._ports.read((port + at) & 0xFFFF) << 8 * at
        except BaseException as error:
            self._fail(error)
        self._reading = False
        return value

    def _out(self, uc: Any, port: int, size: int, value: int, _: Any) -> None:
        try:
            for at in range(size):
                self._ports.write((port + at) & 0xFFFF, value >> 8 * at & 0xFF)
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """End the run; `run` raises what went wrong. Unicorn's own way prints a second complaint."""
        self._failure = self._failure or error
        self.uc.emu_stop()

    def _interrupt(self, uc: Any, number: int, _: Any) -> None:
        try:
            self._deliver(number, outside=False)
        except BaseException as error:
            self._fail(error)

    def _invalid(self, uc: Any, _: Any) -> bool:
        self._interrupt(uc, 6, None)
        return True

    def _deliver(self, number: int, *, outside: bool) -> None:
        self.delivered += 1
        said = self.delivery.deliver(number, outside=outside)
        if said is not None:
            self.shutdown = said
            self.uc.emu_stop()

    def _rom_hit(self, uc: Any, access: int, address: int, size: int, value: int, _: Any) -> bool:
        self._rom_write = address
        return False  # the run ends, and the instruction has done nothing

    def _write_to_rom(self, address: int) -> None:
        """Execute the instruction that is about to write to ROM, and put back what it wrote."""
        start, size = next(part for part in self._mapped if part[0] <= address < part[0] + part[1])
        names, first = self._unicorn, max(address & ~_PAGE, start)
        length = min(2 * (_PAGE + 1), start + size - first)
        kept = bytes(self.uc.mem_read(first, length))
        self.uc.mem_protect(start, size, names.UC_PROT_ALL)
        try:
            self._start(1)
        finally:
            self.uc.mem_write(first, kept)
            self.uc.mem_protect(start, size, names.UC_PROT_READ | names.UC_PROT_EXEC)

    # ---------------------------------------------------------------- running
    def reset(self) -> None:
        """RESET of the processor: real mode, at F000:FFF0. Memory and A20 stay."""
        write, x86 = self.uc.reg_write, self._x86
        write(x86.UC_X86_REG_CR0, 0x10)
        write(x86.UC_X86_REG_EFLAGS, 2)
        for name in ("DS", "ES", "SS", "FS", "GS"):
            write(getattr(x86, f"UC_X86_REG_{name}"), 0)
        for name in ("EAX", "EBX", "ECX", "EDX", "ESI", "EDI", "EBP", "ESP", "CR3"):
            write(getattr(x86, f"UC_X86_REG_{name}"), 0)
        write(x86.UC_X86_REG_IDTR, (0, 0, 0x3FF, 0))
        write(x86.UC_X86_REG_CS, 0xF000)
        write(x86.UC_X86_REG_EIP, 0xFFF0)
        self.halted, self.shutdown = False, None

    def stop(self) -> None:
        """End the run behind the present instruction, for who is called from a port; behind INS it goes on."""
        if self._running and not (self._reading and self._is_ins()):
            self.uc.emu_stop()

    def _is_ins(self) -> bool:
        code = self.delivery.peek(self.delivery.linear_pc(), 15).lstrip(_PREFIXES)
        return code[:1] in (b"\x6c", b"\x6d")

    def run(self, instructions: int) -> int:
        """Execute so many instructions, or fewer: up to HLT, to `stop`, to a write to ROM, or to the end (`shutdown`).

        Returns
        -------
        int
            How many to account for: Unicorn does not say how many there were (choice: all, but few at a write to ROM).
        """
        self._rom_write = None
        self.halts.begin()
        self._running = True
        try:
            self._start(instructions)
            if self._rom_write is not None:
                self._write_to_rom(self._rom_write)
                instructions = min(instructions, _AT_ROM)
        except self._unicorn.UcError as error:
            raise GuestError(f"the processor cannot go on at {self.where}: {error}") from None
        finally:
            self._running = False
        self._apply_a20()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        self.halted = self.shutdown is None and self.halts.ended_with_one(interrupts_on=self.interrupts_on)
        return instructions

    def _start(self, instructions: int) -> None:
        try:
            self.uc.emu_start(self.uc.reg_read(self._x86.UC_X86_REG_EIP), _NOWHERE, 0, instructions)
        except self._unicorn.UcError as error:
            if error.errno != self._unicorn.UC_ERR_WRITE_PROT or self._rom_write is None:
                raise

    @property
    def halt_is_sure(self) -> bool:
        """Whether it surely halts; else let it wait for a time, and go on."""
        return self.halts.sure

    @property
    def interrupts_on(self) -> bool:
        """The interrupt flag."""
        return bool(self.uc.reg_read(self._x86.UC_X86_REG_EFLAGS) & Flags.INTERRUPT)

    @property
    def shadowed(self) -> bool:
        """Whether no interrupt may come before one more instruction: the last one was STI, or loaded SS.

        Told by the bytes before it; where they only look like it, the interrupt comes an instruction late.
        """
        pc = self.delivery.linear_pc()
        before = self.delivery.peek(pc - 2, 2) if pc >= 2 else b"\0\0"
        return before[1] in (_STI, _POP_SS) or (before[0] == _MOV_SEGMENT and before[1] & 0x38 == 0x10)

    def interrupt(self, vector: int) -> None:
        """Take an interrupt from outside; HLT is over."""
        self.halted = False
        self._deliver(vector, outside=True)

    @property
    def where(self) -> str:
        """CS:EIP."""
        return self.delivery.where

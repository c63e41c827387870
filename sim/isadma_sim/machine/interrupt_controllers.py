"""The 8259As of the boards: the AT's two, cascaded through IRQ 2, and the only one of a PC/XT."""

# Ref: IBM PC AT Technical Reference (1502494), system interrupts; Intel 8259A data sheet 231468-003, cascade mode;
#      IBM PC/XT Technical Reference, system board (8259A at 20h, decoded on A5-A9 and A0).

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from isadma_sim.machine.i8259 import DEFAULT_LEVEL, Pic8259
from isadma_sim.machine.plain import put_back, take_down
from isadma_sim.machine.ports import XT_BLOCK, Pic, repeated

#: The master's pin the slave hangs on.
CASCADE = 2
IRQS = 16


@dataclass(frozen=True)
class Interrupt:
    """One acknowledged interrupt.

    Attributes
    ----------
    irq : int
        0..15.
    vector : int
        Interrupt number the CPU got, 0..255.
    spurious : bool
        True when the request had gone: IRQ 7 or 15 by default, with no in-service bit set for it.
    """

    irq: int
    vector: int
    spurious: bool = False


class PicPair:
    """Two 8259As wired as on the AT board.

    Parameters
    ----------
    on_int : callable
        Called with True or False whenever the INT line to the CPU changes.
    """

    ports = frozenset(int(port) for port in Pic)

    def __init__(self, on_int: Callable[[bool], None] | None = None) -> None:
        self.master = Pic8259(on_int)
        self.slave = Pic8259(lambda high: self.master.set_ir(CASCADE, high))

    @property
    def int_out(self) -> bool:
        """INT to the CPU."""
        return self.master.int_out

    def set_irq(self, irq: int, high: bool) -> None:
        """Drive one request line.

        Raises
        ------
        ValueError
            For IRQ 2, which is the cascade, and outside 0..15.
        """
        if not 0 <= irq < IRQS or irq == CASCADE:
            raise ValueError(f"irq {irq!r} is no request line: 0, 1 or 3..15 (2 is the cascade, its slot pin is IRQ 9)")
        (self.slave if irq >= 8 else self.master).set_ir(irq & 7, high)

    def acknowledge(self) -> Interrupt:
        """Both INTA cycles of an 8086-mode CPU."""
        level, genuine = self.master.begin_inta()
        if genuine and self.master.has_slave(level):
            # The slave whose ICW3 equals the cascade code answers; no slave at all leaves the bus floating.
            answered = self.slave.slave_id == level
            inner, inner_genuine = self.slave.begin_inta() if answered else (DEFAULT_LEVEL, False)
            vector = self.slave.vector_bytes(inner)[-1] if answered else 0xFF
            self.master.end_inta(level, genuine)
            if answered:
                self.slave.end_inta(inner, inner_genuine)
            return Interrupt(8 + inner, vector, not inner_genuine)
        vector = self.master.vector_bytes(level)[-1]
        self.master.end_inta(level, genuine)
        return Interrupt(level, vector, not genuine)

    def save_state(self) -> Any:
        """Return what they are, in JSON's values."""
        return take_down(self)

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned; ValueError for anything else."""
        put_back(self, state)

    def masked(self, irq: int) -> bool:
        """Whether the mask registers hold this IRQ back (the cascade's mask counts for 8..15)."""
        if irq >= 8:
            return bool(self.slave.imr >> (irq & 7) & 1 or self.master.imr >> CASCADE & 1)
        return bool(self.master.imr >> irq & 1)

    def in_service(self) -> list[int]:
        """IRQs whose in-service bit is set."""
        both = self.master.isr & ~(1 << CASCADE) | self.slave.isr << 8
        return [irq for irq in range(IRQS) if both >> irq & 1]

    def snapshot(self) -> tuple[int, int, int, int]:
        """Request lines (16 bits), INT, in-service bits (16) and masks (16), IRQ 0 in bit 0."""
        lines = self.master.lines & ~(1 << CASCADE) | self.slave.lines << 8
        both = self.master.isr | self.slave.isr << 8
        return lines, int(self.int_out), both, self.master.imr | self.slave.imr << 8

    def requested(self, irq: int) -> bool:
        """Whether the request register holds this IRQ."""
        return bool((self.slave if irq >= 8 else self.master).irr >> (irq & 7) & 1)

    def io_read(self, port: int) -> int:
        """CPU read of 20h, 21h, A0h or A1h."""
        return (self.slave if port & 0x80 else self.master).read(port & 1)

    def io_write(self, port: int, value: int) -> None:
        """CPU write of 20h, 21h, A0h or A1h."""
        (self.slave if port & 0x80 else self.master).write(port & 1, value)


class PicSingle:
    """One 8259A wired as on the PC/XT board: IRQ 0-7, at 20h and 21h and again through 3Fh. No cascade.

    Parameters
    ----------
    on_int : callable
        Called with True or False whenever the INT line to the CPU changes.
    """

    ports = frozenset(repeated(range(Pic.MASTER_COMMAND, Pic.MASTER_COMMAND + XT_BLOCK)))

    def __init__(self, on_int: Callable[[bool], None] | None = None) -> None:
        self.master = Pic8259(on_int)

    @property
    def int_out(self) -> bool:
        """INT to the CPU."""
        return self.master.int_out

    def set_irq(self, irq: int, high: bool) -> None:
        """Drive one request line, 0..7; ValueError for another one."""
        if not 0 <= irq < IRQS // 2:
            raise ValueError(f"irq {irq!r} is no request line: a PC/XT has 0..7")
        self.master.set_ir(irq, high)

    def acknowledge(self) -> Interrupt:
        """Both INTA cycles of an 8086-mode CPU."""
        level, genuine = self.master.begin_inta()
        vector = self.master.vector_bytes(level)[-1]
        self.master.end_inta(level, genuine)
        return Interrupt(level, vector, not genuine)

    def save_state(self) -> Any:
        """Return what it is, in JSON's values."""
        return take_down(self)

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned; ValueError for anything else."""
        put_back(self, state)

    def masked(self, irq: int) -> bool:
        """Whether the mask register holds this IRQ back."""
        return bool(self.master.imr >> irq & 1)

    def in_service(self) -> list[int]:
        """IRQs whose in-service bit is set."""
        return [irq for irq in range(IRQS // 2) if self.master.isr >> irq & 1]

    def snapshot(self) -> tuple[int, int, int, int]:
        """Request lines, INT, in-service bits and masks, IRQ 0 in bit 0."""
        return self.master.lines, int(self.int_out), self.master.isr, self.master.imr

    def requested(self, irq: int) -> bool:
        """Whether the request register holds this IRQ."""
        return bool(self.master.irr >> irq & 1)

    def io_read(self, port: int) -> int:
        """CPU read of one of `ports`."""
        return self.master.read(port & 1)

    def io_write(self, port: int, value: int) -> None:
        """CPU write of one of `ports`."""
        self.master.write(port & 1, value)

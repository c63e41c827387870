"""The 8259A interrupt controller: registers, priorities, acknowledge cycles; `pics.py` wires two of them."""

# Ref: Intel 8259A/8259A-2 data sheet, order no. 231468-003, "Programming the 8259A" and figures 7, 8, 9.

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum, IntFlag


class Icw1(IntFlag):
    """Initialization command word 1 (A0 = 0, bit 4 set)."""

    IC4 = 0x01
    SNGL = 0x02
    ADI = 0x04
    LTIM = 0x08
    INIT = 0x10


class Icw4(IntFlag):
    """Initialization command word 4."""

    UPM = 0x01  # 8086 mode
    AEOI = 0x02
    MASTER = 0x04
    BUF = 0x08
    SFNM = 0x10


class Ocw2(IntEnum):
    """Bits R, SL, EOI (7-5) of operation command word 2."""

    ROTATE_AEOI_CLEAR = 0b000
    EOI = 0b001
    NOP = 0b010
    SPECIFIC_EOI = 0b011
    ROTATE_AEOI_SET = 0b100
    ROTATE_EOI = 0b101
    SET_PRIORITY = 0b110
    ROTATE_SPECIFIC_EOI = 0b111


class Ocw3(IntFlag):
    """Operation command word 3 (A0 = 0, bit 3 set, bit 4 clear)."""

    RIS = 0x01
    RR = 0x02
    POLL = 0x04
    OCW3 = 0x08
    SMM = 0x20
    ESMM = 0x40


#: MCS-80/85 mode: the first INTA byte is the CALL opcode.
CALL_OPCODE = 0xCD
#: With no request left at the first INTA the chip answers as if IR7 had asked.
DEFAULT_LEVEL = 7
#: A poll byte with a request.
POLL_REQUEST = 0x80


class Pic8259:
    """One 8259A, by its registers and pins; it owns no time.

    Parameters
    ----------
    on_int : callable
        Called with True or False whenever the INT output changes.

    Attributes
    ----------
    lines : int
        The IR pins, bit n = IRn.
    irr, isr, imr : int
        Interrupt request, in-service and mask registers, bit n = IRn.
    int_out : bool
        The INT pin.
    """

    def __init__(self, on_int: Callable[[bool], None] | None = None) -> None:
        self._on_int = on_int
        self.lines = 0  # IR pins
        self._armed = 0  # edge sense latches: the pin was low since its last acknowledge
        self.int_out = False
        self.isr = self.imr = 0
        self._lowest = 7
        self._vector = 0
        self._icw1 = Icw1(0)
        self._icw3 = 0
        self._icw4 = Icw4(0)
        self._waiting: list[str] = ["icw1"]  # command words still due; none: operating
        self._read_isr = self._poll = self._special_mask = self._rotate_aeoi = False

    # ---------------------------------------------------------------- pins
    @property
    def irr(self) -> int:
        """Interrupt request register: a request goes with its pin, even before it is acknowledged (figure 9)."""
        return self.lines if self._icw1 & Icw1.LTIM else self.lines & self._armed

    def set_ir(self, level: int, high: bool) -> None:
        """Drive pin IR`level` (0..7)."""
        bit = 1 << level
        if high:
            self.lines |= bit
        else:
            self.lines &= ~bit
            self._armed |= bit
        self._update()

    def _update(self) -> None:
        pending = not self._waiting and self._winner() is not None
        if pending != self.int_out:
            self.int_out = pending
            if self._on_int is not None:
                self._on_int(pending)

    # ---------------------------------------------------------------- priority
    def _by_priority(self) -> list[int]:
        return [(self._lowest + 1 + n) & 7 for n in range(8)]

    def _winner(self) -> int | None:
        """Level that may interrupt now, by priority, masks and what is in service; None when there is none."""
        asking = self.irr & ~self.imr
        if not asking:
            return None
        serving = self.isr & ~self.imr if self._special_mask else self.isr
        nested = self._icw3 if self._icw4 & Icw4.SFNM and not self._icw1 & Icw1.SNGL else 0
        for level in self._by_priority():
            bit = 1 << level
            if serving & bit:
                # Special fully nested mode: the slave behind this pin may have something more urgent.
                return level if asking & nested & bit else None
            if asking & bit:
                return level
        return None

    def _highest_in_service(self) -> int | None:
        # In special mask mode a masked level in service is not cleared by a non-specific EOI.
        serving = self.isr & ~self.imr if self._special_mask else self.isr
        return next((level for level in self._by_priority() if serving >> level & 1), None)

    # ---------------------------------------------------------------- acknowledge
    def begin_inta(self) -> tuple[int, bool]:
        """First INTA pulse: freeze, set ISR.

        Returns
        -------
        level : int
            The level acknowledged; 7 when no request was left.
        genuine : bool
            False for that default level, which sets no ISR bit.
        """
        level = self._winner() if not self._waiting else None
        # INT falls with every acknowledge, so that an edge-triggered master sees the next request of a slave.
        if self.int_out:
            self.int_out = False
            if self._on_int is not None:
                self._on_int(False)
        if level is None:
            return DEFAULT_LEVEL, False
        self.isr |= 1 << level
        self._armed &= ~(1 << level)
        return level, True

    def end_inta(self, level: int, genuine: bool) -> None:
        """Trailing edge of the last INTA pulse: automatic EOI where it is on."""
        if genuine and self._icw4 & Icw4.AEOI:
            self.isr &= ~(1 << level)
            if self._rotate_aeoi:
                self._lowest = level
        self._update()

    def vector_bytes(self, level: int) -> bytes:
        """Bytes released on the INTA pulses: one vector in 8086 mode, CALL and an address in MCS-80/85 mode."""
        if self._icw4 & Icw4.UPM:
            return bytes([self._vector & 0xF8 | level])
        low = int(self._icw1) & 0xE0
        low = low | level << 2 if self._icw1 & Icw1.ADI else low & 0xC0 | level << 3
        return bytes([CALL_OPCODE, low, self._vector])

    def has_slave(self, level: int) -> bool:
        """Whether ICW3 says that a slave hangs on that pin."""
        return not self._icw1 & Icw1.SNGL and bool(self._icw3 >> level & 1)

    @property
    def slave_id(self) -> int:
        """ICW3 of a slave: which CAS code it answers to (0..7)."""
        return self._icw3 & 7

    # ---------------------------------------------------------------- ports
    def read(self, a0: int) -> int:
        """CPU read: IMR at A0 = 1, else IRR or ISR as OCW3 last chose; after a poll command, the poll byte."""
        if self._poll:
            self._poll = False
            level, genuine = self.begin_inta()
            self.end_inta(level, genuine)
            return POLL_REQUEST | level if genuine else 0
        if a0:
            return self.imr
        return self.isr if self._read_isr else self.irr

    def write(self, a0: int, value: int) -> None:
        """CPU write of a command word."""
        if not a0 and value & Icw1.INIT:
            self._initialize(value)
        elif a0:
            self._data(value)
        elif value & Ocw3.OCW3:
            self._ocw3(value)
        else:
            self._ocw2(Ocw2(value >> 5), value & 7)
        self._update()

    def _initialize(self, value: int) -> None:
        self._icw1 = Icw1(value)
        self._armed = ~self.lines & 0xFF  # a pin already high must fall first
        self.imr = self.isr = 0
        self._lowest = 7
        self._icw3 = 7
        self._icw4 = Icw4(0)
        self._special_mask = self._read_isr = self._poll = self._rotate_aeoi = False
        self._waiting = ["icw2"]
        if not self._icw1 & Icw1.SNGL:
            self._waiting.append("icw3")
        if self._icw1 & Icw1.IC4:
            self._waiting.append("icw4")

    def _data(self, value: int) -> None:
        word = self._waiting.pop(0) if self._waiting and self._waiting[0] != "icw1" else "ocw1"
        if word == "icw2":
            self._vector = value
        elif word == "icw3":
            self._icw3 = value
        elif word == "icw4":
            self._icw4 = Icw4(value & 0x1F)
        else:
            self.imr = value

    def _ocw2(self, command: Ocw2, level: int) -> None:
        if command in (Ocw2.EOI, Ocw2.ROTATE_EOI):
            served = self._highest_in_service()
            if served is None:
                return
            self.isr &= ~(1 << served)
            if command is Ocw2.ROTATE_EOI:
                self._lowest = served
        elif command in (Ocw2.SPECIFIC_EOI, Ocw2.ROTATE_SPECIFIC_EOI):
            self.isr &= ~(1 << level)
            if command is Ocw2.ROTATE_SPECIFIC_EOI:
                self._lowest = level
        elif command is Ocw2.SET_PRIORITY:
            self._lowest = level
        elif command is not Ocw2.NOP:
            self._rotate_aeoi = command is Ocw2.ROTATE_AEOI_SET

    def _ocw3(self, value: int) -> None:
        if value & Ocw3.ESMM:
            self._special_mask = bool(value & Ocw3.SMM)
        if value & Ocw3.POLL:  # overrides a register read ordered at the same time
            self._poll = True
        elif value & Ocw3.RR:
            self._read_isr = bool(value & Ocw3.RIS)

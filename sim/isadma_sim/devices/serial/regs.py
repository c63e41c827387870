"""Every register and bit of the 8250 family; no behaviour.

# Ref: National Semiconductor PC16550D data sheet, June 1995, table II (registers) and table IV (interrupts).
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final, Literal

Variant = Literal["8250", "16450", "16550A"]

#: COM1 on a PC.
COM1: Final = 0x3F8
IRQ: Final = 4
PORT_COUNT: Final = 8
#: The crystal on every PC's serial card, and its pulses in a bit at divisor 1.
CRYSTAL_HZ: Final = 1_843_200
PRESCALE: Final = 16
FIFO_DEPTH: Final = 16
#: Receiver trigger levels of FCR bits 7-6.
TRIGGERS: Final = (1, 4, 8, 14)
#: Characters of silence after which what waits below the trigger level is reported.
TIMEOUT_CHARACTERS: Final = 4


class Reg(IntEnum):
    """Offsets from the base port; three have another register behind them for writes or for DLAB."""

    RBR = 0
    THR = 0
    DLL = 0
    IER = 1
    DLM = 1
    IIR = 2
    FCR = 2
    LCR = 3
    MCR = 4
    LSR = 5
    MSR = 6
    SCR = 7


class Ier(IntFlag):
    """Interrupt enable register."""

    RECEIVED = 0x01
    EMPTY = 0x02
    LINE = 0x04
    MODEM = 0x08
    ALL = 0x0F


class Iir(IntEnum):
    """What the interrupt identification register tells, in falling priority from LINE on."""

    NONE = 0x01
    LINE = 0x06
    RECEIVED = 0x04
    TIMEOUT = 0x0C
    EMPTY = 0x02
    MODEM = 0x00


#: IIR bits 7-6 while the FIFOs are on.
IIR_FIFO: Final = 0xC0


class Fcr(IntFlag):
    """FIFO control register."""

    ENABLE = 0x01
    CLEAR_RECEIVER = 0x02
    CLEAR_TRANSMITTER = 0x04


FCR_TRIGGER_SHIFT: Final = 6


class Lcr(IntFlag):
    """Line control register."""

    LENGTH = 0x03
    STOP = 0x04
    PARITY = 0x08
    EVEN = 0x10
    STICK = 0x20
    BREAK = 0x40
    DLAB = 0x80


#: Data bits of LCR's length bits 00.
SHORTEST: Final = 5


class Mcr(IntFlag):
    """Modem control register."""

    DTR = 0x01
    RTS = 0x02
    OUT1 = 0x04
    OUT2 = 0x08
    LOOP = 0x10
    ALL = 0x1F


class Lsr(IntFlag):
    """Line status register."""

    READY = 0x01
    OVERRUN = 0x02
    PARITY = 0x04
    FRAMING = 0x08
    BREAK = 0x10
    HOLDING_EMPTY = 0x20
    EMPTY = 0x40
    FIFO_ERROR = 0x80


#: What rides with a character through the FIFO.
CHARACTER_ERRORS: Final = Lsr.PARITY | Lsr.FRAMING | Lsr.BREAK
LINE_ERRORS: Final = CHARACTER_ERRORS | Lsr.OVERRUN


class Msr(IntFlag):
    """Modem status register."""

    CTS_CHANGED = 0x01
    DSR_CHANGED = 0x02
    RI_ENDED = 0x04
    DCD_CHANGED = 0x08
    CTS = 0x10
    DSR = 0x20
    RI = 0x40
    DCD = 0x80


MSR_DELTAS: Final = Msr.CTS_CHANGED | Msr.DSR_CHANGED | Msr.RI_ENDED | Msr.DCD_CHANGED

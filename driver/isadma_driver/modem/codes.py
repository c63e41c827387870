"""Every register and bit of the 8250 family that the driver uses; no logic."""

# Ref: National Semiconductor PC16550D data sheet, June 1995, table II (registers) and table IV (interrupts).
# Ref: IBM PC AT Technical Reference, serial adapter: COM1 at 3F8h on interrupt 4, OUT2 gates the interrupt.

from enum import IntEnum, IntFlag

#: COM1.
COM1, COM1_IRQ = 0x3F8, 4
#: Baud rate of divisor 1: the 1.8432 MHz crystal over 16.
BASE_BAUD, LARGEST_DIVISOR = 115_200, 0xFFFF
#: Characters a 16550A holds.
FIFO_DEPTH = 16


class Reg(IntEnum):
    """Offsets from the base port."""

    RBR = 0  # read
    THR = 0  # written
    DLL = 0  # with DLAB
    IER = 1
    DLM = 1  # with DLAB
    IIR = 2  # read
    FCR = 2  # written
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
    """Interrupt identification register, bits 3-0."""

    NONE = 0x01
    LINE = 0x06
    RECEIVED = 0x04
    TIMEOUT = 0x0C
    EMPTY = 0x02
    MODEM = 0x00


#: The bits of IIR that say why, and those that say that the FIFO is on.
IIR_WHY, IIR_FIFO = 0x0F, 0xC0


class Fcr(IntFlag):
    """FIFO control register; the trigger's code is in bits 7-6."""

    ENABLE = 0x01
    CLEAR_RECEIVER = 0x02
    CLEAR_TRANSMITTER = 0x04


#: Characters at which a FIFO interrupts, and their codes in FCR.
TRIGGERS = {1: 0x00, 4: 0x40, 8: 0x80, 14: 0xC0}


class Lcr(IntFlag):
    """Line control register: eight bits, no parity, one stop bit; and the way to the divisor."""

    EIGHT_N_ONE = 0x03
    DLAB = 0x80


class Mcr(IntFlag):
    """Modem control register."""

    DTR = 0x01
    RTS = 0x02
    OUT2 = 0x08


class Lsr(IntFlag):
    """Line status register; reading it clears the four errors."""

    READY = 0x01
    OVERRUN = 0x02
    PARITY = 0x04
    FRAMING = 0x08
    BREAK = 0x10
    HOLDING_EMPTY = 0x20
    EMPTY = 0x40


#: What is written to the scratch register to see whether there is one.
SCRATCH_PATTERNS = (0xA5, 0x5A)

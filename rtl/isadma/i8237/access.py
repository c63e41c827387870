"""What the processor's accesses tell the other parts, and what they show it."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 10, figures 5 to 7.
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from .regs import CHANNELS, Command, Mode, Status

__all__ = ["Control", "CpuAccess", "ModeRead", "ModeWrite", "RequestBits", "WriteStrobes"]


class WriteStrobes(data.Struct):
    """One clock each, at the end of which the access counts."""

    request: 1
    single_mask: 1
    mode: 1
    every_mask: 1


class ModeWrite(data.Struct):
    """The byte that writes a mode register."""

    channel: 2
    mode: Mode


class CpuAccess(wiring.Signature):
    """The processor at an address or word count register."""

    def __init__(self):
        super().__init__(
            {
                #: A0-A3: bits 2-1 the channel, bit 0 the word count. Valid while IOR# or IOW# is low, and in the clock
                #: after IOW#, in which a write counts.
                "a": Out(4),
                #: DB0-DB7: the byte written, valid as the address.
                "db": Out(8),
                #: High while IOR# of this chip is low: DB shows what is read.
                "reading": Out(1),
                #: High byte (bit 1) or low byte (bit 0) is written at the end of this clock.
                "write_en": Out(2),
                #: High: the write is to the base word only. Valid with `write_en`.
                "write_base": Out(1),
            }
        )


class Control(wiring.Signature):
    """The processor at the other registers."""

    def __init__(self):
        super().__init__(
            {
                #: The command register. Valid in every clock.
                "command": Out(Command),
                #: Which register is written at the end of this clock, with `db`.
                "strobes": Out(WriteStrobes),
                #: DB0-DB7: the byte written. Valid with a strobe.
                "db": Out(8),
                #: High with `every_mask`: Clear Mask Register, not Write All Mask Register Bits.
                "clears": Out(1),
                #: High: the status register has been read, and its terminal count bits go at the end of this clock.
                "status_taken": Out(1),
            }
        )


class RequestBits(wiring.Signature):
    """The four-bit registers as the processor reads them, bit n for channel n. Valid in every clock."""

    def __init__(self):
        super().__init__(
            {
                #: 1: DREQ of this channel does not count. Read by the 82C37A's processor only.
                "masks": Out(CHANNELS),
                #: 1: requested by software. Likewise.
                "requests": Out(CHANNELS),
                #: The status register.
                "status": Out(Status),
            }
        )


class ModeRead(wiring.Signature):
    """One look at the mode registers."""

    def __init__(self):
        super().__init__(
            {
                #: Whose mode is asked for, in every clock.
                "channel": Out(2),
                #: Mode of the channel that was asked for in the clock before.
                "mode": In(Mode),
            }
        )

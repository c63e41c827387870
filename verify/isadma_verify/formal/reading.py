"""Proofs about what a CPU reads: every port of both variants, against a specification of a few lines."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 10, figures 5 to 7; 82C37A for the CMOS read-back.
from amaranth.hdl import Array, Assert, Cat, Const, Cover, Module, Mux, Signal, Value

from isadma.i8237.regs import CHANNELS, REGISTER_BITS, CmosPort, ReadPort

from .invariants import settled
from .open_memories import OpenModes, WatchedRegisterFile
from .programming import Programming

#: What the other reads of a chip show that nobody told otherwise.
_UNDEFINED = 0xFF


class ReadsRegisters(Programming):
    """From the second clock of IOR# on, DB0-7 show the register that A0-A3 name, as the flip-flop says."""

    def __init__(self, clocking: str, variant: str = "nmos") -> None:
        # The channel watched: any, but always the same. Words of others read as anything.
        super().__init__(clocking, variant, watched=2, anything=REGISTER_BITS)

    def rules(self, m: Module) -> None:
        """Compare DB0-7 with the specification while the chip is read."""
        chip, file = self.chip, self.chip.registers
        assert isinstance(file, WatchedRegisterFile)
        m.d.comb += [file.watched.eq(self.watched), file.anything.eq(self.anything)]
        settled(self, m, self.watched, "watched")
        done = self.accesses(m)
        reading = Signal()
        m.d.comb += reading.eq(~self.cs_n & ~self.ior_n)
        # RESET ends an access: what is read in it says nothing.
        valid = reading & self.past(reading & ~done.cleared, "read_before")
        spec = Signal(8)
        m.d.comb += spec.eq(self.specified())
        word = ~self.a[3]
        m.d.comb += [
            Assert(~reading | chip.db.oe, "not driven"),
            Assert(~valid | (word & (self.a[1:3] != self.watched)) | (chip.db.o == spec), "another byte"),
            Cover(valid & word & (self.watched == 2) & (chip.db.o == 0xA5)),
            Cover(valid & (self.a == ReadPort.STATUS) & (chip.db.o == 0x50)),
            Cover(valid & (self.a == ReadPort.TEMPORARY)),
            Cover(valid & (self.a == CmosPort.MASK) & (chip.db.o == (0xF7 if self.cmos else _UNDEFINED))),
        ]

    def specified(self) -> Value:
        """Return the byte that the data sheets name for A0-A3."""
        chip, a = self.chip, self.a
        file, modes, program, bits = chip.registers, chip.modes, chip.program, chip.requests.bits
        assert isinstance(file, WatchedRegisterFile)
        assert isinstance(modes, OpenModes)
        command = program.control.command
        requesting = self.dreq ^ command.dreq_active_low.replicate(CHANNELS)
        ones = Const(0xF, 4)
        ports = {
            ReadPort.STATUS: Cat(bits.status.terminal_count, requesting),
            ReadPort.TEMPORARY: program.temporary,
        }
        if self.cmos:
            ports |= {
                CmosPort.REQUEST: Cat(bits.requests, ones),
                CmosPort.COMMAND: command.as_value(),
                CmosPort.MODE: Cat(Const(3, 2), Array(modes.stored)[program.modes.channel]),
                CmosPort.MASK: Cat(bits.masks, ones),
            }
        byte: Value = Const(_UNDEFINED, 8)
        for port, shown in ports.items():
            byte = Mux(a == port, shown, byte)
        word = Mux(a[0], file.count, file.address)
        return Mux(a[3], byte, word.word_select(self.high_byte, 8))

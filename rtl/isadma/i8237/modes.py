"""The four mode registers, in a memory."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 8 (mode register).
from amaranth import Module, Signal, unsigned
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from .access import ModeRead, ModeWrite
from .readport import read_registered
from .regs import CHANNELS, Mode, ModeKind
from .replaced import replaced

__all__ = ["ModeRegisters"]


class ModeRegisters(wiring.Component):
    """Mode registers of the four channels. Nothing resets them, as on the chip.

    Parameters
    ----------
    attrs : dict
        Synthesis attributes of the memory.
    read_back : bool
        Whether `listed` works (82C37A).
    """

    #: The look of the state machine, which decides by it.
    served: In(ModeRead())
    #: The look of the processor. Without `read_back` it shows nothing.
    listed: In(ModeRead())
    #: 1: channel n is in cascade mode. Valid in every clock.
    cascade: Out(CHANNELS)
    #: High: `write` is stored at the end of this clock.
    write_en: In(1)
    #: The channel and its new mode. Valid with `write_en`.
    write: In(ModeWrite)

    def __init__(self, *, attrs, read_back):
        super().__init__()
        self._attrs = attrs
        self._read_back = read_back

    def elaborate(self, platform):
        m = Module()
        bits = unsigned(Mode.as_shape().size)
        m.submodules.memory = memory = Memory(shape=bits, depth=CHANNELS, init=[], attrs=self._attrs)
        write = memory.write_port()
        m.d.comb += [
            self.served.mode.eq(read_registered(m, memory, self.served.channel)),
            write.addr.eq(self.write.channel),
            write.data.eq(self.write.mode),
            write.en.eq(self.write_en),
        ]
        if self._read_back:
            m.d.comb += self.listed.mode.eq(read_registered(m, memory, self.listed.channel))
        # Software requests on a cascaded channel are ignored, so this is asked of all four at once.
        cascade = Signal(CHANNELS, reset_less=True)
        cascades = self.write.mode.kind == ModeKind.CASCADE
        with m.If(self.write_en):
            for i in range(CHANNELS):
                m.d.sync += cascade[i].eq(replaced(cascade[i], cascades, self.write.channel == i))
        m.d.comb += self.cascade.eq(cascade)
        return m

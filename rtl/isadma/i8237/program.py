"""The program interface: the CPU's strobes, the first/last flip-flop, the command register and what a read shows."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 10, figures 5 to 7; 82C37A for the CMOS read-back.
from amaranth import Cat, Const, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .access import Control, CpuAccess, ModeRead, ModeWrite, RequestBits, WriteStrobes
from .regs import CHANNELS, HIGH_NIBBLE, REGISTER_BITS, CmosPort, Command, ReadPort, WritePort

__all__ = ["ProgramInterface"]


class ProgramInterface(wiring.Component):
    """One strobe is one access, done at the end of the first clock in which the strobe is high again.

    Only the base word of a register pair is written before that, in every clock of IOW# low: nobody can read it, so
    the last one is what counts, and no second clock is needed after the strobe, when address and data are gone.

    Parameters
    ----------
    cmos : bool
        Whether the 82C37A's reads are there.
    undefined_read : int
        What other reads show, 8 bits.
    """

    #: Pin RESET, high. In every clock, as the pins that follow.
    reset: In(1)
    #: Pin CS#, low: the access is to this chip.
    cs_n: In(1)
    #: Pin IOR#, low: the processor reads.
    ior_n: In(1)
    #: Pin IOW#, low: the processor writes.
    iow_n: In(1)
    #: Pin HLDA, high: the bus is not the processor's, and no strobe is an access.
    hlda: In(1)
    #: Pins A0-A3. Valid with a strobe, and for a write in the clock after it.
    a: In(4)
    #: Pins DB0-7. Valid with IOW#, and in the clock after it.
    db: In(8)

    #: High puts the chip into its reset state at the end of this clock: the RESET pin, or Master Clear.
    clear: Out(1)
    #: An access to an address or word count.
    cpu: Out(CpuAccess())
    #: An access to any other register.
    control: Out(Control())
    #: A look at the modes for the 82C37A's read of port B, channel after channel.
    modes: Out(ModeRead())

    #: The word that the register file shows, one clock after IOR# falls.
    q: In(REGISTER_BITS)
    #: What the request registers show. In every clock.
    bits: In(RequestBits())
    #: The temporary register. In every clock.
    temporary: In(8)
    #: What DB0-7 show while the chip is read; register words come one clock after IOR# falls.
    read_data: Out(8)

    def __init__(self, *, cmos, undefined_read):
        super().__init__()
        self._cmos = cmos
        self._undefined_read = undefined_read

    def elaborate(self, platform):
        m = Module()
        cpu, control = self.cpu, self.control
        writing = Signal()
        m.d.comb += [
            cpu.a.eq(self.a),
            cpu.db.eq(self.db),
            control.db.eq(self.db),
            cpu.reading.eq(~(self.cs_n | self.ior_n | self.hlda)),
            writing.eq(~(self.cs_n | self.iow_n | self.hlda)),
        ]
        ports = {port.name.lower(): self.a == port for port in WritePort}
        written = self._at_trailing_edge(m, "write", writing, self.iow_n, {"words": ~self.a[3], **ports})
        readable = [*ReadPort, *CmosPort] if self._cmos else ReadPort
        ports = {port.name.lower(): self.a == port for port in readable}
        read = self._at_trailing_edge(m, "read", cpu.reading, self.ior_n, {"words": ~self.a[3], **ports})

        command = Signal(Command, reset_less=True)
        with m.If(written["command"]):
            m.d.sync += command.eq(self.db)
        for name, _ in WriteStrobes.as_shape():
            m.d.comb += control.strobes[name].eq(written[name])
        m.d.comb += [
            control.command.eq(command),
            self.clear.eq(self.reset | written["master_clear"]),
            control.status_taken.eq(read["status"]),
        ]

        high_byte = Signal(reset_less=True)
        m.d.comb += [
            cpu.write_base.eq(~written["words"]),
            cpu.write_en.eq(Mux((writing & ~self.a[3]) | written["words"], Cat(~high_byte, high_byte), 0)),
        ]
        with m.If(read["words"] | written["words"]):
            m.d.sync += high_byte.eq(~high_byte)
        with m.If(written["clear_flip_flop"]):
            m.d.sync += high_byte.eq(0)
        if self._cmos:
            self._count_modes(m, read, high_byte)
        self._show(m, high_byte)
        with m.If(self.clear):
            m.d.sync += [high_byte.eq(0), command.eq(0), self.modes.channel.eq(0)]
        return m

    def _at_trailing_edge(self, m, kind, strobe, strobe_n, ports):
        # The port is decoded while the strobe is low: its flip-flop keeps the decoder off the way to the registers.
        done = {}
        for name, chosen in ports.items():
            began = Signal(name=f"{kind}_{name}", reset_less=True)
            m.d.sync += began.eq(strobe & chosen)
            with m.If(self.clear):
                m.d.sync += began.eq(0)
            done[name] = began & strobe_n
        return done

    def _count_modes(self, m, read, high_byte):
        with m.If(read["mode"]):
            m.d.sync += self.modes.channel.eq(self.modes.channel + 1)
        with m.If(read["set_flip_flop"]):
            m.d.sync += high_byte.eq(1)
        with m.If(read["clear_mode_counter"]):
            m.d.sync += self.modes.channel.eq(0)

    def _show(self, m, high_byte):
        with m.If(~self.a[3]):
            m.d.comb += self.read_data.eq(self.q.word_select(high_byte, 8))
        with m.Else(), m.Switch(self.a):
            with m.Case(ReadPort.STATUS):
                m.d.comb += self.read_data.eq(self.bits.status)
            with m.Case(ReadPort.TEMPORARY):
                m.d.comb += self.read_data.eq(self.temporary)
            if self._cmos:
                with m.Case(CmosPort.REQUEST):
                    m.d.comb += self.read_data.eq(Cat(self.bits.requests, Const(HIGH_NIBBLE >> 4, 4)))
                with m.Case(CmosPort.COMMAND):
                    m.d.comb += self.read_data.eq(self.control.command)
                with m.Case(CmosPort.MODE):
                    ones = Const(CHANNELS - 1, len(ModeWrite(self.db).channel))
                    m.d.comb += self.read_data.eq(Cat(ones, self.modes.mode))
                with m.Case(CmosPort.MASK):
                    m.d.comb += self.read_data.eq(Cat(self.bits.masks, Const(HIGH_NIBBLE >> 4, 4)))
            with m.Default():
                m.d.comb += self.read_data.eq(self._undefined_read)

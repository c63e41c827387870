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
    #: High: the chip has the bus. In every clock.
    active: In(1)
    #: High: A8-A15 are on DB. In every clock.
    adstb: In(1)
    #: DB0-7: A8-A15 with ADSTB, else the temporary register while the chip has the bus, else what is read; register
    #: words come one clock after IOR# falls. Zero without CS# where the chip has not the bus.
    data: Out(8)

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
        began, began_to_read = (Signal(name=name, reset_less=True) for name in ("write_began", "read_began"))
        m.d.sync += [began.eq(writing), began_to_read.eq(cpu.reading)]
        # The ports whose writes have the longest ways from here are decoded while IOW# is low, into flip-flops.
        late = ("request", "single_mask", "every_mask", "master_clear")
        ports = {port.name.lower(): self.a == port for port in WritePort}
        ports["every_mask"] = ports.pop("clear_mask") | ports.pop("all_mask")
        done, decoded = began & self.iow_n, {name: Signal(name=f"write_{name}", reset_less=True) for name in late}
        m.d.sync += [flag.eq(writing & ports[name]) for name, flag in decoded.items()]
        written = {name: done & chosen for name, chosen in ports.items()} | {"words": done & ~self.a[3]}
        written |= {name: flag & self.iow_n for name, flag in decoded.items()}
        readable = [*ReadPort, *CmosPort] if self._cmos else ReadPort
        taken = began_to_read & self.ior_n
        read = {port.name.lower(): taken & (self.a == port) for port in readable} | {"words": taken & ~self.a[3]}

        command = Signal(Command, reset_less=True)
        with m.If(written["command"]):
            m.d.sync += command.eq(self.db)
        for name, _ in WriteStrobes.as_shape():
            m.d.comb += control.strobes[name].eq(written[name])
        m.d.comb += [
            control.command.eq(command),
            control.clears.eq(self.a[0] == (WritePort.CLEAR_MASK & 1)),
            self.clear.eq(self.reset | written["master_clear"]),
            control.status_taken.eq(read["status"]),
        ]

        high_byte = Signal(reset_less=True)
        # While the strobe is low, and in the clock after; written so, it is one look-up table.
        access = Signal(attrs={"keep": 1})
        m.d.comb += [
            access.eq(Mux(self.iow_n, began, ~(self.cs_n | self.hlda))),
            cpu.write_base.eq(~written["words"]),
            cpu.write_en.eq(Mux(access & ~self.a[3], Cat(~high_byte, high_byte), 0)),
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
            m.d.sync += [flag.eq(0) for flag in (began, began_to_read, *decoded.values())]
        return m

    def _count_modes(self, m, read, high_byte):
        with m.If(read["mode"]):
            m.d.sync += self.modes.channel.eq(self.modes.channel + 1)
        with m.If(read["set_flip_flop"]):
            m.d.sync += high_byte.eq(1)
        with m.If(read["clear_mode_counter"]):
            m.d.sync += self.modes.channel.eq(0)

    def _show(self, m, high_byte):
        if self._cmos:
            self._show_cmos(m, high_byte)
            return
        # Two look-up tables a bit. The first one has a byte of the word, or says by its level what the second one
        # shows: the temporary register where it is as in `undefined`, else the status register; without CS# it is 0.
        other = Signal()
        choices = Signal(2)
        registers = Signal()
        first = Signal(8, attrs={"keep": 1})
        port = self.a[:3]
        status, temporary = port == ReadPort.STATUS & 7, port == ReadPort.TEMPORARY & 7
        selected = Mux(self.a[3], ~status, high_byte)
        m.d.comb += [
            other.eq(Mux(self.active, ~self.adstb, self.a[3] | self.cs_n)),
            # Of the bits that are 0 in `undefined`, and of those that are 1.
            choices.eq(Cat(self.active | Mux(self.cs_n, bit == 0, selected) for bit in range(2))),
            registers.eq(Mux(self.active, ~self.adstb, self.a[3] & (status | temporary) & ~self.cs_n)),
        ]
        for i in range(8):
            bit = self._undefined_read >> i & 1
            choice = choices[bit]
            register = Mux(first[i] == bit, self.temporary[i], self.bits.status.as_value()[i])
            m.d.comb += [
                first[i].eq(Mux(other, choice if bit else ~choice, self.q.word_select(choice, 8)[i])),
                self.data[i].eq(Mux(registers, register, first[i])),
            ]

    def _show_cmos(self, m, high_byte):
        read = Signal(8)
        with m.If(~self.a[3]):
            m.d.comb += read.eq(self.q.word_select(high_byte, 8))
        with m.Else(), m.Switch(self.a):
            with m.Case(ReadPort.STATUS):
                m.d.comb += read.eq(self.bits.status)
            with m.Case(ReadPort.TEMPORARY):
                m.d.comb += read.eq(self.temporary)
            with m.Case(CmosPort.REQUEST):
                m.d.comb += read.eq(Cat(self.bits.requests, Const(HIGH_NIBBLE >> 4, 4)))
            with m.Case(CmosPort.COMMAND):
                m.d.comb += read.eq(self.control.command)
            with m.Case(CmosPort.MODE):
                ones = Const(CHANNELS - 1, len(ModeWrite(self.db).channel))
                m.d.comb += read.eq(Cat(ones, self.modes.mode))
            with m.Case(CmosPort.MASK):
                m.d.comb += read.eq(Cat(self.bits.masks, Const(HIGH_NIBBLE >> 4, 4)))
            with m.Default():
                m.d.comb += read.eq(self._undefined_read)
        shown = Mux(self.cs_n, 0, read)
        m.d.comb += self.data.eq(Mux(self.adstb, self.q[8:], Mux(self.active, self.temporary, shown)))

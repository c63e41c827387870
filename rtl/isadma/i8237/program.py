"""The program interface: the CPU's strobes, the first/last flip-flop, the command register and what a read shows."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 10, figures 5 to 7; 82C37A for the CMOS read-back.
from amaranth import Cat, Const, Module, Mux, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from .modes import ModeWrite
from .regs import CHANNELS, HIGH_NIBBLE, CmosPort, Command, Mode, ReadPort, Status, WritePort

__all__ = ["ProgramInterface", "WriteStrobes"]


class WriteStrobes(data.Struct):
    """One clock each, at the end of which the access counts."""

    request: 1
    single_mask: 1
    mode: 1
    clear_mask: 1
    all_mask: 1


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

    #: High puts the chip into its reset state at the end of this clock: the RESET pin, or Master Clear.
    clear: Out(1)
    reset: In(1)
    cs_n: In(1)
    ior_n: In(1)
    iow_n: In(1)
    hlda: In(1)
    a: In(4)
    db: In(8)

    #: IOR# of this chip is low.
    reading: Out(1)
    #: What DB0-7 show while `reading`; register words come one clock after IOR# falls.
    read_data: Out(8)
    #: High and low byte of an address or word count register are written at the end of this clock.
    write_en: Out(2)
    #: The write is to the base word only.
    write_base: Out(1)

    command: Out(Command)
    strobes: Out(WriteStrobes)
    #: The status register is read, and its terminal count bits go.
    status_taken: Out(1)

    #: Word of the register file.
    q: In(16)
    status: In(Status)
    temporary: In(8)
    requests: In(CHANNELS)
    masks: In(CHANNELS)
    #: Mode of channel `listed`, which a CMOS read of port B shows.
    listing: In(Mode)
    listed: Out(2)

    def __init__(self, *, cmos, undefined_read):
        super().__init__()
        self._cmos = cmos
        self._undefined_read = undefined_read

    def elaborate(self, platform):
        m = Module()
        writing = Signal()
        m.d.comb += [
            self.reading.eq(~(self.cs_n | self.ior_n | self.hlda)),
            writing.eq(~(self.cs_n | self.iow_n | self.hlda)),
        ]
        ports = {port.name.lower(): self.a == port for port in WritePort}
        written = self._at_trailing_edge(m, "write", writing, self.iow_n, {"words": ~self.a[3], **ports})
        readable = [*ReadPort, *CmosPort] if self._cmos else ReadPort
        ports = {port.name.lower(): self.a == port for port in readable}
        read = self._at_trailing_edge(m, "read", self.reading, self.ior_n, {"words": ~self.a[3], **ports})

        command = Signal(Command, reset_less=True)
        with m.If(written["command"]):
            m.d.sync += command.eq(self.db)
        for name, _ in WriteStrobes.as_shape():
            m.d.comb += self.strobes[name].eq(written[name])
        m.d.comb += [
            self.command.eq(command),
            self.clear.eq(self.reset | written["master_clear"]),
            self.status_taken.eq(read["status"]),
        ]

        high_byte = Signal(reset_less=True)
        m.d.comb += [
            self.write_base.eq(~written["words"]),
            self.write_en.eq(Mux((writing & ~self.a[3]) | written["words"], Cat(~high_byte, high_byte), 0)),
        ]
        with m.If(read["words"] | written["words"]):
            m.d.sync += high_byte.eq(~high_byte)
        with m.If(written["clear_flip_flop"]):
            m.d.sync += high_byte.eq(0)
        if self._cmos:
            self._count_modes(m, read, high_byte)
        self._show(m, high_byte)
        with m.If(self.clear):
            m.d.sync += [high_byte.eq(0), command.eq(0), self.listed.eq(0)]
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
            m.d.sync += self.listed.eq(self.listed + 1)
        with m.If(read["set_flip_flop"]):
            m.d.sync += high_byte.eq(1)
        with m.If(read["clear_mode_counter"]):
            m.d.sync += self.listed.eq(0)

    def _show(self, m, high_byte):
        with m.If(~self.a[3]):
            m.d.comb += self.read_data.eq(self.q.word_select(high_byte, 8))
        with m.Else(), m.Switch(self.a):
            with m.Case(ReadPort.STATUS):
                m.d.comb += self.read_data.eq(self.status)
            with m.Case(ReadPort.TEMPORARY):
                m.d.comb += self.read_data.eq(self.temporary)
            if self._cmos:
                with m.Case(CmosPort.REQUEST):
                    m.d.comb += self.read_data.eq(Cat(self.requests, Const(HIGH_NIBBLE >> 4, 4)))
                with m.Case(CmosPort.COMMAND):
                    m.d.comb += self.read_data.eq(self.command)
                with m.Case(CmosPort.MODE):
                    ones = Const(CHANNELS - 1, len(ModeWrite(self.db).channel))
                    m.d.comb += self.read_data.eq(Cat(ones, self.listing))
                with m.Case(CmosPort.MASK):
                    m.d.comb += self.read_data.eq(Cat(self.masks, Const(HIGH_NIBBLE >> 4, 4)))
            with m.Default():
                m.d.comb += self.read_data.eq(self._undefined_read)

"""The 8237A, whole: its parts put together behind its pins."""

# Ref: Intel 8237A data sheet, order no. 231466-005.
from amaranth import Module, Mux, ResetSignal, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In

from .bus import ChipPins
from .fetch import Fetch
from .modes import ModeRegisters, ModeWrite
from .priority import PriorityEncoder
from .program import ProgramInterface
from .regfile import RegisterFile
from .requests import RequestRegisters
from .timing import Timing
from .waveform import Waveform
from .wordcount import TerminalCount

__all__ = ["I8237", "VARIANTS"]

#: The parts there are: Intel's 8237A, and the 82C37A, which reads back what the first one cannot.
VARIANTS = ("nmos", "cmos")

_NO_COLLISION = {"no_rw_check": True}


class I8237(wiring.Component):
    """Intel 8237A programmable DMA controller.

    The pins are those of `ChipPins`, as members of the component, beside the two clock enables: `clk_fall` is high in
    the last clock of each state, `clk_rise` in the last clock of its first half. With both always high each clock is a
    state and shows its second half. All inputs are synchronous to the domain ``sync``, whose reset acts as RESET does.

    Parameters
    ----------
    variant : {"nmos", "cmos"}
        8237A, or 82C37A with its read-back map.
    undefined_read : int
        What a read that the data sheet calls illegal returns (8 bits).
    memory : dict or None
        Synthesis attributes of the register memory. The default is block RAM where there is one; for distributed RAM
        ``{"ram_style": "distributed"}``. No word is ever read in the clock that writes it, so ``no_rw_check`` is
        always added: without it tools build the collision logic that nobody needs.
    mode_memory : dict or None
        The same of the mode registers.

    Raises
    ------
    ValueError
        On any other `variant`, or an `undefined_read` that is no byte.
    """

    def __init__(self, *, variant="nmos", undefined_read=0xFF, memory=None, mode_memory=None):
        if variant not in VARIANTS:
            raise ValueError(f'variant={variant!r}: choose "nmos" (8237A) or "cmos" (82C37A)')
        if not isinstance(undefined_read, int) or not 0 <= undefined_read <= 0xFF:
            raise ValueError(f"undefined_read={undefined_read!r} is no byte: give a value from 0 to 0xFF")
        cmos = variant == "cmos"
        self.registers = RegisterFile(attrs={**(memory or {}), **_NO_COLLISION})
        self.modes = ModeRegisters(attrs={**(mode_memory or {}), **_NO_COLLISION}, read_back=cmos)
        self.program = ProgramInterface(cmos=cmos, undefined_read=undefined_read)
        self.requests = RequestRegisters()
        self.priority = PriorityEncoder()
        self.timing = Timing()
        self.fetch = Fetch()
        self.count = TerminalCount()
        self.waveform = Waveform()
        #: What DB0-7 show while they show no address.
        self.data = Signal(8)
        super().__init__({"clk_fall": In(1), "clk_rise": In(1), **ChipPins().members})

    def elaborate(self, platform):
        m = Module()
        m.submodules.registers = registers = self.registers
        m.submodules.modes = modes = self.modes
        m.submodules.program = program = self.program
        m.submodules.requests = requests = self.requests
        m.submodules.priority = priority = self.priority
        m.submodules.timing = timing = self.timing
        m.submodules.fetch = fetch = self.fetch
        m.submodules.count = count = self.count
        m.submodules.waveform = waveform = self.waveform

        temporary = self._temporary(m, timing)
        m.d.comb += [
            # The program side.
            program.reset.eq(self.reset | ResetSignal(allow_reset_less=True)),
            program.cs_n.eq(self.cs_n),
            program.ior_n.eq(self.ior_n.i),
            program.iow_n.eq(self.iow_n.i),
            program.hlda.eq(self.hlda),
            program.a.eq(self.a.i),
            program.db.eq(self.db.i),
            program.q.eq(registers.q),
            program.status.eq(requests.status),
            program.temporary.eq(temporary),
            program.requests.eq(requests.requests),
            program.masks.eq(requests.masks),
            program.listing.eq(modes.listing),
            modes.listed.eq(program.listed),
            modes.write.eq(ModeWrite(self.db.i)),
            modes.write_en.eq(program.strobes.mode),
            modes.channel.eq(timing.mode_channel),
            # Who wants service, and who gets it.
            requests.clear.eq(program.clear),
            requests.dreq.eq(self.dreq),
            requests.command.eq(program.command),
            requests.strobes.eq(program.strobes),
            requests.status_taken.eq(program.status_taken),
            requests.db.eq(self.db.i),
            requests.cascade.eq(modes.cascade),
            requests.active.eq(timing.active),
            requests.retire.eq(timing.retire),
            priority.requests.eq(requests.wanted),
            priority.last.eq(timing.channel),
            priority.rotating.eq(program.command.rotating),
            # The states.
            timing.clk_fall.eq(self.clk_fall),
            timing.clk_rise.eq(self.clk_rise),
            timing.clear.eq(program.clear),
            timing.hlda.eq(self.hlda),
            timing.ready.eq(self.ready),
            timing.eop_n.eq(self.eop_n.i),
            timing.wanted.eq(priority.any),
            timing.winner.eq(priority.winner),
            timing.pending.eq(requests.pending),
            timing.requests.eq(requests.requests),
            timing.command.eq(program.command),
            timing.mode.eq(modes.mode),
        ]
        self._connect_registers(m, registers, fetch, timing, program, modes, count)
        self._connect_pins(m, registers, fetch, timing, program, waveform, temporary, count)
        return m

    def _temporary(self, m, timing):
        # The byte is taken as MEMR# rises, in the middle of S14; with a state per clock that is when S13 or SW ends.
        temporary = Signal(8, reset_less=True)
        s = timing.state
        taken = timing.source & self.clk_rise & Mux(self.clk_fall, s.s3 | s.sw, s.s4)
        with m.If(taken):
            m.d.sync += temporary.eq(self.db.i)
        with m.If(timing.clear):
            m.d.sync += temporary.eq(0)
        return temporary

    def _connect_registers(self, m, registers, fetch, timing, program, modes, count):
        for name in (
            "state",
            "second_half",
            "granted",
            "active",
            "paged",
            "reload",
            "channel",
            "source",
            "destination",
        ):
            m.d.comb += getattr(fetch, name).eq(getattr(timing, name))
        m.d.comb += [
            fetch.clk_fall.eq(self.clk_fall),
            fetch.clk_rise.eq(self.clk_rise),
            fetch.clear.eq(program.clear),
            fetch.hold.eq(timing.memory_to_memory & program.command.address_hold),
            fetch.decrement.eq(modes.mode.decrement),
            fetch.reading.eq(program.reading),
            fetch.a.eq(self.a.i),
            fetch.db.eq(self.db.i),
            fetch.cpu_write_en.eq(program.write_en),
            fetch.cpu_write_base.eq(program.write_base),
            registers.read.eq(fetch.read),
            registers.read_en.eq(fetch.read_en),
            registers.write.eq(fetch.write),
            registers.write_en.eq(fetch.write_en),
            registers.addend.eq(fetch.addend),
            count.clk_fall.eq(self.clk_fall),
            count.q.eq(registers.q),
            count.shown.eq(fetch.count_shown),
            count.early.eq(timing.state.s2 & timing.paged),
            count.onward.eq(timing.onward),
            timing.zero.eq(count.zero),
            # Up or down, the high byte changes exactly when its lowest bit does.
            timing.crossing.eq(registers.q[8] ^ registers.sum[8]),
            timing.address_shown.eq(fetch.address_shown),
        ]

    def _connect_pins(self, m, registers, fetch, timing, program, waveform, temporary, count):
        for name in (
            *("state", "second_half", "active", "was_active", "paged", "channel", "source", "destination"),
            *("reads", "writes", "compressed", "last"),
        ):
            m.d.comb += getattr(waveform, name).eq(getattr(timing, name))
        for pin in (self.ior_n, self.iow_n, self.memr_n, self.memw_n, self.a):
            m.d.comb += pin.oe.eq(waveform.driven)
        m.d.comb += [
            waveform.clk_fall.eq(self.clk_fall),
            waveform.terminal.eq(count.zero & ~timing.source),
            waveform.terminal_now.eq(count.zero_now),
            waveform.extended_write.eq(program.command.extended_write),
            waveform.dack_active_high.eq(program.command.dack_active_high),
            waveform.q.eq(registers.q),
            waveform.address_shown.eq(fetch.address_shown),
            self.hrq.eq(waveform.hrq),
            self.dack.eq(waveform.dack),
            self.aen.eq(waveform.aen),
            self.adstb.eq(waveform.adstb),
            self.ior_n.o.eq(waveform.ior_n),
            self.iow_n.o.eq(waveform.iow_n),
            self.memr_n.o.eq(waveform.memr_n),
            self.memw_n.o.eq(waveform.memw_n),
            self.eop_n.oe.eq(waveform.eop),
            self.a.o.eq(waveform.a),
            self.db.oe.eq(program.reading | waveform.adstb | waveform.data_out),
            self.data.eq(Mux(timing.active, temporary, program.read_data)),
            self.db.o.eq(Mux(waveform.adstb, registers.q[8:], self.data)),
        ]

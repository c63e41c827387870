"""The 8237A, whole: its parts put together behind its pins."""

# Ref: Intel 8237A data sheet, order no. 231466-005.
from amaranth import Module, ResetSignal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, connect

from .access import ModeWrite
from .bus import ChipPins
from .fetch import Fetch
from .modes import ModeRegisters
from .priority import PriorityEncoder
from .program import ProgramInterface
from .regfile import RegisterFile
from .requests import RequestRegisters
from .service import Clocking
from .temporary import TemporaryRegister
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
    uninitialized_memory : bool
        Whether the memories may hold anything at power-up, as in an ASIC. Then nothing is read from them that was not
        written. Else the register memory has to begin with zeros, as an FPGA's does: one of its words is never written
        and read as zero. Distributed memory needs neither.

    Raises
    ------
    ValueError
        On any other `variant`, or an `undefined_read` that is no byte.
    """

    def __init__(
        self, *, variant="nmos", undefined_read=0xFF, memory=None, mode_memory=None, uninitialized_memory=False
    ):
        if variant not in VARIANTS:
            raise ValueError(f'variant={variant!r}: choose "nmos" (8237A) or "cmos" (82C37A)')
        if not isinstance(undefined_read, int) or not 0 <= undefined_read <= 0xFF:
            raise ValueError(f"undefined_read={undefined_read!r} is no byte: give a value from 0 to 0xFF")
        cmos = variant == "cmos"
        self.registers = RegisterFile(attrs={**(memory or {}), **_NO_COLLISION}, uninitialized=uninitialized_memory)
        self.modes = ModeRegisters(attrs={**(mode_memory or {}), **_NO_COLLISION}, read_back=cmos)
        self.program = ProgramInterface(cmos=cmos, undefined_read=undefined_read)
        self.requests = RequestRegisters()
        self.priority = PriorityEncoder()
        self.timing = Timing()
        self.fetch = Fetch()
        self.count = TerminalCount()
        self.waveform = Waveform()
        self.temporary = TemporaryRegister()
        super().__init__(
            {
                #: High in the last clock of a state: CLK falls at its end.
                "clk_fall": In(1),
                #: High in the last clock of the first half of a state: CLK rises at its end.
                "clk_rise": In(1),
                **ChipPins().members,
            }
        )

    def elaborate(self, platform):
        m = Module()
        m.submodules.registers = self.registers
        m.submodules.modes = self.modes
        m.submodules.program = self.program
        m.submodules.requests = self.requests
        m.submodules.priority = self.priority
        m.submodules.timing = self.timing
        m.submodules.fetch = self.fetch
        m.submodules.count = self.count
        m.submodules.waveform = self.waveform
        m.submodules.temporary_register = self.temporary
        self._distribute_the_clock(m)
        self._program_the_chip(m)
        self._choose_a_channel(m)
        self._serve_it(m)
        self._walk_through_its_words(m)
        self._drive_the_pins(m)
        return m

    def _distribute_the_clock(self, m):
        clocking = Clocking().create(path=("clocking",))
        m.d.comb += [
            clocking.clk_fall.eq(self.clk_fall),
            clocking.clk_rise.eq(self.clk_rise),
            clocking.clear.eq(self.program.clear),
        ]
        parts = (self.requests, self.timing, self.fetch, self.count, self.waveform, self.temporary)
        connect(m, clocking, *(part.clocking for part in parts))

    def _program_the_chip(self, m):
        program, modes = self.program, self.modes
        connect(m, program.control, self.requests.control)
        connect(m, program.cpu, self.fetch.cpu)
        connect(m, program.modes, modes.listed)
        connect(m, program.bits, self.requests.bits)
        m.d.comb += [
            program.reset.eq(self.reset | ResetSignal(allow_reset_less=True)),
            program.cs_n.eq(self.cs_n),
            program.ior_n.eq(self.ior_n.i),
            program.iow_n.eq(self.iow_n.i),
            program.hlda.eq(self.hlda),
            program.a.eq(self.a.i),
            program.db.eq(self.db.i),
            program.q.eq(self.registers.q),
            program.temporary.eq(self.temporary.byte),
            program.active.eq(self.timing.service.active),
            program.adstb.eq(self.waveform.adstb),
            modes.write.eq(ModeWrite(program.control.db)),
            modes.write_en.eq(program.control.strobes.mode),
        ]

    def _choose_a_channel(self, m):
        requests, priority, timing = self.requests, self.priority, self.timing
        m.d.comb += [
            requests.dreq.eq(self.dreq),
            requests.cascade.eq(self.modes.cascade),
            requests.active.eq(timing.service.active),
            requests.retire.eq(timing.retire),
            priority.requests.eq(requests.wanted),
            priority.last.eq(timing.service.channel),
            priority.rotating.eq(self.program.control.command.rotating),
        ]

    def _serve_it(self, m):
        timing, registers, fetch, count = self.timing, self.registers, self.fetch, self.count
        connect(m, timing.service, fetch.service, self.waveform.service, self.temporary.service)
        connect(m, timing.modes, self.modes.served)
        m.d.comb += [
            timing.hlda.eq(self.hlda),
            timing.ready.eq(self.ready),
            timing.eop_n.eq(self.eop_n.i),
            timing.wanted.eq(self.priority.any),
            timing.winner.eq(self.priority.winner),
            timing.pending.eq(self.requests.pending),
            timing.asking.eq(self.requests.wanted),
            timing.command.eq(self.program.control.command),
            timing.zero.eq(count.zero),
            timing.address_shown.eq(fetch.address_shown),
            # Up or down, the high byte changes exactly when its lowest bit does.
            timing.crossing.eq(registers.q[8] ^ registers.sum[8]),
            self.temporary.db.eq(self.db.i),
        ]

    def _walk_through_its_words(self, m):
        timing, registers, fetch, count = self.timing, self.registers, self.fetch, self.count
        connect(m, fetch.port, registers.port)
        m.d.comb += [
            fetch.granted.eq(timing.granted),
            fetch.active_next.eq(timing.active_next),
            fetch.reload.eq(timing.reload),
            fetch.hold.eq(timing.memory_to_memory & self.program.control.command.address_hold),
            fetch.decrement.eq(self.modes.served.mode.decrement),
            count.q.eq(registers.q),
            count.shown.eq(fetch.count_shown),
            count.early.eq(timing.service.state.s2 & timing.service.paged),
            count.onward.eq(timing.onward),
        ]

    def _drive_the_pins(self, m):
        program, timing, registers, waveform = self.program, self.timing, self.registers, self.waveform
        connect(m, timing.cycle, waveform.cycle)
        m.d.comb += [
            waveform.terminal.eq(self.count.zero & ~timing.service.source),
            waveform.terminal_now.eq(self.count.zero_now),
            waveform.extended_write.eq(program.control.command.extended_write),
            waveform.dack_active_high.eq(program.control.command.dack_active_high),
            waveform.q.eq(registers.q),
            waveform.address_shown.eq(self.fetch.address_shown),
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
            self.db.o.eq(program.data),
            self.db.oe.eq(program.cpu.reading | waveform.adstb | waveform.data_out),
        ]
        for pin in (self.ior_n, self.iow_n, self.memr_n, self.memw_n, self.a):
            m.d.comb += pin.oe.eq(waveform.driven)

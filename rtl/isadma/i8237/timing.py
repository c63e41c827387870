"""The state machine: which state the chip is in, and what it decides at the end of each."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7, figures 11 to 14.
from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .access import ModeRead
from .regs import CHANNELS, Command, ModeKind, Transfer
from .service import Clocking, Cycle, Retire, Service, State

__all__ = ["Timing"]


class Timing(wiring.Component):
    """States change at CLK's falling edge; what the pins show is `Waveform`'s business."""

    #: When a state ends, and what ends all.
    clocking: In(Clocking())
    #: HLDA, high. Sampled at `clk_rise`; SI and SC look at it at `clk_fall`.
    hlda: In(1)
    #: READY, high: no wait state. Looked at in the last clock of S3, SW and a compressed S2.
    ready: In(1)
    #: EOP#, low: the next transfer is the last. Looked at in the last clock of S1, and of an S4 that another follows.
    eop_n: In(1)

    #: High: some channel wants service. Looked at in the last clock of SI.
    wanted: In(1)
    #: The channel to serve. Valid with `wanted`.
    winner: In(2)
    #: 1: channel n requests by DREQ, after polarity. Looked at in the last clock of SC.
    pending: In(CHANNELS)
    #: 1: channel n asks for service, by DREQ and not masked, or by software. Looked at in the last clock of S2 to SW.
    asking: In(CHANNELS)
    #: The command register. Valid in every clock, and steady while the chip has the bus.
    command: In(Command)
    #: The mode of the channel in service; in S4 that of the next half of memory-to-memory already.
    modes: Out(ModeRead())
    #: High: the word count is 0000h. Valid from S3 on, without S1 from S2 on.
    zero: In(1)
    #: High: the register file shows an address. In every clock.
    address_shown: In(1)
    #: High: the step of that address carries or borrows out of A7. Valid with `address_shown`.
    crossing: In(1)

    #: Where the service is.
    service: Out(Service())
    #: What it does.
    cycle: Out(Cycle())
    #: HLDA as S0 sees it, high: as it was at the last `clk_rise`. Combinational in HLDA where that is now.
    granted: Out(1)
    #: `Service.active` after `clk_fall`. In every clock.
    active_next: Out(1)
    #: High: memory-to-memory is what the channel latched gets. In every clock.
    memory_to_memory: Out(1)
    #: High: S4, and another transfer follows. In every clock.
    onward: Out(1)
    #: High: current registers are to be reloaded. Valid from S2 on, but from S3 on after S1.
    reload: Out(1)
    #: What the end of a transfer does. In every clock.
    retire: Out(Retire)

    def elaborate(self, platform):
        m = Module()
        clk_fall, clk_rise = self.clocking.clk_fall, self.clocking.clk_rise
        service, cycle, mode = self.service, self.cycle, self.modes.mode
        state = Signal(State, init={"si": 1}, reset_less=True)
        m.d.comb += service.state.eq(state)
        s = state

        # With both enables always high, each clock is a state and shows its second half.
        half = Signal(reset_less=True)
        hlda = Signal(reset_less=True)
        m.d.sync += half.eq(clk_rise | (half & ~clk_fall))
        with m.If(clk_rise):
            m.d.sync += hlda.eq(self.hlda)
        m.d.comb += [service.second_half.eq(half), self.granted.eq(Mux(clk_rise, self.hlda, hlda))]

        take, start, cascade, release, wait, onward, page = (
            Signal(name=name) for name in ("take", "start", "cascade", "release", "wait_", "onward", "page")
        )
        sampling = Signal()
        latch = Signal(attrs={"keep": 1})
        channel = Signal(2, init=CHANNELS - 1, reset_less=True)
        # Whether the service goes on. Masked between HRQ and HLDA, a channel in demand mode gets one transfer; in
        # cascade the line alone counts, as another chip or a card has the bus by then.
        held = (self.pending >> channel)[0]
        chained = service.source | service.destination
        m.d.comb += [
            service.channel.eq(channel),
            # "X if bit 0 = 1", says the command register's figure of compressed timing.
            cycle.compressed.eq(self.command.compressed & ~self.command.memory_to_memory),
            self.memory_to_memory.eq(self.command.memory_to_memory & (channel == 0)),
            sampling.eq(s.si & ~self.command.disable & ~self.hlda),
            take.eq(sampling & self.wanted),
            latch.eq(sampling & clk_fall),
            cascade.eq((mode.kind == ModeKind.CASCADE) & ~self.memory_to_memory),
            start.eq(s.s0 & self.granted & ~cascade),
            release.eq(s.sc & ~(held & self.hlda)),
            cycle.reads.eq(service.source | (~service.destination & (mode.transfer == Transfer.READ))),
            cycle.writes.eq(service.destination | (~service.source & (mode.transfer == Transfer.WRITE))),
            wait.eq(~self.ready & (cycle.reads | cycle.writes)),
            onward.eq(s.s4 & ~cycle.last),
            self.active_next.eq(start | (service.active & ~cycle.last)),
        ]
        strobing = s.s3 | s.sw | (s.s2 & cycle.compressed)
        with m.If(clk_fall):
            m.d.sync += [
                s.si.eq((s.si & ~take) | cycle.last | release),
                s.requesting.eq(take),
                s.s0.eq(s.requesting | (s.s0 & ~self.granted)),
                s.sc.eq((s.s0 & self.granted & cascade) | (s.sc & ~release)),
                s.s1.eq(start | (onward & (chained | page))),
                s.s2.eq(s.s1 | (onward & ~(chained | page))),
                s.s3.eq(s.s2 & ~cycle.compressed),
                s.sw.eq(strobing & wait),
                s.s4.eq(strobing & ~wait),
                service.active.eq(self.active_next),
                service.was_active.eq(service.active),
                service.paged.eq(s.s1 | (service.paged & ~s.s4)),
            ]
            with m.If(self.address_shown):
                m.d.sync += page.eq(self.crossing)
        with m.If(latch & self.wanted):
            m.d.sync += channel.eq(self.winner)
        self._chain(m)
        self._ending(m, onward)
        with m.If(self.clocking.clear):
            m.d.sync += [state.eq(State.const({"si": 1})), channel.eq(channel.init)]
            m.d.sync += [service.active.eq(0), service.was_active.eq(0), service.paged.eq(0)]
        return m

    def _chain(self, m):
        # A byte from memory to memory is two transfers, channel 0's and channel 1's.
        service, s = self.service, self.service.state
        with m.If(self.clocking.clk_fall & (s.s0 | s.s4)):
            m.d.sync += [
                service.source.eq(Mux(s.s0, self.memory_to_memory, service.destination & ~self.cycle.last)),
                service.destination.eq(s.s4 & service.source),
            ]
        # In S4 the mode shown is that of the next half already.
        late = s.s3 | s.sw | s.s4
        m.d.comb += self.modes.channel.eq(service.channel | Mux(late, service.source, service.destination))
        with m.If(self.clocking.clear):
            m.d.sync += [service.source.eq(0), service.destination.eq(0)]

    def _ending(self, m, onward):
        clk_fall, mode = self.clocking.clk_fall, self.modes.mode
        service, s = self.service, self.service.state
        external, pause, automatic = (
            Signal(name=name, reset_less=True) for name in ("external_eop", "pause", "autoinitialize")
        )
        # What is asked for comes late, so its multiplexer has all else beside it.
        alone = ~(service.source | service.destination)
        ends = Signal()
        on_demand = Signal()
        quiet = Signal(2)
        m.d.comb += [
            ends.eq(external | Mux(service.destination, pause, alone & (mode.kind == ModeKind.SINGLE))),
            on_demand.eq(alone & (mode.kind == ModeKind.DEMAND)),
            *(
                quiet[i].eq(on_demand & ~self.asking.word_select(i, 2).bit_select(service.channel[0], 1))
                for i in (0, 1)
            ),
        ]
        with m.If(clk_fall):
            with m.If(s.s1 | onward):
                m.d.sync += external.eq(~self.eop_n)
            with m.If(s.s1):
                m.d.sync += automatic.eq(mode.autoinitialize)
            # The service ends for single mode, demand mode without demand, and EOP#, in the source half too.
            with m.If(~(s.s1 | s.s4)):
                m.d.sync += pause.eq(ends | Mux(service.channel[1], quiet[1], quiet[0]))
        # Look-up tables by what is known late: the word count, and CLK's edge where that comes from outside.
        finished, dies = (Signal(name=name) for name in ("finished", "dies"))
        # One look-up table from HRQ, which is another chip's request on the PC/AT.
        ending, last = (Signal(name=name, attrs={"keep": 1}) for name in ("ending", "last"))
        m.d.comb += [
            ending.eq(clk_fall & s.s4),
            finished.eq(external | (self.zero & ~service.source)),
            dies.eq(finished & ~automatic),
            self.onward.eq(onward),
            self.cycle.last.eq(last),
            last.eq(s.s4 & ~service.source & (self.zero | pause)),
            self.reload.eq((self.zero | external) & automatic),
            self.retire.channel.eq(service.channel | service.destination),
            self.retire.end_of_process.eq(ending & finished),
            self.retire.mask.eq(ending & dies),
            self.retire.both.eq(clk_fall & s.s1 & service.source),
        ]

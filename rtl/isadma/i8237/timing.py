"""The state machine: which state the chip is in, and what it decides at the end of each."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7, figures 11 to 14.
from amaranth import Module, Mux, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from .regs import CHANNELS, Command, Mode, ModeKind, Transfer
from .requests import Retire

__all__ = ["State", "Timing"]


class State(data.Struct):
    """The states, one bit each.

    S11 to S14 are S1 to S4 with `Timing.source` on, S21 to S24 the same with `Timing.destination` on.
    """

    #: Idle.
    si: 1
    #: The second SI: a request is latched and HRQ rises.
    requesting: 1
    s0: 1
    #: Cascade: DACK is on, nothing else.
    sc: 1
    s1: 1
    s2: 1
    s3: 1
    sw: 1
    s4: 1


class Timing(wiring.Component):
    """States change at CLK's falling edge; what the pins show is `Waveform`'s business."""

    #: High in the last clock of a state: CLK falls at its end.
    clk_fall: In(1)
    #: High in the last clock of the first half of a state: CLK rises at its end.
    clk_rise: In(1)
    clear: In(1)
    hlda: In(1)
    ready: In(1)
    eop_n: In(1)

    #: Some channel wants service, and which comes first.
    wanted: In(1)
    winner: In(2)
    #: DREQ after polarity, and the software requests.
    pending: In(CHANNELS)
    requests: In(CHANNELS)
    command: In(Command)
    #: Mode of channel `mode_channel`, a clock later.
    mode: In(Mode)
    #: The word count is 0000h: from S3 on, without S1 from S2 on.
    zero: In(1)
    #: The address register shows an address, and its step carries or borrows out of A7.
    crossing: In(1)
    address_shown: In(1)
    count_shown: In(1)

    state: Out(State)
    #: HLDA as S0 sees it, sampled on the rising edge.
    granted: Out(1)
    #: Between the mid-state edge and the end of the state.
    second_half: Out(1)
    #: S1 to S4: the chip has the bus.
    active: Out(1)
    #: `active` in the state before.
    was_active: Out(1)
    #: S1 has been part of this transfer.
    paged: Out(1)
    #: The channel latched or served last, which is also where rotating priority starts.
    channel: Out(2)
    mode_channel: Out(2)
    #: This transfer is the first or the second half of memory-to-memory.
    source: Out(1)
    destination: Out(1)
    #: Memory-to-memory is what the channel latched gets.
    memory_to_memory: Out(1)
    reads: Out(1)
    writes: Out(1)
    compressed: Out(1)
    #: In S4: another transfer follows.
    onward: Out(1)
    #: In S4: the service ends here.
    last: Out(1)
    #: Current registers are to be reloaded: valid from S2 on, but from S3 on after S1.
    reload: Out(1)
    retire: Out(Retire)

    def elaborate(self, platform):
        m = Module()
        state = Signal(State, init={"si": 1}, reset_less=True)
        m.d.comb += self.state.eq(state)
        s = state

        # With both enables always high, each clock is a state and shows its second half.
        half = Signal(reset_less=True)
        hlda = Signal(reset_less=True)
        m.d.sync += half.eq(self.clk_rise | (half & ~self.clk_fall))
        with m.If(self.clk_rise):
            m.d.sync += hlda.eq(self.hlda)
        m.d.comb += [self.second_half.eq(half), self.granted.eq(Mux(self.clk_rise, self.hlda, hlda))]

        take, start, cascade, release, wait, onward, page = (
            Signal(name=name) for name in ("take", "start", "cascade", "release", "wait_", "onward", "page")
        )
        sampling = Signal()
        latch = Signal(attrs={"keep": 1})
        channel = Signal(2, init=CHANNELS - 1, reset_less=True)
        # Requesting channels: in cascade only DREQ counts.
        more = ((self.pending | (self.requests & ~s.sc.replicate(CHANNELS))) >> channel)[0]
        chained = self.source | self.destination
        m.d.comb += [
            self.channel.eq(channel),
            # "X if bit 0 = 1", says the command register's figure of compressed timing.
            self.compressed.eq(self.command.compressed & ~self.command.memory_to_memory),
            self.memory_to_memory.eq(self.command.memory_to_memory & (channel == 0)),
            sampling.eq(s.si & ~self.command.disable & ~self.hlda),
            take.eq(sampling & self.wanted),
            latch.eq(sampling & self.clk_fall),
            cascade.eq((self.mode.kind == ModeKind.CASCADE) & ~self.memory_to_memory),
            start.eq(s.s0 & self.granted & ~cascade),
            release.eq(s.sc & ~(more & self.hlda)),
            self.reads.eq(self.source | (~self.destination & (self.mode.transfer == Transfer.READ))),
            self.writes.eq(self.destination | (~self.source & (self.mode.transfer == Transfer.WRITE))),
            wait.eq(~self.ready & (self.reads | self.writes)),
            onward.eq(s.s4 & ~self.last),
        ]
        strobing = s.s3 | s.sw | (s.s2 & self.compressed)
        with m.If(self.clk_fall):
            m.d.sync += [
                s.si.eq((s.si & ~take) | (s.s4 & self.last) | release),
                s.requesting.eq(take),
                s.s0.eq(s.requesting | (s.s0 & ~self.granted)),
                s.sc.eq((s.s0 & self.granted & cascade) | (s.sc & ~release)),
                s.s1.eq(start | (onward & (chained | page))),
                s.s2.eq(s.s1 | (onward & ~(chained | page))),
                s.s3.eq(s.s2 & ~self.compressed),
                s.sw.eq(strobing & wait),
                s.s4.eq(strobing & ~wait),
                self.active.eq(start | (self.active & ~(s.s4 & self.last))),
                self.was_active.eq(self.active),
                self.paged.eq(s.s1 | (self.paged & ~s.s4)),
            ]
            with m.If(self.address_shown):
                m.d.sync += page.eq(self.crossing)
        with m.If(latch & self.wanted):
            m.d.sync += channel.eq(self.winner)
        self._chain(m)
        self._ending(m, more, onward)
        with m.If(self.clear):
            m.d.sync += [state.eq(State.const({"si": 1})), channel.eq(channel.init)]
            m.d.sync += [self.active.eq(0), self.was_active.eq(0), self.paged.eq(0)]
        return m

    def _chain(self, m):
        # A byte from memory to memory is two transfers, channel 0's and channel 1's.
        s = self.state
        with m.If(self.clk_fall & (s.s0 | s.s4)):
            m.d.sync += [
                self.source.eq(Mux(s.s0, self.memory_to_memory, self.destination & ~self.last)),
                self.destination.eq(s.s4 & self.source),
            ]
        # In S4 the mode shown is that of the next half already.
        late = s.s3 | s.sw | s.s4
        m.d.comb += self.mode_channel.eq(self.channel | Mux(late, self.source, self.destination))
        with m.If(self.clear):
            m.d.sync += [self.source.eq(0), self.destination.eq(0)]

    def _ending(self, m, more, onward):
        s = self.state
        external, pause, automatic = (
            Signal(name=name, reset_less=True) for name in ("external_eop", "pause", "autoinitialize")
        )
        with m.If(self.clk_fall):
            with m.If(s.s1 | onward):
                m.d.sync += external.eq(~self.eop_n)
            with m.If(s.s1):
                m.d.sync += automatic.eq(self.mode.autoinitialize)
            # The service ends for single mode, demand mode without demand, and EOP#, in the source half too.
            with m.If(~(s.s1 | s.s4)):
                kind = self.mode.kind
                ended = (kind == ModeKind.SINGLE) | ((kind == ModeKind.DEMAND) & ~more)
                m.d.sync += pause.eq(external | Mux(self.destination, pause, ended & ~self.source))
        end_of_process = Signal(attrs={"keep": 1})
        m.d.comb += [
            end_of_process.eq(self.clk_fall & s.s4 & (external | (self.zero & ~self.source))),
            self.onward.eq(onward),
            self.last.eq(~self.source & (self.zero | pause)),
            self.reload.eq((self.zero | external) & automatic),
            self.retire.channel.eq(self.channel | self.destination),
            self.retire.end_of_process.eq(end_of_process),
            self.retire.mask.eq(end_of_process & ~automatic),
            self.retire.both.eq(self.clk_fall & s.s1 & self.source),
        ]

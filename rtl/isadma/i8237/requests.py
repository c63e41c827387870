"""Masks, software requests and terminal count bits, and which channels ask for service."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 8 and 9 (request, mask and status registers).
from amaranth import Cat, Const, Module, Mux, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from .program import WriteStrobes
from .regs import CHANNELS, Command, Single, Status

__all__ = ["RequestRegisters", "Retire"]


class Retire(data.Struct):
    """What the end of a transfer does to these registers at the end of this clock."""

    #: Channel whose transfer ends.
    channel: 2
    #: It reached terminal count, or EOP# was low: its status bit goes on and its request bit off.
    end_of_process: 1
    #: It does not autoinitialize, so its mask goes on.
    mask: 1
    #: A byte goes from memory to memory, until terminal count or EOP#, which would clear the request bits of both
    #: channels: they may go off as well before, as nobody sees them until then.
    both: 1


class RequestRegisters(wiring.Component):
    """The four-bit registers and DREQ behind its polarity."""

    clear: In(1)
    dreq: In(CHANNELS)
    command: In(Command)
    strobes: In(WriteStrobes)
    status_taken: In(1)
    db: In(8)
    #: Which channels are in cascade mode; a software request on them is ignored.
    cascade: In(CHANNELS)
    #: The controller has the bus: no CPU write can come.
    active: In(1)
    retire: In(Retire)

    masks: Out(CHANNELS)
    requests: Out(CHANNELS)
    status: Out(Status)
    #: DREQ after polarity.
    pending: Out(CHANNELS)
    #: DREQ not masked, or software request: what the priority encoder sees.
    wanted: Out(CHANNELS)

    def elaborate(self, platform):
        m = Module()
        single = Single(self.db)
        # The CPU's write and a transfer's end never meet, so they share one decoder.
        channel = Signal(2)
        write_one = Signal()
        value = Signal()
        m.d.comb += channel.eq(Mux(self.active, self.retire.channel, single.channel))

        masks = Signal(CHANNELS, init=(1 << CHANNELS) - 1, reset_less=True)
        requests = Signal(CHANNELS, reset_less=True)
        terminal_count = Signal(CHANNELS, reset_less=True)
        every = self.strobes.clear_mask | self.strobes.all_mask
        m.d.comb += [
            write_one.eq(self.strobes.single_mask | self.retire.mask),
            value.eq((single.set | self.active) & ~self.strobes.clear_mask),
        ]
        for i in range(CHANNELS):
            chosen = channel == i
            with m.If(every | (write_one & chosen)):
                m.d.sync += masks[i].eq(Mux(self.strobes.all_mask, self.db[i], value))
            done = self.retire.end_of_process & chosen
            with m.If((self.strobes.request & chosen) | done | (self.retire.both & (i < 2))):
                m.d.sync += requests[i].eq(single.set & ~self.active)
            with m.If(done):
                m.d.sync += terminal_count[i].eq(1)
        with m.If(self.status_taken):
            m.d.sync += terminal_count.eq(0)
        with m.If(self.clear):
            m.d.sync += [masks.eq(masks.init), requests.eq(0), terminal_count.eq(0)]

        # Command bit 0 makes every service of channel 0 memory-to-memory, even in cascade mode.
        ignored = self.cascade & ~Cat(self.command.memory_to_memory, Const(0, CHANNELS - 1))
        # Kept apart, or tools share the polarity with `pending` and the way from DREQ gets longer.
        soft = Signal(CHANNELS, attrs={"keep": 1})
        wanted = Signal(CHANNELS, attrs={"keep": 1})
        m.d.comb += [
            self.pending.eq(self.dreq ^ self.command.dreq_active_low.replicate(CHANNELS)),
            soft.eq(requests & ~ignored),
            wanted.eq((self.pending & ~masks) | soft),
            self.wanted.eq(wanted),
            self.masks.eq(masks),
            self.requests.eq(requests),
            self.status.terminal_count.eq(terminal_count),
            self.status.requesting.eq(self.pending),
        ]
        return m

"""Masks, software requests and terminal count bits, and which channels ask for service."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 8 and 9 (request, mask and status registers).
from amaranth import Cat, Const, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .access import Control, RequestBits
from .regs import CHANNELS, Single
from .replaced import replaced
from .service import Clocking, Retire

__all__ = ["RequestRegisters"]


class RequestRegisters(wiring.Component):
    """The four-bit registers and DREQ behind its polarity."""

    #: What clears.
    clocking: In(Clocking())
    #: Pins DREQ0-3 before polarity, in every clock.
    dreq: In(CHANNELS)
    #: The processor's writes, and the command register.
    control: In(Control())
    #: 1: channel n is in cascade mode, and a software request on it is ignored. In every clock.
    cascade: In(CHANNELS)
    #: High: the chip has the bus, and no write of the processor can come. In every clock.
    active: In(1)
    #: What a transfer's end does at the end of this clock.
    retire: In(Retire)

    #: What the processor reads.
    bits: Out(RequestBits())
    #: 1: channel n requests by DREQ, after polarity and whatever its mask. Combinational in `dreq`.
    pending: Out(CHANNELS)
    #: 1: channel n wants service: DREQ and not masked, or by software. Combinational in `dreq`.
    wanted: Out(CHANNELS)

    def elaborate(self, platform):
        m = Module()
        control, strobes = self.control, self.control.strobes
        single = Single(control.db)
        # The CPU's write and a transfer's end never meet, so they share one decoder.
        channel = Signal(2)
        by_cpu = Signal()
        value = Signal()
        every = strobes.every_mask
        m.d.comb += channel.eq(Mux(self.active, self.retire.channel, single.channel))

        masks = Signal(CHANNELS, init=(1 << CHANNELS) - 1, reset_less=True)
        requests = Signal(CHANNELS, reset_less=True)
        terminal_count = Signal(CHANNELS, reset_less=True)
        done = self.retire.end_of_process
        m.d.comb += [
            by_cpu.eq(strobes.single_mask | every),
            value.eq(single.set | self.active),
        ]
        for i in range(CHANNELS):
            chosen = channel == i
            one = replaced(masks[i], value, chosen)
            with m.If(by_cpu | self.retire.mask):
                m.d.sync += masks[i].eq(Mux(every, control.db[i] & ~control.clears, one))
            # Both halves of memory-to-memory: channel 0 is chosen then, channel 1 beside it.
            asked = chosen | self.retire.both if i == 1 else chosen
            with m.If(strobes.request | done | self.retire.both):
                m.d.sync += requests[i].eq(replaced(requests[i], single.set & ~self.active, asked))
            m.d.sync += terminal_count[i].eq(terminal_count[i] | (done & chosen))
        with m.If(control.status_taken):
            m.d.sync += terminal_count.eq(0)
        with m.If(self.clocking.clear):
            m.d.sync += [masks.eq(masks.init), requests.eq(0), terminal_count.eq(0)]

        # Command bit 0 makes every service of channel 0 memory-to-memory, even in cascade mode.
        ignored = self.cascade & ~Cat(control.command.memory_to_memory, Const(0, CHANNELS - 1))
        # Kept apart, or tools share the polarity with `pending` and the way from DREQ gets longer.
        soft = Signal(CHANNELS, attrs={"keep": 1})
        wanted = Signal(CHANNELS, attrs={"keep": 1})
        m.d.comb += [
            self.pending.eq(self.dreq ^ control.command.dreq_active_low.replicate(CHANNELS)),
            soft.eq(requests & ~ignored),
            wanted.eq((self.pending & ~masks) | soft),
            self.wanted.eq(wanted),
            self.bits.masks.eq(masks),
            self.bits.requests.eq(requests),
            self.bits.status.terminal_count.eq(terminal_count),
            self.bits.status.requesting.eq(self.pending),
        ]
        return m

"""A legal access of the CPU to the chip's registers, and what the chip makes of it."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 13 to 15, figure 9.
# Ref: docs/decisions/0001-the-clock-contract.md.
from dataclasses import dataclass

from amaranth.hdl import Assert, Assume, Module, Signal, Value

from isadma.i8237.regs import WritePort

from .environment import Environment


@dataclass(frozen=True)
class Access:
    """What ends in this clock, read off the pins: registers follow at its end."""

    #: IOW# of this chip was low and is high again.
    written: Signal
    #: IOR# likewise.
    read: Signal
    #: RESET, or the end of a write to Master Clear.
    cleared: Value


def legal_accesses(env: Environment, m: Module) -> Access:
    """
    Assume the contract's accesses, beside `Environment.cpu_keeps_its_word`, and return when they end.

    Assumed: one strobe at a time; address, CS# and write data hold from the clock before the strobe to the first clock
    after it, all on a bus that is not the chip's; two clocks between strobes. Each is the data sheet's set-up, hold or
    recovery time, in the fewest clocks that the contract allows.
    """
    writing, reading = ~env.cs_n & ~env.iow_n, ~env.cs_n & ~env.ior_n
    access = Signal()
    m.d.comb += access.eq(writing | reading)
    accessed = env.past(access, "access")
    earlier = env.past(accessed, "access_earlier")
    was_writing, was_reading = env.past(writing, "writing"), env.past(reading, "reading")
    held = (env.cs_n == env.past(env.cs_n, "cs_n")) & (env.a == env.past(env.a, "a"))
    cleared = Signal()
    was_cleared = env.past(cleared, "cleared")
    m.d.comb += [
        Assume(~access | (env.ior_n | env.iow_n)),
        Assume(~(access | accessed) | held),
        Assume(~(writing | was_writing) | (env.db == env.past(env.db, "db"))),
        Assume(~access | ~env.past(env.chip.aen | env.hlda, "bus_lent")),
        Assume(~(access & accessed) | (writing == was_writing)),
        Assume(~(access & ~accessed) | ~earlier),
    ]
    written, read = Signal(), Signal()
    m.d.comb += [
        # RESET ends an access that it meets.
        written.eq(was_writing & env.iow_n & ~was_cleared),
        read.eq(was_reading & env.ior_n & ~was_cleared),
        cleared.eq(env.reset | (written & (env.a == WritePort.MASTER_CLEAR))),
        Assert(~env.started | (env.chip.program.clear == cleared)),
        # Lemma: an access and a transfer never meet.
        Assert(~(access | written | read) | ~env.chip.timing.service.active),
    ]
    return Access(written, read, cleared)


def grant_never_stale(env: Environment, m: Module) -> None:
    """Assert the lemma that before S0's sampling edge the chip does not take HLDA for high."""
    timing, s = env.chip.timing, env.chip.timing.service.state
    before = (s.requesting & env.second_half) | (s.s0 & ~env.second_half)
    m.d.comb += [
        # A request is latched only while HLDA is low, and HLDA stays so until HRQ rises.
        Assert(~(s.requesting & ~env.second_half) | ~env.hlda),
        Assert(env.chip.clk_rise | ~before | ~timing.granted),
    ]

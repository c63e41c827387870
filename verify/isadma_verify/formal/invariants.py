"""What is true of the chip's states in every clock: the lemmas that make the properties inductive."""

from amaranth.hdl import Assert, Assume, Module, Mux, Signal, Value

from .environment import Environment


def ones(value: Signal) -> Signal:
    """Return how many bits of a value are on."""
    return sum(value[i] for i in range(len(value)))


def state_invariants(env: Environment, m: Module) -> None:
    """
    Assert the lemmas about the state machine.

    Parameters
    ----------
    env
        Its chip and its clocking.
    m
        Where the assertions go.
    """
    timing, fetch = env.chip.timing, env.chip.fetch
    s = timing.service.state
    chained = timing.service.source | timing.service.destination
    m.d.comb += [
        # One state at a time, and the bus is the chip's in S1 to S4.
        Assert(ones(s.as_value()) == 1),
        Assert(timing.service.active == (s.s1 | s.s2 | s.s3 | s.sw | s.s4)),
        # Only the first state of a service follows one without the bus; after the last comes SI.
        Assert(~(s.s2 | s.s3 | s.sw | s.s4) | timing.service.was_active),
        Assert(~timing.service.was_active | timing.service.active | s.si),
        # The mid-state edge of the chip is that of the clocking.
        Assert(~env.started | (timing.service.second_half == env.second_half)),
        # Memory-to-memory: one half at a time, on channel 0, with command bit 0.
        Assert(~(timing.service.source & timing.service.destination)),
        Assert(~chained | (timing.service.channel == 0)),
        Assert(~(timing.service.active & chained) | env.chip.program.control.command.memory_to_memory),
        Assert(~timing.service.active | (chained == timing.memory_to_memory)),
        Assert(~timing.service.destination | timing.service.active),
        Assert(~timing.service.source | timing.service.active | s.s0),
        # Each half of it starts with S1.
        Assert(~(chained & (s.s2 | s.s3 | s.sw | s.s4)) | timing.service.paged),
        Assert(~timing.service.paged | s.s2 | s.s3 | s.sw | s.s4),
        # Compressed timing has no S3.
        Assert(~(s.s3 & timing.cycle.compressed)),
        # The register file is the service's while the chip has the bus, and while a base word shows.
        Assert(fetch.serving == (timing.service.active | ~(fetch.address_shown | fetch.count_shown))),
    ]


def sampled_grant(env: Environment) -> Signal:
    """Return whether S0 has sampled HLDA high: in its second half, where that is not the very clock of the sample."""
    timing = env.chip.timing
    seen = Signal(name="sampled_grant")
    if env.clocking == "half":
        env.m.d.comb += seen.eq(timing.service.state.s0 & env.second_half & timing.granted)
    return seen


def grant_invariants(env: Environment, m: Module) -> None:
    """Assert what follows from a CPU that keeps its word: HLDA stays from its sampling until HRQ falls."""
    timing = env.chip.timing
    m.d.comb += [
        Assert(~sampled_grant(env) | env.hlda),
        Assert(~(timing.service.active | timing.service.state.sc) | env.hlda | ~env.chip.hrq),
    ]


def walk_invariants(env: Environment, m: Module) -> None:
    """Assert which register word shows in which state: the table of `isadma.i8237.fetch`."""
    timing, fetch = env.chip.timing, env.chip.fetch
    s, paged = timing.service.state, timing.service.paged
    address, count = fetch.address_shown, fetch.count_shown
    base = ~address & ~count
    base_count = base & fetch.port.write.count
    idle = ~timing.service.active & ~env.past(timing.service.active, "active_walk")
    m.d.comb += [
        Assert(~(address & count)),
        Assert(~s.s1 | address),
        Assert(~(s.s2 & paged) | Mux(env.second_half, count, address)),
        Assert(~(s.s2 & ~paged) | address),
        Assert(~((s.s3 | s.sw | s.s4) & paged) | base),
        Assert(~(s.s3 & ~paged) | count | (base & timing.reload)),
        Assert(~((s.sw | s.s4) & ~paged) | ~address),
        Assert(~((s.s3 | s.sw | s.s4) & ~paged & timing.reload) | base),
        # What reloads is the last transfer, but for the source of memory-to-memory.
        Assert(~(s.s4 & timing.reload) | timing.cycle.last | timing.service.source),
        # Base address before base count: both through by S4, unless compressed timing leaves one for the SI after it.
        Assert(~(s.s3 & base) | ~base_count),
        Assert(~(s.s4 & base & ~timing.cycle.compressed & (paged | timing.reload)) | base_count),
        # What is added: minus one to a word count, nothing to a base word.
        Assert(~(timing.service.active & count) | (fetch.port.addend == 0xFFFF)),
        Assert(~base | (fetch.port.addend == 0)),
        # Between services no base word shows: none is written then but by the CPU.
        Assert(~(env.started & idle) | ~base),
        Assert(~(~timing.service.active & base) | base_count),
    ]


def mode_invariants(env: Environment, m: Module, stored: Value, channel: Value) -> None:
    """
    Assert that the mode shown is the one stored, where the chip decides by it.

    Parameters
    ----------
    env
        Its chip.
    m
        Where the assertions go.
    stored
        What the mode register of a channel holds.
    channel
        That channel.
    """
    timing = env.chip.timing
    s, shown = timing.service.state, timing.modes.mode.as_value()
    now = timing.service.active & ((timing.service.channel | timing.service.destination) == channel)
    granted = timing.granted if env.clocking == "state" else sampled_grant(env)
    following = (timing.service.channel | timing.service.source) == channel
    m.d.comb += [
        Assert(~(now & (s.s1 | s.s2)) | (shown == stored)),
        # In S4 it is that of the next half of memory-to-memory already.
        Assert(~(s.s4 & following) | (shown == stored)),
        Assert(~(s.s0 & granted & (timing.service.channel == channel)) | (shown == stored)),
    ]


def settled(env: Environment, m: Module, value: Signal, name: str) -> None:
    """Assume that a free input never changes."""
    before = env.past(value, name)
    m.d.comb += Assume(~env.started | (value == before))


def capped(value: Signal, most: int) -> Signal:
    """Return value + 1, but never more than `most`."""
    return Mux(value == most, most, value + 1)

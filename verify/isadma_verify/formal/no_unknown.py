"""A proof that RESET leaves nothing unknown: two chips that start unequal show the same from RESET on."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7: RESET clears command, status, request and temporary
#      registers and the flip-flop, sets the mask, and reaches neither modes nor addresses nor word counts.

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from amaranth.back.rtlil import Undef
from amaranth.hdl import Assert, Assume, Const, Cover, Fragment, Module, Mux, ResetSignal, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In

from isadma.i8237 import I8237
from isadma.i8237.modes import ModeRegisters
from isadma.i8237.regs import CHANNELS, REGISTER_BITS, Mode

from .environment import CLOCKINGS, INPUTS, Environment
from .free_chip import unused
from .invariants import grant_invariants, state_invariants, walk_invariants
from .open_memories import FreeRegisterFile
from .runner import Property

_MODE_BITS = Mode.as_shape().size

#: Flip-flops that RESET leaves as they are. What is read of a word or a mode is as unknown as that is, and what follows
#: from it too; all are made anew by each service before anything hangs on them: some with its first state, some by S3.
_FROM_S1 = frozenset({"shown", "ones", "one"})
_FROM_S2 = frozenset({"held", "autoinitialize", "external_eop", "page"})
_FROM_S3 = frozenset({"zero", "next_zero", "pause"})
#: Of these, what the second half of memory-to-memory has from the first.
_FROM_SOURCE = frozenset({"pause"})
#: What only an edge of CLK makes equal, in RESET too.
_BY_RISE = frozenset({"hlda", "half"})


class _Words(FreeRegisterFile):
    """A register file in which a read gives anything, but zero where the file itself clears a word."""

    def given(self) -> Any:
        """Return what a read gives."""
        return Mux(self.port.read.zero, 0, self.anything)


class _Modes(ModeRegisters):
    """Mode registers in which a look gives anything."""

    def __init__(self) -> None:
        super().__init__(attrs={}, read_back=False)
        self.anything, self.cascaded = Signal(_MODE_BITS), Signal(CHANNELS)

    def elaborate(self, platform: object) -> Module:
        """Show what was looked at last."""
        m = Module()
        shown = Signal(_MODE_BITS, name="shown")
        m.d.sync += shown.eq(self.anything)
        m.d.comb += [self.served.mode.eq(shown), self.cascade.eq(self.cascaded)]
        return m


class _Seen:
    """One of the chips after RESET, as the lemmas of `invariants` ask for it."""

    def __init__(self, rules: "TwoChips", m: Module, second_half: Value, started: Signal) -> None:
        self.chip, self.clocking, self.m = rules.chips[0], rules.clocking, m
        self.second_half, self.started = second_half, started
        for name in ("hlda", "a", "cs_n", "ior_n", "iow_n"):
            setattr(self, name, getattr(rules, name))

    def past(self, value: Value, name: str) -> Signal:
        """Return what a value was one fabric clock before; zero in the first."""
        before = Signal(len(value), name=f"past_{name}")
        self.m.d.sync += before.eq(value)
        return before


def _flip_flops(fragment: Fragment) -> Iterator[Signal]:
    """Yield what a design keeps, in an order that is the same for the same design."""
    kept = {
        signal.duid: signal for statement in fragment.statements.get("sync", ()) for signal in statement._lhs_signals()
    }
    yield from sorted(kept.values(), key=lambda signal: (signal.name, signal.duid))
    for inner, *_ in fragment.subfragments:
        yield from _flip_flops(inner)


class TwoChips(wiring.Component):
    """
    Two chips on the same inputs, whose flip-flops, words and modes begin with anything, each with its own.

    A channel is *known* from some clock on, at any time, since a program has written its mode, address and word count:
    from then on both read the same of it. Assumed is that no channel asks for service that is not known, and that
    command bit 0 is on only with channels 0 and 1 known.

    Parameters
    ----------
    clocking
        One of `CLOCKINGS`.
    """

    def __init__(self, clocking: str) -> None:
        self.clocking = clocking
        self.narrowed = False
        self.chips = (I8237(), I8237())
        for chip in self.chips:
            for closed in (chip.modes, chip.registers):
                unused(closed)
            chip.modes, chip.registers = _Modes(), _Words()
        free = {f"{name}{n}": width for n in (1, 2) for name, width in (("word", REGISTER_BITS), ("mode", _MODE_BITS))}
        free |= {"cascaded1": CHANNELS, "cascaded2": CHANNELS, "known": CHANNELS, "enable": 1}
        super().__init__({name: In(width) for name, width in {**INPUTS, **free}.items()})

    def elaborate(self, platform: object) -> Module:
        """Put both chips on the same inputs, and say what must be equal."""
        m = Module()
        fragments = [Fragment.get(chip, "formal") for chip in self.chips]
        kept = [list(_flip_flops(fragment)) for fragment in fragments]
        for signal in (*kept[0], *kept[1]):
            signal.attrs["init"] = Undef(len(signal))
        m.submodules.one, m.submodules.two = fragments
        one, _two = self.chips
        second_half = Signal()
        if self.clocking == "half":
            with m.If(self.enable):
                m.d.sync += second_half.eq(~second_half)
        for n, chip in enumerate(self.chips, 1):
            self._drive(m, chip, second_half)
            m.d.comb += [
                chip.registers.anything.eq(getattr(self, f"word{n}")),
                chip.modes.anything.eq(getattr(self, f"mode{n}")),
                chip.modes.cascaded.eq(getattr(self, f"cascaded{n}")),
            ]
        # From the second clock after RESET has been on over both edges of CLK. The data sheet wants 2 CLK.
        reset, seen = Signal(), Signal()
        rise, fall = Signal(), Signal()
        m.d.sync += [
            rise.eq(self.reset & (rise | one.clk_rise)),
            fall.eq(self.reset & (fall | one.clk_fall)),
            reset.eq(self.reset & (rise | one.clk_rise) & (fall | one.clk_fall)),
            seen.eq(seen | reset),
        ]
        was_known = Signal(CHANNELS)
        m.d.sync += was_known.eq(self.known)
        m.d.comb += [Assume(~ResetSignal()), Assume((was_known & ~self.known) == 0)]
        self._assume(m, was_known)
        with m.If(seen):
            lemmas = cast(Environment, _Seen(self, m, second_half if self.clocking == "half" else Const(1), seen))
            Environment.cpu_keeps_its_word(lemmas, m)
            state_invariants(lemmas, m)
            grant_invariants(lemmas, m)
            walk_invariants(lemmas, m)
        m.d.comb += [Assert(~seen | equal, name) for name, equal in self._pins(m)]
        service = one.timing.service
        state = service.state
        # Who is served has been known since its request was latched.
        latched = state.requesting | state.s0 | state.sc | service.active
        m.d.comb += Assert(~seen | ~latched | (was_known >> service.channel)[0])
        for first, second in zip(*kept, strict=True):
            when = Const(1)
            for names, then in (
                (_FROM_S1, service.active),
                (_FROM_S2, service.active & ~state.s1),
                # The count is known a state sooner where there was no S1.
                (_FROM_S3, state.s3 | state.sw | state.s4 | (state.s2 & ~service.paged)),
            ):
                if first.name in names:
                    when = then
            if first.name in _FROM_SOURCE:
                when |= service.destination
            if first.name in _BY_RISE:
                m.d.comb += Assert(~rise | (first == second), f"{first.name} differs in RESET")
            m.d.comb += Assert(~seen | ~when | (first == second), f"{first.name} differs")
        m.d.comb += Cover(seen & ~one.memw_n.o & (self.known != (1 << CHANNELS) - 1))
        if self.narrowed:
            m.d.comb += Assume(self.enable & self.ior_n & self.ready)
        return m

    def _drive(self, m: Module, chip: I8237, second_half: Signal) -> None:
        both_ways = {"ior_n": chip.ior_n, "iow_n": chip.iow_n, "eop_n": chip.eop_n, "db": chip.db, "a": chip.a}
        for name in INPUTS:
            m.d.comb += (both_ways[name].i if name in both_ways else getattr(chip, name)).eq(getattr(self, name))
        if self.clocking == "state":
            m.d.comb += [chip.clk_fall.eq(1), chip.clk_rise.eq(1)]
        else:
            m.d.comb += [chip.clk_rise.eq(self.enable & ~second_half), chip.clk_fall.eq(self.enable & second_half)]

    def _assume(self, m: Module, known: Signal) -> None:
        """Assume that what is known is the same, and that nothing else is asked for."""
        one, two = self.chips
        for channel in range(CHANNELS):
            read = one.registers.port.read.word.channel == channel
            looked = one.modes.served.channel == channel
            m.d.comb += [
                Assume(~known[channel] | ~read | (self.word1 == self.word2)),
                Assume(~known[channel] | ~looked | (self.mode1 == self.mode2)),
                Assume(~known[channel] | (self.cascaded1[channel] == self.cascaded2[channel])),
                Assume(known[channel] | ~(one.requests.wanted[channel] | two.requests.wanted[channel])),
            ]
        for chip in self.chips:
            m.d.comb += Assume(~chip.program.control.command.memory_to_memory | known[:2].all())

    def _pins(self, m: Module) -> Iterator[tuple[str, object]]:
        """Yield what must be equal: every pin, but for data of a word that a processor reads."""
        one, two = self.chips
        for name in ("hrq", "dack", "aen", "adstb"):
            yield name, getattr(one, name) == getattr(two, name)
        for name in ("ior_n", "iow_n", "memr_n", "memw_n"):
            first, second = getattr(one, name), getattr(two, name)
            yield name, (first.oe == second.oe) & (first.o == second.o)
        yield "eop_n", one.eop_n.oe == two.eop_n.oe
        yield "a", (one.a.oe == two.a.oe) & (~one.a.oe | (one.a.o == two.a.o))
        words = ~one.aen & ~self.a[3]
        yield "db", (one.db.oe == two.db.oe) & (~one.db.oe | words | (one.db.o == two.db.o))


def _build(clocking: str, narrowed: bool) -> TwoChips:
    rules = TwoChips(clocking)
    rules.narrowed = narrowed
    return rules


#: No X after RESET, in both clockings; with the clocks that the covers need.
NO_UNKNOWN = tuple(
    Property(
        f"no-unknown-{clocking}",
        "Two chips that start with anything, each its own, show the same on every pin from RESET on, given a CPU that "
        "keeps its word, as long as no channel asks for service before a program has written its mode, address and "
        "word count: RESET leaves no X but in these.",
        partial(_build, clocking),
        4,
        "a word read reaches the pins within three clocks, and nothing but a word is left unequal",
        cover_depth,
    )
    for clocking, cover_depth in zip(CLOCKINGS, (14, 28), strict=True)
)

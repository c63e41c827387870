"""The rules of Wishbone refute who breaks them: a slave and a master as they are often written."""

import gc

import pytest
from amaranth.hdl import Assert, Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from isadma.soc.memory import LANE_BITS
from isadma.soc.registers import ADDRESS_BITS
from isadma.soc.wishbone import BurstType, CycleType, Wishbone
from isadma_verify.formal.runner import Property, prove
from isadma_verify.formal.wishbone_rules import WishboneRules


class LateSlave(wiring.Component):
    """A slave whose ack is a flip-flop that does not ask who is still there."""

    bus: In(Wishbone(ADDRESS_BITS))

    def elaborate(self, platform):
        m = Module()
        m.d.sync += self.bus.ack.eq(self.bus.cyc & self.bus.stb & ~self.bus.ack)
        return m


class EagerSlave(wiring.Component):
    """A slave that goes through a burst by itself: it counts the words, and acknowledges whether or not STB is high."""

    bus: In(Wishbone(ADDRESS_BITS, bursts=True))

    def __init__(self):
        super().__init__()
        self.following, self.words = Signal(ADDRESS_BITS), Signal(3)

    def elaborate(self, platform):
        m = Module()
        bus, words = self.bus, self.words
        goes_on = (bus.cti == CycleType.INCREMENTING) & (bus.bte == BurstType.WRAP_4)
        m.d.sync += bus.ack.eq(bus.cyc & ((bus.stb & ~bus.ack) | (bus.ack & (~bus.stb | goes_on))))
        with m.If(bus.cyc & bus.stb & bus.ack):
            m.d.sync += self.following.eq(Cat((bus.adr + 1)[:2], bus.adr[2:]))
            m.d.sync += words.eq(Mux(goes_on, Mux(words == 4, 4, words + 1), 0))
            m.d.comb += Assert((words == 0) | (words == 4) | (bus.adr == self.following))
        return m


class LiveMaster(wiring.Component):
    """A master whose address is whatever a page register says in this clock."""

    bus: Out(Wishbone(32 - LANE_BITS))
    page: In(16)
    go: In(1)

    def elaborate(self, platform):
        m = Module()
        busy = Signal()
        m.d.comb += [self.bus.cyc.eq(busy), self.bus.stb.eq(busy), self.bus.adr.eq(Cat(Signal(14), self.page))]
        m.d.sync += busy.eq((busy & ~(self.bus.ack | self.bus.err)) | (~busy & self.go))
        return m


class Bound(wiring.Component):
    """Rules bound to a part on free inputs."""

    def __init__(self, part, rules, inputs):
        self._part, self._rules = part, rules
        super().__init__({name: In(width) for name, width in inputs.items()})

    def elaborate(self, platform):
        m = Module()
        m.submodules.part, m.submodules.rules = self._part, self._rules
        self._rules.watch(m, self._part.bus)
        for name, _ in self.signature.members.items():
            pin = getattr(self._part.bus, name, None)
            m.d.comb += (getattr(self._part, name) if pin is None else pin).eq(getattr(self, name))
        return m


def _slave(**options):
    inputs = {"adr": ADDRESS_BITS, "dat_w": 32, "sel": 4, "cyc": 1, "stb": 1, "we": 1}
    return Bound(LateSlave(), WishboneRules(ADDRESS_BITS, role="slave", **options), inputs)


class BoundEager(Bound):
    """The same, with what ties the slave's count to that of the rules."""

    def elaborate(self, platform):
        m = super().elaborate(platform)
        words, following, burst = self._part.words, self._part.following, self._rules.burst
        wraps = (burst.next_cti == CycleType.INCREMENTING) & (burst.next_bte == BurstType.WRAP_4)
        m.d.comb += [
            Assert(words <= 4),
            Assert((words == 0) | (words == 4) | (wraps & (burst.beats == words) & (burst.next_adr == following))),
            Assert((words != 4) | (burst.beats >= 4)),
            Assert((words != 0) | (burst.beats == 0) | ~wraps),
        ]
        return m


def _eager(bound=Bound, **options):
    inputs = {"adr": ADDRESS_BITS, "dat_w": 32, "sel": 4, "cyc": 1, "stb": 1, "we": 1, "cti": 3, "bte": 2}
    return bound(EagerSlave(), WishboneRules(ADDRESS_BITS, role="slave", **options), inputs)


def _master(**options):
    inputs = {"dat_r": 32, "ack": 1, "err": 1, "page": 16, "go": 1}
    return Bound(LiveMaster(), WishboneRules(32 - LANE_BITS, role="master", **options), inputs)


@pytest.mark.parametrize(
    "build",
    [_slave, _master, pytest.param(_eager, marks=pytest.mark.long)],
    ids=["a late ack", "a live address", "an eager ack"],
)
def test_who_breaks_a_rule_is_refuted(build):
    verdict = prove(
        Property("wrong", "It keeps the rules.", lambda _: build(), 4, "short", 4), timeout=100, cover=False
    )
    assert not verdict.proved
    assert "failed assertion" in verdict.detail


def test_the_late_slave_is_right_for_a_patient_master():
    verdict = prove(
        Property("right", "Patience.", lambda _: _slave(patient=True, within=2), 4, "short", 4),
        timeout=100,
        cover=False,
    )
    assert verdict.proved, verdict.detail
    hasty = Property("wrong", "Patience.", lambda _: _slave(patient=True, within=1), 4, "short", 4)
    assert not prove(hasty, timeout=100).proved


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
@pytest.mark.parametrize("within", [0, 16])
def test_an_answer_within_no_clocks_is_no_rule(within):
    with pytest.raises(ValueError, match=f"within {within} clocks: an answer comes in 1 to 15"):
        WishboneRules(4, role="slave", within=within)


def test_a_slave_may_count_on_the_addresses_of_a_burst_and_acknowledge_without_stb():
    verdict = prove(
        Property("right", "Bursts.", lambda _: _eager(BoundEager, bursts=True), 4, "short", 4), timeout=100, cover=False
    )
    assert verdict.proved, verdict.detail


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_what_is_known_of_a_burst_is_of_a_bus_with_bursts():
    with pytest.raises(LookupError, match="make them with bursts=True"):
        _ = WishboneRules(8, role="slave").burst
    gc.collect()


@pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")
def test_a_role_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="role 'arbiter': take one of master, slave, neither"):
        WishboneRules(8, role="arbiter")
    gc.collect()

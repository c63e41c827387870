"""RTL compiled to Python, held against Amaranth's own simulator, on designs made to be awkward."""

import random

import pytest
from amaranth.back import rtlil
from amaranth.hdl import Array, Cat, ClockDomain, Module, Mux, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out
from amaranth.sim import Simulator

from isadma_sim.engines.pyrtl import compile_rtlil
from isadma_sim.engines.pyrtl.rtlil import RtlilError, read_rtlil

WIDTH = 24


class Operators(wiring.Component):
    """Every operator the boards may use, on slices of one input word, with a register behind each."""

    i: In(WIDTH)
    o: Out(64)

    def elaborate(self, platform):
        m = Module()
        a, b, c = self.i[:8], self.i[8:16], self.i[16:]
        bit = self.i[3]
        results = [
            a + b, a - b, a & b, a | b, a ^ b, ~a, a == b, a != b, a < b, a <= b, a > b, a >= b,
            a << c[:3], a >> c[:3], a << 3, a >> 3, a.any(), a.all(), a.bool(), Mux(bit, a, b), Cat(c, bit, a[2:5]),
            a.bit_select(c[:3], 3), a.word_select(c[:2], 2), bit.replicate(5), a.rotate_left(3), Cat(a, b)[5:11] * 4,
            Array([a, b, c, ~c])[self.i[:2]], (a.xor()),
        ]  # fmt: skip
        total = Signal(64)
        for number, result in enumerate(results):
            stored = Signal(len(result), name=f"r{number}", init=number & ((1 << len(result)) - 1))
            m.d.sync += stored.eq(result)
            mixed = Signal(64, name=f"mixed{number}")
            m.d.comb += mixed.eq(total.rotate_left(7) ^ Cat(result, stored))
            total = mixed
        m.d.comb += self.o.eq(total)
        return m


class Switches(wiring.Component):
    """Nested switches, don't-cares, defaults, partial assignments, last assignment wins."""

    i: In(WIDTH)
    o: Out(16)

    def elaborate(self, platform):
        m = Module()
        state = Signal(16, init=0x1234)
        m.d.comb += self.o.eq(state)
        m.d.comb += self.o[3].eq(self.i[0])
        with m.Switch(self.i[:4]):
            with m.Case("1--0", 3):
                m.d.comb += self.o[4:8].eq(self.i[8:])
                with m.If(self.i[20]):
                    m.d.comb += self.o[:2].eq(3)
                with m.Elif(self.i[21]):
                    m.d.sync += state[:8].eq(self.i[9:])
            with m.Case(5):
                m.d.sync += state.eq(state + 1)
            with m.Default():
                m.d.comb += self.o[0].eq(~state[0])
                m.d.sync += Cat(state[12:], state[:4]).eq(self.i[16:])
        with m.If(self.i[22]):
            m.d.comb += self.o[15].eq(1)
        with m.FSM():
            with m.State("A"), m.If(self.i[1] & self.i[2]):
                m.next = "B"
            with m.State("B"):
                m.d.comb += self.o[14].eq(~state[2])
                m.next = "C"
            with m.State("C"), m.If(self.i[7]):
                m.next = "A"
        return m


class Memories(wiring.Component):
    """A memory with byte enables, read at once, and a clock later with an enable."""

    i: In(WIDTH)
    o: Out(32)

    def elaborate(self, platform):
        m = Module()
        m.submodules.memory = memory = Memory(shape=16, depth=8, init=[n * 0x1111 for n in range(8)])
        write = memory.write_port(granularity=8)
        soon, late = memory.read_port(domain="comb"), memory.read_port()
        m.d.comb += [
            write.addr.eq(self.i[:3]),
            write.data.eq(Cat(self.i[3:11], self.i[5:13])),
            write.en.eq(self.i[14:16]),
            soon.addr.eq(self.i[16:19]),
            late.addr.eq(self.i[:3]),
            late.en.eq(self.i[20]),
            self.o.eq(Cat(soon.data, late.data)),
        ]
        return m


class Nested(wiring.Component):
    """Submodules wired through one another."""

    i: In(WIDTH)
    o: Out(48)

    def elaborate(self, platform):
        m = Module()
        m.submodules.one = one = Switches()
        m.submodules.two = two = Memories()
        m.d.comb += [one.i.eq(self.i), two.i.eq(Cat(one.o, self.i[3:11])), self.o.eq(Cat(one.o, two.o))]
        return m


def _compile(design):
    text = rtlil.convert(design, name="top", emit_src=False)
    outputs = [("o", None, len(design.o))]
    return compile_rtlil(text, inputs={"i": (0, WIDTH)}, input_width=WIDTH, outputs=outputs, probes=[])


def _simulated(design, words):
    top = Module()
    top.domains.sync = domain = ClockDomain(reset_less=True)
    top.submodules.design = design
    simulator, seen = Simulator(top), []

    async def bench(ctx):
        for word in words:
            ctx.set(design.i, word)
            seen.append(ctx.get(design.o))
            ctx.set(domain.clk, 1)
            ctx.set(domain.clk, 0)

    simulator.add_testbench(bench)
    simulator.run()
    return seen


@pytest.mark.parametrize("kind", [Operators, Switches, Memories, Nested])
def test_compiled_rtl_shows_what_amaranths_simulator_shows(kind):
    dice = random.Random(kind.__name__)
    words = [dice.getrandbits(WIDTH) for _ in range(300)]
    machine, _ = _compile(kind()).start()
    seen = []
    for word in words:
        seen.append(int(machine.send(word)))
        machine.send(word)
    assert seen == _simulated(kind(), words)


@pytest.mark.parametrize("kind", [Switches, Nested])
def test_inputs_changed_late_in_a_clock_are_what_registers_take(kind):
    dice = random.Random(1)
    pairs = [(dice.getrandbits(WIDTH), dice.getrandbits(WIDTH)) for _ in range(200)]
    machine, _ = _compile(kind()).start()
    other, _ = _compile(kind()).start()
    for early, late in pairs:
        machine.send(early)
        machine.send(late)
        other.send(late)
        other.send(late)
        assert machine.send(0) == other.send(0)
        machine.send(0)
        other.send(0)


def test_two_machines_of_one_design_share_nothing():
    compiled = _compile(Memories())
    one, words_one = compiled.start()
    _, words_two = compiled.start()
    one.send(0x00C7F8)
    one.send(0x00C7F8)
    assert words_one["memory"] != words_two["memory"]


def test_wires_can_be_looked_at_between_the_two_halves_of_a_clock():
    text = rtlil.convert(Nested(), name="top", emit_src=False)
    compiled = compile_rtlil(
        text,
        inputs={"i": (0, WIDTH)},
        input_width=WIDTH,
        outputs=[("o", None, 48)],
        probes=[(("one",), "o"), ((), "i")],
    )
    machine, _ = compiled.start()
    shown = machine.send(0xABCDEF)
    inner, word = machine.send(None)
    assert (inner, word) == (shown & 0xFFFF, 0xABCDEF)
    assert machine.send(0xABCDEF) is None


def test_a_wire_that_is_not_there_is_named():
    text = rtlil.convert(Nested(), name="top", emit_src=False)
    for path, wire, message in ((("three",), "o", "no instance three"), (("one",), "x", "no wire one.x")):
        with pytest.raises(RtlilError, match=message):
            compile_rtlil(text, inputs={}, input_width=1, outputs=[], probes=[(path, wire)])


def test_a_signed_comparison_is_refused_not_guessed():
    class Signed(wiring.Component):
        i: In(WIDTH)
        o: Out(1)

        def elaborate(self, platform):
            m = Module()
            a = Signal(signed(8))
            m.d.comb += [a.eq(self.i[:8]), self.o.eq(a < self.i[8:12].as_signed())]
            return m

    with pytest.raises(RtlilError, match=r"signed \$lt"):
        _compile(Signed())


def test_text_that_is_not_rtlil_is_named():
    with pytest.raises(RtlilError, match="'hello' outside of a module"):
        read_rtlil("hello\n")

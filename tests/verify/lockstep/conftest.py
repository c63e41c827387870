"""The RTL clocked beside the golden model, in Amaranth's simulator or as C++; a difference comes with its history."""

import ctypes
import subprocess
from dataclasses import fields
from functools import cache
from random import Random

import pytest
from amaranth import Cat, Const, Module, Signal
from amaranth.back import rtlil
from amaranth.sim import Simulator

from isadma.i8237 import I8237
from isadma.pc import PcAt, PcXt
from isadma_sim.engines.native.compiler import find_compiler
from isadma_sim.engines.native.cpplibrary import runtime
from isadma_sim.reference import AtBoard, BoardInputs, Chip, ChipInputs, XtBoard
from isadma_tools import toolchain
from isadma_verify.random.scenario import play_board, play_chip

TRACE = 14
"""Clocks shown before a difference."""

FIXED_BITS = {
    "db": lambda clock: max(clock.data, 0),
    "d": lambda clock: max(clock.data, 0),
    "db_oe": lambda clock: clock.data >= 0,
    "d_oe": lambda clock: clock.data >= 0,
}
"""Which bits of an output the contract fixes in a clock, where it doesn't fix them always."""

STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")


def chip_wires(dut):
    """Map the model's pin names to the chip's inputs, and to its outputs with the model's pin and its enable."""
    inputs = {name: getattr(dut, name) for name in ("reset", "cs_n", "ready", "hlda", "dreq")}
    inputs |= {name: getattr(dut, name).i for name in ("ior_n", "iow_n", "eop_n", "db", "a")}
    outputs = {name: (getattr(dut, name), name, None) for name in ("hrq", "dack", "aen", "adstb")}
    outputs["eop_oe"] = (dut.eop_n.oe, "eop_oe", None)
    outputs |= _three_state(dut, dict.fromkeys(STROBES, "strobes_oe") | {"db": "db_oe", "a": "a_oe"})
    return inputs, outputs


def board_wires(dut):
    """Do the same for a board."""
    isa = dut.isa
    inputs = {"reset": dut.reset, "hlda": dut.hlda, "drq": isa.drq, "iochrdy": isa.iochrdy, "master_n": isa.master_n}
    inputs |= {"out1": dut.out1} | {name: getattr(isa, name).i for name in ("a", "sbhe_n", "d", *STROBES)}
    outputs = {"hrq": (dut.hrq, "hrq", None)}
    outputs |= {name: (getattr(isa, name), name, None) for name in ("aen", "dack_n", "tc", "refresh_n")}
    enables = dict.fromkeys(STROBES, "strobes_oe") | {"a": "a_oe", "sbhe_n": "a_oe", "d": "d_oe"}
    return inputs, outputs | _three_state(isa, enables)


def _three_state(pins, enables):
    wires = {}
    for name, enable in enables.items():
        wires[name] = (getattr(pins, name).o, name, enable)
        wires[name + "_oe"] = (getattr(pins, name).oe, enable, None)
    return wires


def simulated(top, stimulus, response):
    """Return a function that runs a list of input words from power-up, in Amaranth's simulator."""
    sim = Simulator(top)
    words, shown = [], []

    async def testbench(ctx):
        for word in words:
            ctx.set(stimulus, word)
            shown.append(ctx.get(response))
            await ctx.tick()

    sim.add_clock(1e-6)
    sim.add_testbench(testbench)
    used = []

    def run(new_words):
        words[:] = new_words
        shown.clear()
        if used:
            sim.reset()
        used.append(True)
        sim.run()
        return shown

    return run


NATIVE = """
#include "top.cc"
using namespace cxxrtl;
template<size_t B> static const value<B> &now(const value<B> &v) { return v; }
template<size_t B> static const value<B> &now(const wire<B> &w) { return w.curr; }
extern "C" void run(size_t clocks, const uint32_t *in, uint32_t *out) {
    cxxrtl_design::p_top top;
    const size_t ins = sizeof(top.p_stimulus.data) / 4, outs = sizeof(now(top.p_response).data) / 4;
    for (size_t n = 0; n < clocks; n++, in += ins, out += outs) {
        for (size_t i = 0; i < ins; i++) top.p_stimulus.data[i] = in[i];
        top.p_clk.set<bool>(false);
        top.step();
        for (size_t i = 0; i < outs; i++) out[i] = now(top.p_response).data[i];
        top.p_clk.set<bool>(true);
        top.step();
    }
}
"""


def native(top, stimulus, response, folder):
    """Return such a function that runs the design as C++ (Yosys' CXXRTL); skip where there is no compiler."""
    compiler = find_compiler()
    if compiler is None:
        pytest.skip("no C++ compiler")
    (folder / "top.il").write_text(rtlil.convert(top, name="top", ports=[stimulus, response]))
    toolchain.run_script("read_rtlil top.il; write_cxxrtl top.cc", cwd=folder)
    (folder / "run.cc").write_text(NATIVE)
    library = folder / "run.so"
    flags = ["-O2", "-std=c++17", "-shared", "-fPIC", "-w", "-I", str(runtime())]
    subprocess.run([*compiler.command, *flags, "-o", str(library), str(folder / "run.cc")], check=True, timeout=300)
    function = ctypes.CDLL(str(library)).run
    ins, outs = (len(stimulus) + 31) // 32 * 4, (len(response) + 31) // 32 * 4

    def run(words):
        given = b"".join(word.to_bytes(ins, "little") for word in words)
        shown = ctypes.create_string_buffer(outs * len(words))
        function(ctypes.c_size_t(len(words)), given, shown)
        raw = shown.raw
        return [int.from_bytes(raw[n : n + outs], "little") for n in range(0, len(raw), outs)]

    return run


class Lockstep:
    """One compiled design and its model; each `run` starts both from power-up."""

    def __init__(self, dut, wires, inputs_type, build_model, play, backend):
        self.build_model = build_model
        self.play = play
        self._input_names = [field.name for field in fields(inputs_type)]
        inputs, self._outputs = wires(dut)
        assert set(inputs) == set(self._input_names)
        widths = [len(inputs[name]) for name in self._input_names]
        self._places = [sum(widths[:n]) for n in range(len(widths))]
        self._compared = []
        place = 0
        for key, (signal, name, enable) in self._outputs.items():
            self._compared.append((place, (1 << len(signal)) - 1, name, enable, FIXED_BITS.get(key)))
            place += len(signal)
        stimulus, response = Signal(sum(widths), name="stimulus"), Signal(place, name="response")
        top = Module()
        top.submodules.dut = dut
        top.d.comb += Cat(inputs[name] for name in self._input_names).eq(stimulus)
        top.d.comb += [dut.clk_fall.eq(Const(1)), dut.clk_rise.eq(Const(1))]
        top.d.comb += response.eq(Cat(signal for signal, _, _ in self._outputs.values()))
        self._run = backend(top, stimulus, response)

    def run(self, seed, clocks, knobs=None, ops=None, model=None):
        """Compare `clocks` clocks; fail with the pins that differ and a trace."""
        played = list(self.play(model or self.build_model(), Random(seed), clocks, knobs, ops))
        for n, got in enumerate(self._run([self._word(clock.pins) for clock in played])):
            expected, care = self._expect(played[n])
            if (got ^ expected) & care:
                past = played[max(0, n + 1 - TRACE) : n + 1]
                pytest.fail(self._explain(seed, n, got, expected, care, past), pytrace=False)

    def _word(self, pins):
        word = 0
        for name, place in zip(self._input_names, self._places, strict=True):
            word |= getattr(pins, name) << place
        return word

    def _expect(self, clock):
        expected = care = 0
        shown = clock.shown
        for place, mask, name, enable, fixed in self._compared:
            if enable is None or getattr(shown, enable):
                if fixed is not None:
                    mask &= fixed(clock)
                care |= mask << place
                expected |= (getattr(shown, name) & mask) << place
        return expected, care

    def _explain(self, seed, clock_number, got, expected, care, past):
        lines = [f"seed {seed}, clock {clock_number}: RTL and golden model differ"]
        place = 0
        for key, (signal, _, _) in self._outputs.items():
            mask = (1 << len(signal)) - 1
            if (got ^ expected) & care & mask << place:
                lines.append(f"  {key}: RTL {got >> place & mask:#x}, model {expected >> place & mask:#x}")
            place += len(signal)
        lines.append(f"inputs  =>  what the model shows, the last {len(past)} clocks:")
        lines += [f"  {_beyond_idle(clock.pins)}  =>  {_beyond_idle(clock.shown)}" for clock in past]
        return "\n".join(lines)


def _beyond_idle(pins):
    values = {field.name: getattr(pins, field.name) for field in fields(pins)}
    idle = {field.name: field.default for field in fields(pins)}
    return " ".join(
        value if isinstance(value, str) else f"{name}={value:x}"
        for name, value in values.items()
        if value != idle[name] or isinstance(value, str)
    )


def chip_design(backend, variant):
    """Put a chip beside its model."""
    dut = I8237(variant=variant)
    return Lockstep(dut, chip_wires, ChipInputs, lambda: Chip(variant=variant), play_chip, backend)


def board_design(backend, wait_states):
    """Put an AT board beside its model."""
    dut = PcAt(wait_states=wait_states)
    return Lockstep(dut, board_wires, BoardInputs, lambda: AtBoard(wait_states=wait_states), play_board, backend)


def xt_design(backend, wait_states):
    """Put a PC/XT board beside its model."""
    dut = PcXt(wait_states=wait_states)
    return Lockstep(dut, board_wires, BoardInputs, lambda: XtBoard(wait_states=wait_states), play_board, backend)


@pytest.fixture(scope="session")
def chip_lockstep():
    """Get the simulated chip of a variant beside its model."""
    return cache(lambda variant: chip_design(simulated, variant))


@pytest.fixture(scope="session")
def board_lockstep():
    """Get the simulated AT board with some wait states beside its model."""
    return cache(lambda wait_states: board_design(simulated, wait_states))


@pytest.fixture(scope="session")
def native_lockstep(tmp_path_factory):
    """Get any of them as C++: `native_lockstep("chip", "cmos")`, or "at" or "xt" and the wait states."""
    designs = {"chip": chip_design, "at": board_design, "xt": xt_design}

    def backend(top, stimulus, response):
        return native(top, stimulus, response, tmp_path_factory.mktemp("lockstep"))

    return cache(lambda what, option: designs[what](backend, option))

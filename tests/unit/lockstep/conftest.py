"""The RTL in Amaranth's simulator, clocked beside the golden model; a difference is reported with what led to it."""

from dataclasses import fields
from functools import cache
from random import Random

import pytest
from amaranth import Cat, Const, Module, Signal
from amaranth.sim import Simulator

from isadma.i8237 import I8237
from isadma.pc import PcAt
from isadma_sim.reference import AtBoard, BoardInputs, Chip, ChipInputs
from isadma_sim.reference.scenario import play_board, play_chip

TRACE = 14
"""Clocks shown before a difference."""


def chip_wires(dut):
    """Map the model's pin names to the chip's inputs, and to its outputs with the enable that makes each count."""
    inputs = {
        "reset": dut.reset,
        "cs_n": dut.cs_n,
        "ready": dut.ready,
        "hlda": dut.hlda,
        "dreq": dut.dreq,
        "ior_n": dut.ior_n.i,
        "iow_n": dut.iow_n.i,
        "eop_n": dut.eop_n.i,
        "db": dut.db.i,
        "a": dut.a.i,
    }
    outputs = {name: (getattr(dut, name), name, None) for name in ("hrq", "dack", "aen", "adstb")}
    outputs["eop_oe"] = (dut.eop_n.oe, "eop_oe", None)
    for name in ("ior_n", "iow_n", "memr_n", "memw_n"):
        outputs[name] = (getattr(dut, name).o, name, "strobes_oe")
        outputs[name + ".oe"] = (getattr(dut, name).oe, "strobes_oe", None)
    for name in ("db", "a"):
        outputs[name] = (getattr(dut, name).o, name, name + "_oe")
        outputs[name + "_oe"] = (getattr(dut, name).oe, name + "_oe", None)
    return inputs, outputs


def board_wires(dut):
    """Do the same for the AT board."""
    isa = dut.isa
    inputs = {"reset": dut.reset, "hlda": dut.hlda, "drq": isa.drq, "iochrdy": isa.iochrdy, "master_n": isa.master_n}
    outputs = {"hrq": (dut.hrq, "hrq", None)}
    for name in ("aen", "dack_n", "tc", "refresh_n"):
        outputs[name] = (getattr(isa, name), name, None)
    for name, enable in {"a": "a_oe", "sbhe_n": "a_oe", "d": "d_oe"}.items():
        inputs[name] = getattr(isa, name).i
        outputs[name] = (getattr(isa, name).o, name, enable)
        outputs[name + "_oe"] = (getattr(isa, name).oe, enable, None)
    for name in ("ior_n", "iow_n", "memr_n", "memw_n"):
        inputs[name] = getattr(isa, name).i
        outputs[name] = (getattr(isa, name).o, name, "strobes_oe")
        outputs[name + ".oe"] = (getattr(isa, name).oe, "strobes_oe", None)
    return inputs, outputs


class Lockstep:
    """One compiled design and its model; each `run` starts both from power-up."""

    def __init__(self, dut, wires, inputs_type, build_model, play):
        self.build_model = build_model
        self.play = play
        self._clocks = iter(())
        self._failure = None
        self._input_names = [field.name for field in fields(inputs_type)]
        inputs, self._outputs = wires(dut)
        assert set(inputs) == set(self._input_names)
        widths = [len(inputs[name]) for name in self._input_names]
        self._places = [sum(widths[:n]) for n in range(len(widths))]
        top = Module()
        top.submodules.dut = dut
        self._in = Signal(sum(widths))
        top.d.comb += Cat(inputs[name] for name in self._input_names).eq(self._in)
        top.d.comb += [dut.clk_fall.eq(Const(1)), dut.clk_rise.eq(Const(1))]
        values = Cat(signal for signal, _, _ in self._outputs.values())
        self._out = Signal(len(values))
        top.d.comb += self._out.eq(values)
        self._sim = Simulator(top)
        self._sim.add_clock(1e-6)
        self._sim.add_testbench(self._testbench)
        self._fresh = True

    async def _testbench(self, ctx):
        self._failure = None
        past = []
        for clock in self._clocks:
            word = 0
            for name, place in zip(self._input_names, self._places, strict=True):
                word |= getattr(clock.pins, name) << place
            ctx.set(self._in, word)
            got = ctx.get(self._out)
            past.append(clock)
            if len(past) > TRACE:
                past.pop(0)
            expected, care = self._expect(clock)
            if (got ^ expected) & care:
                self._failure = (got, expected, care, past)
                return
            await ctx.tick()

    def _expect(self, clock):
        expected = care = place = 0
        shown = clock.shown
        for key, (signal, name, enable) in self._outputs.items():
            width = len(signal)
            mask = (1 << width) - 1
            if key in ("db", "d"):
                mask &= 0 if clock.data < 0 else clock.data
            elif key in ("db_oe", "d_oe") and clock.data < 0:
                mask = 0
            elif key == "a" and not clock.page:
                mask &= 0xFFFF
            if enable is None or getattr(shown, enable):
                care |= mask << place
                expected |= (int(getattr(shown, name)) & mask) << place
            place += width
        return expected, care

    def run(self, seed, clocks, knobs=None, ops=None, **parameters):
        """Compare `clocks` clocks; `parameters` go to the model. Fails with the pins that differ and a trace."""
        self._clocks = self.play(self.build_model(**parameters), Random(seed), clocks, knobs, ops)
        if not self._fresh:
            self._sim.reset()
        self._fresh = False
        self._sim.run()
        if self._failure:
            pytest.fail(self._explain(seed, *self._failure), pytrace=False)

    def _explain(self, seed, got, expected, care, past):
        lines = [f"seed {seed}: RTL and golden model differ"]
        place = 0
        for key, (signal, _, _) in self._outputs.items():
            mask = (1 << len(signal)) - 1
            if (got ^ expected) & care & mask << place:
                lines.append(f"  {key}: RTL {got >> place & mask:#x}, model {expected >> place & mask:#x}")
            place += len(signal)
        lines.append(f"inputs and what the model shows, the last {len(past)} clocks:")
        for clock in past:
            lines.append("  " + _differing_from_idle(clock.pins) + "  =>  " + _differing_from_idle(clock.shown))
        return "\n".join(lines)


def _differing_from_idle(pins):
    return " ".join(
        f"{field.name}={value:x}" if isinstance(value, int) else f"{value}"
        for field in fields(pins)
        if (value := getattr(pins, field.name)) != field.default or isinstance(value, str)
    )


@cache
def _chip(variant):
    return Lockstep(I8237(variant=variant), chip_wires, ChipInputs, lambda: Chip(variant=variant), play_chip)


@cache
def _board(wait_states):
    dut = PcAt(wait_states=wait_states)
    return Lockstep(dut, board_wires, BoardInputs, lambda: AtBoard(wait_states=wait_states), play_board)


@pytest.fixture
def chip_lockstep():
    """Get the compiled chip of a variant beside its model."""
    return _chip


@pytest.fixture
def board_lockstep():
    """Get the compiled AT board with some wait states beside its model."""
    return _board

"""A machine of the lab in RTLIL: pins and probes packed in words, one fabric clock for each half of a state."""

from __future__ import annotations

from typing import Any

from amaranth.back import rtlil
from amaranth.hdl import Cat, ClockDomain, Module, Signal
from amaranth.lib.wiring import Elaboratable

from isadma.i8237 import I8237
from isadma.pc import PcAt
from isadma_sim.engines.packed import state_code
from isadma_sim.lab.pins import MACHINES, PROBE_BITS, PROBES, VARIANTS

__all__ = ["machine_rtlil"]


class _LabMachine(Elaboratable):
    """The chip or the board behind packed words.

    Attributes
    ----------
    half : Signal
        The two clock enables: bit 0 where CLK falls, bit 1 where it rises.
    inputs, outputs : Signal
        Pins, by `isadma_sim.lab.pins`.
    probes : Signal
        What is inside each chip, `PROBE_BITS` a chip.
    """

    def __init__(self, name: str) -> None:
        self._machine = MACHINES[name]
        # A board has its refresh built in; it asks for none until OUT1 moves.
        self._core = PcAt(refresh=True) if name == "at" else I8237(variant=VARIANTS[name])
        self._chips = self._core.chips if name == "at" else (self._core,)
        self.half = Signal(2)
        self.inputs = Signal(64)
        self.outputs = Signal(64)
        self.probes = Signal(PROBE_BITS * len(self._chips))
        self.domain = ClockDomain("sync", reset_less=True)

    def _port(self, name: str) -> Any:
        found = self._core
        for part in name.split("__"):
            found = getattr(found, part)
        return found

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.domains.sync = self.domain
        # A chip alone has the name that the chips on the board have.
        m.submodules[self._machine.chips[0] if len(self._chips) == 1 else "board"] = core = self._core
        m.d.comb += [core.clk_fall.eq(self.half[0]), core.clk_rise.eq(self.half[1])]
        for pin, port in self._machine.inputs.items():
            m.d.comb += self._port(port).eq(self.inputs[pin.low : pin.low + pin.width])
        for pin, port in self._machine.outputs.items():
            value = self._port(port)
            if pin in self._machine.enables:
                value = value | ~self._port(self._machine.enables[pin])
            m.d.comb += self.outputs[pin.low : pin.low + pin.width].eq(value[: pin.width])
        for number, chip in enumerate(self._chips):
            service = chip.timing.service
            shown = {
                "state": state_code(m, chip),
                "second_half": service.second_half,
                "requesting": service.state.requesting,
                "channel": service.channel,
                "command": chip.program.control.command.as_value(),
                "mask": chip.requests.bits.masks,
                "request": chip.requests.bits.requests,
                "reached": chip.requests.bits.status.terminal_count,
                "temporary": chip.temporary.byte,
            }
            packed = Cat(shown[field.name][: field.width] for field in PROBES)
            m.d.comb += self.probes.word_select(number, PROBE_BITS).eq(packed)
        return m


def machine_rtlil(name: str) -> str:
    """Return a machine as the module ``board`` in RTLIL: ``clk``, ``half``, ``inputs``, ``outputs`` and ``probes``."""
    machine = _LabMachine(name)
    ports = [machine.domain.clk, machine.half, machine.inputs, machine.outputs, machine.probes]
    return rtlil.convert(machine, name="board", ports=ports, emit_src=False)

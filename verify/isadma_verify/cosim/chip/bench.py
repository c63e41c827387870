"""The bench: one chip, its wires, and the agents around it, stepped one fabric clock at a time."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from isadma.i8237.regs import CHANNELS, WritePort
from isadma_verify.cosim.chip.pins import Drives, Pins
from isadma_verify.cosim.chip.wires import BusHolder
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.stepping import Agent, Moment, Stepper

__all__ = ["Agent", "Bench", "Sample", "Sense"]

#: States after a write in which a core may still be acting on it: 400 ns (data sheet page 15).
RECOVERY = 2

#: Ports whose reads have no data of a known level: the illegal ones, of which an 82C37A has given some a register.
UNDEFINED = {"nmos": frozenset({0x9, 0xA, 0xB, 0xC, 0xE, 0xF}), "cmos": frozenset({0xC, 0xE})}


@dataclass(frozen=True, slots=True)
class Sample(Moment):
    """All that a fabric clock showed just before its end; ``ior_n`` and so on are the wires, `chip` what it drives."""

    chip: Drives
    ior_n: int
    iow_n: int
    memr_n: int
    memw_n: int
    eop_n: int
    db: int
    a: int
    reset: int
    cs_n: int
    ready: int
    hlda: int
    dreq: int
    fights: tuple[str, ...]

    @property
    def data(self) -> int:
        """What the data wires showed."""
        return self.db

    @property
    def terminal(self) -> bool:
        """Whether a device saw a terminal count: EOP# low."""
        return not self.eop_n


class Sense:
    """Reads the DREQ and DACK polarities off the bus, where the program writes them."""

    #: DREQ and DACK pairs.
    CHANNELS: ClassVar[int] = CHANNELS

    def __init__(self) -> None:
        self.dreq_active_low = False
        self.dack_active_high = False
        self._writing: Sample | None = None
        self._unsettled = 0
        #: Pins that the core does not have: no rule speaks of them.
        self.lacks: frozenset[str] = frozenset()
        #: Pins that the core cannot let float, which a board gates.
        self.gated: frozenset[str] = frozenset()

    def watch(self, sample: Sample) -> None:
        """Follow command writes, Master Clear and RESET; a write counts at its trailing edge."""
        before, self._writing = self._writing, None
        if sample.falls and self._unsettled:
            self._unsettled -= 1
        if sample.reset:
            self._set(0)
        elif not sample.iow_n and not sample.cs_n and not sample.hlda:
            self._writing = sample
            if sample.a & 0xF in (WritePort.COMMAND, WritePort.MASTER_CLEAR):
                self._unsettled = RECOVERY + 1
        elif before is not None and before.a & 0xF == WritePort.COMMAND:
            self._set(before.db)
        elif before is not None and before.a & 0xF == WritePort.MASTER_CLEAR:
            self._set(0)

    def _set(self, command: int) -> None:
        # Ref: data sheet figure 231466-5: command bits 6 and 7.
        self.dreq_active_low = bool(command & 0x40)
        self.dack_active_high = bool(command & 0x80)

    def active_dacks(self, dack: int) -> list[int]:
        """Return the channels whose DACK pin is active."""
        return self._active(dack, self.dack_active_high)

    def settled_dacks(self, dack: int) -> list[int]:
        """Return `active_dacks`; while a write may be changing the polarity, of either one that makes fewer active."""
        known = self._active(dack, self.dack_active_high)
        return min(known, self._active(dack, not self.dack_active_high), key=len) if self._unsettled else known

    def _active(self, dack: int, high: bool) -> list[int]:
        on = dack if high else ~dack
        return [channel for channel in range(self.CHANNELS) if on >> channel & 1]


class Bench(Stepper):
    """
    A chip on the bench.

    Parameters
    ----------
    dut
        cocotb's handle of the core.
    options
        How it is clocked, and its pins; from the environment that the runner set unless told.
    """

    last: Sample | None

    def __init__(self, dut: Any, options: BenchOptions | None = None) -> None:
        options = options or BenchOptions.from_environment(os.environ)
        self.pins = Pins(dut, options.pin_map())
        self.wires = BusHolder(options.seed)
        super().__init__(dut, options, self.pins, self.wires)
        self.cs_n = 1
        #: Polarities, as the command register last written sets them.
        self.sense = Sense()
        self.sense.lacks, self.sense.gated = frozenset(options.lacks), frozenset(options.gated)
        if options.coverage:
            self._collect(options)

    def _collect(self, options: BenchOptions) -> None:
        """Count coverage; cocotb-coverage and the golden model are loaded only then."""
        from isadma_verify.cosim.chip.coverage import Collector

        collector = Collector(Path(options.coverage), options.variant)
        self.add(collector)
        self.ended.append(collector.end)

    def _matters(self, before: Sample | None, sample: Sample, pin: str) -> bool:
        """Return whether a pin has to show a level: what a read gives that the data sheet calls illegal need not."""
        undefined = UNDEFINED[self.options.variant]
        reads = [
            one.a & 0xF in undefined
            for one in (before, sample)
            if one is not None and not one.cs_n and not one.ior_n and not one.hlda
        ]
        return not (pin.startswith("db") and any(reads))

    def _apply(self) -> None:
        """Drive all inputs of the chip."""
        pins, wires = self.pins, self.wires
        pins.write("reset", self.reset)
        pins.write("cs_n", self.cs_n)
        pins.write("ready", self.ready)
        pins.write("hlda", self.hlda)
        pins.write("dreq", self.dreq)
        pins.write("ior_n.i", wires.ior_n.level)
        pins.write("iow_n.i", wires.iow_n.level)
        pins.write("eop_n.i", wires.eop_n.level)
        pins.write("db.i", wires.db.level)
        pins.write("a.i", wires.a.level & 0xF)
        for name in ("ior_n", "iow_n", "eop_n", "db", "a"):
            # Whether anybody but the chip drives: what a bidirectional port is told, and a split one need not know.
            pins.write(f"{name}.world", int(bool(getattr(wires, name).drivers)))

    def _finish(self, chip: Drives, fights: list[str]) -> None:
        wires = self.wires
        sample = Sample(
            **self._moment(),
            chip=chip,
            ior_n=wires.ior_n.level,
            iow_n=wires.iow_n.level,
            memr_n=wires.memr_n.level,
            memw_n=wires.memw_n.level,
            eop_n=wires.eop_n.level,
            db=wires.db.level,
            a=wires.a.level,
            reset=self.reset,
            cs_n=self.cs_n,
            ready=self.ready,
            hlda=self.hlda,
            dreq=self.dreq,
            fights=tuple(fights),
        )
        self._watch(sample)
        # After the checkers: the chip shows a new polarity from the next fabric clock on.
        self.sense.watch(sample)

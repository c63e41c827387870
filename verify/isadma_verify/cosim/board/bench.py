"""The board on the bench: its wires, and a sample of them for each fabric clock."""

import os
from dataclasses import dataclass
from typing import Any, ClassVar

from isadma_verify.cosim.board.pins import BoardDrives, BoardPins
from isadma_verify.cosim.chip.bench import Sense
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.stepping import Moment, Stepper
from isadma_verify.cosim.common.wires import Wire, Wires


@dataclass(frozen=True, slots=True)
class BoardSample(Moment):
    """All that a fabric clock showed just before its end; ``ior_n`` and so on are the wires, `chip` what it drives."""

    chip: BoardDrives
    ior_n: int
    iow_n: int
    memr_n: int
    memw_n: int
    a: int
    sbhe_n: int
    d: int
    reset: int
    ready: int
    hlda: int
    dreq: int
    fights: tuple[str, ...]

    @property
    def data(self) -> int:
        """What the data wires showed."""
        return self.d

    @property
    def terminal(self) -> bool:
        """Whether a device saw a terminal count: TC high."""
        return bool(self.chip.tc)


class BoardSense(Sense):
    """The board's polarities: DRQ is active high and DACK# low, or the cascade would not work."""

    CHANNELS: ClassVar[int] = 8

    def watch(self, sample: Any) -> None:
        """Follow nothing: no bench sets the polarity bits."""


class IsaWires(Wires):
    """The shared wires of the ISA bus; parameters as for `Wires`."""

    BITS = 24

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.a = Wire("a", 24, pull=None)
        self.sbhe_n = Wire("sbhe_n", 1, pull=1)
        self.d = Wire("d", 16, pull=None)
        self._shared += (self.a, self.sbhe_n, self.d)

    @property
    def data(self) -> Wire:
        """The data wires, whatever the core calls them."""
        return self.d


class BoardBench(Stepper):
    """
    A board on the bench; `ready` is IOCHRDY and `dreq` the eight DRQ pins, so that the chip's drivers serve here too.

    Parameters
    ----------
    dut
        cocotb's handle of the board.
    options
        How it is clocked, and its pins; from the environment that the runner set unless told.
    """

    last: BoardSample | None

    def __init__(self, dut: Any, options: BenchOptions | None = None) -> None:
        options = options or BenchOptions.from_environment(os.environ)
        self.pins = BoardPins(dut, options.pin_map())
        self.wires = IsaWires(options.seed)
        super().__init__(dut, options, self.pins, self.wires)
        self.sense = BoardSense()
        self.sense.lacks = frozenset(options.lacks)

    def _apply(self) -> None:
        """Drive all inputs of the board; nobody asks for refresh, and there is no bus master."""
        pins, wires = self.pins, self.wires
        pins.write("reset", self.reset)
        pins.write("hlda", self.hlda)
        pins.write("out1", 0)
        pins.write("drq", self.dreq)
        pins.write("iochrdy", self.ready)
        pins.write("master_n", 1)
        pins.write("a.i", wires.a.level)
        pins.write("sbhe_n.i", wires.sbhe_n.level)
        pins.write("d.i", wires.d.level)
        pins.write("ior_n.i", wires.ior_n.level)
        pins.write("iow_n.i", wires.iow_n.level)
        pins.write("memr_n.i", wires.memr_n.level)
        pins.write("memw_n.i", wires.memw_n.level)
        for name in ("a", "sbhe_n", "d", "ior_n", "iow_n", "memr_n", "memw_n"):
            pins.write(f"{name}.world", int(bool(getattr(wires, name).drivers)))

    def _finish(self, chip: BoardDrives, fights: list[str]) -> None:
        wires = self.wires
        self._watch(
            BoardSample(
                **self._moment(),
                chip=chip,
                ior_n=wires.ior_n.level,
                iow_n=wires.iow_n.level,
                memr_n=wires.memr_n.level,
                memw_n=wires.memw_n.level,
                a=wires.a.level,
                sbhe_n=wires.sbhe_n.level,
                d=wires.d.level,
                reset=self.reset,
                ready=self.ready,
                hlda=self.hlda,
                dreq=self.dreq,
                fights=tuple(fights),
            )
        )

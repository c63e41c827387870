"""Which port of a core is which pin of the PC/AT's DMA board: the one place to adapt when another core is benched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from isadma.naming import port_name
from isadma_verify.cosim.common.pins import CorePins, PortMap

#: Pins into the board and their widths; a three-state pin's input side ends in ``.i``.
INPUTS: Mapping[str, int] = {
    "reset": 1,
    "hlda": 1,
    "out1": 1,
    "drq": 8,
    "iochrdy": 1,
    "master_n": 1,
    "a.i": 24,
    "sbhe_n.i": 1,
    "d.i": 16,
    "ior_n.i": 1,
    "iow_n.i": 1,
    "memr_n.i": 1,
    "memw_n.i": 1,
    "a.world": 1,
    "sbhe_n.world": 1,
    "d.world": 1,
    "ior_n.world": 1,
    "iow_n.world": 1,
    "memr_n.world": 1,
    "memw_n.world": 1,
}

#: Pins out of the board and their widths; ``.oe`` = 1 drives the pin with ``.o``.
OUTPUTS: Mapping[str, int] = {
    "hrq": 1,
    "aen": 1,
    "dack_n": 8,
    "tc": 1,
    "refresh_n": 1,
    "a.o": 24,
    "a.oe": 1,
    "sbhe_n.o": 1,
    "sbhe_n.oe": 1,
    "d.o": 16,
    "d.oe": 1,
    "ior_n.o": 1,
    "ior_n.oe": 1,
    "iow_n.o": 1,
    "iow_n.oe": 1,
    "memr_n.o": 1,
    "memr_n.oe": 1,
    "memw_n.o": 1,
    "memw_n.oe": 1,
}

#: Who drives a bidirectional port: few boards have one.
RARE = frozenset(pin for pin in INPUTS if pin.endswith(".world"))

#: Pins that are not on the ISA bus.
_BESIDE_THE_BUS = ("reset", "hlda", "out1", "hrq")


@dataclass(frozen=True)
class BoardPinMap(PortMap):
    """The port names of one board; fields as for `isadma_verify.cosim.common.pins.PortMap`."""

    INPUTS: ClassVar[Mapping[str, int]] = INPUTS
    OUTPUTS: ClassVar[Mapping[str, int]] = OUTPUTS
    OWNER: ClassVar[str] = "board"
    RARE: ClassVar[frozenset[str]] = RARE

    def port(self, pin: str) -> str | None:
        """Return a pin's port name, or None where the core lacks it; the bus's begin with ``isa_`` unless told."""
        if pin in self.RARE:
            return self.ports.get(pin)
        bus = [] if pin in _BESIDE_THE_BUS else ["isa"]
        return self.ports.get(pin, port_name([*bus, *pin.split(".")]))


#: The pins of this project's `isadma.pc.PcAt`.
AT_PINS = BoardPinMap()


@dataclass(frozen=True, slots=True)
class BoardDrives:
    """What the board's outputs show; None where a three-state pin floats. `dack` is the pins: active low, 8 bits."""

    hrq: int
    dack: int
    aen: int
    tc: int
    refresh_n: int
    a: int | None
    sbhe_n: int | None
    d: int | None
    ior_n: int | None
    iow_n: int | None
    memr_n: int | None
    memw_n: int | None


class BoardPins(CorePins):
    """The pins of a board under a simulator; parameters as for `CorePins`."""

    def drives(self) -> BoardDrives:
        """Return what every output shows now."""
        return BoardDrives(
            hrq=self.read("hrq"),
            dack=self.read("dack_n"),
            aen=self.read("aen"),
            tc=self.read("tc"),
            refresh_n=self.read("refresh_n"),
            a=self._tristate("a"),
            sbhe_n=self._tristate("sbhe_n"),
            d=self._tristate("d"),
            ior_n=self._tristate("ior_n"),
            iow_n=self._tristate("iow_n"),
            memr_n=self._tristate("memr_n"),
            memw_n=self._tristate("memw_n"),
        )

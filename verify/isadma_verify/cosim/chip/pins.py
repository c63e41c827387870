"""Which port of a core is which pin of the 8237A: the one place to adapt when another core is benched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from isadma_verify.cosim.common.pins import CorePins, PortMap

#: Pins into the chip and their widths; a three-state pin's input side ends in ``.i``, and ``.world`` tells a
#: bidirectional port whether anybody but the chip drives it.
INPUTS: Mapping[str, int] = {
    "reset": 1,
    "cs_n": 1,
    "ready": 1,
    "hlda": 1,
    "dreq": 4,
    "ior_n.i": 1,
    "iow_n.i": 1,
    "eop_n.i": 1,
    "db.i": 8,
    "a.i": 4,
    "ior_n.world": 1,
    "iow_n.world": 1,
    "eop_n.world": 1,
    "db.world": 1,
    "a.world": 1,
}

#: Pins out of the chip and their widths; ``.oe`` = 1 drives the pin with ``.o``.
OUTPUTS: Mapping[str, int] = {
    "hrq": 1,
    "dack": 4,
    "aen": 1,
    "adstb": 1,
    "ior_n.o": 1,
    "ior_n.oe": 1,
    "iow_n.o": 1,
    "iow_n.oe": 1,
    "memr_n.o": 1,
    "memr_n.oe": 1,
    "memw_n.o": 1,
    "memw_n.oe": 1,
    "eop_n.oe": 1,
    "db.o": 8,
    "db.oe": 1,
    "a.o": 8,
    "a.oe": 1,
    "ah": 8,
}

#: Who drives a bidirectional port, and A8-A15 on ports of their own: few cores have them.
RARE = frozenset({"ior_n.world", "iow_n.world", "eop_n.world", "db.world", "a.world", "ah"})


@dataclass(frozen=True)
class PinMap(PortMap):
    """The port names of one 8237A; fields as for `isadma_verify.cosim.common.pins.PortMap`."""

    INPUTS: ClassVar[Mapping[str, int]] = INPUTS
    OUTPUTS: ClassVar[Mapping[str, int]] = OUTPUTS
    OWNER: ClassVar[str] = "8237A"
    RARE: ClassVar[frozenset[str]] = RARE


#: The pins of this project's `isadma.i8237.I8237`.
I8237_PINS = PinMap()


@dataclass(frozen=True, slots=True)
class Drives:
    """What the chip's outputs show; None where a three-state pin floats (EOP#: where it is not pulled low)."""

    hrq: int
    dack: int
    aen: int
    adstb: int
    ior_n: int | None
    iow_n: int | None
    memr_n: int | None
    memw_n: int | None
    eop_n: int | None
    db: int | None
    a: int | None
    #: A8-A15 on pins of their own, which the real chip does not have.
    ah: int | None = None


class Pins(CorePins):
    """The pins of an 8237A under a simulator; parameters as for `CorePins`."""

    def drives(self) -> Drives:
        """Return what every output shows now."""
        strobes = {name: self._tristate(name) for name in ("ior_n", "iow_n", "memr_n", "memw_n")}
        return Drives(
            hrq=self.read("hrq"),
            dack=self.read("dack"),
            aen=self.read("aen"),
            adstb=self.read("adstb"),
            **strobes,
            eop_n=0 if self.read("eop_n.oe") else None,
            db=self._tristate("db"),
            a=self._tristate("a"),
            ah=self.read("ah") if 0 in strobes.values() and self.has("ah") else None,
        )

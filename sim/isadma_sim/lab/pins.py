"""The pins of the lab's machines, packed in words: what the page sets, and what it sees."""

from __future__ import annotations

from isadma_sim.engines.pins import Field, In, Out
from isadma_sim.engines.ports import ENABLES, INPUT_PORTS, OUTPUT_PORTS

__all__ = ["MACHINES", "PROBES", "PROBE_BITS", "VARIANTS", "Machine"]


def _fields(*named: tuple[str, int]) -> list[Field]:
    """Place fields one after the other, from bit 0."""
    found, low = [], 0
    for name, width in named:
        found.append(Field(name, low, width))
        low += width
    return found


#: What is shown of the inside of each chip, lowest bits first: widths in bits.
PROBES = _fields(
    ("state", 5),
    ("second_half", 1),
    ("requesting", 1),
    ("channel", 2),
    ("command", 8),
    ("mask", 4),
    ("request", 4),
    ("reached", 4),
    ("temporary", 8),
)
#: Bits of one chip's probes, rounded up to whole words of 32.
PROBE_BITS = 64


class Machine:
    """A machine of the lab.

    Attributes
    ----------
    name : str
        ``"chip"``, ``"cmos"`` (the 82C37A) or ``"at"``.
    chips : tuple of str
        Its controllers, by their instances' names.
    inputs, outputs : dict of Field to str
        Pins, and the ports they are, by their Verilog names (``isa__a__i``).
    enables : dict of Field to str
        Outputs that are pulled up: high where this port is low.
    """

    def __init__(
        self,
        name: str,
        chips: tuple[str, ...],
        inputs: dict[Field, str],
        outputs: dict[Field, str],
        enables: dict[Field, str],
    ) -> None:
        self.name, self.chips = name, chips
        self.inputs, self.outputs, self.enables = inputs, outputs, enables

    def layout(self) -> dict[str, object]:
        """Return what the page has to know of the words: ``[lowest bit, width]`` by name."""

        def places(fields: object) -> dict[str, list[int]]:
            return {field.name: [field.low, field.width] for field in fields}  # type: ignore[attr-defined]

        return {
            "chips": list(self.chips),
            "inputs": places(self.inputs),
            "outputs": places(self.outputs),
            "probes": places(PROBES),
            "probeBits": PROBE_BITS,
        }


_CHIP_INPUTS = (
    ("ior_n", 1, "ior_n__i"),
    ("iow_n", 1, "iow_n__i"),
    ("cs_n", 1, "cs_n"),
    ("hlda", 1, "hlda"),
    ("reset", 1, "reset"),
    ("ready", 1, "ready"),
    ("eop_n", 1, "eop_n__i"),
    ("dreq", 4, "dreq"),
    ("a", 4, "a__i"),
    ("db", 8, "db__i"),
)
_CHIP_OUTPUTS = (
    ("memr_n", 1, "memr_n__o"),
    ("memw_n", 1, "memw_n__o"),
    ("ior_n", 1, "ior_n__o"),
    ("iow_n", 1, "iow_n__o"),
    ("strobes_oe", 1, "memr_n__oe"),
    ("eop_oe", 1, "eop_n__oe"),
    ("aen", 1, "aen"),
    ("hrq", 1, "hrq"),
    ("adstb", 1, "adstb"),
    ("dack", 4, "dack"),
    ("a", 8, "a__o"),
    ("a_oe", 1, "a__oe"),
    ("db", 8, "db__o"),
    ("db_oe", 1, "db__oe"),
)


def _ports(pins: tuple[tuple[str, int, str], ...]) -> dict[Field, str]:
    fields = _fields(*((name, width) for name, width, _ in pins))
    return {field: port for field, (_, _, port) in zip(fields, pins, strict=True)}


_CHIP_IN, _CHIP_OUT = _ports(_CHIP_INPUTS), _ports(_CHIP_OUTPUTS)
_STROBES = ("memr_n", "memw_n", "ior_n", "iow_n")
_PULLED_UP = {field: f"{field.name}__oe" for field in _CHIP_OUT if field.name in _STROBES}
#: Which 8237 a machine with nothing but the chip has.
VARIANTS = {"chip": "nmos", "cmos": "cmos"}
MACHINES = {name: Machine(name, ("chip",), _CHIP_IN, _CHIP_OUT, _PULLED_UP) for name in VARIANTS}
MACHINES["at"] = Machine("at", ("dma1", "dma2"), INPUT_PORTS, OUTPUT_PORTS, ENABLES)
assert max(In.WIDTH, Out.WIDTH) <= PROBE_BITS

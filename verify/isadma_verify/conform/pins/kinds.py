"""The pins that the benches know, for a chip and for a board."""

from dataclasses import dataclass

from isadma_verify.cosim.board import pins as board
from isadma_verify.cosim.chip import pins as chip


@dataclass(frozen=True)
class Pin:
    """
    One pin.

    Parameters
    ----------
    name
        As the benches call it.
    inward, outward
        Bits that go into the core, and out of it; 0 for none.
    three_state
        Whether the core may let it float.
    open_drain
        Whether the core only pulls it low.
    """

    name: str
    inward: int
    outward: int
    three_state: bool = False
    open_drain: bool = False

    @property
    def idle(self) -> int:
        """What all of its bits show where the core lacks it: an active low one is high."""
        return (1 << max(self.inward, self.outward)) - 1 if self.name.endswith("_n") else 0


def _pins(inputs: dict[str, int], outputs: dict[str, int]) -> dict[str, Pin]:
    names = dict.fromkeys(name.partition(".")[0] for name in [*inputs, *outputs])
    return {
        name: Pin(
            name,
            inputs.get(name, inputs.get(f"{name}.i", 0)),
            outputs.get(name, outputs.get(f"{name}.o", 1 if f"{name}.oe" in outputs else 0)),
            three_state=f"{name}.oe" in outputs and f"{name}.o" in outputs,
            open_drain=f"{name}.oe" in outputs and f"{name}.o" not in outputs,
        )
        for name in names
    }


#: Pins by the kind of core, in the order of a map.
PINS: dict[str, dict[str, Pin]] = {
    "chip": _pins(dict(chip.INPUTS), dict(chip.OUTPUTS)),
    "at": _pins(dict(board.INPUTS), dict(board.OUTPUTS)),
    # The same pins: one that has fewer bits shows its idle level on the others.
    "xt": _pins(dict(board.INPUTS), dict(board.OUTPUTS)),
}

#: Fewer bits that a board's pin may have: an XT has bytes, twenty address lines and four channels, and I/O addresses
#: are decoded on ten lines.
FEWER: dict[str, dict[str, tuple[int, ...]]] = {
    "chip": {},
    "at": {"a.in": tuple(range(10, 24))},
    "xt": {"a.in": tuple(range(10, 24)), "a.out": (20,), "d.in": (8,), "d.out": (8,)}
    | {"drq.in": (4,), "dack_n.out": (4,)},
}

#: Pins that a core may lack without a word: no real 8237A has them, or most boards leave them out.
SILENT = frozenset({"ah", "out1", "refresh_n", "master_n", "sbhe_n"})

#: Pins without which no bench can run.
NEEDED = {
    "chip": ("reset", "hlda", "hrq", "dreq", "dack", "ior_n", "iow_n", "db", "a", "memr_n", "memw_n"),
} | dict.fromkeys(
    ("at", "xt"), ("reset", "hlda", "hrq", "drq", "dack_n", "ior_n", "iow_n", "d", "a", "memr_n", "memw_n")
)

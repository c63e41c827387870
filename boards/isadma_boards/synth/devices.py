"""The FPGAs that a core is measured on: how each is synthesized, placed, and counted."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """One FPGA, as the open tools know it."""

    #: The Yosys script command that maps to this family.
    synth: str
    #: The place-and-route tool, a key of `isadma_tools.toolchain.PACKAGES`.
    pnr: str
    #: That tool's options that choose the part.
    part: tuple[str, ...]
    #: Yosys cell types that are one four-input look-up table each; carry cells are not counted, as in `docs/`.
    luts: tuple[str, ...]
    #: Beginnings of the Yosys cell types that are flip-flops.
    flip_flops: tuple[str, ...]
    #: Yosys cell types that are block RAMs.
    brams: tuple[str, ...]
    #: The kind of cell that place and route fills, as its utilisation report names it.
    cell: str
    #: Whether a lone flip-flop fills one of those cells.
    cell_per_ff: bool
    #: What the component's ``memory`` parameter is here.
    family: str


_ICE40 = {
    "synth": "synth_ice40 -dff",
    "pnr": "nextpnr-ice40",
    "luts": ("SB_LUT4",),
    "flip_flops": ("SB_DFF",),
    "brams": ("SB_RAM40_4K",),
    "cell": "ICESTORM_LC",
    "cell_per_ff": True,
    "family": "ice40",
}

DEVICES: Mapping[str, Device] = {
    "hx1k": Device(part=("--hx1k", "--package", "tq144", "--pcf-allow-unconstrained"), **_ICE40),
    "hx8k": Device(part=("--hx8k", "--package", "ct256", "--pcf-allow-unconstrained"), **_ICE40),
    "up5k": Device(part=("--up5k", "--package", "sg48", "--pcf-allow-unconstrained"), **_ICE40),
    "ecp5-25k": Device(
        synth="synth_ecp5",
        pnr="nextpnr-ecp5",
        part=("--25k", "--package", "CABGA381", "--speed", "6", "--lpf-allow-unconstrained"),
        luts=("LUT4",),
        flip_flops=("TRELLIS_FF",),
        brams=("DP16KD",),
        cell="TRELLIS_COMB",
        cell_per_ff=False,
        family="ecp5",
    ),
}

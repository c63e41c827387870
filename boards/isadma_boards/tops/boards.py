"""The FPGA boards: which platform, how much memory, and how each part is synthesized, placed and packed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from amaranth.lib import wiring

from .pll import Ecp5Pll, ratio
from .spram import SpramStorage

_BLOCK_MODES: Mapping[str, Any] = {"mode_memory": {"ram_style": "block"}}
_DISTRIBUTED: Mapping[str, Any] = {"memory": {"ram_style": "distributed"}, "mode_memory": {"ram_style": "distributed"}}


@dataclass(frozen=True)
class Family:
    """One FPGA family, as its open tools know it."""

    #: Yosys' synthesis command, which writes ``top.json``.
    synth: str
    #: The place-and-route tool, and its options for reading and writing; the board adds its part.
    pnr: str
    files: tuple[str, ...]
    #: The packer, its command line, and the bitstream it makes.
    packer: str
    pack: tuple[str, ...]
    bitstream: str
    #: The constraint file that the platform writes.
    constraints: str
    #: Kinds of cell in the utilisation report: logic, block RAM.
    cell: str
    bram: str
    #: More options of the place-and-route tool.
    placing: tuple[str, ...] = ()
    #: Whether a board is given another clock than its oscillator's, by `Ecp5Pll`.
    pll: bool = False


ICE40 = Family(
    synth="synth_ice40 -dff -top top -json top.json",
    pnr="nextpnr-ice40",
    files=("--json", "top.json", "--pcf", "top.pcf", "--asc", "top.asc"),
    packer="icepack",
    pack=("top.asc", "top.bin"),
    bitstream="top.bin",
    constraints="top.pcf",
    cell="ICESTORM_LC",
    bram="ICESTORM_RAM",
)
ECP5 = Family(
    synth="synth_ecp5 -top top -json top.json",
    pnr="nextpnr-ecp5",
    files=("--json", "top.json", "--lpf", "top.lpf", "--textcfg", "top.config"),
    packer="ecppack",
    pack=("--compress", "--input", "top.config", "--bit", "top.bit"),
    bitstream="top.bit",
    constraints="top.lpf",
    cell="TRELLIS_COMB",
    bram="DP16KD",
    # Its memory's blocks lie far apart, so that time counts for more than wires: 12 MHz more than with the tool's 10.
    placing=("--placer-heap-timingweight", "30"),
    pll=True,
)
GOWIN = Family(
    synth="synth_gowin -top top -json top.json",
    pnr="nextpnr-himbaechel",
    files=("--json", "top.json", "--vopt", "cst=top.cst", "--write", "top.pnr.json"),
    packer="gowin_pack",
    pack=("-d", "GW1N-9C", "-o", "top.fs", "--sspi_as_gpio", "--mspi_as_gpio", "top.pnr.json"),
    bitstream="top.fs",
    constraints="top.cst",
    cell="LUT4",
    bram="BSRAM",
)


@dataclass(frozen=True)
class BoardSpec:
    """One board."""

    title: str
    #: ``module:class`` of its platform in amaranth_boards.
    platform: str
    family: Family
    #: The place-and-route tool's options that choose the part.
    part: tuple[str, ...]
    #: openFPGALoader's name for it.
    loader: str
    #: Its oscillator.
    oscillator_hz: int
    #: Its memory has 2 to the power of this many bytes.
    memory_bits: int
    #: Options of `isadma.soc.uart_pc.UartPc`.
    options: Mapping[str, Any]
    #: Makes the memory; None: block RAM.
    storage: Callable[[int], wiring.Component] | None = None
    #: The clock that a PLL makes; 0: the oscillator's.
    pll_hz: int = 0

    @property
    def clock_hz(self) -> int:
        """What its FPGA runs at."""
        return self.pll_hz or self.oscillator_hz

    def make_pll(self) -> Ecp5Pll | None:
        """Return the PLL that makes its clock, where it has one."""
        return Ecp5Pll(self.oscillator_hz, self.pll_hz) if self.pll_hz else None

    def given(self, clock_hz: int | None = None, wait_states: int | None = None) -> "BoardSpec":
        """Return this board with another clock, or other wait states.

        Parameters
        ----------
        clock_hz
            A whole number of megahertz that a PLL makes from the oscillator's; None: as it is.
        wait_states
            0 or 1; None: as it is.

        Raises
        ------
        ValueError
            It has no PLL that we know, the PLL cannot make the clock, or no board has so many wait states.
        """
        spec = self
        if wait_states is not None:
            if wait_states not in (0, 1):
                raise ValueError(f"wait_states is {wait_states!r}: the boards have 0 or 1")
            spec = replace(spec, options={**spec.options, "wait_states": wait_states})
        if clock_hz is not None and clock_hz != self.oscillator_hz:
            if not self.family.pll:
                raise ValueError(f"{self.title}: {clock_hz / 1e6:g} MHz takes a PLL, and only an ECP5's is made here")
            if clock_hz <= 0 or clock_hz % 1_000_000:
                raise ValueError(f"{clock_hz / 1e6:g} MHz: give whole megahertz, which the serial line divides")
            ratio(self.oscillator_hz, clock_hz)
            spec = replace(spec, pll_hz=clock_hz)
        return spec

    @property
    def kind(self) -> str:
        """Which board's DMA it carries: ``"at"`` or ``"xt"``."""
        return self.options.get("board", "at")

    @property
    def wait_states(self) -> int:
        """Wait states of its transfers: one, as on the PC/AT and the PC/XT, unless told."""
        return self.options.get("wait_states", 1)

    def make_platform(self) -> Any:
        """Return a new platform of this board, from amaranth_boards."""
        module, _, name = self.platform.partition(":")
        return getattr(import_module(f"amaranth_boards.{module}"), name)()


BOARDS: Mapping[str, BoardSpec] = {
    "icestick": BoardSpec(
        title="Lattice iCEstick",
        platform="icestick:ICEStickPlatform",
        family=ICE40,
        part=("--hx1k", "--package", "tq144"),
        loader="ice40_generic",
        oscillator_hz=12_000_000,
        memory_bits=12,
        options={**_BLOCK_MODES, "device": False, "board": "xt"},
    ),
    "icebreaker": BoardSpec(
        title="1BitSquared iCEBreaker",
        platform="icebreaker:ICEBreakerPlatform",
        family=ICE40,
        part=("--up5k", "--package", "sg48"),
        loader="ice40_generic",
        oscillator_hz=12_000_000,
        memory_bits=16,
        options=_BLOCK_MODES,
        storage=SpramStorage,
    ),
    "hx8k-breakout": BoardSpec(
        title="Lattice iCE40-HX8K breakout",
        platform="ice40_hx8k_b_evn:ICE40HX8KBEVNPlatform",
        family=ICE40,
        part=("--hx8k", "--package", "ct256"),
        loader="ice40_generic",
        oscillator_hz=12_000_000,
        memory_bits=13,
        options=_BLOCK_MODES,
    ),
    "ulx3s": BoardSpec(
        title="Radiona ULX3S, 85F",
        platform="ulx3s:ULX3S_85F_Platform",
        family=ECP5,
        part=("--85k", "--package", "CABGA381", "--speed", "6"),
        loader="ulx3s",
        oscillator_hz=25_000_000,
        memory_bits=16,
        options=_DISTRIBUTED,
    ),
    "tang-nano-9k": BoardSpec(
        title="Sipeed Tang Nano 9K",
        platform="tang_nano_9k:TangNano9kPlatform",
        family=GOWIN,
        part=("--device", "GW1NR-LV9QN88PC6/I5", "--vopt", "family=GW1N-9C"),
        loader="tangnano9k",
        oscillator_hz=27_000_000,
        memory_bits=14,
        options={},
    ),
}

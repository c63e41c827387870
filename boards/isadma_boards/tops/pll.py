"""An ECP5's PLL: the clock that a board is given, from the oscillator it has."""

# Ref: Lattice FPGA-TN-02200, ECP5 and ECP5-5G sysCLOCK PLL/DLL Design and Usage Guide.

from collections.abc import Iterator
from dataclasses import dataclass

from amaranth import Const, Instance, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["Ecp5Pll", "Ratio", "ratio"]

#: What the oscillator of the PLL and the phase detector run at, in hertz.
_VCO = range(400_000_000, 800_000_001)
_PHASE_DETECTOR = range(8_000_000, 400_000_001)
_DIVIDERS = range(1, 129)


@dataclass(frozen=True)
class Ratio:
    """Output is input times ``feedback`` by ``reference``; ``output`` brings the PLL's oscillator into its range."""

    reference: int
    feedback: int
    output: int


def _ratios(input_hz: int, output_hz: int) -> Iterator[Ratio]:
    for reference in _DIVIDERS:
        feedback, rest = divmod(output_hz * reference, input_hz)
        if rest or feedback not in _DIVIDERS or input_hz % reference or input_hz // reference not in _PHASE_DETECTOR:
            continue
        for output in _DIVIDERS:
            if output_hz * output in _VCO:
                yield Ratio(reference, feedback, output)


def ratio(input_hz: int, output_hz: int) -> Ratio:
    """Return the dividers for a clock, the smallest that there are.

    Raises
    ------
    ValueError
        The PLL cannot make it exactly.
    """
    for found in _ratios(input_hz, output_hz):
        return found
    raise ValueError(f"{output_hz / 1e6:g} MHz: the PLL cannot make that from {input_hz / 1e6:g} MHz")


class Ecp5Pll(wiring.Component):
    """A PLL, and a gate that lets nothing through before it has locked.

    Parameters
    ----------
    input_hz, output_hz : int
        The clock there is, and the one wanted.

    Raises
    ------
    ValueError
        The PLL cannot make it exactly.
    """

    #: The oscillator.
    clk_in: In(1)
    #: The clock made from it; low until the PLL has locked.
    clk_out: Out(1)

    def __init__(self, input_hz, output_hz):
        self._ratio = ratio(input_hz, output_hz)
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        made = Signal()
        locked = Signal()
        m.submodules.pll = Instance(
            "EHXPLLL",
            p_CLKI_DIV=self._ratio.reference,
            p_CLKFB_DIV=self._ratio.feedback,
            p_CLKOP_DIV=self._ratio.output,
            p_CLKOP_ENABLE="ENABLED",
            # In phase with the oscillator.
            p_CLKOP_CPHASE=self._ratio.output - 1,
            p_CLKOP_FPHASE=0,
            p_FEEDBK_PATH="CLKOP",
            i_CLKI=self.clk_in,
            i_CLKFB=made,
            i_RST=Const(0, 1),
            i_STDBY=Const(0, 1),
            i_PHASESEL0=Const(0, 1),
            i_PHASESEL1=Const(0, 1),
            i_PHASEDIR=Const(0, 1),
            i_PHASESTEP=Const(0, 1),
            i_PHASELOADREG=Const(0, 1),
            i_PLLWAKESYNC=Const(0, 1),
            i_ENCLKOP=Const(0, 1),
            o_CLKOP=made,
            o_LOCK=locked,
        )
        m.submodules.gate = Instance("DCCA", i_CLKI=made, i_CE=locked, o_CLKO=self.clk_out)
        return m

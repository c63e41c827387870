"""The PLLs of an ECP5 and an iCE40: the clock that a board is given, from the oscillator it has."""

# Ref: Lattice FPGA-TN-02200, ECP5 and ECP5-5G sysCLOCK PLL/DLL Design and Usage Guide.
# Ref: Lattice FPGA-TN-02052, iCE40 sysCLOCK PLL Design and Usage Guide.

from collections.abc import Iterator
from dataclasses import dataclass

from amaranth import Const, Instance, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["Ecp5Pll", "Ice40Pll", "Ratio", "ice40_ratio", "ratio"]

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


#: The same of an iCE40.
_ICE40_VCO = range(533_000_000, 1_066_000_001)
_ICE40_PHASE_DETECTOR = range(10_000_000, 133_000_001)
#: Upper bounds of the phase detector's frequency for the settings 1, 2, ... of its filter; above them all is the last.
_ICE40_FILTERS = (17_000_000, 26_000_000, 44_000_000, 66_000_000, 101_000_000)


def ice40_ratio(input_hz: int, output_hz: int) -> Ratio:
    """Return an iCE40's dividers for a clock, its ``output`` a power of two.

    Raises
    ------
    ValueError
        The PLL cannot make it exactly.
    """
    for reference in range(1, 17):
        if input_hz % reference or input_hz // reference not in _ICE40_PHASE_DETECTOR:
            continue
        for output in (2**power for power in range(1, 7)):
            feedback, rest = divmod(output_hz * output * reference, input_hz)
            if not rest and feedback in range(1, 129) and output_hz * output in _ICE40_VCO:
                return Ratio(reference, feedback, output)
    raise ValueError(f"{output_hz / 1e6:g} MHz: the PLL cannot make that from {input_hz / 1e6:g} MHz")


class Ice40Pll(wiring.Component):
    """A PLL of an iCE40, whose feedback comes before the output divider.

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
    #: The clock made from it, on a global line.
    clk_out: Out(1)

    def __init__(self, input_hz, output_hz):
        self._ratio = ice40_ratio(input_hz, output_hz)
        phase_detector = input_hz // self._ratio.reference
        self._filter = 1 + sum(phase_detector >= bound for bound in _ICE40_FILTERS)
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        m.submodules.pll = Instance(
            "SB_PLL40_CORE",
            p_FEEDBACK_PATH="SIMPLE",
            p_DIVR=self._ratio.reference - 1,
            p_DIVF=self._ratio.feedback - 1,
            p_DIVQ=self._ratio.output.bit_length() - 1,
            p_FILTER_RANGE=self._filter,
            i_REFERENCECLK=self.clk_in,
            i_RESETB=Const(1, 1),
            i_BYPASS=Const(0, 1),
            o_PLLOUTGLOBAL=self.clk_out,
        )
        return m

"""The 8237A as a part in its DIP-40 socket: a CLK pin, asynchronous inputs, registered pads."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 13 to 15 (AC characteristics), figures 11 to 15.
from amaranth import Const, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.cdc import FFSynchronizer
from amaranth.lib.wiring import In

from .bus import ChipPins
from .controller import I8237

__all__ = ["Socket"]

#: Fewest flip-flops between a pin and the chip.
_FEWEST_STAGES = 2
#: More would be delay and no more safety, and most likely a slip.
_MOST_STAGES = 8


class Socket(wiring.Component):
    """All pins of the part, and nothing else; the fabric's clock is the domain ``sync``.

    CLK is sampled like any other input. All inputs go through equally many flip-flops, so what the chip sees at a CLK
    edge is what was on the pins then, or up to one fabric clock later: no set-up time, a hold time of one fabric clock.
    All outputs and their enables leave through flip-flops, free of glitches, on the edges that the data sheet draws,
    `stages` + 2 fabric clocks after them at the latest.

    CLK must be high for two fabric clocks and low for two fabric clocks at least. To meet the 8237A-5's own delays
    (ADSTB 90 ns after CLK, DB floating 70 ns after IOR#), the fabric needs 60 MHz or more: twelve times its 5 MHz.

    Pin 5 (tie high) is not here.

    Parameters
    ----------
    stages : int
        Flip-flops in each input's synchronizer; 2 to 8.
    **options
        Those of `I8237`.

    Raises
    ------
    ValueError
        With fewer stages than 2 or more than 8, or what `I8237` refuses.
    """

    def __init__(self, *, stages=_FEWEST_STAGES, **options):
        if not isinstance(stages, int) or stages < _FEWEST_STAGES:
            raise ValueError(f"stages={stages!r} is too few: an asynchronous input needs {_FEWEST_STAGES} flip-flops")
        if stages > _MOST_STAGES:
            raise ValueError(f"stages={stages} is too many: give {_FEWEST_STAGES} to {_MOST_STAGES} flip-flops")
        self._stages = stages
        self._chip = I8237(**options)
        super().__init__(
            {
                #: Pin CLK: the chip's clock, asynchronous to the fabric's. States change as it falls.
                "clk": In(1),
                **ChipPins().members,
            }
        )

    def elaborate(self, platform):
        m = Module()
        m.submodules.chip = chip = self._chip

        clk = Signal(init=1)
        was = Signal(init=1, reset_less=True)
        m.submodules.clk = FFSynchronizer(self.clk, clk, init=1, stages=self._stages)
        m.d.sync += was.eq(clk)
        m.d.comb += [chip.clk_fall.eq(was & ~clk), chip.clk_rise.eq(clk & ~was)]

        pins = ChipPins()
        for (path, member, inner), (_, _, outer) in zip(pins.flatten(chip), pins.flatten(self), strict=True):
            name = "__".join(path)
            if member.flow == In:
                idle = Value.cast(member.init or 0)
                m.submodules[name] = FFSynchronizer(outer, inner, init=idle.value, stages=self._stages)
            elif name == "eop_n__o":
                m.d.comb += outer.eq(Const(0))
            else:
                pad = Signal.like(Value.cast(inner), name=f"{name}_pad", init=member.init or 0, reset_less=True)
                m.d.sync += pad.eq(inner)
                m.d.comb += outer.eq(pad)
        return m

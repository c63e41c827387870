"""A core between two shift registers: three pins, and every path that is timed runs from register to register."""

from amaranth import Cat, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out


class ShiftWrapper(wiring.Component):
    """
    Feeds a core's inputs from one shift register and takes its outputs into another.

    Parameters
    ----------
    core
        Any component; its own ports become the registers' bits.

    Attributes
    ----------
    inputs, outputs : int
        Bits of the two registers, which is the number of flip-flops that the wrapper adds.
    """

    #: One bit per clock into the register that drives the core's inputs.
    si: In(1)
    #: High loads the core's outputs, low shifts them out.
    load: In(1)
    #: The last bit of the register that took the core's outputs.
    so: Out(1)

    def __init__(self, core: wiring.Component):
        self.core = core
        leaves = [(member.flow, Value.cast(value)) for _, member, value in core.signature.flatten(core)]
        self._into = Cat(value for flow, value in leaves if flow is wiring.In)
        self._from = Cat(value for flow, value in leaves if flow is wiring.Out)
        self.inputs = len(self._into)
        self.outputs = len(self._from)
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        m.submodules.core = self.core
        feed = Signal(self.inputs, reset_less=True)
        take = Signal(self.outputs, reset_less=True)
        m.d.sync += feed.eq(Cat(self.si, feed))
        m.d.comb += self._into.eq(feed)
        with m.If(self.load):
            m.d.sync += take.eq(self._from)
        with m.Else():
            m.d.sync += take.eq(Cat(self.si, take))
        m.d.comb += self.so.eq(take[-1])
        return m

"""A part of the Wishbone DMA on free inputs, for a proof to say of it what it promises."""

from collections.abc import Mapping

from amaranth.hdl import Assume, Module, ResetSignal, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In

#: What a master and a slave drive on a standard bus, and how wide, less the master's address.
FROM_MASTER: Mapping[str, int] = {"dat_w": 32, "sel": 4, "cyc": 1, "stb": 1, "we": 1}
FROM_SLAVE: Mapping[str, int] = {"dat_r": 32, "ack": 1, "err": 1}


class FreePart(wiring.Component):
    """A part on free inputs."""

    def __init__(self, inputs: Mapping[str, int]) -> None:
        super().__init__({name: In(width) for name, width in inputs.items()})

    def elaborate(self, platform: object) -> Module:
        """Add the rules."""
        m = Module()
        m.d.comb += Assume(~ResetSignal())
        self.rules(m)
        return m

    def drive(self, m: Module, part: object, names: Mapping[str, int]) -> None:
        """Put free inputs on inputs of a part."""
        m.d.comb += [getattr(part, name).eq(getattr(self, name)) for name in names]

    def past(self, m: Module, value: Value, name: str, init: int = 0) -> Signal:
        """Return what a value was a clock before."""
        before = Signal(len(value), name=f"past_{name}", init=init)
        m.d.sync += before.eq(value)
        return before

    def rules(self, m: Module) -> None:
        """Say what is promised."""
        raise NotImplementedError

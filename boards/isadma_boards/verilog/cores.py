"""The cores that can be had as Verilog, by the name the command line knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amaranth.lib import wiring

from isadma.i8237 import I8237
from isadma.i8237.socket import Socket
from isadma.pc import PcAt, PcXt
from isadma.soc import WishboneDma


@dataclass(frozen=True)
class VerilogCore:
    """One core: how to make it, what to say of it in one line, and whose other parameters its constructor hands on."""

    make: Callable[..., wiring.Component]
    summary: str
    hands_on: Callable[..., wiring.Component] | None = None

    @property
    def parameters(self) -> Mapping[str, object]:
        """What it is made with unless told: the keyword defaults of the constructor."""
        makers = [self.make] if self.hands_on is None else [self.make, self.hands_on]
        return {key: value for make in makers for key, value in (make.__init__.__kwdefaults__ or {}).items()}


VERILOG_CORES: Mapping[str, VerilogCore] = {
    "i8237": VerilogCore(I8237, "the 8237A, its pins split into input, output and enable; clocked by two enables"),
    "at": VerilogCore(PcAt, "the PC/AT's DMA: two 8237As, page registers, wait states, the ISA bus"),
    "xt": VerilogCore(PcXt, "the PC/XT's DMA: one 8237A, four-bit page registers, refresh, the ISA bus"),
    "wishbone": VerilogCore(WishboneDma, "one 8237A with 32-bit addresses: a Wishbone slave and a Wishbone master"),
    "socket": VerilogCore(
        Socket, "the 8237A as a part in its socket: CLK is a pin, every input is synchronized", hands_on=I8237
    ),
}

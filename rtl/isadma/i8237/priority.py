"""The priority encoder: which of the requesting channels is served next."""

# Ref: Intel 8237A data sheet, order no. 231466-005, page 6 (priority).
from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .regs import CHANNELS

__all__ = ["PriorityEncoder"]


class PriorityEncoder(wiring.Component):
    """Fixed priority puts channel 0 first; rotating puts the channel after `last` first. Combinational."""

    #: 1: channel n wants service. Valid in every clock, as all that follows here.
    requests: In(CHANNELS)
    #: The channel served last.
    last: In(2)
    #: High: rotating priority, low: fixed.
    rotating: In(1)
    #: High: some channel requests.
    any: Out(1)
    #: The channel to serve. Valid with `any`.
    winner: Out(2)

    def elaborate(self, platform):
        m = Module()
        # Fixed priority is rotating priority in which channel 3 was served last.
        last = Signal(2)
        m.d.comb += [
            self.any.eq(self.requests.any()),
            last.eq(Mux(self.rotating, self.last, CHANNELS - 1)),
        ]
        with m.Switch(last):
            for served in range(CHANNELS):
                with m.Case(served):
                    m.d.comb += self.winner.eq(served)
                    for distance in reversed(range(1, CHANNELS)):
                        channel = (served + distance) % CHANNELS
                        with m.If(self.requests[channel]):
                            m.d.comb += self.winner.eq(channel)
        return m

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
        r = self.requests
        last = Signal(2, attrs={"keep": 1})
        # Two look-up tables deep from the requests, whatever `last` is: each first one sees two requests and `last`.
        # Worth nothing unless some channel requests.
        low, high, odd_low, odd_high, odd_even = (
            Signal(name=name, attrs={"keep": 1}) for name in ("low", "high", "odd_low", "odd_high", "odd_even")
        )
        with m.Switch(last):
            with m.Case(3):  # 0 1 2 3
                m.d.comb += [low.eq(~(r[0] | r[1])), high.eq(0)]
                m.d.comb += [odd_low.eq(~r[0] & r[1]), odd_high.eq(0), odd_even.eq(~(r[0] | r[2]))]
            with m.Case(0):  # 1 2 3 0
                m.d.comb += [low.eq(~r[1]), high.eq(r[2] | r[3])]
                m.d.comb += [odd_low.eq(r[1]), odd_high.eq(~r[2] & r[3]), odd_even.eq(0)]
            with m.Case(1):  # 2 3 0 1
                m.d.comb += [low.eq(0), high.eq(r[2] | r[3])]
                m.d.comb += [odd_low.eq(0), odd_high.eq(~r[2] & r[3]), odd_even.eq(~(r[0] | r[2]))]
            with m.Case(2):  # 3 0 1 2
                m.d.comb += [low.eq(~(r[0] | r[1])), high.eq(r[3])]
                m.d.comb += [odd_low.eq(~r[0] & r[1]), odd_high.eq(r[3]), odd_even.eq(0)]
        m.d.comb += [
            self.any.eq(r.any()),
            last.eq(Mux(self.rotating, self.last, CHANNELS - 1)),
            self.winner[0].eq(odd_low | odd_high | odd_even),
            self.winner[1].eq(Mux(last == 0, low & high, low | high)),
        ]
        return m

"""The part under test, fabric clock by fabric clock: what its first flip-flops catch, and what its pads show."""

from collections.abc import Callable, Generator
from typing import Any

from amaranth import Cat
from amaranth.lib import wiring
from amaranth.sim import Simulator

from .checker import Level
from .wires import INPUTS, OUTPUTS

__all__ = ["Clocks", "simulate"]

#: What `Kernel.play` makes: yields what is caught, is sent what is driven.
Clocks = Generator[dict[str, int], dict[str, Level], None]
_BOTH = ("ior_n", "iow_n", "db", "a", "eop_n")
_ENABLED = ("ior_n", "iow_n", "memr_n", "memw_n", "db", "a", "eop_n")


def simulate(part: wiring.Component, begin: Callable[[], Clocks]) -> None:
    """
    Run a part with the pins of `isadma.i8237.socket.Socket` in Amaranth's simulator.

    Parameters
    ----------
    part
        What is simulated; its clock is the domain ``sync``.
    begin
        Makes the bench, which ends the simulation when it ends.
    """
    pins: Any = part
    inputs = {name: getattr(pins, name).i if name in _BOTH else getattr(pins, name) for name in INPUTS}
    # One look at all outputs, and another only where it differs: for each the level and whether it is driven.
    widths, signals = [], []
    for name, bits in OUTPUTS.items():
        port = getattr(pins, name)
        if name in _ENABLED:
            signals += [port.o, port.oe]
        else:
            signals.append(port)
        widths.append((name, bits, name in _ENABLED))
    together = Cat(*signals)

    def driven(word: int) -> dict[str, Level]:
        levels: dict[str, Level] = {}
        for name, bits, enabled in widths:
            level = word & ((1 << bits) - 1)
            word >>= bits
            if enabled:
                levels[name] = level if word & 1 else None
                word >>= 1
            else:
                levels[name] = level
        return levels

    simulator = Simulator(part)
    simulator.add_clock(1e-8)

    async def bench(ctx: Any) -> None:
        clocks = begin()
        caught = next(clocks)
        given: dict[str, int] = {}
        shown, levels = -1, {}
        try:
            while True:
                for name, level in caught.items():
                    if given.get(name) != level:
                        ctx.set(inputs[name], level)
                        given[name] = level
                await ctx.tick()
                word = ctx.get(together)
                if word != shown:
                    shown, levels = word, driven(word)
                caught = clocks.send(levels)
        except StopIteration:
            return

    simulator.add_testbench(bench)
    simulator.run()

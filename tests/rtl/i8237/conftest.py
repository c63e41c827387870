"""A bench for the bare chip: it steps whole states in either clocking and shows the pins as one line of text."""

from collections.abc import Callable
from typing import ClassVar

import pytest
from amaranth.sim import Simulator

from isadma.i8237 import I8237

#: No bench here may take more states than this.
STATE_LIMIT = 4000


class Bench:
    """Stands in the last fabric clock of a state; HLDA follows HRQ at once unless `grant` is off."""

    def __init__(self, ctx, dut, fabric_clocks):
        self.ctx, self.dut, self.fabric_clocks = ctx, dut, fabric_clocks
        self.grant = True
        self.first_half = ""
        self.states = 0

    def set(self, **pins):
        """Set inputs by pin name: reset, cs_n, ready, hlda, dreq, ior_n, iow_n, eop_n, db, a."""
        for name, value in pins.items():
            pin = getattr(self.dut, name)
            self.ctx.set(pin.i if name in ("ior_n", "iow_n", "eop_n", "db", "a") else pin, value)

    async def step(self, **pins):
        """End this state with the inputs given, go to the second half of the next one and return what it shows."""
        self.states += 1
        assert self.states < STATE_LIMIT, "the bench runs away"
        self.set(**pins)
        ctx, dut = self.ctx, self.dut
        if self.fabric_clocks == 1:
            ctx.set(dut.clk_fall, 1)
            ctx.set(dut.clk_rise, 1)
            await ctx.tick()
        else:
            ctx.set(dut.clk_fall, 1)
            ctx.set(dut.clk_rise, 0)
            await ctx.tick()
            ctx.set(dut.clk_fall, 0)
            for clock in range(self.fabric_clocks - 1):
                self.first_half = self.show()
                ctx.set(dut.clk_rise, int(clock == self.fabric_clocks - 2))
                await ctx.tick()
            ctx.set(dut.clk_rise, 0)
        if self.grant:
            self.set(hlda=ctx.get(dut.hrq))
        return self.show()

    async def steps(self, count, **pins):
        """Return what the next `count` states show."""
        return [await self.step(**pins) for _ in range(count)]

    def show(self):
        """Name every active output; numbers are hexadecimal."""
        get, dut = self.ctx.get, self.dut
        words = [name for name in ("hrq", "aen", "adstb") if get(getattr(dut, name))]
        strobes = ("ior_n", "iow_n", "memr_n", "memw_n")
        assert len({get(getattr(dut, name).oe) for name in strobes}) == 1
        if get(dut.ior_n.oe):
            words += ["drive"] + [name[:-2] for name in strobes if not get(getattr(dut, name).o)]
        words += [f"dack{i}" for i in range(4) if not get(dut.dack) >> i & 1]
        if get(dut.eop_n.oe):
            words.append("eop")
        if get(dut.a.oe):
            words.append(f"a={get(dut.a.o):02X}")
        if get(dut.db.oe):
            words.append(f"db={get(dut.db.o):02X}")
        return " ".join(words)

    async def reset(self):
        await self.steps(3, reset=1)
        await self.steps(2, reset=0)

    async def write(self, port, value):
        """Write a register: IOW# low for one state."""
        await self.step(cs_n=0, a=port, db=value)
        await self.step(iow_n=0)
        await self.step(iow_n=1)
        await self.step(cs_n=1, db=0x5A)

    async def read(self, port):
        """Read a register: IOR# low for three states."""
        await self.step(cs_n=0, a=port, db=0x5A)
        await self.steps(3, ior_n=0)
        assert self.ctx.get(self.dut.db.oe) == 1
        value = self.ctx.get(self.dut.db.o)
        await self.step(ior_n=1)
        await self.steps(2, cs_n=1)
        return value

    async def read_word(self, port):
        """Read low and high byte."""
        low = await self.read(port)
        return low | await self.read(port) << 8

    async def program(self, channel, mode, address, count):
        """Load one channel, without unmasking it; `mode` is bits 7-2 of what port B gets."""
        await self.write(0xC, 0)
        await self.write(0xB, mode | channel)
        for port, value in ((2 * channel, address), (2 * channel + 1, count)):
            await self.write(port, value & 0xFF)
            await self.write(port, value >> 8)

    async def until(self, word, limit=50):
        """Step until a state shows `word`; return how many steps it took."""
        for steps in range(limit + 1):
            if word in self.show().split():
                return steps
            await self.step()
        raise AssertionError(f"no {word} within {limit} states")

    async def idle(self, limit=400):
        """Step until HRQ and AEN are low."""
        for steps in range(limit + 1):
            if not {"hrq", "aen"} & set(self.show().split()):
                return steps
            await self.step()
        raise AssertionError(f"still on the bus after {limit} states")


class Simulation:
    """One chip in the simulator, used for one body after the other: building it takes longer than most of them."""

    _built: ClassVar[dict] = {}

    def __init__(self, options):
        self.dut = I8237(**options)
        self.simulator = Simulator(self.dut)
        self.simulator.add_clock(1e-6)
        self.simulator.add_testbench(self._testbench)
        self.fresh = True

    async def _testbench(self, ctx):
        bench = Bench(ctx, self.dut, self.fabric_clocks)
        await bench.reset()
        await self.body(bench)

    def run(self, body, fabric_clocks):
        if not self.fresh:
            self.simulator.reset()
        self.fresh, self.body, self.fabric_clocks = False, body, fabric_clocks
        self.simulator.run()


def _run(body: Callable, fabric_clocks: int, **options):
    key = tuple(sorted((name, repr(value)) for name, value in options.items()))
    simulation = Simulation._built.pop(key, None) or Simulation(options)
    simulation.run(body, fabric_clocks)
    Simulation._built[key] = simulation  # not where the body failed: then it stands in the middle of something


@pytest.fixture(params=[1, 2], ids=["one fabric clock", "two fabric clocks"])
def run(request):
    """Run a coroutine on a fresh chip, at one state per fabric clock and at two fabric clocks per state."""
    return lambda body, **options: _run(body, request.param, **options)


@pytest.fixture
def run_halves():
    """Run a coroutine on a fresh chip at two fabric clocks per state, whose first halves can be seen."""
    return lambda body, **options: _run(body, 2, **options)

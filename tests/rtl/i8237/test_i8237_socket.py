"""The DIP-40 part: its own CLK, pins that move on CLK's edges, and a CPU that knows nothing of the fabric's clock."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 13 to 15, figures 11 and 13.
import random

import pytest
from amaranth.sim import Simulator

from isadma.i8237.socket import Socket

#: Fabric clocks between a CLK edge and its outputs, with two synchronizer stages and edges just after a fabric clock.
LATENCY = {"rise": 4, "fall": 5}
SINGLE, READ, AUTOINITIALIZE = 0x40, 0x08, 0x10


class Bench:
    def __init__(self, ctx, dut, half_period):
        self.ctx, self.dut, self.half_period = ctx, dut, half_period
        self.clock, self.clk_edges, self.changes, self.seen = 0, [], [], self._pins()

    def _pins(self):
        get, dut = self.ctx.get, self.dut
        return {
            **{name: get(getattr(dut, name)) for name in ("hrq", "aen", "adstb", "dack")},
            **{name: get(getattr(dut, name).o) for name in ("ior_n", "iow_n", "memr_n", "memw_n")},
            "drive": get(dut.a.oe),
            "a": get(dut.a.o),
            "eop": get(dut.eop_n.oe),
        }

    async def fabric(self, clocks=1, **pins):
        for name, value in pins.items():
            pin = getattr(self.dut, name)
            self.ctx.set(pin.i if name in ("ior_n", "iow_n", "eop_n", "db", "a") else pin, value)
        for _ in range(clocks):
            level = self.clock // self.half_period % 2
            if self.clock % self.half_period == 0:
                self.clk_edges.append((self.clock, level))
            self.ctx.set(self.dut.clk, level)
            await self.ctx.tick()
            self.clock += 1
            pins = self._pins()
            self.changes += [(self.clock, name, pins[name]) for name in pins if pins[name] != self.seen[name]]
            self.seen = pins
            self.ctx.set(self.dut.hlda, pins["hrq"])

    async def write(self, port, value):
        await self.fabric(3, cs_n=0, a=port, db=value)
        await self.fabric(5, iow_n=0)
        await self.fabric(3, iow_n=1)
        await self.fabric(5, cs_n=1, a=0, db=0)

    async def read(self, port):
        await self.fabric(3, cs_n=0, a=port)
        await self.fabric(9, ior_n=0)
        assert self.ctx.get(self.dut.db.oe) == 1
        value = self.ctx.get(self.dut.db.o)
        await self.fabric(3, ior_n=1)
        await self.fabric(6, cs_n=1)
        assert self.ctx.get(self.dut.db.oe) == 0
        return value


def run(body, half_period, **options):
    dut = Socket(**options)
    simulator = Simulator(dut)
    simulator.add_clock(1e-8)

    async def testbench(ctx):
        bench = Bench(ctx, dut, half_period)
        await bench.fabric(8 * half_period, reset=1)
        await bench.fabric(8 * half_period, reset=0)
        await body(bench)

    simulator.add_testbench(testbench)
    simulator.run()


@pytest.mark.parametrize("half_period", [2, 5, 6])
def test_pins_move_on_the_edges_of_clk_that_the_data_sheet_draws(half_period):
    async def body(bench):
        for port, value in ((0xB, SINGLE | READ), (0, 0x34), (0, 0x12), (1, 0), (1, 0), (0xA, 0)):
            await bench.write(port, value)
        bench.changes.clear()
        await bench.fabric(4 * half_period, dreq=1)
        await bench.fabric(20 * half_period, dreq=0)
        kinds = [(clock, "rise" if level else "fall") for clock, level in bench.clk_edges]
        edges = {clock + LATENCY[kind]: kind for clock, kind in kinds}
        # The read strobe ends a clock after the write strobe.
        found = [(edges.get(clock, edges.get(clock - 1)), *change) for clock, *change in bench.changes]
        assert [change for change in found if change[1] != "a"] == [
            ("rise", "hrq", 1),
            ("fall", "aen", 1),
            ("rise", "adstb", 1),
            ("rise", "drive", 1),
            ("fall", "dack", 0b1110),
            ("rise", "adstb", 0),
            ("rise", "memr_n", 0),
            ("rise", "iow_n", 0),
            ("rise", "eop", 1),
            ("rise", "hrq", 0),
            ("rise", "iow_n", 1),
            ("rise", "eop", 0),
            ("rise", "memr_n", 1),
            ("fall", "dack", 0b1111),
            ("rise", "aen", 0),
            ("rise", "drive", 0),
        ]

    run(body, half_period)


def test_registers_are_read_and_written_at_any_phase_of_clk():
    async def body(bench):
        for phase in range(12):
            await bench.fabric(1)
            await bench.write(0xC, 0)
            await bench.write(4, 0x10 + phase)
            await bench.write(4, 0xE0 + phase)
            assert await bench.read(4) == 0x10 + phase
            assert await bench.read(4) == 0xE0 + phase

    run(body, 6)


@pytest.mark.parametrize("clocks", range(1, 5))
def test_what_is_on_the_bus_before_iow_rises_is_never_written(clocks):
    async def body(bench):
        for port, value in ((0xB, SINGLE | READ | AUTOINITIALIZE | 1), (2, 0x34), (2, 0x12), (3, 0), (3, 0), (0xA, 1)):
            await bench.write(port, value)
        # An access to the count, with the address and the data of another one for a while after IOW# has fallen.
        await bench.fabric(3, cs_n=0, a=2, db=0xEE)
        await bench.fabric(clocks, iow_n=0)
        await bench.fabric(13, a=3, db=0)
        await bench.fabric(2, iow_n=1)
        await bench.fabric(5, cs_n=1, a=0xD, db=0xEE)
        await bench.write(3, 0)
        await bench.fabric(40, dreq=2)
        await bench.fabric(200, dreq=0)
        assert await bench.read(8) & 2, "no terminal count"
        assert [await bench.read(2), await bench.read(2)] == [0x34, 0x12]

    run(body, 6)


def test_the_address_of_a_read_may_go_with_ior():
    async def body(bench):
        await bench.write(8, 0x40)
        for leftover in range(16):
            await bench.write(0xC, 0)
            await bench.write(4, 0x5A)
            await bench.write(4, 0xA5)
            await bench.fabric(5, cs_n=0, a=4)
            await bench.fabric(20, ior_n=0)
            assert bench.ctx.get(bench.dut.db.o) == 0x5A
            await bench.fabric(8, ior_n=1, a=leftover, cs_n=1)
            assert bench.ctx.get(bench.dut.db.oe) == 0
            assert await bench.read(4) == 0xA5, f"the flip-flop followed address {leftover}"

    run(body, 6)


@pytest.mark.parametrize(("fabric_mhz", "clocks"), [(25, 1), (26, 2), (50, 2), (60, 3), (100, 4), (200, 8)])
def test_db_keeps_the_address_after_adstb_for_40_ns(fabric_mhz, clocks):
    async def body(bench):
        for port, value in ((0xB, SINGLE | READ), (0, 0x34), (0, 0x12), (1, 0), (1, 0), (0xA, 0)):
            await bench.write(port, value)
        bench.ctx.set(bench.dut.dreq, 1)
        held = None
        for _ in range(400):
            await bench.fabric(1)
            if bench.seen["adstb"]:
                held = 0
            elif held is not None and bench.ctx.get(bench.dut.db.oe):
                assert bench.ctx.get(bench.dut.db.o) == 0x12
                held += 1
            elif held is not None:
                break
        assert held == clocks

    run(body, 20, fabric_mhz=fabric_mhz)


def test_a_pause_of_clk_stops_the_chip_and_not_the_registers():
    async def body(bench):
        await bench.write(0xE, 0)
        await bench.fabric(40)
        bench.half_period = 10**9
        bench.changes.clear()
        await bench.fabric(60, dreq=1)
        await bench.write(0, 0x42)
        await bench.write(0, 0x43)
        assert await bench.read(0) == 0x42
        assert bench.changes == []

    run(body, 6)


def test_a_clk_that_is_low_for_one_fabric_clock_falls_and_rises_once():
    dut, rng = Socket(), random.Random(1)
    lows, seen = [*range(1, 7), *(rng.choice((1, 1, 2, 5)) for _ in range(60))], []

    async def bench(ctx):
        for low in lows:
            for level, clocks in ((1, rng.randint(2, 6)), (0, low)):
                ctx.set(dut.clk, level)
                for _ in range(clocks):
                    await ctx.tick()
                    seen.append((ctx.get(dut._chip.clk_fall), ctx.get(dut._chip.clk_rise)))

    simulator = Simulator(dut)
    simulator.add_clock(1e-6)
    simulator.add_testbench(bench)
    simulator.run()
    edges = [edge for edge in seen if any(edge)]
    # CLK is taken to have been high before; the last fall, and the rise before it, may be on their way.
    assert edges == [(1, 0), (0, 1)] * (len(edges) // 2) + [(1, 0)] * (len(edges) % 2)
    assert 2 * len(lows) - 3 <= len(edges) <= 2 * len(lows)

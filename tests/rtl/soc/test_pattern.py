"""The device that boards are tried with: its loop asks for what it can take, and for what it has."""

import pytest
from amaranth.sim import Simulator

from isadma.soc.pattern import GIVES, TAKES, PatternDevice, Port


@pytest.fixture
def play():
    def run(scenario):
        device = PatternDevice()

        async def bench(ctx):
            async def write(port, byte):
                ctx.set(device.port, port)
                ctx.set(device.d, byte)
                ctx.set(device.write, 1)
                await ctx.tick()
                ctx.set(device.write, 0)

            async def cycle(strobe, word=0):
                ctx.set(device.d, word)
                ctx.set(strobe, 1)
                await ctx.tick().repeat(2)
                ctx.set(strobe, 0)
                await ctx.tick()

            await scenario(ctx, device, write, cycle)

        simulator = Simulator(device)
        simulator.add_clock(1e-6)
        simulator.add_testbench(bench)
        simulator.run()

    return run


def test_the_loop_takes_one_and_asks_for_no_more_until_it_is_given(play):
    async def scenario(ctx, device, write, cycle):
        await write(Port.CONTROL, 1)
        await write(Port.REQUEST, 1 << TAKES | 1 << GIVES)
        for byte in (0x5A, 0xC3):
            assert ctx.get(device.drq) == 1 << TAKES
            await cycle(device.iow, byte)
            assert ctx.get(device.drq) == 1 << GIVES
            assert ctx.get(device.source) & 0xFF == byte
            await cycle(device.ior)
        assert ctx.get(device.drq) == 1 << TAKES

    play(scenario)


def test_without_the_loop_all_ask_and_each_read_is_the_next(play):
    async def scenario(ctx, device, write, cycle):
        await write(Port.PATTERN, 0xFE)
        await write(Port.REQUEST, 0xEF)
        for byte in (0xFE, 0xFF, 0x00):
            assert ctx.get(device.drq) == 0xEF
            assert ctx.get(device.source) & 0xFF == byte
            await cycle(device.ior)

    play(scenario)

"""A board's whole design, simulated clock by clock of its FPGA: what its device moves, and how fast."""

import itertools

import pytest
from amaranth.sim import Simulator

from isadma.soc.uart_pc import UartPc
from isadma_boards.bitstreams import build
from isadma_boards.tops import BOARDS
from isadma_sim.engines.uart.frame import Decoder, encode

#: Clocks per bit of the line, which has no part in the speed of a transfer.
DIVISOR = 4
#: Words that are moved, from where: A8 changes once on the way.
WORDS, START = 100, 0x01D0
CHANNEL = 5
SOURCE, SINK = 0x04, 0x08
DEMAND, COMPRESSED = 0x00, 0x08
#: What is asked of words on demand, in megabytes a second.
WANTED = 45


def out(port, value):
    return bytes([0x10, port & 0xFF, 0x11, port >> 8, 0x12, value, 0x32])


def read_port(port):
    return bytes([0x10, port & 0xFF, 0x11, port >> 8, 0x31])


def program(direction, command):
    """Return the commands that set the channel up."""
    pairs = [(0xDA, 0), (0xD0, command), (0xD6, 0xC0), (0xD4, 0x00), (0xD6, DEMAND | direction | (CHANNEL - 4))]
    pairs += [(0xC4, START & 0xFF), (0xC4, START >> 8), (0xC6, (WORDS - 1) & 0xFF), (0xC6, (WORDS - 1) >> 8)]
    pairs += [(0x8B, 0), (0xD4, CHANNEL - 4)]
    return b"".join(out(port, value) for port, value in pairs)


RUN = bytes([0x14, 0x00, 0x15, 0x08, 0x30])


class Bench:
    """A board with a line, and a count of its FPGA's clocks."""

    def __init__(self, spec):
        storage = spec.storage(spec.memory_bits) if spec.storage else None
        self.pc = UartPc(divisor=DIVISOR, memory_bits=spec.memory_bits, storage=storage, **spec.options)
        self.clocks, self.ends, self.answers = 0, [], []
        self._sequence = itertools.count(1)

    async def exchange(self, ctx, body):
        """Send a frame; return what the answer has after its status."""
        for byte in encode(next(self._sequence), body):
            for bit in (0, *(byte >> place & 1 for place in range(8)), 1):
                ctx.set(self.pc.rx, bit)
                await ctx.tick().repeat(DIVISOR)
        decoder, frames = Decoder(), []
        while not frames:
            await ctx.negedge(self.pc.tx)
            await ctx.tick().repeat(DIVISOR // 2)
            byte = 0
            for place in range(8):
                await ctx.tick().repeat(DIVISOR)
                byte |= ctx.get(self.pc.tx) << place
            await ctx.tick().repeat(DIVISOR)
            frames = decoder.feed(bytes([byte]))
        return frames[0][1][1:]

    async def watch(self, ctx):
        """Note the clocks in which a strobe of the DMA to memory ends."""
        isa = self.pc.board.isa
        before = 0
        async for _, _, aen, memr, memw in ctx.tick().sample(isa.aen, isa.memr_n.o, isa.memw_n.o):
            self.clocks += 1
            low = aen and not (memr and memw)
            if before and not low:
                self.ends.append(self.clocks)
            before = low


def clocks_of_words(spec, command=0):
    """Let the board's device fill its memory and take it back; return the FPGA's clocks of each way."""
    bench = Bench(spec)
    found = []

    async def play(ctx):
        await bench.exchange(ctx, bytes([0x17, 0xFF & ~(1 << CHANNEL)]) + out(0x301, 0x21) + out(0x302, 0))
        for direction in (SOURCE, SINK):
            await bench.exchange(ctx, program(direction, command))
            bench.ends.clear()
            await bench.exchange(ctx, out(0x300, 1 << CHANNEL) + RUN)
            assert len(bench.ends) == WORDS
            found.append(bench.ends[-1] - bench.ends[0])
            await bench.exchange(ctx, out(0x304, 0))
        low, high = await bench.exchange(ctx, read_port(0x302) + read_port(0x303))
        given = ((0x21 + number) & 0xFF for number in range(WORDS))
        assert low | high << 8 == sum(byte | (byte ^ 0xFF) << 8 for byte in given) & 0xFFFF
        bench.answers.append(True)

    simulator = Simulator(bench.pc)
    simulator.add_clock(1e-8)
    simulator.add_testbench(play)
    simulator.add_testbench(bench.watch, background=True)
    simulator.run()
    assert bench.answers
    return found


@pytest.mark.parametrize(
    ("board", "wait_states", "command", "clocks"),
    [
        ("ulx3s", 0, 0, 3),
        pytest.param("ulx3s", 1, 0, 4, marks=pytest.mark.long),
        ("hx8k-breakout", 1, 0, 4),
    ],
)
def test_each_clock_of_the_fpga_is_one_of_the_board_while_its_device_is_served(board, wait_states, command, clocks):
    spec = BOARDS[board].given(None, wait_states)
    # The one clock more is S1, where A8 changes.
    assert clocks_of_words(spec, command) == [clocks * (WORDS - 1) + 1] * 2


@pytest.mark.long
@pytest.mark.parametrize(("mhz", "wait_states"), [(75, 0), (100, 1)])
def test_a_ulx3s_moves_45_megabytes_a_second_at_its_clock_with_no_path_failing(tmp_path, mhz, wait_states):
    report = build("ulx3s", tmp_path, seeds=3, clock_hz=mhz * 1_000_000, wait_states=wait_states)
    assert min(report.fmax_by_seed.values()) >= report.clock_mhz == mhz
    for clocks in clocks_of_words(BOARDS["ulx3s"].given(mhz * 1_000_000, wait_states)):
        assert 2 * (WORDS - 1) / clocks * report.clock_mhz >= WANTED

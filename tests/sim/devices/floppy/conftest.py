"""A machine small enough for one floppy controller: a clock, an interrupt line, and one channel of an 8237."""

import functools
import heapq
import itertools
import random
from collections.abc import Callable

import pytest

from isadma_sim.devices.floppy import FloppyController, Image
from isadma_sim.engines.blocks import Blocks
from isadma_sim.machine.block import Block

DOR, MSR, FIFO, DIR, CCR, DSR = 0x3F2, 0x3F4, 0x3F5, 0x3F7, 0x3F7, 0x3F4
#: A byte's service by an 8237 at 4 MHz, request to end: seven clocks.
SERVICE = 7
SIZES = {
    "160K": 163_840,
    "180K": 184_320,
    "320K": 327_680,
    "360K": 368_640,
    "720K": 737_280,
    "1.2M": 1_228_800,
    "1.44M": 1_474_560,
    "2.88M": 2_949_120,
}


@functools.cache
def pattern(size: int) -> bytes:
    """Bytes of which no two sectors are alike; the same ones every time."""
    return random.Random(82077).randbytes(size)


class Slot:
    """The one device, as the slot that `Blocks` stands in front of."""

    def __init__(self, fdc):
        self._fdc = fdc

    def dack(self, channel, active):
        self._fdc.dack(active)

    def tc(self, channel):
        self._fdc.tc()

    def dma_read(self, channel):
        return self._fdc.dma_read()

    def dma_write(self, channel, value):
        self._fdc.dma_write(value)


class Rig:
    """Lines, DMA channel and CPU of a test.

    `dma("read" | "write" | "verify" | None, data/count)` sets the channel up: read is memory to device, as the 8237
    says it. Every wait has a bound.
    """

    def __init__(self, drives, *, clock_hz=4_000_000, latency=SERVICE, **kwargs):
        self.clock = 0
        self.clock_hz = clock_hz
        self.latency = latency
        self.irq_level = False
        self.irqs = 0
        self.dreq_level = False
        self.requests = 0
        self._queue = []
        self._order = itertools.count()
        self._serving = False
        self.dma(None)
        self.fdc = FloppyController(drives, **kwargs)
        self._slot = Blocks(Slot(self.fdc), self._request_line)
        self.fdc.lines = self
        self.fdc.reset()

    # Lines

    def irq(self, level):
        assert level != self.irq_level, "the line was at that level"
        self.irqs += level
        self.irq_level = level

    def dreq(self, level):
        assert level != self.dreq_level, "the line was at that level"
        self._request_line(2, level)

    def _request_line(self, channel, level):
        self.requests += level and not self.dreq_level
        self.dreq_level = level
        self._request()

    def start_block(self, data, *, to_host, done):
        self._slot.start(2, Block(data, to_host=to_host, done=done))

    def stop_block(self):
        return self._slot.stop(2)

    def after(self, clocks: int, fn: Callable[[], None]):
        assert clocks >= 1
        handle = [self.clock + clocks, next(self._order), fn]
        heapq.heappush(self._queue, handle)
        return handle

    def cancel(self, handle):
        handle[2] = None

    # The DMA channel, single mode

    def dma(self, direction, data=b"", count=None):
        self.direction = direction
        self.data = bytes(data)
        self.received = bytearray()
        self.count = len(data) if count is None else count
        self.moved = 0
        self.masked = direction is None
        self._request()

    def _request(self):
        if self.dreq_level and not self.masked and not self._serving:
            self._serving = True
            self.after(self.latency, self._serve)

    def _serve(self):
        self._serving = False
        if not self.dreq_level or self.masked:
            return
        self._slot.dack(2, True)
        if self.direction == "write":
            self.received.append(self._slot.dma_read(2))
        elif self.direction == "read":
            self._slot.dma_write(2, self.data[self.moved])
        self.moved += 1
        if self.moved == self.count:
            self.masked = True
            self._slot.tc(2)
        self.after(1, self._served)

    def _served(self):
        self._slot.dack(2, False)
        self._request()

    # Time

    def run(self, clocks: int) -> None:
        end = self.clock + clocks
        while self._queue and self._queue[0][0] <= end:
            self._event()
        self.clock = end

    def _event(self):
        clock, _, fn = heapq.heappop(self._queue)
        self.clock = clock
        if fn is not None:
            fn()

    def until(self, condition, *, seconds=5.0):
        end = self.clock + int(seconds * self.clock_hz)
        while not condition():
            if not self._queue or self._queue[0][0] > end:
                self.clock = end
                raise TimeoutError(f"nothing within {seconds} s")
            self._event()

    # The CPU

    def outb(self, port, value):
        self.fdc.io_write(port, value)

    def inb(self, port):
        return self.fdc.io_read(port)

    def wait_irq(self, seconds=5.0):
        self.until(lambda: self.irq_level, seconds=seconds)

    def send(self, *values):
        for value in values:
            msr = self.inb(MSR)
            assert msr & 0xC0 == 0x80, f"not ready for a command byte: MSR {msr:02X}"
            self.outb(FIFO, value)

    def results(self, limit=16):
        values = []
        while self.inb(MSR) & 0xC0 == 0xC0:
            values.append(self.inb(FIFO))
            assert len(values) <= limit
        return values

    def command(self, *values, seconds=5.0):
        """A command that interrupts when its result is there."""
        self.send(*values)
        self.wait_irq(seconds)
        return self.results()

    def sense(self):
        self.send(0x08)
        return self.results()

    def power_up(self, *, specify=(0xDF, 0x02), rate=0, unit=0):
        """Reset, motor on, clear the four statuses, SPECIFY (step 3 ms, unload 240 ms, load 2 ms at 500 kbit/s)."""
        self.outb(DOR, 0x00)
        self.outb(DOR, 0x0C | unit | 0x10 << unit)
        self.wait_irq()
        for _ in range(4):
            self.sense()
        self.outb(CCR, rate)
        self.send(0x03, *specify)

    def seek(self, cylinder, head=0, unit=0):
        self.send(0x0F, head << 2 | unit, cylinder)
        self.wait_irq()
        return self.sense()

    def read(self, c, h, r, eot, count, *, first=0xE6, n=2, gpl=0x1B, dtl=0xFF, unit=0):
        """READ DATA of `count` bytes by DMA; the bytes and the seven result bytes."""
        self.dma("write", count=count)
        result = self.command(first, h << 2 | unit, c, h, r, n, eot, gpl, dtl)
        return bytes(self.received), result

    def write(self, c, h, r, eot, data, *, first=0xC5, n=2, gpl=0x1B, dtl=0xFF, unit=0):
        self.dma("read", data)
        return self.command(first, h << 2 | unit, c, h, r, n, eot, gpl, dtl)


@pytest.fixture
def rig():
    """Make a rig: `rig(Image or drives, **options)`, powered up unless told."""

    def make(drives, *, up=True, rate=0, **options):
        made = Rig([drives] if isinstance(drives, Image) else drives, **options)
        if up:
            made.power_up(rate=rate)
        return made

    return make


@pytest.fixture
def disk():
    """Make an image of a format: `disk("1.44M")`, full of a pattern."""

    def make(name="1.44M", **options):
        return Image.from_bytes(pattern(SIZES[name]), **options)

    return make


@pytest.fixture(params=["real", "full"])
def speed(request):
    return request.param

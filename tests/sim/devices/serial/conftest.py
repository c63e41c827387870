"""A machine small enough for one serial port: a clock, an interrupt line, a CPU."""

import heapq
import itertools

import pytest

from isadma_sim.devices.serial import SerialPort

BASE = 0x3F8
#: Divisor of 9600 baud.
B9600 = 12


class Bench:
    def __init__(self, *, clock_hz=4_000_000, **options):
        self.clock = 0
        self.clock_hz = clock_hz
        self.irq_level = False
        self.irqs = 0
        self._queue = []
        self._order = itertools.count()
        self.uart = SerialPort(BASE, **options)
        self.uart.lines = self
        self.uart.reset()

    def irq(self, level):
        assert level != self.irq_level, "the line was at that level"
        self.irqs += level
        self.irq_level = level

    def dreq(self, level):
        raise RuntimeError("a serial port has no DMA")

    def after(self, clocks, fn):
        assert clocks >= 1
        handle = [self.clock + clocks, next(self._order), fn]
        heapq.heappush(self._queue, handle)
        return handle

    def cancel(self, handle):
        handle[2] = None

    def run(self, clocks):
        self.run_to(self.clock + clocks)

    def run_to(self, end):
        while self._queue and self._queue[0][0] <= end:
            self.clock, _, fn = heapq.heappop(self._queue)
            if fn is not None:
                fn()
        self.clock = end

    def wait_irq(self, clocks=4_000_000):
        end = self.clock + clocks
        while not self.irq_level:
            if not self._queue or self._queue[0][0] > end:
                raise TimeoutError(f"no interrupt within {clocks} clocks")
            self.run_to(self._queue[0][0])

    def inb(self, reg):
        return self.uart.io_read(BASE + reg)

    def outb(self, reg, value):
        self.uart.io_write(BASE + reg, value)

    def set_up(self, *, divisor=B9600, lcr=0x03, ier=0x00, fcr=0x00, mcr=0x0B):
        self.outb(3, 0x80)
        self.outb(0, divisor & 0xFF)
        self.outb(1, divisor >> 8)
        self.outb(3, lcr)
        self.outb(2, fcr)
        self.outb(4, mcr)
        self.outb(1, ier)


@pytest.fixture
def bench():
    """Make a bench: `bench(ier=.., fcr=.., ..)`, set to 9600 8N1 with OUT2 on unless told."""

    def make(*, clock_hz=4_000_000, variant="16550A", **setup):
        made = Bench(clock_hz=clock_hz, variant=variant)
        made.set_up(**setup)
        return made

    return make

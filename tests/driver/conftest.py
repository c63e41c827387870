"""The simulated PC under the driver's tests, also with memory beyond the bus, and a device that DMA feeds or drains."""

import random

import pytest

from isadma_driver import Kernel
from isadma_sim import PC, Device
from isadma_sim.engines.native.compiler import missing

#: The hardware itself: compiled, or interpreted where nothing compiles it.
RTL = "native" if missing() is None else "amaranth"
#: Runs the tests that ask for no engine: the hardware, or its model where the hardware would be slow.
ENGINE = "native" if RTL == "native" else "reference"

MB = 1 << 20


@pytest.fixture
def pc():
    with PC(engine=ENGINE) as machine:
        yield machine


@pytest.fixture
def rtl():
    with PC(engine=RTL) as machine:
        yield machine


@pytest.fixture
def rng(request):
    """Randomness whose seed is the test's name, so a failure repeats."""
    print("seed", request.node.name)
    return random.Random(request.node.name)


@pytest.fixture
def big():
    """Return a PC with as much memory above the bus as on it."""
    with PC(engine=ENGINE, memory=32 * MB) as machine:
        yield machine


class Pump(Device):
    """A device that gives the bytes of `source`, and keeps what it is given in `sink`.

    Writing 1 to its port makes it ask for service until terminal count, which raises its interrupt; writing 0 stops it
    and takes the interrupt back. `limit` transfers after which it falls silent stand for a device that dies.
    """

    def __init__(self, port, *, wide=False, limit=None):
        self.name = f"pump {port:x}"
        self.port = port
        self.ports = (port,)
        self.wide = wide
        self.limit = limit
        self.source = b""
        self.sink = bytearray()
        self.taken = 0
        self.tcs = 0
        self.interrupts = False

    def _served(self):
        if self.limit is not None:
            self.limit -= 1
            if self.limit <= 0:
                self.lines.dreq(False)

    def io_write(self, port, value):
        if self.interrupts:
            self.lines.irq(False)
        self.lines.dreq(bool(value) and (self.limit is None or self.limit > 0))

    def dma_read(self):
        size = 2 if self.wide else 1
        data = self.source[self.taken : self.taken + size].ljust(size, b"\xee")
        self.taken += size
        self._served()
        return int.from_bytes(data, "little")

    def dma_write(self, value):
        self.sink += value.to_bytes(2 if self.wide else 1, "little")
        self._served()

    def tc(self):
        self.tcs += 1
        self.lines.dreq(False)
        if self.interrupts:
            self.lines.irq(True)


class Rig:
    """A machine, its kernel, and a pump with its channel claimed."""

    def __init__(self, machine, pc, channel, *, irq=None, limit=None, kernel=None, owner="pump"):
        self.machine = machine
        self.kernel = kernel or Kernel(machine)
        self.pump = Pump(0x300 + channel, wide=channel > 4, limit=limit)
        pc.attach(self.pump, dma=channel, irq=irq)
        self.claim = self.kernel.dma.request_dma(channel, owner)
        self.line = None
        if irq is not None:
            self.pump.interrupts = True
            self.line = self.kernel.interrupts.request_irq(irq, owner)

    def go(self, offset, length):
        self.machine.outb(self.pump.port, 1)

    def transfer(self, buffer, direction, **options):
        return self.kernel.transfer(self.claim, buffer, direction, go=self.go, line=self.line, **options)


@pytest.fixture
def rig(request):
    """Make a rig on a channel of the PC, of a machine around it, or of the PC on the hardware's own engine."""

    def make(channel, machine=None, *, host=None, **options):
        host = host or (machine if isinstance(machine, PC) else request.getfixturevalue("pc"))
        return Rig(machine or host, host, channel, **options)

    return make


@pytest.fixture
def playground(big):
    """Return a machine with memory above 16 MB and a pump on channels 1 and 5."""
    pumps = {channel: Pump(0x300 + channel, wide=channel > 4) for channel in (1, 5)}
    for channel, pump in pumps.items():
        big.attach(pump, dma=channel)
    return big, pumps

"""A system-on-chip in miniature: a processor, memory, four devices, and one bus or two."""

from collections import deque
from typing import ClassVar

import pytest
from amaranth.hdl import ClockDomain, Module
from amaranth.sim import Simulator

from isadma.soc import WishboneDma

#: No scenario here needs more clocks; one that does hangs.
MAX_CLOCKS = 50_000
PAGE, ERROR = 0x10, 0x14


class Soc:
    """The DMA on its buses, driven clock by clock.

    With one bus (``shared``) a processor's access and the DMA's never overlap, and whoever is late waits. With two the
    registers can be reached at any time.
    """

    def __init__(self, ctx, dma, *, shared, latency):
        self.ctx, self.dma, self.shared, self.latency = ctx, dma, shared, latency
        self.clocks = 0
        self.memory = bytearray(range(256)) * 1024  # 256 KB at address 0
        self.faulty = range(0)
        self.gives = {channel: deque() for channel in range(4)}
        self.takes = {channel: [] for channel in range(4)}
        self.dreq = 0
        self.slow = 0  # clocks that a device takes to be ready
        self.tc = []
        self.cpu = None  # (adr, we, data), while the processor asks
        self.lines = ("cyc", "stb")  # what is high while it asks; the others of the two are high always
        self.acked = False  # in the clock that has just ended
        self.pipelined = "stall" in dict(dma.registers.signature.members)
        self.slave = None  # called each clock in place of the memory here, which knows no bursts
        self._held = 0
        self.owner = None
        self._wait = 0
        self._request = None
        self._iow = self._ior = None
        self._slow = 0

    async def clock(self, clocks=1):
        for _ in range(clocks):
            assert self.clocks < MAX_CLOCKS, "the scenario never ends"
            self.clocks += 1
            self._arbitrate()
            self._processor()
            self._devices()
            self._memory()
            self._watch()
            await self.ctx.tick()

    def _arbitrate(self):
        if not self.shared:
            return
        wants = {"dma": self.ctx.get(self.dma.memory.cyc), "cpu": self.cpu is not None}
        if self.owner and not wants[self.owner]:
            self.owner = None
        if self.owner is None:
            self.owner = next((name for name in ("cpu", "dma") if wants[name]), None)

    def _processor(self):
        bus = self.dma.registers
        on = self.cpu is not None and (not self.shared or self.owner == "cpu")
        for line in ("cyc", "stb"):
            self.ctx.set(getattr(bus, line), on or line not in self.lines)
        if self.cpu:
            adr, we, data = self.cpu
            self.ctx.set(bus.adr, adr)
            self.ctx.set(bus.we, we)
            self.ctx.set(bus.dat_w, data)
            self.ctx.set(bus.sel, 0xF)

    def _watch(self):
        bus, get = self.dma.registers, self.ctx.get
        self.acked = bool(get(bus.ack))
        assert not self.acked or (get(bus.cyc) and get(bus.stb)), "an ack for nobody"

    def _memory(self):
        if self.slave is not None:
            self.slave(self)
            return
        bus, get, put = self.dma.memory, self.ctx.get, self.ctx.set
        put(bus.ack, 0)
        put(bus.err, 0)
        if self.pipelined:
            self._pipelined_memory(bus)
            return
        if not get(bus.stb):
            self._request = None
            return
        assert get(bus.cyc), "stb without cyc"
        if self.shared and self.owner != "dma":
            return
        request = tuple(get(getattr(bus, name)) for name in ("adr", "we", "sel", "dat_w"))
        if self._request is None:
            self._request, self._wait = request, self.latency
        assert request == self._request, "a transfer changed before its ack"
        if self._wait:
            self._wait -= 1
            return
        self._answer(bus, request)

    def _pipelined_memory(self, bus):
        get, put = self.ctx.get, self.ctx.set
        if self._request is None:
            stall = not (self.shared is False or self.owner == "dma") or self._held < self.latency
            put(bus.stall, stall)
            self._held = self._held + 1 if get(bus.stb) else 0
            if stall or not get(bus.stb):
                return
            self._request = tuple(get(getattr(bus, name)) for name in ("adr", "we", "sel", "dat_w"))
            self._wait, self._held = self.latency, 0
        else:
            put(bus.stall, 1)
        assert get(bus.cyc), "the bus was let go with a request open"
        if self._wait:
            self._wait -= 1
            return
        self._answer(bus, self._request)

    def _answer(self, bus, request):
        put = self.ctx.set
        adr, we, sel, data = request
        assert sel in (0, 1, 2, 4, 8), "more than one lane"
        for lane in range(4):
            if sel >> lane & 1 and we and 4 * adr not in self.faulty:
                self.memory[4 * adr + lane] = data >> 8 * lane & 0xFF
        put(bus.dat_r, int.from_bytes(self.memory[4 * adr : 4 * adr + 4], "little") if sel else 0xDEADBEEF)
        put(bus.err if sel and 4 * adr in self.faulty else bus.ack, 1)
        self._request = None

    def _devices(self):
        get, put, dma = self.ctx.get, self.ctx.set, self.dma
        low = [channel for channel in range(4) if not get(dma.dack) >> channel & 1]
        assert len(low) <= 1
        channel = low[0] if low else None
        put(dma.dreq, self.dreq)
        ior, iow = not get(dma.ior_n), not get(dma.iow_n)
        self._slow = self._slow + 1 if ior or iow else 0
        put(dma.device_ready, not (ior or iow) or self._slow > self.slow)
        put(dma.device_in, self.gives[channel][0] if ior and self.gives[channel] else 0xEE)
        if self._ior is not None and not ior and self.gives[self._ior]:
            self.gives[self._ior].popleft()
        self._ior = channel if ior else None
        if self._iow is not None and not iow:
            self.takes[self._iow].append(get(dma.device_out))
        self._iow = channel if iow else None
        if get(dma.tc) and (not self.tc or self.tc[-1][1] < self.clocks - 1):
            self.tc.append([channel, self.clocks])
        elif get(dma.tc):
            self.tc[-1][1] = self.clocks

    async def _access(self, adr, we, data=0):
        self.cpu = adr, we, data
        for _ in range(5000):
            await self.clock()
            # The registers' ack is seen after the edge, and the access ends with the clock that shows it.
            if self.ctx.get(self.dma.registers.ack):
                value = self.ctx.get(self.dma.registers.dat_r)
                await self.clock()
                self.cpu = None
                await self.clock()
                return value
        raise AssertionError(f"no ack for register {adr:02X}h")

    async def write(self, adr, value):
        await self._access(adr, 1, value)

    async def read(self, adr):
        return await self._access(adr, 0)

    async def program(self, channel, *, mode, address, count):
        await self.write(0x0A, 4 | channel)
        await self.write(0x0B, mode | channel)
        await self.write(0x0C, 0)
        for register, value in ((2 * channel, address & 0xFFFF), (2 * channel + 1, count)):
            await self.write(register, value & 0xFF)
            await self.write(register, value >> 8)
        await self.write(PAGE + channel, address >> 16)
        await self.write(0x0A, channel)

    async def until(self, condition, clocks=20_000):
        for _ in range(clocks):
            if condition():
                return
            await self.clock()
        raise AssertionError(f"not within {clocks} clocks")

    async def idle(self):
        quiet = 0
        for _ in range(20_000):
            await self.clock()
            quiet = 0 if self.ctx.get(self.dma.memory.cyc) else quiet + 1
            if quiet == 10:
                return
        raise AssertionError("the DMA never lets go of the bus")


class Simulation:
    """One DMA in the simulator, used for one scenario after the other."""

    _built: ClassVar[dict] = {}

    def __init__(self, parameters):
        self.dma = WishboneDma(**parameters)
        m = Module()
        m.domains.sync = self.domain = ClockDomain()
        m.submodules.dma = self.dma
        self.simulator = Simulator(m)
        self.simulator.add_clock(1e-7)
        self.simulator.add_testbench(self._testbench)
        self.fresh = True

    async def _testbench(self, ctx):
        soc = Soc(ctx, self.dma, **self.options)
        soc.rst = self.domain.rst
        await soc.clock(2)
        await self.scenario(soc)

    @classmethod
    def run(cls, scenario, *, shared=True, latency=0, **parameters):
        key = tuple(sorted(parameters.items()))
        self = cls._built.setdefault(key, None) or cls(parameters)
        cls._built[key] = self
        if not self.fresh:
            self.simulator.reset()
        self.fresh, self.scenario, self.options = False, scenario, {"shared": shared, "latency": latency}
        try:
            self.simulator.run()
        except BaseException:
            cls._built.clear()
            raise


@pytest.fixture
def on_soc():
    """Run a scenario: `on_soc(scenario, shared=True, latency=0, **WishboneDma's parameters)`."""
    return Simulation.run

"""A bus around a board: a processor that gives the bus away, memory, and devices on all channels."""

from collections import defaultdict, deque
from dataclasses import dataclass
from types import SimpleNamespace
from typing import ClassVar

import pytest
from amaranth.hdl import ClockDomain, Module
from amaranth.sim import Simulator

from isadma.pc import IsaChecker, PcAt, PcXt, Rule
from isadma_sim.reference import AtBoard, BoardInputs, XtBoard

#: No scenario here needs more states; one that does hangs.
MAX_STATES = 20_000
STROBES = {"ior_n": "R", "iow_n": "W", "memr_n": "r", "memw_n": "w"}


@dataclass(frozen=True)
class Row:
    """What the bus shows in one state, taken before the state's last clock edge."""

    hrq: int
    hlda: int
    aen: int
    dack: str
    strobes: str
    tc: int
    address: int | None
    sbhe_n: int | None
    data: int | None

    def __str__(self):
        """`HRQ HLDA AEN DACK strobes TC address`; strobes R, W: I/O; r, w: memory; -: driven, all high; .: floating."""
        address = "......" if self.address is None else f"{self.address:06X}"
        return f"{self.hrq} {self.hlda} {self.aen} {self.dack} {self.strobes:2} {self.tc} {address}"


class Bench:
    """One board in the simulator, driven state by state."""

    def __init__(self, ctx, board, ratio, checker=None):
        self.ctx, self.board, self.isa, self.ratio = ctx, board, board.isa, ratio
        self.checker = checker
        self.states = 0
        self.hlda = 0
        self.grant_delay = 0  # states by which HLDA lags behind the earliest one
        self.release_delay = 0  # states for which HLDA stays after HRQ fell
        self.together, self.every_clock = False, lambda: None  # HLDA falls at once with HRQ; called in fabric clocks
        self.cpu_busy = False
        self.drq = 0
        self.hold = set()  # channels whose DRQ stays when DACK comes
        self.memory = defaultdict(lambda: 0xEE)
        self.device = defaultdict(deque)  # channel -> what its device gives
        self.taken = defaultdict(list)  # channel -> what its device took
        self.written = []  # (address, data) as memory saw them
        self.rows = []
        self._last = None
        self._hrq_since = self._hrq_gone = 0
        self.cpu = {"a": 0, **dict.fromkeys(STROBES, 1)}  # what processor or bus master drive while the board does not
        self._cpu_data = 0xFFFF
        self._write = None

    # --- one state ---------------------------------------------------------------------------------------------------

    async def clock(self, states=1):
        for _ in range(states):
            assert self.states < MAX_STATES, "the scenario never ends"
            self.states += 1
            for k in range(self.ratio):
                self.ctx.set(self.board.clk_rise, k == (self.ratio - 1) // 2)
                self.ctx.set(self.board.clk_fall, k == self.ratio - 1)
                self.ctx.set(self.board.hlda, self.hlda and (not self.together or self.ctx.get(self.board.hrq)))
                self.ctx.set(self.isa.drq, self.drq)
                self._wires()
                self.every_clock()
                if self.checker and (broken := self.ctx.get(self.checker.broken)):
                    raise AssertionError(f"bus rules broken: {[rule.name for rule in Rule if broken >> rule & 1]}")
                if k == self.ratio - 1:
                    self._end_of_state()
                await self.ctx.tick()

    def _wires(self):
        # A wire reads what is on it, whoever drives it.
        for name, value in self.cpu.items():
            line = getattr(self.isa, name)
            self.ctx.set(line.i, self.ctx.get(line.o) if self.ctx.get(line.oe) else value)
        self.ctx.set(self.isa.d.i, self._data())

    def low(self, name):
        line = getattr(self.isa, name)
        return self.ctx.get(line.oe) == 1 and self.ctx.get(line.o) == 0

    def acknowledged(self):
        """Return the channel whose DACK# is low, or None; never two."""
        low = [c for c in range(8) if not self.ctx.get(self.isa.dack_n) >> c & 1]
        assert len(low) <= 1, f"DACK# of channels {low} at once"
        return low[0] if low else None

    def _data(self):
        channel = self.acknowledged()
        if self.ctx.get(self.isa.d.oe):
            return self.ctx.get(self.isa.d.o)
        if self.low("ior_n"):
            return self.device[channel][0]
        if self.low("memr_n"):
            address = self.ctx.get(self.isa.a.o)
            return self.memory[address] | (self.memory[address + 1] << 8 if channel in (5, 6, 7) else 0)
        return self._cpu_data

    def _end_of_state(self):
        get, isa = self.ctx.get, self.isa
        channel = self.acknowledged()
        lines = [getattr(isa, name) for name in STROBES]
        driven = {get(line.oe) for line in lines}
        assert len(driven) == 1, "the four strobes float and drive together"
        strobes = "." if driven == {0} else "".join(c for n, c in STROBES.items() if self.low(n)) or "-"
        a_driven = get(isa.a.oe)
        row = Row(
            get(self.board.hrq),
            self.hlda,
            get(isa.aen),
            "-" if channel is None else str(channel),
            strobes,
            get(isa.tc),
            get(isa.a.o) if a_driven else None,
            get(isa.sbhe_n.o) if get(isa.sbhe_n.oe) else None,
            get(isa.d.o) if get(isa.d.oe) else None,
        )
        self.rows.append(row)
        # The write strobes' trailing edges: the state before was the last one with the strobe low.
        if self._write and self._write[0] not in strobes:
            kind, where, value = self._write
            if kind == "W":
                self.taken[where].append(value)
            else:
                self.written.append((where, value))
            self._write = None
        for kind in "Ww":
            if kind in strobes:
                self._write = kind, (channel if kind == "W" else row.address), get(isa.d.i)
        if self._last and "R" in self._last[0] and "R" not in strobes:
            self.device[self._last[1]].popleft()
        self._last = strobes, channel
        if channel is not None and channel not in self.hold:
            self.drq &= ~(1 << channel)
        # The processor gives the bus away between its cycles, and takes it back when HRQ falls.
        self._hrq_since = self._hrq_since + 1 if row.hrq else 0
        self._hrq_gone = 0 if row.hrq else self._hrq_gone + 1
        if self.hlda:
            self.hlda = int(self._hrq_gone <= self.release_delay)
        else:
            self.hlda = int(self._hrq_since > self.grant_delay and not self.cpu_busy)

    # --- the processor -----------------------------------------------------------------------------------------------

    async def _own_the_bus(self):
        for _ in range(1000):
            if not self.hlda:
                self.cpu_busy = True
                return
            await self.clock()
        raise AssertionError("the processor never got the bus back")

    async def outb(self, port, value):
        await self._own_the_bus()
        self._cpu_data = 0xFF00 | value
        self.cpu["a"] = port
        await self.clock()
        self.cpu["iow_n"] = 0
        await self.clock()
        self.cpu["iow_n"] = 1
        await self.clock()
        self._cpu_data = 0xFFFF
        self.cpu["a"] = 0
        self.cpu_busy = False

    async def inb(self, port):
        """Return the byte on D0-D7, or None when the board does not drive it."""
        await self._own_the_bus()
        self.cpu["a"] = port
        await self.clock()
        self.cpu["ior_n"] = 0
        await self.clock(3)
        value = self.rows[-1].data
        self.cpu["ior_n"] = 1
        await self.clock()
        self.cpu["a"] = 0
        self.cpu_busy = False
        assert not self.ctx.get(self.isa.d.oe), "the board still drives D after the read"
        return value if value is None else value & 0xFF

    async def inw2(self, port):
        """Return a chip register of sixteen bits: two reads of one port."""
        low = await self.inb(port)
        return low | (await self.inb(port)) << 8

    async def reset(self):
        self.ctx.set(self.board.reset, 1)
        await self.clock(2)
        self.ctx.set(self.board.reset, 0)
        await self.clock(2)

    async def post(self):
        """Do to the two controllers what a BIOS does at power-up."""
        for port in (0x0D, 0xDA):
            await self.outb(port, 0)
        await self.outb(0xD6, 0xC0)
        await self.outb(0xD4, 0x00)

    async def program(self, channel, *, mode, address, count, page=None):
        """Mask, set up and unmask a channel of the AT; address and count as the chip takes them."""
        base, step, masks, modes, flip = (0x00, 1, 0x0A, 0x0B, 0x0C) if channel < 4 else (0xC0, 2, 0xD4, 0xD6, 0xD8)
        number = channel & 3
        await self.outb(masks, 4 | number)
        await self.outb(modes, mode | number)
        await self.outb(flip, 0)
        for port, value in ((base + 2 * step * number, address), (base + 2 * step * number + step, count)):
            await self.outb(port, value & 0xFF)
            await self.outb(port, value >> 8)
        if page is not None:
            pages = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}
            await self.outb(pages[channel], page)
        await self.outb(masks, number)

    async def until(self, condition, states=500):
        for _ in range(states):
            if condition():
                return
            await self.clock()
        raise AssertionError(f"not within {states} states")

    async def idle(self, states=500):
        """Run until no transfer is under way and none is asked for."""
        quiet = 0
        for _ in range(states):
            await self.clock()
            quiet = 0 if self.rows[-1].hrq or self.hlda else quiet + 1
            if quiet == 8:
                return
        raise AssertionError(f"the board is still busy after {states} states")

    def mark(self):
        """Forget the rows so far."""
        self.rows.clear()

    def table(self):
        """Return the rows since the last mark, as lines."""
        return [str(row) for row in self.rows]

    def served(self):
        """Return the channels in the order of their services, as the bus shows DACK#."""
        order, last = [], "-"
        for row in self.rows:
            if row.dack not in ("-", last):
                order.append(int(row.dack))
            last = row.dack
        return order


class Simulation:
    """One board in the simulator, used for one scenario after the other: building it takes longer than most of them."""

    _built: ClassVar[dict] = {}

    def __init__(self, board, **limits):
        self.board = board
        m = Module()
        m.domains.sync = ClockDomain()
        m.submodules.board = board
        m.submodules.checker = self.checker = IsaChecker(board, **limits)
        self.simulator = Simulator(m)
        self.simulator.add_clock(1e-7)
        self.simulator.add_testbench(self._testbench)
        self.fresh = True

    @classmethod
    def of(cls, board_class, parameters):
        key = board_class, tuple(sorted(parameters.items()))
        if key not in cls._built:
            cls._built[key] = cls(board_class(**parameters))
        return cls._built[key]

    def run(self, scenario, ratio):
        if not self.fresh:
            self.simulator.reset()
        self.fresh = False
        self._scenario, self._ratio = scenario, ratio
        try:
            self.simulator.run()
        except BaseException:
            self._built.clear()  # it stands in the middle of something
            raise

    async def _testbench(self, ctx):
        bench = Bench(ctx, self.board, self._ratio, self.checker)
        await bench.reset()
        await self._scenario(bench)


class ReferenceBoard:
    """The golden model's board under the hardware's port names, so that every scenario runs on both."""

    def __init__(self, model):
        self.model, self.inputs = model, BoardInputs()
        self.hrq, self.hlda, self.reset = (("out", "hrq"), ("in", "hlda"), ("in", "reset"))
        self.out1, self.clk_rise, self.clk_fall = ("in", "out1"), ("in", "none"), ("in", "none")
        enables = {"a": "a_oe", "sbhe_n": "a_oe", "d": "d_oe"}
        self.isa = SimpleNamespace(
            **{
                name: SimpleNamespace(i=("in", name), o=("out", name), oe=("out", enables.get(name, "strobes_oe")))
                for name in ("a", "sbhe_n", "d", *STROBES)
            },
            **{name: ("out", name) for name in ("aen", "dack_n", "tc", "refresh_n")},
            **{name: ("in", name) for name in ("drq", "iochrdy", "master_n")},
        )

    # The simulator's context, as far as a bench needs it.

    def set(self, wire, value):
        if wire[1] != "none":
            setattr(self.inputs, wire[1], int(value))

    def get(self, wire):
        return int(getattr(self.inputs if wire[0] == "in" else self.model.outputs(self.inputs), wire[1]))

    async def tick(self):
        self.model.clock(self.inputs)


def run_on_reference(board, scenario):
    bench = Bench(board, board, 1)

    async def everything():
        await bench.reset()
        await scenario(bench)

    coroutine = everything()
    with pytest.raises(StopIteration):  # nothing in it ever waits for anybody else
        coroutine.send(None)


def runner(request, board_class, model_class):
    def run(scenario, *, ratio=1, **parameters):
        if request.param == "rtl":
            Simulation.of(board_class, parameters).run(scenario, ratio)
        elif ratio != 1:
            pytest.skip("the golden model runs one state per clock")
        else:
            run_on_reference(ReferenceBoard(model_class(**parameters)), scenario)

    return run


@pytest.fixture(params=["rtl", "reference"])
def at_board(request):
    """Run a scenario on a PC/AT board, the hardware's and the model's: `at_board(scenario, ratio=1, **parameters)`."""
    return runner(request, PcAt, AtBoard)


@pytest.fixture(params=["rtl", "reference"])
def xt_board(request):
    """Run a scenario on a PC/XT board, the hardware's and the model's: `xt_board(scenario, ratio=1, **parameters)`."""
    return runner(request, PcXt, XtBoard)


@pytest.fixture
def at_limited():
    """Run a scenario on a PC/AT board whose checker counts: `at_limited(scenario, master_limit=60, ratio=1)`."""

    def run(scenario, *, ratio=1, **limits):
        Simulation(PcAt(), **limits).run(scenario, ratio)

    return run


@pytest.fixture
def at_hardware():
    """Run a scenario on a PC/AT board with something that the golden model does not have."""

    def run(scenario, *, ratio=1, **parameters):
        Simulation.of(PcAt, parameters).run(scenario, ratio)

    return run


@pytest.fixture
def looker():
    """Return what tells a board's pins by name to the comparison with its golden model: `looker(ctx, board)`."""

    def of(ctx, board):
        def look(pin):
            name, _, half = pin.partition(".")
            wire = getattr(board if name == "hrq" else board.isa, name)
            return int(ctx.get(getattr(wire, half) if half else wire))

        return look

    return of

"""The board around the part, as late and as early as the data sheet lets it: a processor, slow latches, memory."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 13 to 15.
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import partial

from .kernel import Kernel, Process, Wait

__all__ = ["Board", "ns"]


def ns(time: float) -> int:
    """Return nanoseconds in picoseconds."""
    return round(time * 1000)


_SETUP, _HOLD, _DATA_HOLD, _WRITE, _READ = ns(130), ns(20), ns(30), ns(160), ns(200)
_BEFORE_READ, _RECOVERY, _ACCESS, _LATCH = ns(50), ns(400), ns(140), ns(30)


@dataclass
class Board:
    """
    What is around the part.

    Attributes
    ----------
    addresses
        The address of each transfer, as the latch and A0-A7 have it when its strobe ends: reads of memory, writes.
    wrong
        What did not come as it should, in words.
    """

    kernel: Kernel
    memory: dict[int, int] = field(default_factory=dict)
    reads: list[int] = field(default_factory=list)
    writes: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    #: Wait states for the transfers to come, first one first; none: 0.
    waits: list[int] = field(default_factory=list)
    #: Pull EOP# in the transfer of this number of the service, 0 the first.
    external_eop: bool = False
    #: In demand mode: take DREQ away so that this many transfers are done.
    demand: int = 0
    #: READY is let alone.
    compressed: bool = False
    #: Memory drives DB in a read of memory, and takes it in a write.
    moves_memory: bool = False
    _latch: int = 0
    _free: int = 0
    _terminal: int = 0

    def __post_init__(self) -> None:
        """Idle levels, and the processes that never end."""
        kernel = self.kernel
        idle = {"reset": 0, "cs_n": 1, "ready": 1, "hlda": 0, "dreq": 0, "ior_n": 1, "iow_n": 1, "a": 0, "eop_n": None}
        for name, level in {**idle, "db": None}.items():
            kernel.wires.drive("system", 0, name, level)
        for process in (self._grant(), self._latch_it(), self._count(), self._ready()):
            kernel.start(process)
        for name in ("memr_n", "memw_n"):
            kernel.start(self._memory(name))

    @property
    def terminal_counts(self) -> int:
        """How often the part pulled EOP#."""
        return self._terminal

    # --- the processor

    def reset(self) -> Generator[Wait, None, None]:
        """RESET for as short as may be, and the first access two clocks later."""
        kernel, clk = self.kernel, self.kernel.clk
        start = kernel.now + ns(500)
        kernel.set("reset", 1, start)
        kernel.set("reset", 0, start + ns(300))
        self._free = start + ns(300) + 2 * (clk.tcy + clk.jitter)
        yield self._free

    def _garbage(self, time: int, *, data: bool = True) -> None:
        chance, kernel = self.kernel.chance, self.kernel
        kernel.set("a", chance.randrange(16), time)
        kernel.set("cs_n", chance.randrange(2), time)
        if data:
            kernel.set("db", chance.randrange(256), time)

    def write(self, port: int, value: int, *, leftover: tuple[int, int] | None = None) -> Generator[Wait, None, None]:
        """
        Write a register.

        Address, CS# and data come 130 ns before IOW# rises, so 30 ns after it fell; what is there until then is another
        access's, `leftover` (its address and data) or anything. They go 20, 20 and 30 ns after IOW# rose.
        """
        kernel = self.kernel
        fell = max(kernel.now, self._free)
        rose = fell + _WRITE
        if leftover:
            for name, level in zip(("a", "db", "cs_n"), (*leftover, 0), strict=True):
                kernel.set(name, level, fell - ns(1))
        else:
            self._garbage(fell - ns(1))
        kernel.set("iow_n", 0, fell)
        for name, level in (("a", port), ("db", value), ("cs_n", 0)):
            kernel.set(name, level, rose - _SETUP)
        kernel.set("iow_n", 1, rose)
        self._garbage(rose + _HOLD, data=False)
        kernel.set("db", None, rose + _DATA_HOLD)
        kernel.set("cs_n", 1, rose + _HOLD + ns(40))
        self._free = rose + _RECOVERY
        yield rose + ns(100)

    def read(self, port: int, into: list[int]) -> Generator[Wait, None, None]:
        """
        Read a register.

        Address and CS# come 50 ns before IOR# falls and go as it rises; the byte is taken 140 ns after it fell.
        """
        kernel = self.kernel
        fell = max(kernel.now + _BEFORE_READ, self._free)
        self._garbage(fell - _BEFORE_READ - ns(1), data=False)
        kernel.set("a", port, fell - _BEFORE_READ)
        kernel.set("cs_n", 0, fell - _BEFORE_READ)
        kernel.set("ior_n", 0, fell)
        kernel.set("ior_n", 1, fell + _READ)
        self._garbage(fell + _READ, data=False)
        kernel.set("cs_n", 1, fell + _READ + ns(40))
        self._free = fell + _READ + _RECOVERY
        # TRDE is the checker's: the byte is taken as late as the strobe lasts, so that a slow fabric is only slow.
        yield fell + _READ - ns(1)
        into.append(kernel.wires.level("db"))
        yield fell + _READ + ns(100)

    def word(self, port: int, into: list[int]) -> Generator[Wait, None, None]:
        """Read the two bytes of a register."""
        got: list[int] = []
        yield from self.write(0xC, 0)
        yield from self.read(port, got)
        yield from self.read(port, got)
        into.append(got[0] | got[1] << 8)

    # --- requests

    def request(self, channel: int) -> Generator[Wait, None, None]:
        """Raise a DREQ as a CLK falls, with no set-up time: that edge has to take it."""
        kernel, clk = self.kernel, self.kernel.clk
        fall = clk.fall(max(kernel.now, self._free))
        kernel.set("dreq", 1 << channel, fall)
        kernel.at(fall, partial(kernel.wires.checker.sampled, "TQS", "dreq", fall))
        yield "part", "hrq", 1
        self._expect("HRQ", kernel.wires.checker.cause(kernel.now), clk.rise(fall))

    def finished(self) -> Generator[Wait, None, None]:
        """Wait until the part has let go of the bus and the processor has it."""
        yield "system", "hlda", 0
        yield self.kernel.clk.fall(self.kernel.now, 4)

    def _expect(self, what: str, got: int | None, wanted: int) -> None:
        if got != wanted:
            late = "no edge" if got is None else f"{(got - wanted) / 1000:+.1f} ns"
            self.wrong.append(f"{what} answers another edge of CLK than it should: {late}, at {wanted / 1000:.1f} ns")

    def _grant(self) -> Process:
        kernel, clk, checker = self.kernel, self.kernel.clk, self.kernel.wires.checker
        while True:
            yield "part", "hrq", 1
            rise = clk.rise(kernel.now + ns(80), kernel.chance.randint(1, 3))
            for name in ("a", "ior_n", "iow_n", "db"):
                kernel.set(name, None, rise - ns(76))
            kernel.set("hlda", 1, rise - ns(75))
            yield rise
            checker.sampled("THS", "hlda", rise)
            first = clk.fall(rise)
            if self.external_eop:
                # The edge that enters S2.
                second = clk.fall(first)
                kernel.set("eop_n", 0, second - ns(40))
                kernel.set("eop_n", None, second + ns(180))
                kernel.at(second, partial(checker.sampled, "TEPS", "eop_n", second))
            yield "part", "aen", 1
            self._expect("AEN", checker.cause(kernel.now, fall=True), first)
            yield "part", "hrq", 0
            yield kernel.now + kernel.chance.choice((0, ns(60), ns(300)))
            kernel.wires.drive("system", kernel.now, "hlda", 0)
            # The processor's own drivers come back when the part's are off.
            if kernel.wires.part.get("a") is not None:
                yield "part", "a", None
            yield kernel.now + ns(40)
            for name, level in (("a", 0), ("ior_n", 1), ("iow_n", 1)):
                kernel.wires.drive("system", kernel.now, name, level)
            self._free = max(self._free, kernel.now + ns(20))

    def _count(self) -> Process:
        while True:
            yield "part", "eop_n", 0
            self._terminal += 1

    # --- what is on the bus

    def _latch_it(self) -> Process:
        # A slow latch: it needs A8-A15 until 30 ns after ADSTB has fallen, and keeps what is there then.
        kernel = self.kernel
        while True:
            yield "part", "adstb", 0
            yield kernel.now + _LATCH - 1
            self._latch = kernel.wires.level("db")

    def _address(self) -> int:
        return self._latch << 8 | (self.kernel.wires.part.get("a") or 0)

    def _memory(self, name: str) -> Process:
        kernel, wires = self.kernel, self.kernel.wires
        while True:
            yield "part", name, 0
            began = kernel.now
            if name == "memr_n" and wires.part.get("iow_n") == 1 and self.moves_memory:
                # As late as a read of the least width allows: 170 ns before its end.
                kernel.set("db", kernel.chance.randrange(256), began + ns(120))
                valid = began + 2 * kernel.clk.tcy - ns(50) - ns(170)
                kernel.at(valid, lambda: wires.drive("system", kernel.now, "db", self.memory.get(self._address(), 0)))
            yield "part", name, 1
            if name == "memw_n" and self.moves_memory:
                self.memory[self._address()] = wires.level("db")
            (self.reads if name == "memr_n" else self.writes).append(self._address())
            if self.moves_memory and name == "memr_n":
                wires.drive("system", kernel.now, "db", kernel.chance.randrange(256))
                yield kernel.now + ns(5)
                wires.drive("system", kernel.now, "db", None)

    def _ready(self) -> Process:
        # READY is right from 60 ns before an edge that samples it until 20 ns after, and wrong at any other time.
        kernel, clk = self.kernel, self.kernel.clk
        while True:
            yield "part", "adstb", 0
            while kernel.wires.part.get("aen"):
                if self.compressed or self.moves_memory:
                    kernel.wires.drive("system", kernel.now, "ready", 1)
                    yield "part", "aen", 0
                    break
                strobe = [name for name in ("memr_n", "ior_n") if kernel.wires.part.get(name) == 0]
                if not strobe:
                    yield min(kernel.now + ns(5), clk.fall(kernel.now))
                    continue
                yield from self._wait_states(strobe[0])
            kernel.wires.drive("system", kernel.now, "ready", 1)

    def _wait_states(self, strobe: str) -> Process:
        kernel, clk, checker = self.kernel, self.kernel.clk, self.kernel.wires.checker
        waits = self.waits.pop(0) if self.waits else 0
        began = checker.cause(kernel.now) or 0
        edge = clk.fall(began, 2)
        for number in range(waits + 1):
            good = int(number == waits)
            kernel.set("ready", 1 - good, edge - ns(61))
            kernel.set("ready", good, edge - ns(60))
            kernel.set("ready", 1 - good, edge + ns(20))
            kernel.at(edge, partial(checker.sampled, "TRS", "ready", edge, "TRH"))
            if good and self.demand:
                self.demand -= 1
                if not self.demand:
                    # With no set-up time: the transfer that is on is the last.
                    kernel.set("dreq", 0, edge)
                    kernel.at(edge, partial(checker.sampled, "TQS", "dreq", edge))
            edge = clk.fall(edge)
        yield "part", strobe, 1
        self._expect(f"{strobe} high", checker.cause(kernel.now), clk.rise(clk.fall(began, 2 + waits)))

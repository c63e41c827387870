"""A checker of the AC table: it is told every edge on the pins in picoseconds, and measures each line."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from .table import TABLE

__all__ = ["Checker", "Level", "Violation"]

#: A pin's level; None: it floats, or nobody on that side drives it.
Level = int | None

_READS = ("ior_n", "memr_n")
_WRITES = ("iow_n", "memw_n")


@dataclass(frozen=True)
class Violation:
    """A line that did not hold: its symbol, when in picoseconds, and the time measured, less its periods of CLK."""

    symbol: str
    at: int
    ns: float

    def __str__(self) -> str:
        """Say it in a line."""
        line = TABLE[self.symbol]
        limits = " to ".join(str(limit) for limit in (line.minimum, line.maximum) if limit is not None)
        return f"{self.symbol} ({line.text}): {self.ns:.1f} ns at {self.at / 1000:.1f} ns, the data sheet has {limits}"


@dataclass
class Checker:
    """
    Measures the lines of the AC table.

    It needs no clock but CLK and knows nothing of what the part is made of: `part` takes what the part drives, `system`
    what the rest of the board does. Both have to be told in the order of time. The pins have the data sheet's names,
    ``_n`` for active low; ``a``, ``db``, ``dreq`` and ``dack`` are numbers.

    Parameters
    ----------
    tcy
        The shortest period of CLK, in picoseconds.
    least_rise, least_fall
        What the part needs at least from that edge of CLK to a pin, in picoseconds: an output belongs to the last edge
        before that. 0 is right for parts that answer within a period.
    """

    tcy: int
    least_rise: int = 0
    least_fall: int = 0
    #: Least and greatest time measured by symbol, in nanoseconds and less the line's periods of CLK.
    measured: dict[str, tuple[float, float]] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    #: As the command register says: which widths hold.
    compressed: bool = False
    extended: bool = False

    def __post_init__(self) -> None:
        """Begin with no edge seen."""
        self._edges: dict[str, list[int]] = {"rise": [], "fall": []}
        self._level: dict[tuple[str, str], Level] = {}
        self._moved: dict[tuple[str, str], int] = {}
        self._went: dict[tuple[str, str, Level], int] = {}
        self._read_open = self._addressed = self._out_open = False
        #: When the processor's last access ended.
        self._access = 0
        self._holds: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._outputs: dict[str, Callable[[int, Level, Level], None]] = {
            "a": self._address,
            "db": self._data,
            "adstb": self._strobed,
            "aen": self._enabled,
            "dack": lambda at, _, __: self._after("TAK (DACK)", at, fall=True),
            "eop_n": lambda at, _, __: self._after("TAK (EOP#)", at),
            "hrq": lambda at, _, __: self._after("TDQ", at),
            **{name: self._strobe_of(name) for name in (*_READS, *_WRITES)},
        }

    def cause(self, at: int, *, fall: bool = False) -> int | None:
        """Return the edge of CLK that an output belongs to, or None before the first."""
        least = self.least_fall if fall else self.least_rise
        edges = self._edges["fall" if fall else "rise"]
        return next((edge for edge in reversed(edges) if edge <= at - least), None)

    def note(self, symbol: str, at: int, time: int) -> None:
        """Take one measurement, in picoseconds."""
        line = TABLE[symbol]
        ns = (time - line.cycles * self.tcy) / 1000
        low, high = self.measured.get(symbol, (ns, ns))
        self.measured[symbol] = min(low, ns), max(high, ns)
        if not line.holds(ns):
            self.violations.append(Violation(symbol, at, ns))

    def part(self, at: int, pin: str, level: Level) -> None:
        """Take an edge of what the part drives."""
        before = self._move("part", at, pin, level)
        if before != level and pin in self._outputs:
            self._outputs[pin](at, before, level)

    def system(self, at: int, pin: str, level: Level) -> None:
        """Take an edge of what the board drives."""
        before = self._move("system", at, pin, level)
        if before == level or (before is None and pin == "clk"):
            return
        for symbol, since in self._holds.pop(pin, ()):
            self.note(symbol, at, at - since)
        if pin == "clk":
            self._clock(at, level)
        elif pin == "iow_n" and before == 0 and self._level.get(("system", "cs_n")) == 0:
            self._write(at)
        elif pin == "ior_n" and self._level.get(("system", "cs_n")) == 0:
            self._read(at, level)
        elif pin == "reset" and not level:
            self._since("TRSTW", at, "system", "reset", 1)
        elif pin == "eop_n" and level != 0:
            self._since("TEPW", at, "system", "eop_n", 0)
        if pin in ("iow_n", "ior_n"):
            self._accessed(at, began=level == 0, ended=before == 0)

    def sampled(self, symbol: str, pin: str, at: int, hold: str | None = None) -> None:
        """Say that CLK's edge at `at` samples an input of the board's: its set-up time is measured, and its hold."""
        self.note(symbol, at, at - self._moved.get(("system", pin), 0))
        if hold:
            self._holds[pin].append((hold, at))

    def _move(self, side: str, at: int, pin: str, level: Level) -> Level:
        before = self._level.get((side, pin))
        if before != level:
            self._level[side, pin] = level
            self._moved[side, pin] = at
            self._went[side, pin, level] = at
        return before

    def _since(self, symbol: str, at: int, side: str, pin: str, level: Level) -> None:
        since = self._went.get((side, pin, level))
        if since is not None:
            self.note(symbol, at, at - since)

    def _after(self, symbol: str, at: int, *, fall: bool = False) -> None:
        edge = self.cause(at, fall=fall)
        if edge is not None:
            self.note(symbol, at, at - edge)

    def _clock(self, at: int, level: Level) -> None:
        name, width = ("rise", "TCL") if level else ("fall", "TCH")
        if self._edges["rise"] and self._edges["fall"]:
            other = self._edges["fall" if level else "rise"][-1]
            self.note(width, at, at - other)
            self.note("TCY", at, at - self._edges[name][-1])
        self._edges[name] = [*self._edges[name][-7:], at]

    def _accessed(self, at: int, *, began: bool, ended: bool) -> None:
        reset = self._went.get(("system", "reset", 0), 0)
        if began and self._access:
            self.note("recovery", at, at - self._access)
        if began and self._access <= reset:
            self.note("TRSTS", at, at - reset)
        if ended:
            self._access = at

    def _enabled(self, at: int, _: Level, new: Level) -> None:
        self._after("TAEL" if new else "TAET", at, fall=bool(new))
        if new and self._access:
            self.note("recovery", at, at - self._access)

    def _write(self, at: int) -> None:
        self._since("TWWS", at, "system", "iow_n", 0)
        for symbol, pin, hold in (("TAW", "a", "TWA"), ("TCW", "cs_n", "TWC"), ("TDW", "db", "TWD")):
            self.sampled(symbol, pin, at, hold)

    def _read(self, at: int, level: Level) -> None:
        if level == 0:
            self._read_open = True
            for pin in ("a", "cs_n"):
                self.sampled("TAR", pin, at)
        elif self._read_open:
            self._since("TRW", at, "system", "ior_n", 0)
            for pin in ("a", "cs_n"):
                self._holds[pin].append(("TRA", at))

    def _address(self, at: int, before: Level, new: Level) -> None:
        for symbol, names in (("TAHR", _READS), ("TAHW", _WRITES)):
            ends = [self._went.get(("part", name, 1), 0) for name in names]
            begins = [self._went.get(("part", name, 0), 0) for name in names]
            if max(begins) and before is not None and max(ends) > max(begins):
                self.note(symbol, at, at - max(ends))
        self._after("TAFAB" if new is None else "TFAAB" if before is None else "TASM", at)

    def _data(self, at: int, before: Level, new: Level) -> None:
        if self._read_open:
            if new is None:
                self._since("TRDF", at, "system", "ior_n", 1)
                self._read_open = False
            elif self._level.get(("system", "ior_n")) == 0:
                self._since("TRDE", at, "system", "ior_n", 0)
            return
        if self._addressed:
            self._since("TAHS", at, "part", "adstb", 0)
            if new is None:
                self._after("TAFDB", at)
            self._addressed = False
        elif self._out_open:
            self._since("TODH", at, "part", "memw_n", 1)
        self._out_open = False
        if before is None:
            self._after("TFADB", at)

    def _strobed(self, at: int, _: Level, new: Level) -> None:
        self._after("TSTL" if new else "TSTT", at)
        if not new and ("part", "db") in self._moved:
            self.note("TASS", at, at - self._moved["part", "db"])
            self._addressed = True

    def _strobe_of(self, name: str) -> Callable[[int, Level, Level], None]:
        reads = name in _READS

        def strobe(at: int, before: Level, new: Level) -> None:
            if new is None:
                self._after("TAFC", at)
            elif before is None:
                self._after("TFAC", at)
            elif new == 0:
                self._after("TDCL", at)
                # From here on DB has no address, though it may show the same number.
                self._addressed = self._addressed and reads
            else:
                self._ended(at, name, reads=reads)

        return strobe

    def _ended(self, at: int, name: str, *, reads: bool) -> None:
        self._after("TDCTR" if reads else "TDCTW", at)
        if reads:
            self._since("compressed read width" if self.compressed else "read width", at, "part", name, 0)
            write = "memw_n" if name == "ior_n" else "iow_n"
            began = self._went["part", name, 0]
            if self._went.get(("part", write, 0), -self.tcy) >= began - self.tcy // 2:
                # While the write strobe is low yet, the read strobe has ended too early by at least nothing: -1 ps.
                ended = self._went.get(("part", write, 1), 0)
                self.note("TWR", at, at - ended if ended >= self._went["part", write, 0] else -1)
            elif name == "memr_n" and self._level.get(("system", "db")) is not None:
                self.sampled("TIDS", "db", at, "TIDH")
            return
        long = self.extended or self.compressed
        if not self.compressed:
            self._since("extended write width" if long else "write width", at, "part", name, 0)
        if name == "memw_n" and self._level.get(("part", "db")) is not None:
            self.note("TODV", at, at - self._moved["part", "db"])
            self._out_open = True

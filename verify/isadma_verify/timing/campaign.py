"""The AC table measured at several clocks of the fabric and of the chip, and written down."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from isadma.i8237.socket import Socket

from .scenario import play
from .table import TABLE, Side

__all__ = ["CLK_MHZ", "FABRIC_MHZ", "Measured", "as_markdown", "measure"]

#: Fabric clocks that are measured unless told, in MHz.
FABRIC_MHZ = (25, 40, 50, 60, 75, 100)
#: The chip's clocks: of the 8237A, the -4 and the -5.
CLK_MHZ = (3, 4, 5)


@dataclass
class Measured:
    """
    What all runs at one fabric clock showed.

    Attributes
    ----------
    worst
        Least and greatest time by symbol, in nanoseconds and less the line's periods of CLK.
    wrong
        What the part did wrong, in words.
    """

    fabric_mhz: int
    runs: int = 0
    worst: dict[str, tuple[float, float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def failing(self) -> list[str]:
        """Symbols of the lines that do not hold."""
        return [symbol for symbol, times in self.worst.items() if not all(map(TABLE[symbol].holds, times))]


def measure(
    fabric_mhz: Iterable[int], clk_mhz: Sequence[float], seeds: int, progress: Callable[[str], None] = lambda _: None
) -> list[Measured]:
    """
    Play so many runs at every pair of clocks.

    Parameters
    ----------
    fabric_mhz, clk_mhz
        Clocks in MHz.
    seeds
        Runs at each pair.
    progress
        Called with a few words before each run.
    """
    all_of_them = []
    for fabric in fabric_mhz:
        measured = Measured(fabric)
        for clk in clk_mhz:
            for seed in range(seeds):
                progress(f"fabric {fabric} MHz, CLK {clk:g} MHz, run {seed + 1} of {seeds}")
                run = play(Socket(fabric_mhz=fabric), fabric_mhz=fabric, clk_mhz=clk, seed=seed)
                measured.runs += 1
                measured.wrong += run.wrong
                for symbol, (low, high) in run.measured.items():
                    least, most = measured.worst.get(symbol, (low, high))
                    measured.worst[symbol] = min(least, low), max(most, high)
        all_of_them.append(measured)
    return all_of_them


def as_markdown(all_of_them: Sequence[Measured]) -> str:
    """Return the two tables, of the part's lines and of the system's, as Markdown."""
    heads = " | ".join(f"{measured.fabric_mhz} MHz" for measured in all_of_them)
    parts = []
    for side, title in (
        (Side.PART, "What the part drives"),
        (Side.SYSTEM, "What the system gave it, with nothing done wrong"),
    ):
        rows = [_row(symbol, all_of_them) for symbol, line in TABLE.items() if line.side is side]
        rule = "|---" * (4 + len(all_of_them)) + "|"
        parts.append(f"## {title}\n| line | what | min | max | {heads} |\n{rule}\n" + "\n".join(rows) + "\n")
    wrong = [f"- {measured.fabric_mhz} MHz: {words}" for measured in all_of_them for words in measured.wrong]
    runs = sum(measured.runs for measured in all_of_them)
    done = "\n".join(wrong) or "No byte, no address, no count and no edge of CLK was wrong, at any of these clocks."
    return "\n".join(parts) + f"\n{runs} runs. {done}\n"


def _row(symbol: str, all_of_them: Sequence[Measured]) -> str:
    line = TABLE[symbol]
    limits = [str(limit) if limit is not None else "" for limit in (line.minimum, line.maximum)]
    return f"| {symbol} | {line.text} | {' | '.join(limits)} | {' | '.join(_cell(symbol, m) for m in all_of_them)} |"


def _cell(symbol: str, measured: Measured) -> str:
    line = TABLE[symbol]
    if symbol not in measured.worst:
        return "not seen"
    low, high = measured.worst[symbol]
    both = line.minimum is not None and line.maximum is not None
    cycles = f"{line.cycles if line.cycles > 1 else ''}TCY" if line.cycles else ""
    times = [low, high] if both else [low if line.maximum is None else high]
    text = " to ".join(f"{cycles}{time:{'+' if cycles else ''}.0f}" for time in times)
    return text if all(map(line.holds, times)) else f"**{text}**"

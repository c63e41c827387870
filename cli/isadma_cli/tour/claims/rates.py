"""The processor's share against the data rate, by interrupts and by DMA, from a modem's to a SCSI disk's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from isadma_cli.tour.bench import percent, run_disk
from isadma_cli.tour.claim import Claim, Finding
from isadma_sim import Costs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Bytes a second: 9600 baud, a floppy, a fixed disk of the time, and on to the chapter's 40 Mbyte.
RATES = (960.0, 4e3, 15e3, 60e3, 150e3, 250e3, 500e3, 1e6, 1.9e6, 5e6, 15e6, 40e6)
#: Seconds of a rate that are run, as far as the most sectors allow.
SPAN = 0.01
#: A handler that never leaves reads the status and two bytes for each word: three accesses of 7 + 8 clocks.
WORD_RATE = 2 * 4e6 / (3 * (7 + 8))
#: A word in S2, S3, SW, S4, and an S1 for each 256th.
DMA_RATE = 2 * 4e6 / (4 + 1 / 256)


@dataclass(frozen=True)
class Way:
    """A way of moving data."""

    label: str
    most_sectors: int
    options: dict[str, Any]


WAYS = (
    Way("interrupt per word, 4 MHz", 1, {"dma": None, "threshold": 1}),
    Way("interrupt per 8 words, 4 MHz", 1, {"dma": None, "threshold": 8}),
    Way("16-bit DMA, 4 MHz", 24, {"dma": 7}),
    Way("interrupt per word, 100 MHz", 1, {"dma": None, "threshold": 1, "clock_hz": 100_000_000}),
    Way("16-bit DMA, 100 MHz", 24, {"dma": 7, "clock_hz": 100_000_000, "wait_states": 0}),
)


def measure(engine: str) -> Finding:
    """Read at every rate in every way."""
    curves = {way.label: [_point(engine, way, rate) for rate in RATES] for way in WAYS}
    word, _, dma, fast_word, fast_dma = (curves[way.label] for way in WAYS)
    slow, top = RATES.index(15e3), RATES.index(40e6)
    ratio = word[slow]["share"] / dma[slow]["share"]
    limits = {label: max(point["delivered"] for point in points) for label, points in curves.items()}
    by_word, by_dma = limits[WAYS[0].label], limits[WAYS[2].label]
    return Finding(
        measured=f"at 15 kbyte/s {percent(word[slow]['share'])} by interrupts, {percent(dma[slow]['share'])} by DMA;"
        f" at most {by_word / 1e3:.0f} kbyte/s and {by_dma / 1e6:.2f} Mbyte/s arrive;"
        f" at 40 Mbyte/s and 100 MHz DMA takes {percent(fast_dma[top]['share'])} and loses {fast_dma[top]['lost']}",
        expected="DMA takes less at every rate, ten times less at 15 kbyte/s; no more than"
        f" {WORD_RATE / 1e3:.0f} kbyte/s by interrupts (45 clocks a word) and {DMA_RATE / 1e6:.2f} Mbyte/s by DMA at"
        " 4 MHz (4 clocks a word); at 100 MHz nothing of 40 Mbyte/s is lost",
        passed=ratio >= 10
        and all(point["intact"] for points in curves.values() for point in points)
        and all(b["share"] < a["share"] for a, b in zip(word, dma, strict=True) if not a["lost"])
        and all(bool(a["lost"]) == (rate > WORD_RATE) for a, rate in zip(word, RATES, strict=True))
        and all(bool(a["lost"]) == (rate > DMA_RATE) for a, rate in zip(dma, RATES, strict=True))
        and 0.93 * WORD_RATE < by_word < WORD_RATE * 1.02
        and 0.93 * DMA_RATE < by_dma < DMA_RATE * 1.02
        and not fast_dma[top]["lost"]
        and bool(fast_word[top]["lost"]),
        figures={"rate": list(RATES), "curves": curves, "most_delivered": limits},
    )


def _point(engine: str, way: Way, rate: float) -> dict[str, Any]:
    sectors = max(1, min(round(rate * SPAN / 512), way.most_sectors))
    run = run_disk(engine, rate=rate, sectors=sectors, costs=Costs(latency=2e-6), **way.options)
    return {"share": run.share, "lost": run.lost, "delivered": run.delivered, "intact": run.intact}


def plot(finding: Finding) -> Figure:
    """Draw share over rate, both logarithmic."""
    from isadma_cli.tour.plots import rates

    return rates(finding.figures)


CLAIM = Claim(
    name="rates",
    sentence="The higher the data rate, the more DMA is needed: from 9600 baud to 40 Mbyte/s.",
    lesson="The same sectors of the same disk, by an interrupt for every word, by an interrupt for every eight words,"
    " and by DMA on a 16-bit channel in demand mode. Filled points: every byte arrived. Hollow points: the disk did not"
    " wait and data were lost. A line that reaches 100 % is a processor that does nothing else. With a clock 25 times"
    " as fast everything moves to the right by that factor; only then does a DMA controller follow 40 Mbyte/s.",
    measure=measure,
    plot=plot,
)

"""What a latency of 2 ms does to a modem that brings a character every millisecond."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isadma_cli.tour.bench import percent, run_modem
from isadma_cli.tour.claim import Claim, Finding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Seconds; the chapter calls the last one low.
LATENCIES = (2e-6, 1e-5, 5e-5, 2e-4, 5e-4, 9e-4, 1.1e-3, 1.5e-3, 2e-3)
#: Seconds of a character; with a longer latency the next one is there first.
CHARACTER = 10 / 9600
#: Received at each latency.
CHARACTERS = 100


def measure(engine: str) -> Finding:
    """Receive the same characters at each latency, without a FIFO and with one."""
    plain = [run_modem(engine, latency=latency, characters=CHARACTERS) for latency in LATENCIES]
    fifo = [
        run_modem(engine, latency=latency, variant="16550A", fifo=14, characters=CHARACTERS) for latency in LATENCIES
    ]
    last = plain[-1]
    in_time = all(run.lost == 0 for run, latency in zip(plain, LATENCIES, strict=True) if latency < CHARACTER)
    too_late = all(run.lost for run, latency in zip(plain, LATENCIES, strict=True) if latency > CHARACTER)
    intact = all(run.intact for run in plain + fifo)
    return Finding(
        measured=f"at 2 ms: {last.lost} of {last.sent} characters lost, {percent(last.share)} of the processor;"
        f" at 0.9 ms: {plain[LATENCIES.index(9e-4)].lost} lost, {percent(plain[0].share)}",
        expected="none lost below 1.04 ms, every second one above: one character is held while the next comes in",
        passed=in_time and too_late and intact and 0.45 <= last.lost / last.sent <= 0.52,
        figures={
            "latency_s": list(LATENCIES),
            "share": [run.share for run in plain],
            "lost_part": [run.lost / run.sent for run in plain],
            "fifo_share": [run.share for run in fifo],
            "fifo_lost_part": [run.lost / run.sent for run in fifo],
        },
    )


def plot(finding: Finding) -> Figure:
    """Draw share and losses over latency."""
    from isadma_cli.tour.plots import latency

    return latency(finding.figures)


CLAIM = Claim(
    name="modem-latency",
    sentence="An interrupt latency of 2 ms is not low: it costs a 9600 baud modem every second character.",
    lesson="Latency is the time from the interrupt request to the handler: what else the processor cannot leave. It"
    " costs the modem nothing until the next character is complete, and then it costs the character: an 8250 holds"
    " one. At the chapter's 2 ms every second character is overwritten. The processor's share falls, because the"
    " handler runs less often: a low figure that means lost data.",
    measure=measure,
    plot=plot,
)

"""The fast disk at 40 Mbyte/s, at the clock that was worked out and at five per cent less."""

from __future__ import annotations

from math import ceil
from typing import Any

from isadma_cli.tour.bench import percent, run_disk
from isadma_cli.tour.claim import Claim, Finding

RATE, SECTORS = 40e6, 24
#: Channel, wait states, compressed, and the data sheet's clocks of a transfer.
CASES = (
    ("16 bit, compressed", 7, 0, True, 2 + 1 / 256),
    ("16 bit, no wait state", 7, 0, False, 3 + 1 / 256),
    ("16 bit, as on the AT", 7, 1, False, 4 + 1 / 256),
    ("8 bit, as on the AT", 3, 1, False, 4 + 1 / 256),
)


def measure(engine: str) -> Finding:
    """Read the disk at the clock that should do, and at one that should not."""
    rows: list[dict[str, Any]] = []
    for label, channel, wait_states, compressed, clocks in CASES:
        hertz = ceil(clocks * RATE / (1 if channel < 4 else 2))
        lost = []
        for clock in (hertz, round(hertz * 0.95)):
            run = run_disk(
                engine,
                rate=RATE,
                sectors=SECTORS,
                dma=channel,
                clock_hz=clock,
                wait_states=wait_states,
                compressed=compressed,
            )
            if not run.intact:
                raise ValueError(f"{label} at {clock} Hz: the data came out wrong")
            lost.append(run.lost)
        rows.append({"label": label, "mhz": hertz / 1e6, "lost": lost[0], "lost_at_95_percent": lost[1]})
    slow = run_disk(engine, rate=RATE, sectors=SECTORS, dma=7)
    return Finding(
        measured="; ".join(f"{row['label']}: {row['mhz']:.1f} MHz" for row in rows)
        + f"; nothing lost there, {min(int(row['lost_at_95_percent']) for row in rows)} bytes or more at 5 % less;"
        f" at the AT's 4 MHz {percent(slow.lost / slow.size)} are lost",
        expected="no loss at clocks per transfer times 40 Mbyte/s by the width, loss at 5 % below it and at 4 MHz",
        passed=all(row["lost"] == 0 and row["lost_at_95_percent"] > 0 for row in rows) and slow.lost > 0,
        figures={"rows": rows, "lost_at_4_mhz": slow.lost, "size": slow.size},
    )


CLAIM = Claim(
    name="forty-megabytes",
    sentence="At that clock the controller follows 40 Mbyte/s without losing a byte, and below it does not.",
    lesson="The fast disk has a FIFO of sixteen units and does not wait. If the controller is slower than the disk by"
    " one part in twenty the FIFO fills up, and what passes the head then is gone: it is counted.",
    measure=measure,
)

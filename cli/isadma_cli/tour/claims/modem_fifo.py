"""What sixteen characters of FIFO are good for."""

from __future__ import annotations

from isadma_cli.tour.bench import percent, run_modem
from isadma_cli.tour.claim import Claim, Finding

CHARACTERS = 210
#: With a trigger of 14, the FIFO has room for two more: two characters of 1.04 ms, and the third is lost.
TRIGGER = 14


def measure(engine: str) -> Finding:
    """Receive characters at 2 ms latency by a 16550A, and by an 8250."""
    fifo = run_modem(engine, latency=2e-3, variant="16550A", fifo=TRIGGER, characters=CHARACTERS)
    plain = run_modem(engine, latency=2e-6, characters=CHARACTERS)
    return Finding(
        measured=f"{fifo.lost} of {fifo.sent} lost at 2 ms, {fifo.interrupts} interrupts, {percent(fifo.share)};"
        f" the 8250 at 2 µs: {plain.interrupts} interrupts, {percent(plain.share)}",
        expected="none lost up to 2 ms, an interrupt for 14 to 16 characters, less of the processor",
        passed=not fifo.lost
        and fifo.intact
        and CHARACTERS // 16 <= fifo.interrupts <= CHARACTERS // TRIGGER + 1
        and fifo.share < plain.share,
        figures={
            "interrupts": fifo.interrupts,
            "share": fifo.share,
            "lost": fifo.lost,
            "plain_interrupts": plain.interrupts,
            "plain_share": plain.share,
        },
    )


CLAIM = Claim(
    name="modem-fifo",
    sentence="A 16550A's FIFO of 16 characters makes 2 ms harmless.",
    lesson="The 16550A interrupts when 14 characters have come and holds two more, so its handler may come two"
    " characters late. It also reads 14 or more for one entry and exit. What is left are the port accesses.",
    measure=measure,
)

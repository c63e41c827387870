"""What a modem at 9600 baud costs by interrupts: nothing like 0.002 %."""

from __future__ import annotations

from isadma_cli.tour.bench import BAUD, percent, run_modem
from isadma_cli.tour.claim import Claim, Finding

#: Interrupt entry and exit, and six port accesses of seven bus clocks with eight clocks of instructions each:
#: IIR, LSR, RBR, LSR again, IIR again, and the end of interrupt.
HANDLER_CLOCKS = 20 + 6 * (7 + 8) + 18
#: A character of ten bits.
CHARACTER_CLOCKS = 4_000_000 * 10 / BAUD
EXPECTED = HANDLER_CLOCKS / CHARACTER_CLOCKS
#: The chapter's figure, as a part of 1.
CHAPTER = 0.002 / 100


def measure(engine: str) -> Finding:
    """Receive characters with a latency of 2 microseconds."""
    run = run_modem(engine, latency=2e-6)
    allowed = CHAPTER * CHARACTER_CLOCKS / 4_000_000
    return Finding(
        measured=f"{percent(run.share)} of the processor: {run.seconds_each * 1e6:.1f} µs for each of {run.sent}"
        f" characters, {run.lost} lost",
        expected=f"{percent(EXPECTED)}: {HANDLER_CLOCKS} clocks of every {CHARACTER_CLOCKS:.0f}; the chapter's 0.002 %"
        f" would be {allowed * 1e9:.0f} ns a character, less than one clock",
        passed=abs(run.share - EXPECTED) < 0.001 and run.lost == 0 and run.intact,
        figures={"share": run.share, "expected_share": EXPECTED, "chapter_share": CHAPTER, "lost": run.lost},
    )


CLAIM = Claim(
    name="modem-share",
    sentence="A 9600 baud modem by interrupts takes three per cent of an AT's processor, and not 0.002 %.",
    lesson="An 8250 at 9600 baud hands over a character every 1.04 ms, and interrupts for each. The handler enters,"
    " asks the chip why, reads the character, looks whether there is another one, ends the interrupt and leaves: the"
    " costs of entry and exit are an 80286's, the port accesses are run on the bus and counted. That comes to three"
    " per cent of an 8 MHz AT. The chapter's 0.002 % would leave 21 ns for a character.",
    measure=measure,
)

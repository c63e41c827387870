"""Clocks of a transfer for each channel type and timing, and the clock at which that is 40 Mbyte/s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from isadma_cli.tour.claim import Claim, Finding
from isadma_cli.tour.pump import Pumped
from isadma_driver.ports import Command, Mode
from isadma_sim import PC

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The chapter's SCSI device, bytes a second.
RATE = 40e6
#: Transfers of the two runs whose difference is measured: what begins and ends a run drops out.
SHORT, LONG = 1024, 2048
#: S1 is repeated where A8 changes: once in 256 transfers.
PAGE_STEP = 1 / 256


@dataclass(frozen=True)
class Case:
    """One channel type and timing, with the clocks that the data sheet's figures give for a transfer.

    Single mode on DMA 2 is SI SI S0 S1 S2 S3 S4; on DMA 1 the request and its answer pass DMA 2 as well, which is four
    clocks more. Demand is S2 S3 S4 with S1 for each 256th. Compressed timing leaves S3 out, and samples READY before
    the AT's circuit for one wait state has drawn a breath: that costs two.
    """

    bits: int
    mode: str
    timing: str
    clocks: float

    @property
    def label(self) -> str:
        """Name of a row."""
        return f"{self.bits} bit, {self.mode}, {self.timing}"


AT, FAST, SHORTEST = "AT (1 wait state)", "no wait state", "compressed"
CASES = (
    Case(8, "single", AT, 12),
    Case(8, "single", FAST, 11),
    Case(8, "single", SHORTEST, 10),
    Case(8, "demand", AT, 4 + PAGE_STEP),
    Case(8, "demand", FAST, 3 + PAGE_STEP),
    Case(8, "demand", SHORTEST, 2 + PAGE_STEP),
    Case(16, "single", AT, 8),
    Case(16, "single", FAST, 7),
    Case(16, "single", SHORTEST, 6),
    Case(16, "demand", AT, 4 + PAGE_STEP),
    Case(16, "demand", FAST, 3 + PAGE_STEP),
    Case(16, "demand", SHORTEST, 2 + PAGE_STEP),
)


def clocks_of(engine: str, case: Case) -> float:
    """Measure the clocks of one transfer: the difference of two runs by the difference of their transfers."""
    channel, width = (1, 1) if case.bits == 8 else (5, 2)
    kind = Mode.SINGLE if case.mode == "single" else Mode.DEMAND
    taken = []
    for transfers in (SHORT, LONG):
        data = bytes(range(256)) * (transfers * width // 256)
        with PC(engine=engine, wait_states=1 if case.timing == AT else 0) as pc:
            bench = Pumped(pc, channel, data)
            if case.timing == SHORTEST:
                for chip in bench.kernel.dma.controllers:
                    chip.write_command(Command.COMPRESSED)
            taken.append(bench.run(0x100000, kind=kind))
            if pc.memory[0x100000 : 0x100000 + len(data)] != data:
                raise ValueError(f"{case.label}: the data came out wrong")
    return (taken[1] - taken[0]) / (LONG - SHORT)


def measure(engine: str) -> Finding:
    """Measure every case."""
    rows: list[dict[str, Any]] = []
    for case in CASES:
        clocks = clocks_of(engine, case)
        rows.append(
            {
                "label": case.label,
                "bits": case.bits,
                "clocks": clocks,
                "expected_clocks": case.clocks,
                "mhz_for_40_mbyte": clocks / (case.bits // 8) * RATE / 1e6,
                "bytes_per_second_at_4_mhz": case.bits // 8 * 4e6 / clocks,
            }
        )
    at = next(row for row in rows if row["label"] == f"16 bit, demand, {AT}")
    best = min(rows, key=lambda row: row["mhz_for_40_mbyte"])
    return Finding(
        measured=f"{best['mhz_for_40_mbyte']:.1f} MHz at best ({best['label']}: {best['clocks']:.3f} clocks a word);"
        f" as the AT is built {at['mhz_for_40_mbyte']:.1f} MHz; at its 4 MHz"
        f" {at['bytes_per_second_at_4_mhz'] / 1e6:.2f} Mbyte/s",
        expected="all twelve as the data sheet's figures count: 2, 3 or 4 clocks and one more in 256 in demand mode,"
        " 6 to 12 in single mode",
        passed=all(abs(row["clocks"] - row["expected_clocks"]) < 1e-9 for row in rows),
        figures={"rows": rows},
    )


def plot(finding: Finding) -> Figure:
    """Draw the clock that each case needs."""
    from isadma_cli.tour.plots import needed_clocks

    return needed_clocks(finding.figures)


CLAIM = Claim(
    name="clocks",
    sentence="A SCSI device transfers up to 40 Mbyte/s: each channel type and timing needs its own clock for that.",
    lesson="A device that always has data ready shows what the controller alone can do. Single mode gives the bus back"
    " after every transfer. Demand mode keeps it, and then a transfer is three clocks, two with compressed timing, and"
    " the AT adds its wait state. An AT's controller runs at 4 MHz, a twentieth of what it takes; the same RTL in an"
    " FPGA can.",
    measure=measure,
    plot=plot,
)

"""All devices at once: bytes, interrupts, losses, and who had the bus."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from isadma_cli.tour.bench import percent
from isadma_cli.tour.claim import Claim, Finding
from isadma_cli.tour.crowd import run_crowd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CLOCKS = 1_000_000
#: Owners of channels in /proc/dma, as the drivers call themselves.
OWNERS = (" 2: floppy", " 3: etherlink", " 4: cascade", " 5: sound", " 6: scsi", " 7: fast disk")


def measure(engine: str) -> Finding:
    """Let the crowd run."""
    report = run_crowd(engine, clocks=CLOCKS)
    members, total = report.members, sum(report.shares.values())
    lines = report.proc_dma.splitlines()
    interrupts = sum(member.raised for member in members)
    lost = sum(member.lost for member in members)
    noticed = "each loss noticed" if all(member.counted for member in members) else "not each loss noticed"
    untaken = sum(not member.all_taken for member in members)
    return Finding(
        measured=f"{len(members)} devices for {report.clocks:,} clocks: {sum(m.bytes for m in members):,} bytes,"
        f" {interrupts:,} interrupts, {lost} bytes lost where handler or bus came too late, {noticed}; bus: "
        + ", ".join(f"{name} {percent(share)}" for name, share in report.shares.items() if share)
        + f"; together {100 * total:.6f} %; /proc/dma: {', '.join(line.strip() for line in lines)}",
        expected="every byte that was not lost right, every interrupt taken, every loss noticed by its driver,"
        " shares of the bus that add to 100 %, every owner in /proc/dma",
        passed=report.clocks >= CLOCKS
        and all(member.right and member.bytes and member.counted for member in members)
        and not untaken
        and report.shares["refresh"] > 0
        and abs(total - 1) < 1e-9
        and all(owner in lines for owner in OWNERS),
        figures={
            "clocks": report.clocks,
            "members": [asdict(member) for member in members],
            "shares": report.shares,
            "cpu_share": report.usage.share,
            "proc_dma": lines,
            "proc_iomem": report.proc_iomem.splitlines(),
            "spurious": report.spurious,
        },
    )


def plot(finding: Finding) -> Figure:
    """Draw who had the bus."""
    from isadma_cli.tour.plots import shares

    return shares(finding.figures)


CLAIM = Claim(
    name="everything",
    sentence="All drivers run at once, each with its own channel, and /proc/dma tells whose is which.",
    lesson="Floppy, modem, sound, network, SCSI and the fast disk. A program in the foreground reads the floppy and,"
    " while it waits, the SCSI disk; the others are run by their interrupts alone, on a processor that"
    " comes 0.9 ms late. What a device lost by that is counted by the device and noticed by its driver."
    " Each clock of the bus belongs to somebody, and the parts add up.",
    measure=measure,
    plot=plot,
)

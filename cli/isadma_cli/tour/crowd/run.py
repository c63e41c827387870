"""The crowd on one PC: plug all in, load the drivers, let them run at once, and ask each what came of it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from isadma_cli.fat12_format import make_image
from isadma_cli.files import fill, temporary_folder
from isadma_cli.tour.crowd.ethernet import EthernetMember
from isadma_cli.tour.crowd.fastdisk import FastDiskMember
from isadma_cli.tour.crowd.floppy import FloppyMember
from isadma_cli.tour.crowd.member import Member, MemberReport, ServingMachine
from isadma_cli.tour.crowd.modem import ModemMember
from isadma_cli.tour.crowd.scsi import ScsiMember
from isadma_cli.tour.crowd.sound import SoundMember
from isadma_driver import Kernel
from isadma_sim import PC, Costs, Usage

__all__ = ["CrowdReport", "run_crowd"]

#: Seconds of 4 MHz clocks that the sound outlasts the span, as the foreground's last read may.
_LONGER = 0.15
#: Pieces in which the end is waited for, in seconds, and how many.
_TAIL_SECONDS, _TAIL_PIECES = 0.02, 100
#: A machine with other things to do: enough that the modem's one character of room does not always do.
LATENCY = 9e-4


@dataclass(frozen=True)
class CrowdReport:
    """What the crowd did.

    Attributes
    ----------
    clocks : int
        How long all of them ran at once.
    members : list of MemberReport
        What each did.
    shares : dict of str to float
        Who had the bus, as parts of 1 (`isadma_sim.engines.stats.Stats.shares`).
    usage : Usage
        The processor's time.
    proc_dma, proc_iomem : str
        The text of these files while they ran.
    spurious : int
        Interrupts whose request had gone.
    """

    clocks: int
    members: list[MemberReport]
    shares: dict[str, float]
    usage: Usage
    proc_dma: str
    proc_iomem: str
    spurious: int


def run_crowd(engine: str, *, clocks: int = 1_000_000, latency: float = LATENCY) -> CrowdReport:
    """Let all devices run at once for so many clocks of 4 MHz, or a little more.

    Parameters
    ----------
    engine : str
        What runs the board.
    clocks : int
        How long.
    latency : float
        Seconds from an interrupt request to its handler.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        image = folder / "crowd.img"
        fill(image, make_image({"CROWD.BIN": bytes(range(256)) * 1024}))
        floppy = FloppyMember(image)
        seconds = clocks / 4e6 + _LONGER
        members: list[Member] = [
            floppy,
            ModemMember(round(seconds * 960)),
            FastDiskMember(),
            SoundMember(seconds),
            EthernetMember(),
            ScsiMember(folder / "scsi.img"),
        ]
        pc = stack.enter_context(PC(engine=engine, refresh=True))
        for member in members:
            member.plug(pc, stack)
        machine = ServingMachine(pc)
        kernel = Kernel(machine)
        for member in members:
            member.load(kernel, stack)
            if not member.in_foreground:
                pc.on_irq(member.irq, machine.handler(member.handler))
        account = pc.charge(Costs(latency=latency))
        assert account is not None
        for member in members:
            member.begin()
        start, stats, used = pc.clocks, pc.stats.copy(), account.usage
        while pc.clocks - start < clocks:
            floppy.step()
        shares, usage, ran = pc.stats.shares(stats), account.usage - used, pc.clocks - start
        texts = kernel.proc_dma(), kernel.proc_iomem()
        for member in members:
            member.end()
        for _ in range(_TAIL_PIECES):
            pc.serve(seconds=_TAIL_SECONDS)
            if all(member.idle for member in members):
                break
        reports = [member.report() for member in members]
        return CrowdReport(ran, reports, shares, usage, *texts, spurious=pc.spurious)

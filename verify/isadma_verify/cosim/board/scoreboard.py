"""What memory and cards must hold after a program of DMA on an AT, worked out from the program alone."""

# Ref: Intel 6-series chipset data sheet, January 2011, page 135: bytes wrap within 64 KiB, words within 128 KiB.
import random
from collections.abc import Sequence
from dataclasses import dataclass

from isadma_verify.cosim.chip.scoreboard import Job

#: The bytes that bytes and words wrap in.
BYTE_BANK, WORD_BANK = 0x10000, 0x20000


@dataclass(frozen=True)
class BoardJob:
    """
    One programmed channel.

    Parameters
    ----------
    channel
        0 to 3 and 5 to 7.
    page
        Its page register.
    job
        The chip's part of it, in transfers: `Job.data` is not used.
    items
        Bytes or words of one lap, in the order of transfer.
    """

    channel: int
    page: int
    job: Job
    items: tuple[int, ...]

    @property
    def said(self) -> str:
        """What it is, in words."""
        items = "bytes" if self.channel < 4 else "words"
        told = self.job.said.replace("bytes", items).partition(", ")[2]
        return f"channel {self.channel}, page {self.page:02X}h, {told}"

    @property
    def size(self) -> int:
        """Bytes of a transfer."""
        return 1 if self.channel < 4 else 2

    @property
    def places(self) -> list[int]:
        """The memory addresses of one lap, in order."""
        if self.size == 1:
            return [self.page * BYTE_BANK + address for address in self.job.addresses]
        return [self.page // 2 * WORD_BANK + 2 * address for address in self.job.addresses]

    def store(self, memory: bytearray) -> None:
        """Put the items where they belong."""
        for place, item in zip(self.places, self.items, strict=True):
            memory[place : place + self.size] = item.to_bytes(self.size, "little")


def make_job(
    chooser: random.Random,
    channel: int,
    *,
    kind: int,
    write: bool,
    address: int,
    length: int,
    page: int,
    decrement: bool = False,
    autoinitialize: bool = False,
    laps: int = 1,
) -> BoardJob:
    """Make a job with random items; parameters as for `Job` and `BoardJob`."""
    job = Job(channel & 3, kind, write, decrement, autoinitialize, address, length, laps, b"")
    return BoardJob(channel, page, job, tuple(chooser.getrandbits(8 if channel < 4 else 16) for _ in range(length)))


def draw_jobs(chooser: random.Random, kinds: Sequence[int], *, longest: int) -> list[BoardJob]:
    """
    Draw a job for each of some channels, each in a bank of its own.

    Parameters
    ----------
    chooser
        Seeded.
    kinds
        Mode bits 7-6 to choose among.
    longest
        Transfers in a lap, at most.
    """
    jobs = []
    for channel in chooser.sample((0, 1, 2, 3, 5, 6, 7), chooser.randint(2, 7)):
        autoinitialize = chooser.random() < 0.3
        # Near the end of the bank more often than not, where nothing may carry into the page.
        address = chooser.choice(
            [chooser.randint(0, 0xFFFF), chooser.choice([0, 0xFFFF]), chooser.randint(0xFFE0, 0xFFFF)]
        )
        jobs.append(
            make_job(
                chooser,
                channel,
                kind=chooser.choice(kinds),
                write=chooser.random() < 0.5,
                decrement=chooser.random() < 0.4,
                autoinitialize=autoinitialize,
                laps=chooser.randint(1, 2) if autoinitialize else 1,
                address=address,
                length=chooser.randint(1, longest),
                page=channel * 0x20 + chooser.randint(0, 0x1F),
            )
        )
    return jobs

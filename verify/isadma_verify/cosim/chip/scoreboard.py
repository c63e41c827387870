"""What memory and devices must hold after a program of DMA, worked out from the program alone."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 5 to 8: what a channel moves, what its registers say
import random
from dataclasses import dataclass

from isadma_verify.cosim.chip.memory import SIZE


@dataclass(frozen=True)
class Job:
    """
    One programmed channel.

    Parameters
    ----------
    channel
        0 to 3.
    kind
        Mode bits 7-6: demand, single or block.
    write
        True from the device to memory.
    decrement, autoinitialize
        Mode bits 5 and 4.
    address
        The first one.
    length
        Bytes of one lap: the word count is one less.
    laps
        Times that the channel runs to TC; more than one only with autoinitialize.
    data
        What the device sends, or what memory holds for it, in the order of transfer: one lap's worth.
    """

    channel: int
    kind: int
    write: bool
    decrement: bool
    autoinitialize: bool
    address: int
    length: int
    laps: int
    data: bytes

    @property
    def mode(self) -> int:
        """Mode register bits 7-2."""
        transfer = 0x04 if self.write else 0x08
        return self.kind | transfer | 0x20 * self.decrement | 0x10 * self.autoinitialize

    @property
    def said(self) -> str:
        """What it is, in words."""
        kind = {0x00: "demand", 0x40: "single", 0x80: "block"}[self.kind]
        way = f"{'to' if self.write else 'from'} memory {'down' if self.decrement else 'up'} from {self.address:04X}h"
        again = f", autoinitialize, {self.laps} times" if self.autoinitialize else ""
        return f"channel {self.channel}, {kind} mode, {self.length} bytes {way}{again}"

    @property
    def addresses(self) -> list[int]:
        """The addresses of one lap, in order."""
        step = -1 if self.decrement else 1
        return [(self.address + step * index) % SIZE for index in range(self.length)]

    @property
    def final_address(self) -> int:
        """What the current address register reads in the end."""
        return self.address if self.autoinitialize else (self.addresses[-1] + (-1 if self.decrement else 1)) % SIZE

    @property
    def final_count(self) -> int:
        """What the current word count register reads in the end."""
        return self.length - 1 if self.autoinitialize else 0xFFFF


def draw_jobs(chooser: random.Random, *, longest: int) -> list[Job]:
    """
    Draw a job for each of some channels, in regions of memory that do not overlap.

    Parameters
    ----------
    chooser
        Seeded.
    longest
        Bytes in a lap, at most.
    """
    channels = chooser.sample(range(4), chooser.randint(1, 4))
    jobs = []
    for channel in channels:
        length = chooser.randint(1, longest)
        autoinitialize = chooser.random() < 0.4
        decrement = chooser.random() < 0.4
        # Each channel owns a quarter of memory, and starts near a page's edge more often than not.
        middle = (channel << 14) + 0x2000 + 0x100 * chooser.randint(-8, 8)
        address = (middle + chooser.choice([0, chooser.randint(-8, 8), chooser.randint(-128, 127)])) % SIZE
        jobs.append(
            Job(
                channel=channel,
                kind=chooser.choice([0x00, 0x40, 0x80]),
                write=chooser.random() < 0.5,
                decrement=decrement,
                autoinitialize=autoinitialize,
                address=address,
                length=length,
                laps=chooser.randint(1, 3) if autoinitialize else 1,
                data=chooser.randbytes(length),
            )
        )
    return jobs


def memory_before(jobs: list[Job], chooser: random.Random) -> bytearray:
    """Return memory full of noise, with the bytes that devices will fetch in their places."""
    memory = bytearray(chooser.randbytes(SIZE))
    for job in jobs:
        if not job.write:
            for address, byte in zip(job.addresses, job.data, strict=True):
                memory[address] = byte
    return memory


def memory_after(jobs: list[Job], before: bytearray) -> bytearray:
    """Return what memory must hold when every job is done: nothing else has changed."""
    memory = bytearray(before)
    for job in jobs:
        if job.write:
            # Every lap writes the same places: the last lap's bytes remain.
            for address, byte in zip(job.addresses, job.data, strict=True):
                memory[address] = byte
    return memory

"""What a fast disk can be made as."""

from __future__ import annotations

from isadma_sim.devices.fastdisk import regs
from isadma_sim.machine.checks import as_int, as_kind, as_number


def check(data: bytearray, *, width: int, depth: int, port: int) -> None:
    """Raise ValueError for parameters that `isadma_sim.devices.fastdisk.FastDisk` cannot have."""
    as_kind("data {}: give a bytearray, which is the disk", data, (bytearray, memoryview))
    if not data or len(data) % regs.SECTOR_BYTES:
        raise ValueError(f"a disk of {len(data)} bytes: give whole sectors of {regs.SECTOR_BYTES}")
    as_int("width {}: a unit is 1 or 2 bytes", width, 1, 2)
    as_int(f"depth {{}}: a FIFO holds 2 to {regs.MOST_DEPTH} units", depth, 2, regs.MOST_DEPTH)
    as_int("a fast disk at {}: use a port of 0 to FFF0h, such as 320h", port, 0, 0x10000 - regs.PORT_COUNT)


def checked_rate(rate: float) -> float:
    """Return a rate in bytes a second; ValueError when it is none."""
    text = "a rate of {}: give bytes a second, more than 0"
    return as_number(text, rate, 1e-9, 1e12)

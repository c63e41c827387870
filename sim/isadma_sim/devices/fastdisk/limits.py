"""What a fast disk can be made as."""

from __future__ import annotations

from isadma_sim.devices.fastdisk import regs


def check(data: bytearray, *, width: int, depth: int, port: int) -> None:
    """Raise ValueError for parameters that `isadma_sim.devices.fastdisk.FastDisk` cannot have."""
    if not data or len(data) % regs.SECTOR_BYTES:
        raise ValueError(f"a disk of {len(data)} bytes: give whole sectors of {regs.SECTOR_BYTES}")
    if width not in (1, 2):
        raise ValueError(f"width {width!r}: a unit is 1 or 2 bytes")
    if depth not in range(2, regs.MOST_DEPTH + 1):
        raise ValueError(f"depth {depth!r}: a FIFO holds 2 to {regs.MOST_DEPTH} units")
    if not isinstance(port, int) or not 0 <= port <= 0x10000 - regs.PORT_COUNT:
        raise ValueError(f"a fast disk at {port!r}: use a port of 0 to FFF0h, such as 320h")


def checked_rate(rate: float) -> float:
    """Return a rate in bytes a second; ValueError when it is none."""
    if not 0 < rate < float("inf"):
        raise ValueError(f"a rate of {rate!r}: give bytes a second, more than 0")
    return rate

"""What a processor does in a vector: its reads and writes of registers, and the last event before a clock, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from isadma_verify.vectors.pins import INPUTS
from isadma_verify.vectors.vector import Vector

__all__ = ["Access", "accesses", "last_event", "ports_of", "reading", "register_read"]

_NAMES = [pin.name for pin in INPUTS]
_CS, _HLDA, _IOR, _IOW, _DB, _A = (_NAMES.index(name) for name in ("CS#", "HLDA", "IOR#", "IOW#", "DB", "A0-A3"))
_WRITTEN = ("command", "request", "single mask", "mode", "clear flip-flop", "Master Clear", "clear mask", "all masks")
_READ_CMOS = {0x9: "request", 0xA: "command", 0xB: "mode", 0xC: "set flip-flop", 0xE: "clear mode counter", 0xF: "mask"}


@dataclass(frozen=True)
class Access:
    """A read or write of a register.

    Attributes
    ----------
    first, last : int
        Clocks in which the strobe is low.
    port : int
        A3-A0 in the last of them.
    written : int or None
        The byte of a write; None for a read.
    """

    first: int
    last: int
    port: int
    written: int | None


def reading(inputs: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return for each clock whether the processor reads a register."""
    chosen: NDArray[np.bool_] = (inputs[:, _CS] | inputs[:, _IOR] | inputs[:, _HLDA]) == 0
    return chosen


def accesses(inputs: NDArray[np.uint8]) -> Iterator[Access]:
    """Give the accesses of a vector in their order; what falls into HLDA is none."""
    reads = reading(inputs)
    writes = (inputs[:, _CS] | inputs[:, _IOW] | inputs[:, _HLDA]) == 0
    found = []
    for active, writing in ((reads, False), (writes, True)):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], active.view(np.int8), [0]))))
        for first, after in edges.reshape(-1, 2).tolist():
            port, byte = int(inputs[after - 1, _A]), int(inputs[after - 1, _DB])
            found.append(Access(first, after - 1, port, byte if writing else None))
    yield from sorted(found, key=lambda access: access.first)


def register_read(port: int, variant: str) -> str:
    """Name what a read of a port gives."""
    if port < 8:
        return "count" if port & 1 else "address"
    if port in (0x8, 0xD):
        return "status" if port == 0x8 else "temporary"
    return _READ_CMOS[port] if variant == "82C37A" else f"illegal port {port:X}h"


def last_event(vector: Vector, clock: int | None, ports: Collection[int] = range(16)) -> str:
    """Say what a vector did last up to a clock (None: its end): the last write to these ports, the last pin to move."""
    until = vector.clocks if clock is None else clock
    found = [*accesses(vector.wave().inputs)]
    read = next((a for a in found if a.first <= until <= a.last and a.written is None), None)
    if read is not None and read.port < 8:
        ports = (read.port,)
    writes = [a for a in found if a.written is not None and a.last < until and a.port in ports]
    said = [f"after {_write(a)} in clock {a.last}" for a in writes[-1:]]
    if read is not None:
        name = register_read(read.port, vector.variant)
        said.append(f"in a read of port {read.port:X}h" + ("" if name.startswith("illegal") else f" ({name})"))
    if len(said) < 2:
        since = max((a.last for a in writes), default=0)
        moved = [event for event in vector.inputs if event[1] in _WIRES and since < event[0] <= until]
        said += [f"{pin} is {level:X}h from clock {at}" for at, pin, level in moved[-1:]]
    return ", ".join(said) or "before any event"


def ports_of(register: str, channel: int) -> Collection[int]:
    """Return the ports whose writes change a register."""
    if register.endswith(("address", "count")):
        return (2 * channel + register.endswith("count"),)
    return _PORTS[register]


_PORTS: dict[str, Collection[int]] = {
    "mode": (0xB, 0xD), "command": (0x8, 0xD), "status": (0xD,), "request": (0x9, 0xD), "mask": (0xA, 0xD, 0xE, 0xF),
    "temporary": (0xD,), "flip_flop": (*range(8), 0xC, 0xD),
}  # fmt: skip
_WIRES = ("RESET", "DREQ", "HLDA", "READY", "EOP#")


def _write(access: Access) -> str:
    port = access.port
    name = _WRITTEN[port - 8] if port >= 8 else f"channel {port >> 1}'s {'count' if port & 1 else 'address'}"
    return f"{access.written:02X}h written to port {port:X}h ({name})"

"""What a CPU does to 8237As: single operations, and endless random programs of them."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 11.

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from isadma_sim.reference.regs import SET_BIT, Command, Port

PortOf = Callable[[int], int]
"""Where a chip's register A3-A0 is found in the I/O space."""


@dataclass(slots=True, frozen=True)
class Op:
    """One step of a CPU's program.

    Attributes
    ----------
    kind : {"write", "read", "idle", "reset", "reset_at_once"}
        What to do; a plain reset waits until no service is under way.
    port : int
        A3-A0 for a chip, an I/O address for a board (accesses only).
    value : int
        Byte to write, or clocks to idle or hold RESET.
    """

    kind: str
    port: int = 0
    value: int = 0


def program_channel(port_of: PortOf, channel: int, mode: int, address: int, count: int) -> list[Op]:
    """Return the writes that load one channel (0-3) and unmask it; `port_of` maps A3-A0 to a port."""
    writes: list[tuple[int, int]] = [(Port.CLEAR_FLIP_FLOP, 0), (Port.MODE, mode & 0xFC | channel)]
    writes += [(2 * channel, address & 0xFF), (2 * channel, address >> 8)]
    writes += [(2 * channel + 1, count & 0xFF), (2 * channel + 1, count >> 8)]
    writes += [(Port.SINGLE_MASK, channel)]
    return [Op("write", port_of(int(a)), value) for a, value in writes]


def random_ops(rng: Random, ports: list[PortOf], pages: range = range(0)) -> Iterator[Op]:
    """Yield a CPU's program without end.

    Parameters
    ----------
    rng : Random
        Source of every choice.
    ports : list of PortOf
        One function per chip that maps A3-A0 to its port.
    pages : range
        Ports of page registers, if any.
    """
    while True:
        port_of = rng.choice(ports)
        kind = rng.random()
        if kind < 0.28:
            yield from _random_channel(rng, port_of, rng.getrandbits(2))
        elif kind < 0.32:
            yield from _memory_to_memory(rng, port_of)
        elif kind < 0.40:
            yield Op("write", port_of(int(Port.COMMAND_STATUS)), _random_command(rng))
        elif kind < 0.48:
            yield Op("write", port_of(int(Port.REQUEST)), rng.getrandbits(8))
        elif kind < 0.56:
            yield Op("write", port_of(rng.choice((int(Port.CLEAR_MASK), int(Port.ALL_MASK)))), rng.getrandbits(8))
        elif kind < 0.62:
            yield Op("write", port_of(rng.getrandbits(4)), rng.getrandbits(8))
        elif kind < 0.65:
            # Read everything; status twice, as the first read clears it.
            yield from [Op("read", port_of(a)) for a in (*range(16), int(Port.COMMAND_STATUS))]
        elif kind < 0.74:
            yield Op("read", port_of(rng.getrandbits(4)))
        elif kind < 0.76:
            yield from [Op("read", port_of(int(Port.COMMAND_STATUS)))] * 2
        elif kind < 0.775:
            yield Op("write", port_of(int(Port.MASTER_CLEAR_TEMPORARY)))
            yield Op("write", port_of(int(Port.COMMAND_STATUS)), _random_command(rng) | Command.ROTATING)
            yield Op("write", port_of(int(Port.CLEAR_MASK)))
        elif kind < 0.82 and pages:
            yield Op(rng.choice(("read", "write")), rng.choice(pages), rng.getrandbits(8))
        elif kind < 0.825:
            yield Op("reset", value=rng.randint(1, 3))
        elif kind < 0.83:
            yield Op("reset_at_once", value=rng.randint(1, 3))
            # Whether a transfer that RESET cut short has been counted, nobody says: load all channels again.
            for each in ports:
                for channel in range(4):
                    yield from _random_channel(rng, each, channel)
        else:
            yield Op("idle", value=rng.choice((1, 3, 10, 40, 100)))


def _random_channel(rng: Random, port_of: PortOf, channel: int) -> list[Op]:
    address = rng.choice((rng.getrandbits(16), rng.getrandbits(8) << 8 | rng.choice((0, 1, 0xFE, 0xFF))))
    count = rng.choice((0, 0, 1, 2, 3, 7, 300))
    return program_channel(port_of, channel, rng.getrandbits(8), address, count)


def _memory_to_memory(rng: Random, port_of: PortOf) -> list[Op]:
    command = _random_command(rng) & ~Command.DISABLE | Command.MEMORY_TO_MEMORY
    return [
        *_random_channel(rng, port_of, 0),
        *_random_channel(rng, port_of, 1),
        Op("write", port_of(int(Port.COMMAND_STATUS)), int(command)),
        Op("write", port_of(int(Port.REQUEST)), SET_BIT),
        Op("idle", value=30),
    ]


def _random_command(rng: Random) -> int:
    value = rng.getrandbits(8)
    if rng.random() < 0.8:
        value &= ~Command.DISABLE
    if rng.random() < 0.5:
        value &= ~Command.MEMORY_TO_MEMORY
    return int(value)

"""What happened in a run, event by event; clocks are those of the 8237A's CLK, an end is behind the last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["KINDS", "Access", "Grant", "Level", "Request", "Service", "Timeline", "Transfer"]

#: Kinds of transfers: what `isadma_sim.machine.trace.Cycle` calls them.
KINDS = (
    "verify",
    "to_memory",
    "to_device",
    "mem_to_mem_read",
    "mem_to_mem_write",
    "refresh",
    "master_read",
    "master_write",
)


class Grant(NamedTuple):
    """The CPU is off the bus.

    Attributes
    ----------
    owner : str
        ``"dma"``, ``"refresh"``, ``"card"`` (a bus master) or ``"hold"``: nobody drives it yet, or any more.
    channel : int or None
        Channel by its DACK#; None without one.
    begin, end : int
        Clocks.
    """

    owner: str
    channel: int | None
    begin: int
    end: int


class Service(NamedTuple):
    """A DACK# is active.

    Attributes
    ----------
    channel : int
        Whose.
    asked : int or None
        Clock since which the request waited: DREQ rose, or the DACK# before it ended with DREQ still high. None where
        no request was seen: the PC/XT's refresh, software requests.
    begin, end : int
        Clocks.
    """

    channel: int
    asked: int | None
    begin: int
    end: int

    @property
    def wait(self) -> int | None:
        """Clocks from the request to DACK#; None where no request was seen."""
        return None if self.asked is None else self.begin - self.asked


class Request(NamedTuple):
    """A DREQ is high."""

    channel: int
    begin: int
    end: int


class Transfer(NamedTuple):
    """A byte or word moves, or a verify or refresh that moves none.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    channel : int or None
        Channel by its DACK#.
    begin, end : int
        Clock in which its strobe (a verify's address) began, and in which it ended.
    address : int
        Physical address.
    data : int or None
        What was moved.
    size : int
        Bytes: 1 or 2; 0 for none.
    tc : bool
        Whether terminal count came with it.
    """

    kind: str
    channel: int | None
    begin: int
    end: int
    address: int
    data: int | None
    size: int
    tc: bool


class Access(NamedTuple):
    """The CPU reads or writes a port: strobe from `begin` to `end`."""

    write: bool
    begin: int
    end: int
    port: int
    data: int


class Level(NamedTuple):
    """A line of the interrupt controllers: ``"request"`` or ``"service"`` of an IRQ, or ``"int"`` (IRQ -1)."""

    what: str
    irq: int
    begin: int
    end: int


@dataclass
class Timeline:
    """A run's events, each list in the order of their ends.

    Attributes
    ----------
    begin, end : int
        First clock, and the one behind the last. What was under way at either is cut there.
    clock_hz : int
        CLK, in hertz.
    board, engine : str
        What ran.
    cards : list of (str, int or None)
        Cards and their DMA channels.
    """

    begin: int
    end: int
    clock_hz: int
    board: str
    engine: str
    cards: list[tuple[str, int | None]]
    grants: list[Grant] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)

"""What the PC/AT and the PC/XT put around a slot: channels, interrupt lines, ports of their own, clock and memory."""

# Ref: IBM PC AT Technical Reference (1502494), system board and I/O channel; IBM PC/XT Technical Reference, the same.

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from isadma_sim.machine.checks import shown
from isadma_sim.machine.interrupt_controllers import CASCADE
from isadma_sim.machine.memory import DEFAULT_SIZE, LARGEST_SIZE, Memory, view_of
from isadma_sim.machine.ports import AT_BOARD_PORTS, BOARD_DECODE_MASK, XT_BOARD_PORTS

__all__ = ["AT", "WIRINGS", "XT", "Wiring", "wiring_of"]

MB = 1 << 20
#: The fastest clock that may be asked for.
MOST_HERTZ = 10_000_000_000


@dataclass(frozen=True)
class Wiring:
    """A board as its slots see it.

    Attributes
    ----------
    name : str
        As `PC` takes it: ``"at"``.
    title : str
        As messages call it: ``"PC/AT"``.
    channels : tuple of int
        DMA channels with a DRQ and a DACK# on the bus.
    channels_note : str
        What became of the others.
    irqs : tuple of int
        Interrupt lines a device can have.
    irqs_note : str
        These lines in words.
    own_ports : frozenset of int
        Ports of the DMA controllers and page registers, under `decoded`.
    decoded : int
        Mask of the address lines that the board looks at: its ports repeat above them.
    clock_hz : int
        CLK of the controllers, in hertz.
    memory, most_memory : int
        Bytes of memory unless told, and at most.
    master : bool
        Whether its slots have MASTER#, so that a card can drive the bus.
    """

    name: str
    title: str
    channels: tuple[int, ...]
    channels_note: str
    irqs: tuple[int, ...]
    irqs_note: str
    own_ports: frozenset[int]
    decoded: int
    clock_hz: int
    memory: int
    most_memory: int
    master: bool

    def checked_clock(self, hertz: int | None) -> int:
        """Return the clock to use; ValueError when it is no frequency."""
        if hertz is None:
            return self.clock_hz
        if isinstance(hertz, bool) or not isinstance(hertz, int) or not 1 <= hertz <= MOST_HERTZ:
            raise ValueError(f"clock_hz {shown(hertz)} is not a frequency in hertz: an 8 MHz AT has {AT.clock_hz}")
        return hertz

    def checked_memory(self, source: Any) -> Memory:
        """Return the memory of a size or in a buffer; ValueError when it is more than the address lines reach."""
        if source is None:
            source = self.memory
        size = source if isinstance(source, int) else len(view_of(source))
        if size > self.most_memory:
            raise ValueError(
                f"memory size {shown(size)} is too much for a {self.title}: it reaches {self.most_memory} bytes"
            )
        return Memory(source)


#: Two controllers, two 8259As. Channel 4 is the cascade between the ones, IRQ 2 between the others.
AT = Wiring(
    "at",
    "PC/AT",
    (0, 1, 2, 3, 5, 6, 7),
    "4 is the cascade",
    (0, 1, *range(CASCADE + 1, 16)),
    "0, 1 and 3..15 (2 is the cascade between the 8259As, its slot pin is 9)",
    AT_BOARD_PORTS,
    BOARD_DECODE_MASK,
    4_000_000,  # an 8 MHz AT
    DEFAULT_SIZE,
    LARGEST_SIZE,
    master=True,
)

#: One controller, one 8259A. Channel 0 refreshes the memory, and its DRQ comes from the timer.
XT = Wiring(
    "xt",
    "PC/XT",
    (1, 2, 3),
    "0 refreshes the memory",
    tuple(range(8)),
    "0..7 (a PC/XT has one 8259A)",
    XT_BOARD_PORTS,
    BOARD_DECODE_MASK,
    4_772_727,  # 14.31818 MHz / 3
    1 * MB,
    1 * MB,
    master=False,
)

WIRINGS = {wiring.name: wiring for wiring in (AT, XT)}


def wiring_of(board: str) -> Wiring:
    """Return the wiring of a board by its name; ValueError when there is none of that name."""
    if not isinstance(board, str) or board not in WIRINGS:
        raise ValueError(f"no board {shown(board)}: use one of {', '.join(WIRINGS)}")
    return WIRINGS[board]

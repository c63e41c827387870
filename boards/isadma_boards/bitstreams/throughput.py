"""Transfers and bytes per second of a board, on paper: the clocks of each mode, at any clock."""

# Ref: Intel 8237A data sheet 231466-005: figure 11 (DMA transfer: SI SI S0 S1 S2 S3 S4), figure 12 (memory to memory),
# figure 14 (compressed transfer), page 7 (S1 where A8 changes). IBM PC/XT and PC AT Technical Reference: one wait
# state; on the AT, DMA 1 through channel 4 of DMA 2. tests/boards/test_throughput.py measures every number here.

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["RATE", "Mode", "Throughput", "modes", "on_paper"]

#: What is asked of the fastest mode, in bytes per second.
RATE = 40e6
#: Clocks from the last state of one service to S1 of the next, the request waiting: SI, SI, S0.
_HAND_OVER = 3
#: The same on channels 0 to 3 of the AT: request and acknowledge pass DMA 2 as well.
_HAND_OVER_CASCADED = 7
#: S1 comes again where A8 changes: one clock in that many transfers that follow another.
_PAGE = 256


@dataclass(frozen=True)
class _Timing:
    """Clocks of one mode on the bus, each without a wait state and with one."""

    name: str
    #: S1 to S4 of a service's first transfer.
    first: tuple[int, int]
    #: Of each that follows in the same service; None: there is none.
    following: tuple[int, int] | None


# One wait state is one SW. READY is sampled a state earlier in compressed timing, and in the writing half of memory to
# memory the strobe falls a state later, so that each of these takes two.
_TIMINGS = (
    _Timing("single", (4, 5), None),
    _Timing("demand", (4, 5), (3, 4)),
    _Timing("block", (4, 5), (3, 4)),
    _Timing("single, compressed", (3, 5), None),
    _Timing("demand, compressed", (3, 5), (2, 4)),
)
_MEMORY_TO_MEMORY = (8, 11)


@dataclass(frozen=True)
class Mode:
    """Clocks of a transfer in one mode.

    Attributes
    ----------
    name : str
        "demand, compressed".
    channel : str
        ``"byte"`` (0 to 3) or ``"word"`` (5 to 7).
    clocks_first : int or None
        From the end of one service to the end of the next one's first transfer. None: the processor begins it.
    clocks_next : int
        Of each transfer that follows at once: in single mode a service of its own.
    carries : bool
        Whether one in 256 takes a clock more: S1, where A8 changes.
    """

    name: str
    channel: str
    clocks_first: int | None
    clocks_next: int
    carries: bool

    @property
    def size(self) -> int:
        """Bytes of a transfer."""
        return 2 if self.channel == "word" else 1

    @property
    def clocks(self) -> float:
        """Clocks of a transfer in a row without an end."""
        return self.clocks_next + (1 / _PAGE if self.carries else 0)


@dataclass(frozen=True)
class Throughput:
    """One mode's rates at the board's clock, and at the fastest that its bitstream takes."""

    mode: str
    channel: str
    clocks_first: int | None
    clocks_next: int
    transfers_per_second: int
    bytes_per_second: int
    transfers_per_second_at_fmax: int
    bytes_per_second_at_fmax: int


def modes(board: str, wait_states: int) -> Iterator[Mode]:
    """Yield the modes of a board.

    Parameters
    ----------
    board
        ``"at"``, or ``"xt"``, which has no word channels.
    wait_states
        0 or 1.

    Raises
    ------
    ValueError
        For another number of wait states: no board of ours has it.
    """
    if wait_states not in (0, 1):
        raise ValueError(f"wait_states is {wait_states!r}: the boards have 0 or 1")
    at = board == "at"
    channels = {"byte": _HAND_OVER_CASCADED if at else _HAND_OVER} | ({"word": _HAND_OVER} if at else {})
    for channel, hand_over in channels.items():
        for timing in _TIMINGS:
            first = hand_over + timing.first[wait_states]
            following = timing.following
            yield Mode(
                timing.name, channel, first, following[wait_states] if following else first, following is not None
            )
        if channel == "byte":
            yield Mode("memory to memory", channel, None, _MEMORY_TO_MEMORY[wait_states], False)


def on_paper(board: str, wait_states: int, clock_hz: float, fmax_hz: float) -> tuple[list[Throughput], float]:
    """Compute what a board moves.

    Parameters
    ----------
    board, wait_states
        As for `modes`.
    clock_hz, fmax_hz
        The board's clock and the fastest one, in hertz.

    Returns
    -------
    tuple of list and float
        Each mode's rates, whole transfers and bytes per second; and the clock in hertz at which the fastest passes
        `RATE`.
    """
    known = list(modes(board, wait_states))
    rows = [
        Throughput(
            mode=mode.name,
            channel=mode.channel,
            clocks_first=mode.clocks_first,
            clocks_next=mode.clocks_next,
            transfers_per_second=int(clock_hz / mode.clocks),
            bytes_per_second=int(mode.size * clock_hz / mode.clocks),
            transfers_per_second_at_fmax=int(fmax_hz / mode.clocks),
            bytes_per_second_at_fmax=int(mode.size * fmax_hz / mode.clocks),
        )
        for mode in known
    ]
    return rows, min(RATE / mode.size * mode.clocks for mode in known)

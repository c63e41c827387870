"""Physical pieces: what a buffer really is, and how a channel can move it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from isadma_driver.channels.board import Board
from isadma_driver.machines.machine import Memory


@dataclass(frozen=True)
class Piece:
    """A run of physical memory: address and bytes."""

    address: int
    length: int

    @property
    def end(self) -> int:
        """First address after it."""
        return self.address + self.length


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join pieces that touch."""
    result: list[Piece] = []
    for piece in pieces:
        if result and result[-1].end == piece.address:
            result[-1] = Piece(result[-1].address, result[-1].length + piece.length)
        else:
            result.append(piece)
    return result


def total(pieces: Iterable[Piece]) -> int:
    """Return the bytes of all pieces together."""
    return sum(piece.length for piece in pieces)


def gather(memory: Memory, pieces: Iterable[Piece]) -> bytes:
    """Return the bytes of all pieces, one after the other."""
    return b"".join(bytes(memory[piece.address : piece.end]) for piece in pieces)


def scatter(memory: Memory, pieces: Iterable[Piece], data: bytes) -> None:
    """Store bytes into the pieces, one after the other, as far as the bytes go."""
    done = 0
    for piece in pieces:
        part = data[done : done + piece.length]
        memory[piece.address : piece.address + len(part)] = part
        done += len(part)
        if done == len(data):
            return


@dataclass(frozen=True)
class Segment:
    """What one programming of a channel moves.

    Attributes
    ----------
    pieces : tuple of Piece
        The buffer's memory.
    length : int
        Bytes of the buffer.
    in_place : bool
        Whether the channel reaches `pieces` itself: then it is one piece. Otherwise it needs a bounce buffer.
    """

    pieces: tuple[Piece, ...]
    length: int
    in_place: bool


def plan(board: Board, channel: int, pieces: Iterable[Piece], bounce_bytes: int) -> list[Segment]:
    """Cut pieces into what a channel can move: straight where it reaches, through a bounce buffer where not.

    Parameters
    ----------
    board : Board
        The board the channel is on.
    channel : int
        The channel, 0..7.
    pieces : iterable of Piece
        The buffer.
    bounce_bytes : int
        Most that one segment may bounce, even.

    Returns
    -------
    list of Segment
        In order. On a 16-bit channel only the last can be of odd length, and that one bounces.
    """
    width, span = board.width(channel), board.span(channel)
    segments: list[Segment] = []
    bounced: list[Piece] = []

    def flush() -> None:
        if bounced:
            segments.append(Segment(tuple(joined(bounced)), total(bounced), in_place=False))
            bounced.clear()

    for piece in joined(pieces):
        at, left = piece.address, piece.length
        while left:
            # Words pair up the bytes of the buffer, so what went before decides whether a piece falls on a word.
            even = total(bounced) % width == 0
            straight = 0
            if even and at < board.reach and at % width == 0:
                straight = min(left, board.reach - at, span - at % span) // width * width
            if straight:
                flush()
                segments.append(Segment((Piece(at, straight),), straight, in_place=True))
                step = straight
            else:
                # One byte puts an odd start back in step; all else that is out of reach or step goes whole.
                in_step = not even and at % width == 1 and at < board.reach
                step = min(1 if in_step else left, bounce_bytes - total(bounced))
                bounced.append(Piece(at, step))
                if total(bounced) == bounce_bytes:
                    flush()
            at += step
            left -= step
    flush()
    return segments

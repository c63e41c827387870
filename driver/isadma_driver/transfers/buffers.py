"""What a transfer can be given: a program's virtual memory, or physical memory that stays where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from isadma_driver.memory.pages import Block
from isadma_driver.memory.pieces import Piece
from isadma_driver.memory.space import AddressSpace


class Held(Protocol):
    """Memory held in place."""

    @property
    def pieces(self) -> Sequence[Piece]:
        """The physical pieces, in order."""
        ...

    def release(self) -> None:
        """Let it go."""
        ...


class Buffer(Protocol):
    """Memory to move data from or to."""

    @property
    def length(self) -> int:
        """Bytes."""
        ...

    def hold(self, *, write: bool) -> Held:
        """Hold it in place; `write` tells that the device will write it."""
        ...


@dataclass(frozen=True)
class UserBuffer:
    """Virtual memory of a program.

    Attributes
    ----------
    space : AddressSpace
        Whose.
    address, length : int
        Virtual address and bytes.
    """

    space: AddressSpace
    address: int
    length: int

    def hold(self, *, write: bool) -> Held:
        """Pin its pages."""
        return self.space.pin(self.address, self.length, write=write)


@dataclass(frozen=True)
class PhysicalBuffer:
    """Physical memory, in one piece.

    Attributes
    ----------
    address, length : int
        Physical address and bytes.
    """

    address: int
    length: int

    @classmethod
    def of(cls, block: Block) -> PhysicalBuffer:
        """Make a buffer of a whole block."""
        return cls(block.address, block.size)

    def hold(self, *, write: bool) -> Held:
        """Do nothing: physical memory stays."""
        return _Fixed((Piece(self.address, self.length),))


@dataclass(frozen=True)
class _Fixed:
    pieces: Sequence[Piece]

    def release(self) -> None:
        """Do nothing."""

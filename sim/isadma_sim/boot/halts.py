"""Whether a run of Unicorn has ended with HLT, which it does not say."""

from __future__ import annotations

from typing import Any

from isadma_sim.boot.delivery import Delivery

__all__ = ["Halts"]

_HLT, _CLI = b"\xf4", b"\xfa"
#: Jumps behind HLT that lead back to it, or to a CLI before it.
_DEAD_ENDS = (b"\xeb\xfd", b"\xeb\xfc")
#: Instructions of two bytes whose second one may be F4h: short jumps, loops, an immediate byte, a port, INT.
_TWO_BYTES = frozenset(
    bytes([code])
    for code in (0xEB, *range(0x70, 0x80), *range(0xE0, 0xE8), *range(0xB0, 0xB8), 0x6A, 0xA8, 0xCD, *range(4, 0x40, 8))
)


class Halts:
    """Tells HLT from other instructions that end with its byte.

    The first time that a run ends behind a byte F4h, a hook is put on that address: from then on it is known.

    Parameters
    ----------
    uc : unicorn.Uc
        The processor.
    kind : int
        Unicorn's name for a hook on an instruction.
    delivery : Delivery
        Reads the guest's code.

    Attributes
    ----------
    sure : bool
        Whether the last answer was no guess. A wait for an interrupt that may never come is to have an end otherwise.
    """

    def __init__(self, uc: Any, kind: int, delivery: Delivery) -> None:
        self._uc, self._kind, self._delivery = uc, kind, delivery
        self._watched: set[int] = set()
        self._at: int | None = None
        self.sure = False

    def begin(self) -> None:
        """Call it ahead of a run."""
        self._at = None

    def _see(self, uc: Any, address: int, size: int, _: Any) -> None:
        self._at = address

    def ended_with_one(self, *, interrupts_on: bool) -> bool:
        """Whether the last instruction was HLT.

        The first time it counts as one where the byte before it is not of an instruction that F4h may end, and where
        interrupts are on, so that the wait is over some time, or the code around is that of a dead end.
        """
        pc, peek = self._delivery.linear_pc(), self._delivery.peek
        self.sure = self._at is not None and self._at == pc - 1
        if self.sure:
            return True
        if pc == 0 or pc - 1 in self._watched or peek(pc - 1, 1) != _HLT:
            return False
        self._watched.add(pc - 1)
        self._uc.hook_add(self._kind, self._see, None, pc - 1, pc - 1)
        self._uc.ctl_remove_cache(pc - 1, pc)
        before = peek(pc - 2, 1)
        if before in _TWO_BYTES:
            return False
        self.sure = before == _CLI or peek(pc, 2) in _DEAD_ENDS
        return self.sure or interrupts_on

"""How fast the processor is: no instruction is timed by itself (docs/decisions/0014)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PACES", "Pace"]


@dataclass(frozen=True)
class Pace:
    """Instructions in time; port accesses come on top.

    Attributes
    ----------
    instructions : int
        So many a clock of the 8237A, or none: then `waiting` is what each takes (choice: 16 million a second on an AT,
        which has an i486; 0.4 million on a PC/XT).
    waiting : int
        Clocks of an instruction in a short stretch that has used ports or taken an interrupt (choice, no source: what
        talks to ports waits for them, on the bus or in a loop, and a loop that waits is to have time go by).
    most, least : int
        Instructions between two looks at the machine: they end with its next event where that comes between the two.
        An interrupt comes late by `least` at most, a tenth of a millisecond.
    polling : int
        In the place of `least` as long as the guest uses them: what it waits for there is not to jump.
    """

    instructions: int
    waiting: int
    most: int
    least: int
    polling: int

    def instructions_in(self, clocks: int, *, waiting: bool) -> int:
        """Return how many to execute ahead of an event in so many clocks."""
        fast = self.instructions and not waiting
        fitting = clocks * self.instructions if fast else clocks // self.waiting
        return max(self.polling if waiting else self.least, min(self.most, fitting))


PACES = {
    "at": Pace(4, 2, most=8000, least=1600, polling=16),
    "xt": Pace(0, 12, most=200, least=40, polling=10),
}

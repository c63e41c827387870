"""The fabric clock's place inside a state: which half it is in, and which enables are due."""

# Ref: docs/decisions/0001-the-clock-contract.md, "One core, two ways to clock it".
from dataclasses import dataclass


@dataclass
class Clocking:
    """
    Counts fabric clocks into halves and states.

    A state runs from one CLK falling edge to the next: CLK is low in its first half, high in its second.

    Parameters
    ----------
    per_state
        Fabric clocks in one state. 1: every clock shows the second half, both enables are always on.
        2 and more: exact to the half clock, the first half gets the smaller share of an odd number.
    """

    per_state: int = 2
    #: Fabric clocks since the start.
    count: int = 0

    def __post_init__(self) -> None:
        if self.per_state < 1:
            raise ValueError(f"{self.per_state} fabric clocks per state: at least 1 is needed")

    @property
    def low_length(self) -> int:
        """Fabric clocks in the first half of a state."""
        return self.per_state // 2

    @property
    def position(self) -> int:
        """Fabric clocks since the last CLK falling edge."""
        return self.count % self.per_state

    @property
    def state(self) -> int:
        """States since the start."""
        return self.count // self.per_state

    @property
    def high(self) -> bool:
        """Whether CLK is high: the second half of the state."""
        return self.position >= self.low_length

    def high_after(self, clocks: int) -> bool:
        """Return whether CLK is high that many fabric clocks later."""
        return (self.count + clocks) % self.per_state >= self.low_length

    @property
    def falls(self) -> bool:
        """Whether the edge that ends this fabric clock is the CLK falling edge."""
        return self.position == self.per_state - 1

    @property
    def rises(self) -> bool:
        """Whether the edge that ends this fabric clock is the CLK rising edge."""
        return self.per_state == 1 or self.position == self.low_length - 1

    def fabric(self, halves: int) -> int:
        """Return the fabric clocks that cover a number of half clocks, rounded up."""
        return -(-halves * self.per_state // 2)

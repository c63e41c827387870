"""What the states of a service see of the chip, and change in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from isadma_sim.reference.channel import Channel
from isadma_sim.reference.pins import ChipInputs, ChipOutputs
from isadma_sim.reference.registers import Registers


class Inside(Protocol):
    """The inside of a chip (`isadma_sim.reference.chip.Chip`) while a service goes on.

    Attributes
    ----------
    registers : Registers
        All program-visible registers.
    pins : ChipOutputs
        What this clock shows.
    channel, last : int
        Channel latched or in service, and the one served last (0-3).
    served : Channel
        Registers of the channel in service.
    terminal : bool
        Whether this transfer is the last that the word count has.
    external_eop, source_eop : bool
        Whether EOP# was pulled low for this transfer; for the source half of memory-to-memory.
    carry : bool
        Whether A8-A15 change, so that the next transfer begins with S1.
    end_state : callable
        Runs at the edge that ends the present state.
    """

    registers: Registers
    pins: ChipOutputs
    channel: int
    last: int
    served: Channel
    terminal: bool
    external_eop: bool
    source_eop: bool
    carry: bool
    end_state: State

    def end_service(self) -> None:
        """Leave the bus."""
        ...


#: A state: runs at the edge that ends it, with the inputs as they were during it, and enters the next.
State = Callable[[Inside, ChipInputs], None]

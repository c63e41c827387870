"""What a command sees of the controller that runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from isadma_sim.devices.floppy.cable import Cable
from isadma_sim.devices.floppy.drive import Drive
from isadma_sim.devices.floppy.host import Host
from isadma_sim.devices.floppy.interrupts import Attention
from isadma_sim.devices.floppy.registers import Registers
from isadma_sim.devices.floppy.regs import Variant
from isadma_sim.devices.floppy.schedule import Wired


class Fdc(Wired, Protocol):
    """A controller (`isadma_sim.devices.floppy.controller.FloppyController`) to its commands and phases.

    Attributes
    ----------
    variant : str
        "82077AA" or "uPD765A".
    instant : bool
        Whether mechanics take no time.
    ready_wired : bool
        Whether READY comes from the drives; tied true otherwise.
    registers : Registers
        What commands set and show.
    cable : Cable
        The way to the drives.
    host : Host
        The way to processor and DMA controller.
    attention : Attention
        The statuses that wait to be sensed.
    """

    variant: Variant
    instant: bool
    ready_wired: bool
    registers: Registers
    cable: Cable
    host: Host
    attention: Attention

    @property
    def hz(self) -> int:
        """Clocks a second."""
        ...

    @property
    def selected(self) -> Drive | None:
        """The drive DOR selects."""
        ...

    @property
    def not_ready(self) -> bool:
        """Whether READY is wired, and the selected drive's is false."""
        ...

    @property
    def moves_blocks(self) -> bool:
        """Whether a field can go to the DMA channel at once."""
        ...

    def load_head(self) -> int:
        """Load the head, and return the clocks that takes."""
        ...

    def open_host(self, *, to_host: bool) -> None:
        """Begin moving data between disk and host."""
        ...

    def result(self, results: Sequence[int]) -> None:
        """Enter the result phase of a command with an execution phase; it interrupts."""
        ...

    def take_status(self) -> int | None:
        """Lower the interrupt line, and return ST0 of the next interrupt; None without any."""
        ...

    def interrupt(self, level: bool) -> None:
        """Set or clear the interrupt of a result or a status."""
        ...

"""How long the host's processor may work for a guest that nobody watches."""

from __future__ import annotations

import time

from isadma_sim.boot.computer import Computer
from isadma_sim.boot.errors import GuestError

__all__ = ["Budget"]

#: Seconds: to begin with, and for each second of the machine. Loaders and DOS take less than one.
_START, _EACH = 30.0, 3.0


class Budget:
    """Ends a guest that is much slower to emulate than any program: one that runs into its data, or its vectors.

    Parameters
    ----------
    seconds : float
        Of the machine, that the guest may run.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = _START + _EACH * seconds
        self._began = time.process_time()

    def check(self, computer: Computer) -> None:
        """Raise GuestError when it is used up."""
        if time.process_time() - self._began > self.seconds:
            raise GuestError(
                f"after {computer.seconds:.2f} seconds of its time it has taken {self.seconds:.0f} seconds of this "
                f"computer's at {computer.cpu.where}: it runs no sensible code, or a longer --until lets it go on"
            )

"""How long the host's processor may work for a guest that nobody watches."""

from __future__ import annotations

import time

from isadma_sim.boot.computer import Computer
from isadma_sim.boot.errors import GuestError

__all__ = ["Budget"]

#: Seconds: to begin with, and for each second of the machine. Loaders and DOS take less than one on the native engine;
#: the others, and a dump, are so many times slower.
_START, _EACH = 30.0, 1.5
_SLOW = 40


class Budget:
    """Ends a guest that is much slower to emulate than any program: one that runs into its data, or its vectors.

    Parameters
    ----------
    seconds : float
        Of the machine, that the guest may run.
    fast : bool
        Whether the native engine runs it, and nothing is recorded.
    """

    def __init__(self, seconds: float, *, fast: bool) -> None:
        self.seconds = (_START + _EACH * seconds) * (1 if fast else _SLOW)
        self._began = time.process_time()

    def check(self, computer: Computer) -> None:
        """Raise GuestError when it is used up."""
        if time.process_time() - self._began > self.seconds:
            raise GuestError(
                f"after {computer.seconds:.2f} seconds of its time it has taken {self.seconds:.0f} seconds of this "
                f"computer's at {computer.cpu.where}: it runs no sensible code, or a longer --until lets it go on"
            )

"""A PC that boots: a processor (Unicorn) on the machine's ports, memory and interrupts; a BIOS, keyboard, screen."""

from isadma_sim.boot.computer import Computer
from isadma_sim.boot.errors import GuestError, MissingUnicornError

__all__ = ["Computer", "GuestError", "MissingUnicornError"]

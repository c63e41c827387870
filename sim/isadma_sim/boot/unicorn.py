"""Finds Unicorn, and says what to do where it is not."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from isadma_sim.boot.errors import MissingUnicornError

__all__ = ["load_unicorn"]


def load_unicorn() -> tuple[ModuleType, Any]:
    """Return Unicorn, and its names of the x86 registers.

    Raises
    ------
    MissingUnicornError
        It is not installed, or its library does not load here.
    """
    try:
        import unicorn
        from unicorn import x86_const
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] == "unicorn":
            said = "the processor's emulator, Unicorn, is not installed"
        else:
            said = f"the processor's emulator, Unicorn, does not load ({' '.join(str(error).split())})"
        raise MissingUnicornError(f"{said}: pip install 'isadma[boot]'") from None
    return unicorn, x86_const

"""What can go wrong with a guest, and with what runs it; each message is one line."""

from __future__ import annotations

__all__ = ["BiosError", "GuestError", "MissingUnicornError"]


class MissingUnicornError(RuntimeError):
    """The processor emulator is not installed, or does not load."""


class GuestError(RuntimeError):
    """The guest did what ends it, or what this processor cannot do."""


class BiosError(ValueError):
    """A BIOS that cannot be used, or cannot be made."""

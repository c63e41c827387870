"""The 8042's translation of scan codes: what its ROM makes of set 2, which is set 1 with two exceptions."""

# Ref: IBM PC AT Technical Reference (1502494), keyboard controller: scan code translation table.

from __future__ import annotations

__all__ = ["Translator"]

_BREAK = 0xF0
_TABLE = bytes.fromhex(
    "ff43413f3d3b3c58644442403e0f2959"
    "65382a701d10025a66712c1f1e11035b"
    "672e2d201205045c68392f211413065d"
    "693130232215075e6a7232241608095f"
    "6b332517180b0a606c34352627190c61"
    "6d7328741a0d626e3a361c1b752b6376"
    "55567778797a0e7b7c4f7d4b477e7f6f"
    "5253504c4d480145574e514a37494654"
)
#: Above 7Fh it leaves codes as they are, but for F7 and the key that Alt makes of Print Screen.
_ABOVE = {0x83: 0x41, 0x84: 0x54}


class Translator:
    """Turns a stream of set 2 into set 1.

    Attributes
    ----------
    breaking : bool
        An F0h has come, and the next code is a key that came up.
    """

    def __init__(self) -> None:
        self.breaking = False

    def take(self, code: int) -> int | None:
        """Return what the processor gets for a byte from the keyboard; None while a break code is not complete."""
        if code == _BREAK:
            self.breaking = True
            return None
        translated = _TABLE[code] if code < len(_TABLE) else _ABOVE.get(code, code)
        if self.breaking:
            translated |= 0x80
        self.breaking = False
        return translated

"""What a baud rate is to the chip: its crystal's rate over a whole number."""

from __future__ import annotations

from isadma_driver.checks.values import shown
from isadma_driver.modem.codes import BASE_BAUD, LARGEST_DIVISOR

#: How far a baud rate may be off, in parts: a frame of ten bits stands 5 %, of which the far end has its half.
BAUD_TOLERANCE = 0.02


def divisor_of(baud: int) -> int:
    """Return the divisor of a baud rate.

    Raises
    ------
    ValueError
        It is no rate, or not the crystal's over a whole number.
    """
    if isinstance(baud, bool) or not isinstance(baud, int) or not 1 <= baud < 1 << 64:
        raise ValueError(f"{shown(baud)} baud: use a rate in bits a second, such as 9600")
    divisor = round(BASE_BAUD / baud)
    if not 1 <= divisor <= LARGEST_DIVISOR or abs(BASE_BAUD / divisor / baud - 1) > BAUD_TOLERANCE:
        raise ValueError(
            f"{baud} baud is not {BASE_BAUD} over a whole number: use {BASE_BAUD}, 57600, 9600 or the like"
        )
    return divisor

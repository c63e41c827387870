"""One channel's address and word count: base and current, byte access, stepping and reloading."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 5 to 7.

from __future__ import annotations

from isadma_sim.reference.regs import MODE_AUTOINITIALIZE, MODE_DECREMENT, MODE_STORED, Service, Transfer

_WORD = 0xFFFF


class Channel:
    """Registers of one channel; RESET and Master Clear do not touch them.

    Attributes
    ----------
    address, count : int
        Current address and current word count (16 bits); a count of N is N + 1 transfers.
    base_address, base_count : int
        What autoinitialization reloads (16 bits).
    mode : int
        Mode register, bits 7-2 of what was written (bits 1-0 are 0).
    service, transfer : int
        Mode bits 7-6 and 3-2, one of `Service` and `Transfer`.
    autoinitialize : bool
        Mode bit 4.
    """

    __slots__ = (
        "_increment",
        "address",
        "autoinitialize",
        "base_address",
        "base_count",
        "count",
        "mode",
        "service",
        "transfer",
    )

    def __init__(self) -> None:
        self.address = self.base_address = 0
        self.count = self.base_count = 0
        self.set_mode(0)

    def set_mode(self, value: int) -> None:
        """Take a byte written to the mode register (its bits 1-0 chose this channel)."""
        self.mode = value & MODE_STORED
        self.service = int(Service(value >> 6 & 3))
        self.transfer = int(Transfer(value >> 2 & 3))
        self.autoinitialize = bool(value & MODE_AUTOINITIALIZE)
        self._increment = -1 if value & MODE_DECREMENT else 1

    def write_address(self, value: int, high: bool) -> None:
        """Write one byte of base and current address at once."""
        self.base_address = _with_byte(self.base_address, value, high)
        self.address = _with_byte(self.address, value, high)

    def write_count(self, value: int, high: bool) -> None:
        """Write one byte of base and current word count at once."""
        self.base_count = _with_byte(self.base_count, value, high)
        self.count = _with_byte(self.count, value, high)

    def step(self, hold: bool = False) -> None:
        """Count one transfer: the word count down, the address up or down, or held (memory-to-memory's source)."""
        self.count = (self.count - 1) & _WORD
        if not hold:
            self.address = (self.address + self._increment) & _WORD

    def reload(self) -> None:
        """Autoinitialize: current from base."""
        self.address = self.base_address
        self.count = self.base_count


def _with_byte(word: int, byte: int, high: bool) -> int:
    return (word & 0x00FF) | byte << 8 if high else (word & 0xFF00) | byte

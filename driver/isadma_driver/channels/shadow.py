"""What the driver remembers of one channel, because the chip cannot be asked: mode, base and mask do not read back."""

from __future__ import annotations

from dataclasses import dataclass

from isadma_driver.ports import Mode


@dataclass
class Shadow:
    """One channel's last programming.

    Attributes
    ----------
    mode, address, count : int
        As set: mode byte without channel bits, physical address, bytes (0 = never set).
    address_fresh, count_fresh : bool
        Set since the channel was last enabled.
    enabled : bool
        Wanted unmasked; a freeze masks it in the chip all the same.
    started, finished : bool
        Enabled since it was programmed; terminal count seen since then (one status read clears the chip's four bits).
    """

    mode: int = 0
    address: int = 0
    count: int = 0
    address_fresh: bool = False
    count_fresh: bool = False
    enabled: bool = False
    started: bool = False
    finished: bool = False

    @property
    def decrement(self) -> bool:
        """Whether the addresses count down."""
        return bool(self.mode & Mode.DECREMENT)

    @property
    def autoinit(self) -> bool:
        """Whether the chip starts over by itself at terminal count."""
        return bool(self.mode & Mode.AUTOINIT)

    def set_mode(self, mode: int) -> None:
        """Remember the mode."""
        self.mode = mode

    def set_address(self, address: int) -> None:
        """Remember the start address of the next transfer."""
        self.address, self.address_fresh = address, True

    def set_count(self, count: int) -> None:
        """Remember the bytes of the next transfer."""
        self.count, self.count_fresh = count, True
        self.started = self.finished = False

    def enable(self) -> None:
        """Note that the channel was unmasked."""
        self.enabled = self.started = True
        self.address_fresh = self.count_fresh = False

    def finish(self) -> None:
        """Note that terminal count was seen; a channel that does not start over has masked itself."""
        self.finished = True
        if not self.autoinit:
            self.enabled = False

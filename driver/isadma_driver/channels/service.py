"""The DMA of a machine: start a transfer with one call, and ask how far it is."""

# Ref: Intel 8237A data sheet 231466-005, pages 7 (count after terminal count), 9 (status), 11 (programming).

from __future__ import annotations

from enum import Enum

from isadma_driver.channels import limits
from isadma_driver.channels.board import CASCADE_CHANNEL
from isadma_driver.channels.ownership import Claim
from isadma_driver.channels.power import Power
from isadma_driver.errors import DmaError
from isadma_driver.ports import DMA_MODE_READ, Mode

#: Reads of a running count before the channel is masked. Masking is the last resort: some bridges hang on it.
STEADY_READS = 4


class Phase(Enum):
    """Where a channel stands; a residue of 0 alone would not tell."""

    IDLE = "nothing programmed"
    READY = "programmed, not started"
    RUNNING = "started"
    DONE = "terminal count reached"


class Dma(Power):
    """The DMA of one machine.

    Parameters
    ----------
    machine : Machine
        Whose ports to use. Nothing is touched before the first call.
    board : Board, optional
        `AT` (two controllers, 16 MB) or `XT` (one controller, 1 MB).
    """

    def start_dma(self, claim: Claim, address: int, length: int, mode: int = DMA_MODE_READ) -> None:
        """Program a channel and let it go, all in one.

        Parameters
        ----------
        claim : Claim
            The channel.
        address, length : int
            Physical address and bytes.
        mode : int, optional
            Mode byte without channel bits.

        Raises
        ------
        DmaError, ValueError
            The channel is not held, or cannot do it; no port is touched.
        """
        channel = self.channels.check(claim)
        self.check_mode(channel, mode)
        mode = int(mode)
        limits.check_range(self.board, channel, address, length, decrement=bool(mode & Mode.DECREMENT))
        with self.claim_dma_lock():
            self.disable_dma(claim)
            self.clear_dma_ff(claim)
            self.set_dma_mode(claim, mode)
            self.set_dma_addr(claim, address)
            self.set_dma_count(claim, length)
            self.enable_dma(claim)

    # Questions ------------------------------------------------------------------------------------------------------

    def get_dma_residue(self, claim: Claim) -> int:
        """Return how many bytes are still to be moved: also right while the channel runs.

        0 means that terminal count was reached; before the start it is the whole count. With autoinitialize it is
        what is left of the present lap.

        Raises
        ------
        DmaError
            No count was ever set.
        """
        channel = self.channels.check(claim)
        with self.lock.acquire():
            shadow = self.shadows[channel]
            if not shadow.count:
                raise DmaError(f"DMA channel {channel} has no transfer to ask about: call set_dma_count first")
            if self.dma_finished(claim) and not shadow.autoinit:
                return 0
            left = (self._steady_count(channel) + 1) * self.board.width(channel)
            if shadow.autoinit:
                return left
            # FFFFh is 64K not begun, or nothing left: only the terminal count bit tells, so look again.
            if left > shadow.count or (left == self.board.span(channel) and self.dma_finished(claim)):
                return 0
            return left

    def dma_finished(self, claim: Claim) -> bool:
        """Return whether the channel has reached terminal count since it was enabled.

        One read of the status register clears the bits of four channels, so each channel's is kept here.
        """
        channel = self.channels.check(claim)
        with self.lock.acquire():
            if not self.shadows[channel].finished:
                self.collect(channel)
            return self.shadows[channel].finished

    def dma_phase(self, claim: Claim) -> Phase:
        """Return where the channel stands: idle, ready, running or done."""
        with self.lock.acquire():
            shadow = self.shadows[self.channels.check(claim)]
            if not shadow.count:
                return Phase.IDLE
            if not shadow.started:
                return Phase.READY
            return Phase.DONE if self.dma_finished(claim) else Phase.RUNNING

    def dma_requests(self) -> list[int]:
        """Return the channels that a device requests now, masked ones too.

        The status register shows it: so a driver finds out which channel a jumper connects. Its terminal counts, which
        the read clears, are kept for their drivers.
        """
        found: list[int] = []
        with self.lock.acquire():
            for chip in self.controllers:
                requests, counted = chip.requesting()
                found += [channel for channel in requests if channel != CASCADE_CHANNEL]
                for channel in counted:
                    if channel < len(self.shadows):
                        self.shadows[channel].finish()
        return found

    def _steady_count(self, channel: int) -> int:
        """Return a running channel's count register, whole.

        The chip has no latch: between the two bytes the count moves on. A low byte between two equal high bytes
        belongs to them, so read on until that is seen; a channel too fast for this is masked for one read.
        """
        chip = self.chip(channel)
        chip.clear_flip_flop()
        high = chip.read_count(channel) >> 8
        for _ in range(STEADY_READS):
            count = chip.read_count(channel)
            if count >> 8 == high:
                return count
            high = count >> 8
        chip.mask(channel)
        count = chip.read_count(channel)
        if self.shadows[channel].enabled and not self.frozen:
            self.collect(channel)
            shadow = self.shadows[channel]
            # The chip masked a finished channel itself; unmasking that one would start it over.
            if shadow.autoinit or not shadow.finished:
                chip.unmask(channel)
        return count

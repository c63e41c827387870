"""The DMA core with the kernel's names: own a channel, and program it register by register."""

# Ref: Linux 6.1 asm/dma.h and kernel/dma.c (names only); Intel 8237A data sheet 231466-005, page 11 (programming).

from __future__ import annotations

from collections.abc import Collection

from isadma_driver.channels import limits
from isadma_driver.channels.board import AT, Board
from isadma_driver.channels.controller import CHIP_CHANNELS, Controller
from isadma_driver.channels.lock import DmaLock, LockFlags
from isadma_driver.channels.ownership import Channels, Claim, Kind, Wiring
from isadma_driver.channels.shadow import Shadow
from isadma_driver.checks.values import as_int, as_kind
from isadma_driver.errors import LockNotHeldError, NotOwnerError
from isadma_driver.machines.machine import Machine
from isadma_driver.ports import MODE_CHANNEL, MODE_KIND, MODE_TRANSFER, Dma1, Dma2, Mode


class DmaCore:
    """Channels, lock and setters of one machine's DMA; `Dma` adds what is built on them.

    Parameters
    ----------
    machine : Machine
        Whose ports to use. Nothing is touched before the first call.
    board : Board, optional
        `AT` (two controllers, 16 MB) or `XT` (one controller, 1 MB).
    """

    def __init__(self, machine: Machine, *, board: Board = AT) -> None:
        self.machine = machine
        self.board = as_kind("board", board, Board, "give AT or XT")
        self.channels = Channels(board)
        self.controllers = [Controller(machine, Dma1)]
        if board.channels > CHIP_CHANNELS:
            self.controllers.append(Controller(machine, Dma2))
        self.lock = DmaLock()
        self.shadows = [Shadow() for _ in range(board.channels)]
        self.frozen = 0

    # Ownership ------------------------------------------------------------------------------------------------------

    def request_dma(self, channel: int, owner: str, wiring: Wiring = Wiring.SOFTWARE) -> Claim:
        """Take a channel for `owner`; see `Channels.request_dma`."""
        return self._fresh(self.channels.request_dma(channel, owner, wiring))

    def request_free(self, kind: Kind, owner: str, among: Collection[int] | None = None) -> Claim:
        """Take the lowest free channel of a kind; see `Channels.request_free`."""
        return self._fresh(self.channels.request_free(kind, owner, among))

    def find_free(self, kind: Kind, among: Collection[int] | None = None) -> int:
        """Return the lowest free channel of a kind; see `Channels.find_free`."""
        return self.channels.find_free(kind, among)

    def free_dma(self, claim: Claim) -> None:
        """Mask a channel and give it back.

        Raises
        ------
        NotOwnerError
            It is not held by this claim; no port is touched then.
        """
        self.channels.check(claim)
        self.disable_dma(claim)
        self.channels.free_dma(claim)

    def proc_dma(self) -> str:
        """Return the text of /proc/dma."""
        return self.channels.proc_dma()

    # The lock -------------------------------------------------------------------------------------------------------

    def claim_dma_lock(self) -> LockFlags:
        """Take the lock that every setter needs; use it as `with dma.claim_dma_lock():`."""
        return self.lock.acquire()

    def release_dma_lock(self, flags: LockFlags) -> None:
        """Give the lock back, where no `with` block does."""
        as_kind("flags", flags, LockFlags, "give what claim_dma_lock returned").release()

    # The setters ----------------------------------------------------------------------------------------------------

    def clear_dma_ff(self, claim: Claim) -> None:
        """Make the next byte to the channel's controller a low byte."""
        self.chip(self._own(claim, "clear_dma_ff")).clear_flip_flop()

    def set_dma_mode(self, claim: Claim, mode: int) -> None:
        """Set a channel's mode.

        Parameters
        ----------
        claim : Claim
            The channel.
        mode : int
            Mode byte without channel bits, such as `DMA_MODE_READ` (44h) or `DMA_MODE_WRITE | DMA_AUTOINIT`.

        Raises
        ------
        ValueError
            Not a byte, channel bits set, or both transfer bits set, which the data sheet calls illegal.
        """
        channel = self._own(claim, "set_dma_mode")
        self.check_mode(channel, mode)
        mode = int(mode)
        self.shadows[channel].set_mode(mode)
        self.chip(channel).write_mode(channel, mode)

    def set_dma_page(self, claim: Claim, page: int) -> None:
        """Set a channel's page register: address bits 23 to 16 (even for a 16-bit channel), or 19 to 16 on an XT.

        Raises
        ------
        ValueError
            The page register cannot hold it.
        """
        channel = self._own(claim, "set_dma_page")
        last = (self.board.reach >> 16) - 1
        page = as_int(f"page {{}} for DMA channel {channel}: use 0 to {last:X}h", page, 0, last)
        if page % self.board.width(channel):
            raise ValueError(
                f"page {page:X}h for DMA channel {channel} is odd; 16-bit channels ignore bit 0: use {page - 1:X}h"
            )
        self.write_page(channel, page)

    def set_dma_addr(self, claim: Claim, address: int) -> None:
        """Set a channel's page and address, from a physical address in bytes.

        Raises
        ------
        ValueError, AddressLimitError, AlignmentError
            The channel cannot start there; no port is touched.
        """
        channel = self._own(claim, "set_dma_addr")
        limits.check_address(self.board, channel, address)
        address = int(address)
        width = self.board.width(channel)
        self.shadows[channel].set_address(address)
        self.write_page(channel, address // self.board.span(channel) * width)
        self.chip(channel).write_address(channel, address // width & 0xFFFF)

    def set_dma_count(self, claim: Claim, count: int) -> None:
        """Set a channel's count, in bytes.

        Raises
        ------
        ValueError, LengthError, AlignmentError, BoundaryError
            The channel cannot move that much from the address set before; no port is touched.
        """
        channel = self._own(claim, "set_dma_count")
        limits.check_length(self.board, channel, count)
        count = int(count)
        shadow = self.shadows[channel]
        if shadow.address_fresh:
            limits.check_range(self.board, channel, shadow.address, count, decrement=shadow.decrement)
        shadow.set_count(count)
        self.chip(channel).write_count(channel, count // self.board.width(channel) - 1)

    def enable_dma(self, claim: Claim) -> None:
        """Unmask a channel: from now on its device's requests are answered.

        A terminal count left over from an earlier transfer is read away first; those of other channels are kept.

        Raises
        ------
        BoundaryError
            Address and count, set in any order, do not fit together; no port is touched.
        """
        channel = self.channels.check(claim)
        with self.lock.acquire():
            shadow = self.shadows[channel]
            if shadow.address_fresh and shadow.count_fresh:
                limits.check_range(self.board, channel, shadow.address, shadow.count, decrement=shadow.decrement)
            if shadow.count_fresh:
                self.collect(channel)
                shadow.finished = False
            shadow.enable()
            if not self.frozen:
                self.chip(channel).unmask(channel)

    def disable_dma(self, claim: Claim) -> None:
        """Mask a channel: its device's requests wait. What it has moved stays moved; `enable_dma` goes on."""
        channel = self.channels.check(claim)
        with self.lock.acquire():
            self.shadows[channel].enabled = False
            self.chip(channel).mask(channel)

    # Below the names ------------------------------------------------------------------------------------------------

    def chip(self, channel: int) -> Controller:
        """Return the controller that a channel is on."""
        return self.controllers[self.channels.check_number(channel) // CHIP_CHANNELS]

    @staticmethod
    def check_mode(channel: int, mode: int) -> None:
        """Raise ValueError unless `mode` is a legal mode byte without channel bits."""
        advice = "use a byte with bits 1-0 clear, like 44h"
        if as_int(f"mode {{}} for DMA channel {channel}: {advice}", mode, 0, 0xFF) & MODE_CHANNEL:
            raise ValueError(f"mode {mode!r} for DMA channel {channel}: {advice}")
        if mode & MODE_TRANSFER == MODE_TRANSFER and mode & MODE_KIND != Mode.CASCADE:
            raise ValueError(f"mode {mode:02X}h for DMA channel {channel} is illegal: bits 3-2 are both set")

    def _fresh(self, claim: Claim) -> Claim:
        self.shadows[claim.channel] = Shadow()
        return claim

    def _own(self, claim: Claim, setter: str) -> int:
        channel = self.channels.check(claim)
        if not self.lock.held():
            raise LockNotHeldError(
                f"{setter} on DMA channel {channel} without the DMA lock, and others share its flip-flop: "
                "wrap the setters in `with dma.claim_dma_lock():`"
            )
        return channel

    def write_page(self, channel: int, page: int) -> None:
        """Write a channel's page register; whose it is is not checked."""
        channel = self.channels.check_number(channel)
        if channel not in self.board.pages:
            raise NotOwnerError(f"DMA channel {channel} has no page register: it is the cascade")
        self.machine.outb(self.board.pages[channel], as_int("page", page, 0, 0xFF))

    def collect(self, channel: int) -> None:
        """Read the status of a channel's controller and keep every terminal count it shows."""
        for done in self.chip(channel).terminal_counts():
            if done < len(self.shadows):
                self.shadows[done].finish()

"""Stop all DMA for a while, and carry it over a loss of power: freeze and thaw, suspend and resume."""

# Ref: NetBSD isadma.c 1.66 (freeze and thaw are counted), Linux 6.1 arch/x86/kernel/i8237.c (resume): behaviour only.
# Ref: Intel 8237A data sheet 231466-005, page 11 (modes valid before anything is enabled); IBM PC BIOS (refresh).

from __future__ import annotations

from dataclasses import dataclass

from isadma_driver.channels.board import CASCADE_CHANNEL
from isadma_driver.channels.controller import CHIP_CHANNELS
from isadma_driver.channels.setters import DmaCore
from isadma_driver.errors import DmaError
from isadma_driver.ports import Mode

#: How the firmware of the PC/XT programs the channel that refreshes memory.
REFRESH_MODE, REFRESH_COUNT = Mode.SINGLE | Mode.AUTOINIT | Mode.READ, 0xFFFF

_ALL_MASKED = (1 << CHIP_CHANNELS) - 1


@dataclass(frozen=True)
class Saved:
    """What one channel's registers held: counts and addresses as the chip has them."""

    address: int
    count: int


class Power(DmaCore):
    """The part of `Dma` that stops and carries over; it knows every channel, whoever holds it."""

    _saved: list[Saved] | None = None

    def freeze_dma(self) -> None:
        """Stop all channels; each call needs its own `thaw_dma`. Nothing already moved is lost."""
        with self.lock.acquire():
            self.frozen += 1
            if self.frozen == 1:
                for chip in self.controllers:
                    chip.write_masks(_ALL_MASKED & ~self._kept_by_board(chip.first))

    def thaw_dma(self) -> None:
        """Take one freeze back; with the last, let every channel go on that was enabled and is not done.

        Raises
        ------
        DmaError
            Nothing is frozen.
        """
        with self.lock.acquire():
            if not self.frozen:
                raise DmaError("thaw without freeze: DMA was not frozen")
            self.frozen -= 1
            if not self.frozen:
                self._unmask_enabled()

    def suspend_dma(self) -> None:
        """Freeze, and keep every channel's registers.

        Raises
        ------
        DmaError
            It is suspended already.
        """
        with self.lock.acquire():
            if self._saved is not None:
                raise DmaError("suspend: DMA is suspended already, resume it first")
            self.freeze_dma()
            self._saved = []
            for chip in self.controllers:
                # A channel that finished shows so only here: its terminal count would be gone after the reset.
                self.collect(chip.first)
                chip.clear_flip_flop()
                self._saved += [Saved(chip.read_address(each), chip.read_count(each)) for each in chip.channels]

    def resume_dma(self) -> None:
        """Bring both controllers up from nothing, give every channel its registers back, and thaw.

        A channel that autoinitializes starts its lap over: the chip's base registers cannot be read.

        Raises
        ------
        DmaError
            It is not suspended.
        """
        with self.lock.acquire():
            if self._saved is None:
                raise DmaError("resume: DMA is not suspended")
            saved, self._saved = self._saved, None
            self._bring_up()
            for channel, shadow in enumerate(self.shadows):
                if not shadow.count:
                    continue
                width = self.board.width(channel)
                chip = self.chip(channel)
                chip.write_mode(channel, shadow.mode)
                self.write_page(channel, shadow.address // self.board.span(channel) * width)
                if shadow.mode & Mode.AUTOINIT:
                    chip.write_address(channel, shadow.address // width & 0xFFFF)
                    chip.write_count(channel, shadow.count // width - 1)
                else:
                    chip.write_address(channel, saved[channel].address)
                    chip.write_count(channel, saved[channel].count)
            self.thaw_dma()

    def reset_dma(self) -> None:
        """Bring both controllers up from nothing: for a machine whose firmware has not done it.

        Raises
        ------
        DmaError
            A driver holds a channel; no port is touched then.
        """
        with self.lock.acquire():
            held = [each for each in range(self.board.channels) if each not in self.board.reserved]
            taken = [f"{each} by {self.channels.owner(each)!r}" for each in held if self.channels.owner(each)]
            if taken:
                raise DmaError(f"reset would stop drivers: DMA channel {', '.join(taken)} must be freed first")
            self._bring_up()
            self._unmask_enabled()

    def _bring_up(self) -> None:
        for chip in self.controllers:
            chip.reset()
        for channel in self._refreshing():
            self.chip(channel).write_count(channel, REFRESH_COUNT)
            self.chip(channel).write_mode(channel, REFRESH_MODE)

    def _unmask_enabled(self) -> None:
        for chip in self.controllers:
            self.collect(chip.first)
            masks = _ALL_MASKED & ~self._kept_by_board(chip.first)
            for index, channel in enumerate(chip.channels):
                if self.shadows[channel].enabled or channel == CASCADE_CHANNEL:
                    masks &= ~(1 << index)
            chip.write_masks(masks)

    def _kept_by_board(self, first: int) -> int:
        """Return the mask bits of channels that even a freeze must not stop: the refresh of the XT's memory."""
        return sum(1 << channel - first for channel in self._refreshing() if channel - first in range(CHIP_CHANNELS))

    def _refreshing(self) -> list[int]:
        return [channel for channel in self.board.reserved if channel != CASCADE_CHANNEL]

"""The host adapter's driver: takes channel and interrupt, sets the channel to cascade, runs commands in mailboxes."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 5, "Description of Operation".
# Ref: Intel 8237A data sheet 231466-005, page 5 (cascade mode).

from __future__ import annotations

from collections.abc import Sequence

from isadma_driver.channels.ownership import Claim, Kind, Wiring
from isadma_driver.checks.values import as_int
from isadma_driver.errors import ChannelBusyError, ScsiError
from isadma_driver.interrupts import InterruptLine
from isadma_driver.kernel import Kernel
from isadma_driver.memory.pages import PAGE, Block
from isadma_driver.ports import DMA_MODE_CASCADE
from isadma_driver.scsi import codes
from isadma_driver.scsi.board import Board
from isadma_driver.scsi.codes import Command, Control
from isadma_driver.scsi.mailboxes import COUNT, Extent, Mailboxes, Outcome

#: How long a SCSI command may take, in seconds.
SCSI_SECONDS = 5.0

_CHANNEL = "DMA channel {} for the SCSI adapter: it has 0, 5, 6 and 7"


class Adapter:
    """A host adapter held by its driver.

    Parameters
    ----------
    kernel : Kernel
        Channels, interrupts and memory.
    base : int
        First port.
    dma : int or None
        The channel to use (0, 5, 6, 7). None: the one the board is set to if that is free, else a free word channel.

    Raises
    ------
    ScsiError, DmaTimeoutError
        No adapter, or one that does not work.
    ChannelBusyError
        No channel to be had; the error names who has them.

    Attributes
    ----------
    claim : Claim
        The channel.
    resets : int
        How often the adapter had to be reset because it did not answer.
    """

    def __init__(self, kernel: Kernel, base: int = codes.BASE, dma: int | None = None) -> None:
        if dma is not None and as_int(_CHANNEL, dma, 0, 7) not in codes.CHANNELS:
            raise ValueError(_CHANNEL.replace("{}", str(dma)))
        base = as_int("no SCSI adapter at {}: its base is 130h to 334h", base, 0, 0xFFFC)
        self._kernel = kernel
        self.board = Board(kernel.machine, base)
        self.resets = 0
        self._closed = False
        self._line: InterruptLine | None = None
        self._block: Block | None = None
        self._outcome: Outcome | None = None
        self.board.reset()
        self.claim: Claim = self._take_channel(dma)
        try:
            _, irq, self.address = self.board.configuration()
            self._line = kernel.interrupts.request_irq(irq, "scsi")
            self._block = kernel.pages.alloc(PAGE, "scsi")
            self.mailboxes = Mailboxes(kernel.machine.memory, self._block)
            self._set_up()
        except BaseException:
            self.close()
            raise

    def _take_channel(self, wanted: int | None) -> Claim:
        dma = self._kernel.dma
        identity = self.board.command(Command.INQUIRY, reply=codes.INQUIRY_BYTES)
        has, _, _ = self.board.configuration()
        chooses = self._chooses = identity[0] >= codes.SOFTWARE_BOARD
        wiring = Wiring.SOFTWARE if chooses else Wiring.JUMPER
        if not chooses and wanted not in (None, has):
            raise ScsiError(
                f"the SCSI adapter is set to DMA channel {has} by jumper: move it to {wanted}, or give dma=None"
            )
        try:
            claim = dma.request_dma(has if wanted is None else wanted, "scsi", wiring)
        except ChannelBusyError:
            if wanted is not None or not chooses:
                raise
            claim = dma.request_free(Kind.WORD, "scsi")
        if claim.channel != has:
            try:
                self.board.choose_channel(claim.channel)
            except BaseException:
                dma.free_dma(claim)
                raise
        return claim

    def _set_up(self) -> None:
        """Bring channel and mailboxes to where commands can run; the adapter was reset before."""
        dma = self._kernel.dma
        with dma.claim_dma_lock():
            dma.disable_dma(self.claim)
            dma.set_dma_mode(self.claim, DMA_MODE_CASCADE)
            dma.enable_dma(self.claim)
        self.mailboxes.clear()
        if self._chooses:
            self.board.unlock_mailboxes()
        self.board.command(Command.MAILBOX_INIT, COUNT, *self.mailboxes.address.to_bytes(3, "big"))

    def devices(self) -> list[int]:
        """Return the SCSI addresses at which devices answer."""
        found = self.board.command(Command.INSTALLED_DEVICES, reply=codes.DEVICES_BYTES)
        return [target for target, units in enumerate(found) if units]

    def recover(self) -> None:
        """Reset an adapter that does not answer, and set everything up anew. Every device sees a bus reset."""
        self.resets += 1
        self.board.reset()
        self._set_up()

    def run(self, cdb: bytes, target: int, direction: int, extents: Sequence[Extent], what: str) -> Outcome:
        """Run one command to its end.

        Parameters
        ----------
        cdb, target, direction, extents
            As for `Mailboxes.post`.
        what : str
            What it is, for errors.

        Raises
        ------
        DmaTimeoutError
            It did not end in time.
        ScsiError
            The adapter was closed, or talks of something else.
        """
        if self._closed or self._line is None:
            raise ScsiError(f"{what}: the SCSI driver was closed: open it again")
        self._outcome = None
        self.mailboxes.post(cdb, target, direction, extents)
        self.board.send(Command.START_SCSI)
        self._line.wait(seconds=SCSI_SECONDS, done=self._over, what=what)
        assert self._outcome is not None
        return self._outcome

    def _over(self) -> bool:
        self.board.interrupt()
        self._outcome = self._outcome or self.mailboxes.take()
        return self._outcome is not None

    def stop(self) -> None:
        """Make the adapter let go of memory: whatever it was at, it forgets."""
        self.board.control(Control.SOFT_RESET)

    def close(self) -> None:
        """Stop the adapter and give back channel, interrupt and memory. May be called twice."""
        if self._closed:
            return
        self._closed = True
        try:
            self.stop()
        finally:
            if self._line is not None:
                self._line.free()
            if self.claim.held:
                self._kernel.dma.free_dma(self.claim)
            if self._block is not None:
                self._kernel.pages.free(self._block)

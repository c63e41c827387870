"""The crowd's sound card: 16-bit stereo without a gap, on a channel that its driver found free."""

from __future__ import annotations

import random
from contextlib import ExitStack

from isadma_cli.tour.crowd.member import Member, MemberReport
from isadma_driver import Kernel
from isadma_driver.sound import SoundDriver
from isadma_sim import PC
from isadma_sim.devices.sound import SoundBlaster16

_RATE, _FRAME = 22_050, 4
#: Both halves of the buffer: 46 ms each.
_BUFFER = 8192


class SoundMember(Member):
    """A Sound Blaster 16, filled half a buffer at a time by its interrupt.

    Parameters
    ----------
    seconds : float
        How long it plays.
    """

    name = "sound"
    irq = 5

    def __init__(self, seconds: float) -> None:
        self._samples = random.Random("crowd sound").randbytes(round(seconds * _RATE) * _FRAME)

    def plug(self, pc: PC, stack: ExitStack) -> None:
        """Attach the card."""
        self._card = SoundBlaster16()
        pc.attach(self._card)
        self.watch(pc, self._card)

    def load(self, kernel: Kernel, stack: ExitStack) -> None:
        """Load its driver, which picks channels and tells the card."""
        self._interrupts = kernel.interrupts
        self._driver = stack.enter_context(SoundDriver(kernel, irq=self.irq, buffer_bytes=_BUFFER))

    def begin(self) -> None:
        """Play."""
        self._stream = self._driver.start_playing(self._samples, rate=_RATE, bits=16, channels=2)

    def handler(self, interrupt: object) -> None:
        """Fill the half that was heard."""
        # The end comes first: after the last block the driver waits for what is in the card's FIFO.
        self._interrupts.end_of_interrupt(self.irq)
        self._stream.poll()

    @property
    def idle(self) -> bool:
        """Whether all of it was heard."""
        return not self._stream.running

    def report(self) -> MemberReport:
        """Compare what was heard with what was to be played, sample for sample."""
        heard = b"".join(bytes(take.data) for take in self._card.takes)
        channels = (self._driver.hdma,) if self._driver.hdma is not None else (self._driver.dma,)
        lost = self._card.underruns * _FRAME
        return self.accounted(
            channels=channels,
            bytes=len(heard),
            right=self._samples.startswith(heard) and (not self.idle or heard == self._samples),
            lost=lost,
            counted=not lost,
        )

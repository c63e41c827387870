"""The crowd's network card: a frame forty times a second, each answered, by DMA through one packet buffer."""

from __future__ import annotations

import random
from contextlib import ExitStack

from isadma_cli.tour.crowd.member import Member, MemberReport
from isadma_driver import Kernel
from isadma_driver.ethernet import EtherLinkDriver
from isadma_sim import PC
from isadma_sim.devices.ethernet import EtherLink

_PORT, _DMA = 0x300, 3
#: Seconds between frames, and the sizes of their data.
_PAUSE, _SIZES = 0.025, (46, 400)
_TYPE = b"\x08\x06"
#: The far end's address.
_FAR = b"\x02\x60\x8c\x00\x00\x01"
_ADDRESSES, _SHORTEST = 12, 60


class EthernetMember(Member):
    """A 3C501 whose jumpers say channel 3; its buffer holds one frame, coming or going."""

    name = "etherlink"
    irq = 3

    def __init__(self) -> None:
        self._dice = random.Random("crowd ethernet")
        self._arrived: list[bytes] = []
        self._got: list[bytes] = []
        self._answers: list[bytes] = []
        self._running = False

    def plug(self, pc: PC, stack: ExitStack) -> None:
        """Attach the card."""
        self._pause = round(_PAUSE * pc.clock_hz)
        self._card = EtherLink(_PORT, dma=_DMA, irq=self.irq)
        pc.attach(self._card)
        self.watch(pc, self._card)

    def load(self, kernel: Kernel, stack: ExitStack) -> None:
        """Load its driver."""
        self._interrupts = kernel.interrupts
        self._driver = stack.enter_context(EtherLinkDriver(kernel, port=_PORT, irq=self.irq, dma=_DMA))

    def begin(self) -> None:
        """Let the far end talk."""
        self._running = True
        self._talk()

    def end(self) -> None:
        """Let the far end be silent."""
        self._running = False

    def _talk(self) -> None:
        """Put a frame on the wire, and order the next one."""
        if self._running:
            frame = self._driver.address + _FAR + _TYPE + self._dice.randbytes(self._dice.randint(*_SIZES))
            self._arrived.append(frame)
            self._card.receive(frame)
            self.lines.after(self._pause, self._talk)

    def handler(self, interrupt: object) -> None:
        """Fetch what came, and answer it."""
        # The end comes first: the driver waits for the interrupts of its own transfers.
        self._interrupts.end_of_interrupt(self.irq)
        while (frame := self._driver.poll()) is not None:
            self._got.append(frame)
            answer = frame[6:_ADDRESSES] + frame[:6] + frame[_ADDRESSES:][::-1]
            self._answers.append(answer.ljust(_SHORTEST, b"\0"))
            self._driver.send(answer)

    @property
    def idle(self) -> bool:
        """Whether every frame was fetched and answered."""
        return len(self._got) == len(self._arrived) and len(self._card.sent) == len(self._answers)

    def report(self) -> MemberReport:
        """Compare frames, those that came and those that went."""
        sent = [bytes(packet.frame) for packet in self._card.sent]
        return self.accounted(
            channels=(_DMA,),
            bytes=sum(map(len, self._got + sent)),
            right=self._got == self._arrived and sent == self._answers,
            lost=self._card.missed,
            counted=not self._card.missed and not self._driver.errors,
        )

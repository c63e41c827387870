"""The crowd's modem: characters both ways, by interrupts, without a FIFO to hide anything."""

from __future__ import annotations

import random
from contextlib import ExitStack

from isadma_cli.tour.bench import BAUD
from isadma_cli.tour.crowd.member import Member, MemberReport
from isadma_driver import Kernel, Modem
from isadma_sim import PC
from isadma_sim.devices.serial import COM1, IRQ, SerialPort


class ModemMember(Member):
    """An 8250 at 9600 baud.

    Parameters
    ----------
    characters : int
        How many come in; as many are to go out.
    """

    name = "modem"
    irq = IRQ

    def __init__(self, characters: int) -> None:
        self._text = random.Random("crowd modem").randbytes(characters)

    def plug(self, pc: PC, stack: ExitStack) -> None:
        """Attach the serial port."""
        self._port = SerialPort(COM1, variant="8250")
        pc.attach(self._port, irq=IRQ)
        self.watch(pc, self._port)

    def load(self, kernel: Kernel, stack: ExitStack) -> None:
        """Load its driver."""
        self._modem = stack.enter_context(Modem(kernel, baud=BAUD))

    def begin(self) -> None:
        """Let the far end talk, and answer."""
        self._port.receive(self._text, baud=BAUD)
        self._modem.put(self._text[::-1])

    @property
    def idle(self) -> bool:
        """Whether all has come in and all has gone out."""
        gone = len(self._port.sent) == len(self._text)
        return gone and self._modem.available + self._port.overruns == len(self._text)

    def handler(self, interrupt: object) -> None:
        """Handle its interrupt."""
        self._modem.interrupt(interrupt)

    def report(self) -> MemberReport:
        """Compare both directions."""
        got, sent = self._modem.take(), bytes(self._port.sent)
        rest = iter(self._text)
        in_order = all(value in rest for value in got)
        lost = self._port.overruns
        noticed = self._modem.counters.overruns
        return self.accounted(
            channels=(),
            bytes=len(got) + len(sent),
            right=in_order and len(got) + lost == len(self._text) and sent == self._text[::-1],
            lost=lost,
            # One look at the line status can tell of several losses, so fewer are noticed; never more, never none.
            counted=noticed <= lost and bool(noticed) == bool(lost),
        )

"""A PC with a serial port at 3F8h on IRQ 4, and a driver for it."""

import pytest

from isadma_driver import Kernel, Modem
from isadma_sim import PC
from isadma_sim.devices.serial import COM1, IRQ, SerialPort


class Rig:
    def __init__(self, pc, variant):
        self.pc = pc
        self.port = SerialPort(COM1, variant=variant)
        pc.attach(self.port, irq=IRQ)
        self.kernel = Kernel(pc)

    def modem(self, **options):
        return Modem(self.kernel, **options)

    def served(self, **options):
        """Return a driver whose handler the machine calls."""
        modem = self.modem(**options)
        self.pc.on_irq(IRQ, modem.interrupt)
        return modem


@pytest.fixture
def rig():
    """Make a PC with a serial port of a variant, by an engine."""
    made = []

    def make(variant="16550A", *, engine="reference"):
        made.append(PC(engine=engine))
        return Rig(made[-1], variant)

    yield make
    for pc in made:
        pc.close()

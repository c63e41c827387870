"""The load under which engines are timed: a card that always has data, on a channel that never stops."""

from __future__ import annotations

from isadma_sim.machine.device import Device
from isadma_sim.pc import PC

__all__ = ["CHANNEL", "LAP", "Source", "start"]

#: Bytes of a lap: the most that one programming of an 8-bit channel moves.
LAP = 0x10000
#: A channel of DMA 1, so that every service passes both controllers.
CHANNEL = 1
_PAGE, _ADDRESS = 0x02, 0x0000
#: Demand mode, autoinitialize, from the device to memory.
_MODE = 0x14 | CHANNEL


class Source(Device):
    """A card that hands over a lap of bytes, and the next one as soon as that is through.

    Attributes
    ----------
    laps : int
        Laps done.
    """

    name = "bench"

    def __init__(self) -> None:
        self._data = bytearray(range(256)) * (LAP // 256)
        self.laps = 0

    def begin(self) -> None:
        """Ask for DMA, from now on."""
        self.lines.start_block(self._data, to_host=True, done=self._done)

    def _done(self, moved: int, counted: bool) -> None:
        self.laps += 1
        self.begin()


def start(pc: PC) -> Source:
    """Put the card into a PC, program its channel, and let it go."""
    source = Source()
    pc.attach(source, dma=CHANNEL)
    pc.outb(0x0C, 0)
    pc.outb(0x0B, _MODE)
    for port, value in ((2 * CHANNEL, _ADDRESS), (2 * CHANNEL + 1, LAP - 1)):
        pc.outb(port, value & 0xFF)
        pc.outb(port, value >> 8)
    pc.outb(0x83, _PAGE)
    pc.outb(0x0A, CHANNEL)
    source.begin()
    return source

"""The Sound Blasters there are: what tells one from another; no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from isadma_sim.devices.sound import regs
from isadma_sim.devices.sound.commands import COMMANDS, Entry


@dataclass(frozen=True)
class Model:
    """One of them.

    Attributes
    ----------
    name : str
        For messages.
    version : tuple of int
        The DSP's, major and minor.
    irqs, dmas : tuple of int
        Interrupt lines and 8-bit channels it can be connected to.
    fifo : bool
        Whether it has a FIFO; without one, a frame waits at most.
    paired : bool
        Whether a port of an odd number is the one below it, too.
    limits : tuple of int, or None
        Samples a second, of both channels together: playing, recording, and both in high-speed mode. None: the limit
        is `regs.HIGHEST_RATE` frames.
    """

    name: str
    version: tuple[int, int]
    irqs: tuple[int, ...]
    dmas: tuple[int, ...]
    fifo: bool = False
    paired: bool = True
    limits: tuple[int, int, int, int] | None = None

    @property
    def commands(self) -> tuple[Entry, ...]:
        """What each command does."""
        return COMMANDS[self.version]

    def frames(self, samples: Fraction, channels: int, *, to_host: bool, fast: bool) -> Fraction:
        """Return frames a second where a time constant asks for so many samples."""
        if self.limits is None:
            highest = Fraction(regs.TIME_CONSTANT_HZ, regs.HIGHEST_CONSTANT_DIVISOR)
            return min(samples / channels, highest)
        return min(samples, Fraction(self.limits[to_host + 2 * fast])) / channels


#: The limits are the guide's; a card asked for more gives that (choice).
SOUND_BLASTER: Final = Model(
    "Sound Blaster 1.5", (1, 5), (2, 3, 5, 7, 9), (1,), limits=(23_000, 13_000, 23_000, 13_000)
)
SOUND_BLASTER_2: Final = Model(
    "Sound Blaster 2.0", (2, 1), (2, 3, 5, 7, 9), (1, 3), limits=(23_000, 13_000, 44_100, 15_000)
)
SOUND_BLASTER_PRO: Final = Model(
    "Sound Blaster Pro", (3, 2), (2, 5, 7, 9, 10), (0, 1, 3), limits=(23_000, 23_000, 44_100, 44_100)
)
SOUND_BLASTER_16: Final = Model(
    "Sound Blaster 16", (4, 5), tuple(regs.IRQ_LINES.values()), tuple(regs.BYTE_CHANNELS.values()), True, False
)

"""Sound Blasters: the 16, which is told which channels to use, and those before it, which have jumpers."""

from isadma_sim.devices.sound.boards import SoundBlaster1, SoundBlaster2, SoundBlasterPro
from isadma_sim.devices.sound.card import SoundBlaster
from isadma_sim.devices.sound.regs import BASE
from isadma_sim.devices.sound.samples import Format, Take, Tape
from isadma_sim.devices.sound.sixteen import SoundBlaster16

__all__ = [
    "BASE",
    "Format",
    "SoundBlaster",
    "SoundBlaster1",
    "SoundBlaster2",
    "SoundBlaster16",
    "SoundBlasterPro",
    "Take",
    "Tape",
]

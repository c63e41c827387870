"""A Sound Blaster 16: the device that is told which channels to use."""

from isadma_sim.devices.sound.card import SoundBlaster16
from isadma_sim.devices.sound.regs import BASE
from isadma_sim.devices.sound.samples import Format, Take, Tape

__all__ = ["BASE", "Format", "SoundBlaster16", "Take", "Tape"]

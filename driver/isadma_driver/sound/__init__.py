"""The Sound Blaster driver."""

from isadma_driver.sound.driver import SoundDriver
from isadma_driver.sound.pcm import Pcm
from isadma_driver.sound.stream import Stream

__all__ = ["Pcm", "SoundDriver", "Stream"]

"""The keyboard, the AT's 8042 and the PC/XT's 8255 that it is plugged into, and hands that type."""

from isadma_sim.devices.keyboard.i8042 import KeyboardController
from isadma_sim.devices.keyboard.i8255 import KeyboardPort
from isadma_sim.devices.keyboard.keyboard import Keyboard
from isadma_sim.devices.keyboard.regs import IRQ
from isadma_sim.devices.keyboard.typist import Typist, strokes_of

__all__ = ["IRQ", "Keyboard", "KeyboardController", "KeyboardPort", "Typist", "strokes_of"]

"""The serial port of a PC: 8250, 16450, 16550A."""

from isadma_sim.devices.serial.regs import COM1, IRQ
from isadma_sim.devices.serial.uart import SerialPort

__all__ = ["COM1", "IRQ", "SerialPort"]

"""The modem driver: a serial port of the 8250 family by interrupts."""

from isadma_driver.modem.modem import Counters, Modem

__all__ = ["Counters", "Modem"]

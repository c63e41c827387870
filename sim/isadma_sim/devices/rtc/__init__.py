"""The AT's clock, an MC146818, and the memory on its battery (CMOS)."""

from isadma_sim.devices.rtc.clock import RealTimeClock
from isadma_sim.devices.rtc.regs import IRQ
from isadma_sim.devices.rtc.setup import checksum, set_up

__all__ = ["IRQ", "RealTimeClock", "checksum", "set_up"]

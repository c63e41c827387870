"""The world around the hardware: memory, devices, and the engines that run the chip."""

from isadma_sim.engines.base import ENGINES, EngineError, default_engine
from isadma_sim.machine.cputime import Costs, CpuTime, Usage
from isadma_sim.machine.device import Device, Lines
from isadma_sim.machine.interrupt_controllers import Interrupt
from isadma_sim.pc import PC

__all__ = [
    "ENGINES",
    "PC",
    "Costs",
    "CpuTime",
    "Device",
    "EngineError",
    "Interrupt",
    "Lines",
    "Usage",
    "default_engine",
]

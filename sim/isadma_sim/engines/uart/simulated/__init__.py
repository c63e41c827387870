"""The board's FPGA, simulated, with a pseudo-terminal for its serial port: no board is needed to try one."""

from .port import SimulatedPort, netlist, rtl

__all__ = ["SimulatedPort", "netlist", "rtl"]

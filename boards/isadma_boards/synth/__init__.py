"""How large and how fast a bare core is on an FPGA: the figures that `isadma synth` prints."""

from .cores import CORES
from .devices import DEVICES
from .report import Report, Size, measure, size

__all__ = ["CORES", "DEVICES", "Report", "Size", "measure", "size"]

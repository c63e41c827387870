"""The cores as one Verilog file each, for designs that are not written in Amaranth."""

from .cores import VERILOG_CORES
from .export import VARIANTS, export

__all__ = ["VARIANTS", "VERILOG_CORES", "export"]

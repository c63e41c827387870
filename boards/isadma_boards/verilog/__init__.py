"""The cores as one Verilog file each, for designs that are not written in Amaranth."""

from .cores import VERILOG_CORES
from .export import Exported, export
from .parameters import VARIANTS, read_settings

__all__ = ["VARIANTS", "VERILOG_CORES", "Exported", "export", "read_settings"]

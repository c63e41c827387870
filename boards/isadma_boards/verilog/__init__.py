"""The cores as one Verilog file each, for designs that are not written in Amaranth."""

from .cores import VERILOG_CORES
from .export import Exported, export
from .names import port_name, verilog_ports
from .parameters import VARIANTS, read_settings

__all__ = ["VARIANTS", "VERILOG_CORES", "Exported", "export", "port_name", "read_settings", "verilog_ports"]

"""What a core and its ports are called outside Python: names that Verilog, VHDL and C++ can all write down."""

from .names import FABRIC_CLOCK, check_name, clock_ports, port_name, verilog_ports
from .reserved import RESERVED

__all__ = ["FABRIC_CLOCK", "RESERVED", "check_name", "clock_ports", "port_name", "verilog_ports"]

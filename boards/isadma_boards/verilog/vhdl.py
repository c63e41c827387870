"""The VHDL side of an exported core: a package with the component declaration, so that VHDL can instantiate it."""

# Ref: IEEE Std 1076-1993 and 1076-2008, clauses 4.5 and 6.8 (component declarations): what is written here is both.

from isadma_boards.verilog.parameters import Configuration
from isadma_boards.verilog.ports import Port, ports_of

__all__ = ["package"]


def _declared(port: Port, last: bool) -> str:
    kind = "std_logic" if port.width == 1 else f"std_logic_vector({port.width - 1} downto 0)"
    return f"      {port.name} : {'in' if port.is_input else 'out'} {kind}{'' if last else ';'}\n"


def package(configuration: Configuration) -> str:
    """Return the package ``NAME_pkg``: one bit is a ``std_logic``, several are a ``std_logic_vector`` down to 0."""
    name, ports = configuration.name, list(ports_of(configuration.component))
    declared = "".join(_declared(port, port is ports[-1]) for port in ports)
    return f"""\
library ieee;
use ieee.std_logic_1164.all;

package {name}_pkg is
  component {name} is
    port (
{declared}    );
  end component {name};
end package {name}_pkg;
"""

"""What a core's ports are called outside Amaranth: names that Verilog, VHDL and C++ can all write down."""

import re
from collections.abc import Iterable

from amaranth.hdl import Value, ValueCastable
from amaranth.hdl._ir import PortDirection  # the only way to tell a back end a port's name: 0.5 exports it nowhere
from amaranth.lib import wiring

from .reserved import RESERVED

__all__ = ["FABRIC_CLOCK", "check_name", "clock_ports", "port_name", "verilog_ports"]

#: What the clock of the domain ``sync`` is called where a pin of the core has taken the name ``clk``.
FABRIC_CLOCK = "fabric_clk"

#: A letter first, then letters, digits and single underscores, none of them last: a basic identifier of VHDL. Two in a
#: row are Verilator's own sign in C++, so ``a__i`` would become ``a___05Fi`` there.
_EVERYWHERE = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*")


def check_name(name: str, what: str) -> str:
    """
    Refuse a name that not every language can write down.

    Parameters
    ----------
    name
        A port's or a module's.
    what
        What it names, for the message.

    Returns
    -------
    str
        The name itself.

    Raises
    ------
    ValueError
        It is no identifier in VHDL, or a word that VHDL, Verilog or SystemVerilog keep for themselves.
    """
    if not _EVERYWHERE.fullmatch(name):
        raise ValueError(
            f"{what} cannot be named {name!r}: a letter, then letters, digits and single underscores, none at the end, "
            "is what Verilog, VHDL and C++ can all write"
        )
    if name.lower() in RESERVED:
        raise ValueError(f"{what} cannot be named {name!r}: it is a reserved word of Verilog, SystemVerilog or VHDL")
    return name


def port_name(path: Iterable[str | int]) -> str:
    """
    Return what a port is called, from its path in the signature: ``isa``, ``a`` and ``o`` make ``isa_a_o``.

    The one rule for all that is exported: the parts in their order, an underscore between them, an element of an array
    by its number. Amaranth itself would write two underscores, or brackets for an array.

    Raises
    ------
    ValueError
        The name is none that every language can write.
    """
    parts = [str(part) for part in path]
    return check_name("_".join(parts), f"port {'.'.join(parts)}")


def verilog_ports(core: wiring.Component) -> dict[str, tuple[Value, PortDirection]]:
    """
    Return a core's ports under their names outside, as ``ports=`` of Amaranth's back ends takes them.

    Parameters
    ----------
    core
        Any component.

    Raises
    ------
    ValueError
        A port's name is none that every language can write, or two ports would have the same. VHDL does not tell upper
        from lower case, so neither does this.
    """
    found: dict[str, tuple[Value, PortDirection]] = {}
    taken = dict(zip(clock_ports(core), ("the clock", "the reset"), strict=True))
    for path, member, value in core.signature.flatten(core):
        name, spelled = port_name(path), ".".join(map(str, path))
        if other := taken.get(name.lower()):
            raise ValueError(f"ports {spelled} and {other} would both be named {name!r}: rename one of them")
        taken[name.lower()] = spelled
        direction = PortDirection.Input if member.flow is wiring.In else PortDirection.Output
        found[name] = (value.as_value() if isinstance(value, ValueCastable) else value, direction)
    return found


def clock_ports(core: wiring.Component) -> tuple[str, str]:
    """Return what the clock and the reset of a core's domain ``sync`` are called: `FABRIC_CLOCK` where CLK is a pin."""
    return FABRIC_CLOCK if "clk" in core.signature.members else "clk", "rst"

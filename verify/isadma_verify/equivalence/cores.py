"""The cores that are compared, each by where its component is and what it is made with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_DISTRIBUTED = {"memory": {"ram_style": "distributed"}, "mode_memory": {"ram_style": "distributed"}}


@dataclass(frozen=True)
class Core:
    """
    One core. It is named, not imported: each of two trees makes its own.

    Parameters
    ----------
    component
        ``module:Class`` of an Amaranth component.
    options
        Keyword arguments of its constructor, such as JSON can write.
    """

    component: str
    options: Mapping[str, object] = field(default_factory=dict)


#: By the name that the command line knows.
CORES: Mapping[str, Core] = {
    "i8237": Core("isadma.i8237:I8237"),
    "i8237-cmos": Core("isadma.i8237:I8237", {"variant": "cmos"}),
    "i8237-distributed": Core("isadma.i8237:I8237", _DISTRIBUTED),
    "socket": Core("isadma.i8237.socket:Socket"),
    "socket-cmos": Core("isadma.i8237.socket:Socket", {"variant": "cmos", "stages": 3}),
    "xt": Core("isadma.pc:PcXt"),
    "xt-cmos": Core("isadma.pc:PcXt", {"variant": "cmos", "wait_states": 0}),
    "at": Core("isadma.pc:PcAt"),
    "at-cmos": Core("isadma.pc:PcAt", {"variant": "cmos", "undefined_read": 0, "wait_states": 0}),
    "at-distributed": Core("isadma.pc:PcAt", _DISTRIBUTED),
    "at-refresh": Core("isadma.pc:PcAt", {"refresh": True}),
    "at-high-pages": Core("isadma.pc:PcAt", {"high_pages": True}),
    "at-refresh-high-pages": Core("isadma.pc:PcAt", {"refresh": True, "high_pages": True, "wait_states": 4}),
    "wishbone": Core("isadma.soc:WishboneDma"),
    "wishbone-cmos": Core("isadma.soc:WishboneDma", {"variant": "cmos"}),
    "wishbone-bursts": Core("isadma.soc:WishboneDma", {"bursts": True}),
    "uart-at": Core("isadma.soc.uart_pc:UartPc", {"divisor": 12, "memory_bits": 8}),
    "uart-xt": Core("isadma.soc.uart_pc:UartPc", {"divisor": 12, "memory_bits": 8, "board": "xt"}),
}

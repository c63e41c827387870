"""The cores that can be measured, by the name the command line knows."""

from collections.abc import Callable, Mapping

from amaranth.lib import wiring

from isadma.i8237 import I8237
from isadma.pc import HoldXt, PcAt, PcXt

#: What each family keeps the memories in. Where they fit a block RAM, that is both the smallest and the fastest on
#: an iCE40; on an ECP5 a block RAM costs half the speed, and distributed RAM is near.
_MEMORIES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "ice40": {"mode_memory": {"ram_style": "block"}},
    "xilinx7": {},
    "gowin": {},
    "nexus": {},
    # No block RAM: every word is flip-flops, and the zero is none of them.
    "asic": {"memory": {"ram_style": "distributed"}},
    "ecp5": {"memory": {"ram_style": "distributed"}, "mode_memory": {"ram_style": "distributed"}},
}

#: Each builds one bare core for a `Device`'s family.
CORES: Mapping[str, Callable[[str], wiring.Component]] = {
    "i8237": lambda family: I8237(**_MEMORIES[family]),
    "at": lambda family: PcAt(**_MEMORIES[family]),
    "xt": lambda family: PcXt(**_MEMORIES[family]),
    "hold-xt": lambda family: HoldXt(),
}

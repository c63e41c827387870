"""The cores that can be measured, by the name the command line knows."""

from collections.abc import Callable, Mapping

from amaranth.lib import wiring

from isadma.i8237 import I8237
from isadma.pc import PcAt, PcXt

#: Each builds one bare core for a `Device`'s family.
CORES: Mapping[str, Callable[[str], wiring.Component]] = {
    "i8237": lambda family: I8237(),
    "at": lambda family: PcAt(),
    "xt": lambda family: PcXt(),
}

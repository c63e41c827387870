"""What memories hold at power-up: a netlist's own initial contents replaced by noise, or by nothing."""

import random
import re

__all__ = ["NOTHING", "power_up"]

NOTHING = -1
"""A seed that leaves the memories without initial contents: a simulator of four values shows them as unknown."""

_INITIAL = re.compile(r"^ *cell \\?\$meminit_v2 .*?^ *end\n", re.MULTILINE | re.DOTALL)
_DATA = re.compile(r"(connect \\DATA (\d+)')[01x]+")


def power_up(netlist: str, seed: int | None) -> str:
    """
    Return a design as it is with other contents of its memories at power-up.

    Parameters
    ----------
    netlist
        The design in Yosys's language, as Amaranth writes it: each memory has its initial contents in one cell.
    seed
        Of the noise; the same seed is the same noise. None leaves all as it is, `NOTHING` takes the contents out.

    Raises
    ------
    ValueError
        There is no memory in the design, so that noise would show nothing.
    """
    if seed is None:
        return netlist
    if not _INITIAL.search(netlist):
        raise ValueError("the design has no memory with initial contents: there is nothing to put noise in")
    if seed == NOTHING:
        return _INITIAL.sub("", netlist)
    bits = random.Random(seed)

    def noise(match: re.Match[str]) -> str:
        width = int(match[2])
        return f"{match[1]}{bits.getrandbits(width):0{width}b}"

    return _INITIAL.sub(lambda cell: _DATA.sub(noise, cell[0]), netlist)

"""Whether what a map names for a pin has the pin's width and sides."""

from collections.abc import Mapping, Sequence

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.kinds import FEWER, Pin

__all__ = ["check_widths"]


def check_widths(kind: str, top: str, pin: Pin, sides: Mapping[str, Sequence[str]], where: str) -> None:
    """
    Look at what a map names for a pin.

    Parameters
    ----------
    kind
        A key of `PINS`.
    top
        The core's name.
    pin
        Which.
    sides
        Side (``"in"``, ``"out"``, ``"io"``) to the port of each of its bits.
    where
        The pin's place in the map, for messages.

    Raises
    ------
    ConformError
        The width is not the pin's, or the pin has no such side.
    """
    both = pin.inward and pin.outward
    allowed = {"in": {pin.inward}, "out": {pin.outward}, "io": {pin.inward, pin.outward}}
    for side in ("in", "out"):
        allowed[side] |= set(FEWER[kind].get(f"{pin.name}.{side}", ()))
    allowed["io"] |= set(FEWER[kind].get(f"{pin.name}.out", ()))
    if pin.name == "a" and pin.inward == 4:
        allowed["in"].add(8)  # a core may see all eight, of which it uses four
    for side, bits in sides.items():
        if not bits:
            continue
        if side == "in" and not pin.inward:
            raise ConformError(f"{where}: {bits[0]} is an input of {top}, and the pin goes out")
        if side == "out" and not pin.outward:
            raise ConformError(f"{where}: {bits[0]} is an output of {top}, and the pin goes in")
        if side == "io" and not both and not (pin.outward and pin.three_state):
            raise ConformError(f"{where}: {bits[0]} is bidirectional, and the pin is not")
        if len(bits) not in allowed[side]:
            wanted = " or ".join(str(width) for width in sorted(allowed[side] - {0}))
            few = max(allowed[side]) - len(bits)
            level = "1" if pin.name.startswith("dack") or pin.name.endswith("_n") else "0"
            way = (
                f'; a core that has no more says a level for each: [{f"{level}, " * few}"{bits[-1]}"]'
                if few > 0
                else ""
            )
            has = f"the port has {len(bits)} bits, and the pin {wanted}; name bits as PORT[7:0]"
            raise ConformError(f"{where}: {has}{way}")
    if not any(sides.values()):
        raise ConformError(f"{where}: no port is named; write false for a pin that the core lacks")

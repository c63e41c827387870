"""One bit of a core's port, as the map has it: what shows it, or what drives it."""

from dataclasses import dataclass

from isadma_verify.conform.pins.expression import Expression

__all__ = ["Bit", "Driver"]


@dataclass(frozen=True)
class Bit:
    """
    A bit of a port, or a constant.

    Parameters
    ----------
    port
        Its name; empty for a constant.
    index
        The bit's number; None for a port of one bit.
    inverted
        Whether it has the other polarity.
    level
        The constant.
    made
        What the bit is made of, where that is more than one port; `place` is its place in it.
    """

    port: str
    index: int | None = None
    inverted: bool = False
    level: int = 0
    made: Expression | None = None
    place: int = 0


@dataclass(frozen=True)
class Driver:
    """What drives a bit of an input port: a bit of a pin, or an expression over whole pins."""

    pin: str = ""
    bit: int = 0
    inverted: bool = False
    expression: Expression | None = None

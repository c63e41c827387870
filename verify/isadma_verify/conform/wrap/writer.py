"""What the wrapper's two languages have in common: bits and expressions, each language with words of its own."""

from collections.abc import Mapping
from typing import ClassVar

from isadma_verify.conform.pins.expression import Both, Expression, First, Level, Name, Not
from isadma_verify.conform.pins.kinds import PINS
from isadma_verify.conform.wrap.bits import Bit, Driver
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.conform.wrap.sides import CLOCKS, inside

__all__ = ["Writer"]


class Writer:
    """Collects the lines of a wrapper.

    Attributes
    ----------
    lines : list of str
        Statements written so far.
    literal, inverse, opposite, index : str
        How the language writes a level, the inverse of an expression and of a bit, and one bit of several.
    signs : mapping
        How it writes ``&`` and ``|``.
    """

    literal: ClassVar[str]
    inverse: ClassVar[str]
    opposite: ClassVar[str]
    index: ClassVar[str]
    signs: ClassVar[Mapping[str, str]]

    def __init__(self, laid: Laid) -> None:
        self.laid, self.kind = laid, laid.map.kind
        self.lines: list[str] = []
        self._firsts: dict[tuple[Expression, int], str] = {}

    def port_bit(self, bit: Bit) -> str:
        """Return a bit of a port, with its polarity."""
        raise NotImplementedError

    def keep_last(self, name: str, level: str) -> None:
        """Declare a signal with a level, and another, with ``_was`` behind, that had it in the last fabric clock."""
        raise NotImplementedError

    def of_ports(self, told: Expression) -> str:
        """Return an expression over the core's ports, and pins that go in."""
        if isinstance(told, Level):
            return self.literal.format(told.level)
        if isinstance(told, Not):
            return self.inverse.format(self.of_ports(told.of))
        if isinstance(told, Both):
            return f"({self.of_ports(told.left)} {self.signs[told.sign]} {self.of_ports(told.right)})"
        if isinstance(told, Name) and self.laid.takes(told.name):
            return self.pin_bit(told.name, told.low or 0)
        return f" {self.signs['|']} ".join(self.port_bit(bit) for bit in self.laid.bits(told, "oe"))

    def made_of_ports(self, told: Expression, at: int) -> str:
        """Return bit `at` of a level made of ports; a port of one bit stands for all of another's."""
        if isinstance(told, Level):
            return self.literal.format(told.level)
        if isinstance(told, Not):
            return self.inverse.format(self.made_of_ports(told.of, at))
        if isinstance(told, Both):
            left, right = self.made_of_ports(told.left, at), self.made_of_ports(told.right, at)
            return f"({left} {self.signs[told.sign]} {right})"
        bits = self.laid.bits(told, "out")
        return self.port_bit(bits[len(bits) - 1 - at] if len(bits) > 1 else bits[0])

    def of_pins(self, told: Expression, at: int) -> str:
        """Return bit `at` of an expression over pins and outputs; one of one bit stands for all."""
        if isinstance(told, Level):
            return self.literal.format(told.level)
        if isinstance(told, Not):
            return self.inverse.format(self.of_pins(told.of, at))
        if isinstance(told, Both):
            return f"({self.of_pins(told.left, at)} {self.signs[told.sign]} {self.of_pins(told.right, at)})"
        if isinstance(told, First):
            key = (told.of, at)
            if key not in self._firsts:
                self._firsts[key] = f"first_{len(self._firsts)}"
                self.keep_last(self._firsts[key], self.of_pins(told.of, at))
            name = self._firsts[key]
            return f"({name} {self.signs['&']} {self.inverse.format(f'{name}_was')})"
        assert isinstance(told, Name)
        pin = PINS[self.kind].get(told.name)
        if pin is None or not pin.inward:
            return self.made_of_ports(told, at)
        width = pin.inward
        return self.pin_bit(told.name, (at if told.low is None else told.low) if width > 1 else 0)

    def pin_bit(self, pin: str, at: int) -> str:
        """Return a bit of what goes into the core."""
        if pin in CLOCKS:
            return CLOCKS[pin]
        return inside(self.kind, pin) + (self.index.format(at) if PINS[self.kind][pin].inward > 1 else "")

    def driven(self, driver: Driver, at: int) -> str:
        """Return what drives a bit of an input port."""
        if driver.expression is not None:
            return self.of_pins(driver.expression, at)
        bit = self.pin_bit(driver.pin, driver.bit)
        return self.opposite.format(bit) if driver.inverted else bit

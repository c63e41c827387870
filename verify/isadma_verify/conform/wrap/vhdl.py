"""The wrapper in VHDL."""

from typing import ClassVar

from isadma_verify.conform.pins.expression import Not
from isadma_verify.conform.pins.kinds import PINS
from isadma_verify.conform.sources.ports import Port
from isadma_verify.conform.sources.vhdl import configurations, packages
from isadma_verify.conform.wrap.bits import Bit, Driver
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.conform.wrap.sides import declared, inside, outside
from isadma_verify.conform.wrap.standard import TOP
from isadma_verify.conform.wrap.writer import Writer

#: When a chip without an enable for DB is taken to drive it: a CPU reads, ADSTB is high, or a copy writes.
GATED_DB = (
    "(cs_n = '0' and ior_n_i = '0' and hlda = '0') or (aen = '1' and (adstb = '1' or "
    '((dack = "1111" or dack = "0000") and memr_n_o = \'1\')))'
)


class _Writer(Writer):
    # Bare characters would be of three types: where two meet, as in a constant enable, the compiler could not tell.
    literal, inverse, opposite, index = "std_ulogic'('{}')", "(not {})", "(not {})", "({})"
    signs: ClassVar = {"&": "and", "|": "or"}

    def __init__(self, laid: Laid) -> None:
        super().__init__(laid)
        self.signals: list[str] = []

    def keep_last(self, name: str, level: str) -> None:
        """Declare what `first` needs."""
        clock = self.laid.map.clock.fabric or self.laid.map.clock.pin
        assert clock is not None
        # At the edge of the core's own port: in the step of the clock itself the core would see what comes after it.
        edge = "falling_edge" if isinstance(clock, Not) else "rising_edge"
        bits = self.laid.bits(clock, "clock")
        self.signals.append(f"  signal {name}, {name}_was : std_logic := '0';")
        self.lines += [f"  {name} <= {level};", f"  {name}_was <= {name} when {edge}({self.bare(bits[0])});"]

    def bare(self, bit: Bit) -> str:
        """Return a bit of a port as it is."""
        index = "" if bit.index is None else f"({bit.index})"
        name = f"p_{bit.port}{index}"
        return f"to_stdulogic({name})" if self.laid.core.ports[bit.port].type.startswith("bit") else name

    def port_bit(self, bit: Bit) -> str:
        """Return a bit of a port as 0, 1 or X, with its polarity."""
        if bit.made is not None:
            return self.made_of_ports(bit.made, bit.place)
        if not bit.port:
            return self.literal.format(bit.level)
        shown = f"to_x01({self.bare(bit)})"
        return f"(not {shown})" if bit.inverted else shown

    def inputs(self, port: Port) -> None:
        """Drive an input or a bidirectional port."""
        last = len(port.indices) - 1
        for at, index in enumerate(port.indices):
            driver = self.laid.drivers.get((port.name, index))
            if driver is None:
                continue
            target = f"p_{port.name}" + ("" if port.left is None else f"({index})")
            bit = self.driven(driver, last - at)
            if port.type.startswith("bit"):
                bit = f"to_bit({bit})"
            if port.direction == "in":
                self.lines.append(f"  {target} <= {bit};")
            elif PINS[self.kind][driver.pin].open_drain:
                world = inside(self.kind, driver.pin, "world")
                self.lines.append(f"  {target} <= '0' when {world} = '1' and {bit} = '0' else 'H';")
            else:
                world = inside(self.kind, driver.pin, "world")
                self.lines.append(f"  {target} <= {bit} when {world} = '1' else 'Z';")

    def driving(self, pin: str, bits: list[Bit]) -> str:
        """Return the condition under which the core drives a pin that tells it by Z."""
        terms = []
        for at, bit in enumerate(bits):
            if not bit.port:
                continue
            bare = self.bare(bit)
            port = self.laid.core.ports[bit.port]
            index = port.indices[0] if bit.index is None else bit.index
            if (port.name, index) in self.laid.drivers and at < PINS[self.kind][pin].inward:
                world, seen = inside(self.kind, pin, "world"), self.driven(Driver(pin, at, bit.inverted), at)
                terms.append(
                    f"({world} = '1' and to_x01({bare}) /= to_x01({seen})) or ({world} = '0' and {bare} /= 'Z')"
                )
            elif port.direction == "inout" or self.laid.map.pins[pin].shows_z:  # type: ignore[union-attr]
                terms.append(f"({bare} /= 'Z')")
        return " or ".join(terms) or "false"

    def outputs(self, pin: str) -> None:
        """Show a pin outside."""
        told, bits = PINS[self.kind][pin], self.laid.shown.get(pin)
        if not told.outward:
            return
        floating = told.three_state or told.open_drain
        if bits is None:
            level = f"'{told.idle & 1}'" if told.outward == 1 else f"(others => '{told.idle & 1}')"
            if not told.open_drain:
                self.lines.append(
                    f"  {outside(self.kind, pin)} <= {self.laid.instead_of_aen if pin == 'aen' else level};"
                )
            if floating:
                self.lines.append(f"  {outside(self.kind, pin, 'oe')} <= '0';")
            return
        enable = self.laid.enables.get(pin)
        if told.open_drain:
            low = f"{self.port_bit(bits[0])} = '0'"
            if enable is None:
                low += f" and not ({inside(self.kind, pin, 'world')} = '1' and {self.pin_bit(pin, 0)} = '0')"
            else:
                low += f" and {self.of_ports(enable)} = '1'"
            self.lines.append(f"  {outside(self.kind, pin, 'oe')} <= '1' when {low} else '0';")
            return
        for at, bit in enumerate(bits):
            index = f"({at})" if told.outward > 1 else ""
            self.lines.append(f"  {outside(self.kind, pin)}{index} <= {self.port_bit(bit)};")
        if floating:
            said = self.driving(pin, bits) if enable is None else f"{self.of_ports(enable)} = '1'"
            if pin in self.laid.gated:
                said = GATED_DB if pin == "db" else f"{outside(self.kind, 'aen')} = '1'"
            self.lines.append(f"  {outside(self.kind, pin, 'oe')} <= '1' when {said} else '0';")


def wrapper(laid: Laid) -> str:
    """Return the wrapper's source: the canonical pins outside, the core inside."""
    core, writer = laid.core, _Writer(laid)
    ports = [
        f"    {name} : {'in' if inward else 'out'} "
        + (f"std_logic_vector({width - 1} downto 0)" if width > 1 else "std_logic")
        for name, width, inward in declared(laid.map.kind)
    ]
    signals = {}
    for port in core.ports.values():
        if port.group is not None:
            signals[port.group.name] = f"  signal p_{port.group.name} : {port.group.type};"
        else:
            span = ""
            if port.left is not None and port.right is not None:
                span = f"({port.left} {'downto' if port.left >= port.right else 'to'} {port.right})"
            signals[port.name] = f"  signal p_{port.name} : {port.type}{span};"
        if port.direction != "out":
            writer.inputs(port)
    for pin in PINS[laid.map.kind]:
        writer.outputs(pin)
    parameters = {**laid.map.parameters, **core.parameters}
    given = (
        f"\n    generic map ({', '.join(f'{key} => {value}' for key, value in parameters.items())})"
        if parameters
        else ""
    )
    # Where the files configure it, what it is made of is theirs to say.
    unit = next(
        (f"configuration work.{name}" for name in configurations(core.files, core.top)), f"entity work.{core.top}"
    )
    joined = ",\n".join(f"      {name} => p_{name}" for name in signals)
    head = ";\n".join(ports)
    return (
        "library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\n"
        + "".join(f"use work.{name}.all;\n" for name in packages(core.files))
        + "\n"
        f"entity {TOP} is\n  port (\n{head}\n  );\nend entity;\n\n"
        f"architecture wrapper of {TOP} is\n"
        + "\n".join([*signals.values(), *writer.signals])
        + "\nbegin\n"
        + "\n".join(writer.lines)
        + "\n"
        f"  core : {unit}{given}\n    port map (\n{joined}\n    );\nend architecture;\n"
    )

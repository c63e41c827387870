"""The wrapper in Verilog."""

import re
from dataclasses import replace
from typing import ClassVar

from isadma_verify.conform.pins.kinds import PINS
from isadma_verify.conform.sources.ports import Core, Group, Port
from isadma_verify.conform.wrap.bits import Bit, Driver
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.conform.wrap.sides import CLOCKS, declared, inside, outside
from isadma_verify.conform.wrap.standard import TOP
from isadma_verify.conform.wrap.writer import Writer

#: When a chip without an enable for DB is taken to drive it: a CPU reads, ADSTB is high, or a copy writes.
GATED_DB = "(~cs_n & ~ior_n_i & ~hlda) | (aen & (adstb | ((&dack | ~|dack) & memr_n_o)))"


def _wire(port: Port) -> str:
    """Return the net in the wrapper that a port is joined to; an interface's members are its own."""
    if port.group is not None and port.group.kind == "interface" and port.member not in port.group.joined:
        return f"i_{port.group.name}.{port.member}"
    return "p_" + re.sub(r"\W", "_", port.name)


class _Writer(Writer):
    literal, inverse, opposite, index = "1'b{}", "~({})", "~{}", "[{}]"
    signs: ClassVar = {"&": "&", "|": "|"}

    def port_bit(self, bit: Bit) -> str:
        """Return a bit of a port, with its polarity."""
        if bit.made is not None:
            return self.made_of_ports(bit.made, bit.place)
        if not bit.port:
            return f"1'b{bit.level}"
        index = "" if bit.index is None else f"[{bit.index}]"
        return f"{'~' if bit.inverted else ''}{_wire(self.laid.core.ports[bit.port])}{index}"

    def keep_last(self, name: str, level: str) -> None:
        """Declare what `first` needs."""
        clock = CLOCKS["clock.pin" if self.laid.map.clock.fabric is None else "clock.fabric"]
        self.lines += [f"  reg {name}_was = 1'b0;", f"  wire {name} = {level};"]
        self.lines.append(f"  always @(posedge {clock}) {name}_was <= {name};")

    def inputs(self, port: Port) -> None:
        """Drive an input port."""
        last = len(port.indices) - 1
        if port.unpacked:
            for at, index in enumerate(port.indices):
                bit = self.driven(self.laid.drivers[port.name, index], last - at)
                self.lines.append(f"  assign {_wire(port)}[{index}] = {bit};")
            return
        bits = [self.driven(self.laid.drivers[port.name, index], last - at) for at, index in enumerate(port.indices)]
        self.lines.append(f"  assign {_wire(port)} = {{{', '.join(bits)}}};")

    def bidirectional(self, port: Port) -> None:
        """Drive a bidirectional port where the world does."""
        drivers = [self.laid.drivers.get((port.name, index)) for index in port.indices]
        pins = {driver.pin for driver in drivers if driver is not None}
        plain = all(driver is not None and not driver.inverted for driver in drivers)
        if len(pins) == 1 and plain and port.width > 1:
            pin = pins.pop()
            bits = ", ".join(self.pin_bit(pin, driver.bit) for driver in drivers if driver is not None)
            world = inside(self.kind, pin, "world")
            self.lines.append(f"  assign {_wire(port)} = {world} ? {{{bits}}} : {{{port.width}{{1'bz}}}};")
            return
        for index, driver in zip(port.indices, drivers, strict=True):
            if driver is None:
                continue
            place = "" if port.left is None else f"[{index}]"
            world, bit = inside(self.kind, driver.pin, "world"), self.driven(driver, 0)
            if PINS[self.kind][driver.pin].open_drain:
                self.lines.append(f"  pullup ({_wire(port)}{place});")
                bit, world = "1'b0", f"({world} & ~{self.pin_bit(driver.pin, 0)})"
            self.lines.append(f"  assign {_wire(port)}{place} = {world} ? {bit} : 1'bz;")

    def driving(self, pin: str, bits: list[Bit]) -> str:
        """Return what is 1 while the core drives a pin that tells it by Z."""
        terms = []
        for at, bit in enumerate(bits):
            if not bit.port:
                continue
            bare = self.port_bit(Bit(bit.port, bit.index))
            port = self.laid.core.ports[bit.port]
            if self.driven_by_pin(bit, port) and at < PINS[self.kind][pin].inward:
                world = self.driven(Driver(pin, at, bit.inverted), at)
                terms.append(f"({inside(self.kind, pin, 'world')} ? ({bare} !== {world}) : ({bare} !== 1'bz))")
            elif port.direction in ("inout", "") or self.laid.map.pins[pin].shows_z:  # type: ignore[union-attr]
                terms.append(f"({bare} !== 1'bz)")
        return " | ".join(terms) or "1'b0"

    def driven_by_pin(self, bit: Bit, port: Port) -> bool:
        """Tell whether the world drives a bit of a bidirectional port too."""
        index = port.indices[0] if bit.index is None else bit.index
        return port.direction in ("inout", "") and (port.name, index) in self.laid.drivers

    def floats(self, port: Port) -> bool:
        """Tell whether a port is a pin that both sides drive."""
        shown = {bit.port for bits in self.laid.shown.values() for bit in bits}
        return port.name in shown and any((port.name, index) in self.laid.drivers for index in port.indices)

    def outputs(self, pin: str) -> None:
        """Show a pin outside."""
        told, bits = PINS[self.kind][pin], self.laid.shown.get(pin)
        if not told.outward:
            return
        floating = told.three_state or told.open_drain
        if bits is None:
            idle = (
                self.laid.instead_of_aen if pin == "aen" else f"{told.outward}'d{told.idle & (1 << told.outward) - 1}"
            )
            if not told.open_drain:
                self.lines.append(f"  assign {outside(self.kind, pin)} = {idle};")
            if floating:
                self.lines.append(f"  assign {outside(self.kind, pin, 'oe')} = 1'b0;")
            return
        enable = self.laid.enables.get(pin)
        if told.open_drain:
            bit = bits[0]
            low = f"({self.port_bit(replace(bit, inverted=False))} === 1'b{int(bit.inverted)})"
            if enable is None:
                low += f" & ~({inside(self.kind, pin, 'world')} & ~{self.pin_bit(pin, 0)})"
            else:
                low += f" & ({self.of_ports(enable)})"
            self.lines.append(f"  assign {outside(self.kind, pin, 'oe')} = {low};")
            return
        shown = ", ".join(self.port_bit(bit) for bit in reversed(bits))
        self.lines.append(f"  assign {outside(self.kind, pin)} = {{{shown}}};")
        if floating:
            said = self.driving(pin, bits) if enable is None else self.of_ports(enable)
            if pin in self.laid.gated:
                said = GATED_DB if pin == "db" else outside(self.kind, "aen")
            self.lines.append(f"  assign {outside(self.kind, pin, 'oe')} = {said};")


def wrapper(laid: Laid) -> str:
    """Return the wrapper's source: the canonical pins outside, the core inside."""
    core, writer = laid.core, _Writer(laid)
    ports = [
        f"  {'input' if inward else 'output'} wire {f'[{width - 1}:0] ' if width > 1 else ''}{name}"
        for name, width, inward in declared(laid.map.kind)
    ]
    joined = _declare(core, writer)
    for port in core.ports.values():
        if port.direction == "in" or (not port.direction and not writer.floats(port)):
            if any((port.name, index) in laid.drivers for index in port.indices):
                writer.inputs(port)
        elif port.direction in ("inout", ""):
            writer.bidirectional(port)
    for pin in PINS[laid.map.kind]:
        writer.outputs(pin)
    parameters = {**laid.map.parameters, **core.parameters}
    given = f" #({', '.join(f'.{key}({value})' for key, value in parameters.items())})" if parameters else ""
    head, body = ",\n".join(ports), "\n".join(writer.lines)
    # A core's directives go on behind its end: the wrapper is read with none of them.
    return (
        f"`default_nettype wire\nmodule {TOP} (\n{head}\n);\n{body}\n"
        f"  {core.top}{given} core (\n{', '.join(joined)}\n  );\nendmodule\n"
    )


def _declare(core: Core, writer: _Writer) -> list[str]:
    """Declare what the core's ports are joined to; return the joints."""
    members: dict[Group, list[Port]] = {}
    joined = []
    for port in core.ports.values():
        span = "" if port.left is None else f"[{port.left}:{port.right}] "
        if not _wire(port).startswith("i_"):
            name = f"{_wire(port)} {span}" if port.unpacked else f"{span}{_wire(port)}"
            writer.lines.append(f"  wire {name.rstrip()};")
        if port.group is None:
            joined.append(f"\n    .{port.name}({_wire(port)})")
        else:
            members.setdefault(port.group, []).append(port)
    for group, ports in members.items():
        if group.kind == "interface":
            own = [f".{port.member}({_wire(port)})" for port in ports if port.member in group.joined]
            writer.lines.append(f"  {group.type} i_{group.name} ({', '.join(own)});")
            joined.append(f"\n    .{group.name}(i_{group.name})")
        else:
            joined.append(f"\n    .{group.name}({{{', '.join(map(_wire, ports))}}})")
    return joined

"""A map laid on the ports of a core: what drives each bit of an input, what shows each bit of an output."""

from dataclasses import dataclass, field
from difflib import get_close_matches

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.expression import Both, Expression, Level, Name, Not, leaves, names, parse
from isadma_verify.conform.pins.kinds import NEEDED, PINS, Pin
from isadma_verify.conform.pins.mapfile import Map, Place
from isadma_verify.conform.sources.ports import Core, Port
from isadma_verify.conform.wrap.bits import Bit, Driver
from isadma_verify.conform.wrap.standard import TOP, port_of
from isadma_verify.conform.wrap.widths import check_widths


@dataclass
class Laid:
    """
    A map laid on a core.

    Parameters
    ----------
    core, map
        What it was made from.
    drivers
        Each bit of each input port, and of each bidirectional one what the world drives.
    shown
        Pin to the port bits that show it, the lowest first.
    enables
        Three-state pin to what is 1 while the core drives it; None: told by Z on its bits.
    gated
        Three-state pins that the core always drives, which AEN would keep from a board's bus.
    lacks
        Pins that the core does not have.
    """

    core: Core
    map: Map
    drivers: dict[tuple[str, int], Driver] = field(default_factory=dict)
    shown: dict[str, list[Bit]] = field(default_factory=dict)
    enables: dict[str, Expression | None] = field(default_factory=dict)
    gated: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)

    @property
    def instead_of_aen(self) -> str:
        """The wrapper's signal that stands for AEN on a core without one: its address is driven, or HLDA."""
        return "hlda" if "a" in self.gated else port_of(self.map.kind, "a.oe")

    def port(self, name: str, where: str) -> Port:
        """
        Return a port.

        Raises
        ------
        ConformError
            The core has no such port; VHDL's names know no case.
        """
        ports = self.core.ports
        for spelled in (name, f"{name} ", name.removeprefix("\\")):
            if spelled in ports:
                return ports[spelled]
        if self.core.language == "vhdl":
            found = next((port for key, port in ports.items() if key.lower() == name.lower()), None)
            if found is not None:
                return found
        if name in self.core.beyond:
            raise ConformError(f"{where}: {self.core.beyond[name]}")
        near = get_close_matches(name, list(ports), n=1, cutoff=0.4)
        meant = f" (did you mean {near[0]!r}?)" if near else ""
        raise ConformError(f"{where}: {self.core.top} has no port {name!r}{meant}; it has {', '.join(ports)}")

    def takes(self, name: str) -> bool:
        """Whether a name in an enable is that of a pin that goes in, and of no port."""
        pin = PINS[self.map.kind].get(name)
        return pin is not None and pin.inward > 0 and name not in self.core.ports

    def bits(self, part: Expression, where: str) -> list[Bit]:
        """Return the bits of one part of a place, the highest first."""
        if isinstance(part, Level):
            return [Bit("", level=part.level)]
        if isinstance(part, Both) or (isinstance(part, Not) and not isinstance(part.of, Name)):
            return self._made(part, where)
        inverted = isinstance(part, Not)
        name = part.of if isinstance(part, Not) else part
        assert isinstance(name, Name)
        port = self.port(name.name, where)
        indices = port.indices
        if name.high is not None and name.low is not None:
            if name.high not in indices or name.low not in indices:
                raise ConformError(
                    f"{where}: {port.name} has bits {indices[0]} to {indices[-1]}, not {name.high}:{name.low}"
                )
            first, last = sorted((indices.index(name.high), indices.index(name.low)))
            indices = indices[first : last + 1]
        scalar = port.left is None
        return [Bit(port.name, None if scalar else index, inverted) for index in indices]

    def _made(self, part: Expression, where: str) -> list[Bit]:
        """Return the bits of a level made of several ports; one of one bit stands for all of another's."""
        widths = {name: len(self.bits(name, where)) for name in leaves(part)}
        wide = {name: width for name, width in widths.items() if width > 1}
        if len(set(wide.values())) > 1:
            said = ", ".join(f"{name.name} has {width}" for name, width in wide.items())
            raise ConformError(f"{where}: bits do not match: {said}; name bits as PORT[7:0]")
        for name in widths:
            if self.port(name.name, where).direction == "in":
                raise ConformError(f"{where}: {name.name} is an input of {self.core.top}, and the pin goes out")
        return [Bit("", made=part, place=at) for at in reversed(range(max(wide.values(), default=1)))]


#: Pins that a bus master drives into a board, and boards without one need not take.
_OUT_TOO = frozenset({"memr_n", "memw_n"})


def lay(core: Core, told: Map) -> Laid:
    """
    Lay a map on a core.

    Raises
    ------
    ConformError
        A port does not exist, is of the wrong width or direction, belongs to two pins, or an input is left over.
    """
    if core.top.lower() == TOP:
        raise ConformError(f"{core.top} is what the wrapper around a core is called here: call the core otherwise")
    laid = Laid(core, told)
    owners: dict[tuple[str, int | None], str] = {}
    for name, pin in PINS[told.kind].items():
        place = told.pins.get(name)
        if place is None:
            laid.lacks.append(name)
            continue
        _lay_pin(laid, pin, place, owners)
    _clocks(laid, owners)
    for target, expression in told.drive.items():
        _drive(laid, target, expression, owners)
    taken = {driver.pin for driver in laid.drivers.values()}
    taken |= {name for driver in laid.drivers.values() if driver.expression for name in names(driver.expression)}
    for name in NEEDED[told.kind]:
        if PINS[told.kind][name].inward and name not in taken | _OUT_TOO:
            raise ConformError(
                f"pins.{name}: no input of {core.top} takes it, and a CPU has to write there: "
                f'name one as in = "PORT", or mend its declaration'
            )
    for port in core.ports.values():
        if port.direction == "in" and any((port.name, index) not in laid.drivers for index in port.indices):
            raise ConformError(
                f"input {port.name!r} of {core.top} is on no pin: put it in the map, or under [drive] with a level"
            )
    return laid


def _drive(laid: Laid, target: str, expression: Expression, owners: dict[tuple[str, int | None], str]) -> None:
    """Drive an input, or bits of it, that is no pin."""
    where, known = f"drive.{target}", PINS[laid.map.kind]
    bits = laid.bits(parse(target, where), where)
    if any(not bit.port or laid.core.ports[bit.port].direction not in ("in", "") for bit in bits):
        raise ConformError(f"{where}: it is no input of {laid.core.top}")
    for used in names(expression):
        if used in known and known[used].inward:
            laid.lacks = [name for name in laid.lacks if name != used]
        elif used not in laid.core.ports or laid.core.ports[used].direction != "out":
            raise ConformError(
                f"{where}: {used!r} is no pin that goes in, and no output of {laid.core.top}; "
                "take 0, 1, pins like reset, or outputs"
            )
    for bit in bits:
        _own(laid, owners, bit, where)
        index = laid.core.ports[bit.port].indices[0] if bit.index is None else bit.index
        laid.drivers[bit.port, index] = Driver(expression=expression)


def _own(laid: Laid, owners: dict[tuple[str, int | None], str], bit: Bit, where: str) -> None:
    key = (bit.port, bit.index)
    if key in owners and owners[key] != where:
        index = "" if bit.index is None else f"[{bit.index}]"
        meant = laid.core.ports[bit.port].direction == "out"
        way = f', or say that it is meant: "{bit.port}{index} & 1"' if meant else ""
        raise ConformError(f"{bit.port}{index} is on two pins: {owners[key]} and {where}; give each its own{way}")
    owners[key] = where


def _lay_pin(laid: Laid, pin: Pin, place: Place, owners: dict[tuple[str, int | None], str]) -> None:
    where = f"pins.{pin.name}"
    sides: dict[str, list[Bit]] = {"in": [], "out": [], "io": []}
    for parts, side in ((place.io, "io"), (place.inward, "in"), (place.outward, "out")):
        for part in parts:
            sides[side] += laid.bits(part, where)
    if sides["io"]:
        sides = _by_direction(laid, pin, sides["io"])
    ports = {side: [bit.port for bit in bits] for side, bits in sides.items()}
    check_widths(laid.map.kind, laid.core.top, pin, ports, where)
    inward = sides["in"] or sides["io"]
    outward = sides["out"] or sides["io"]
    for at, bit in enumerate(reversed(inward)):
        if not bit.port or at >= pin.inward:
            continue
        port = laid.core.ports[bit.port]
        if port.direction == "out":
            continue
        _own(laid, owners, bit, where)
        index = port.indices[0] if bit.index is None else bit.index
        laid.drivers[bit.port, index] = Driver(pin.name, at, bit.inverted)
    for bit in outward:
        if bit.port:
            if laid.core.ports[bit.port].direction == "in":
                raise ConformError(f"{where}: {bit.port} is an input of {laid.core.top}, and the pin goes out")
            _own(laid, owners, bit, where)
    if pin.outward and outward:
        spare = pin.outward - len(outward)
        laid.shown[pin.name] = [*reversed(outward), *(Bit("", level=pin.idle & 1) for _ in range(spare))]
    if pin.three_state or pin.open_drain:
        _enable(laid, pin, place, outward, where)


def _by_direction(laid: Laid, pin: Pin, bits: list[Bit]) -> dict[str, list[Bit]]:
    """Say which side plain port names are on."""
    ways = {laid.core.ports[bit.port].direction for bit in bits if bit.port}
    if ways == {""} and not (pin.inward and pin.outward):
        ways = {"in"} if pin.inward else {"out"}
    if ways == {"in"}:
        return {"in": bits, "out": [], "io": []}
    if ways <= {"out"}:
        return {"in": [], "out": bits, "io": []}
    return {"in": [], "out": [], "io": bits}


def _enable(laid: Laid, pin: Pin, place: Place, outward: list[Bit], where: str) -> None:
    if not outward:
        # Only its input side is there: it never drives.
        laid.enables[pin.name] = Level(0)
        return
    if place.enable is not None:
        for used in names(place.enable):
            # A pin's name too: a register port drives what it answers while IOR# is low at its addresses.
            if not laid.takes(used):
                laid.port(used, f"{where}.oe")
        laid.enables[pin.name] = place.enable
        if isinstance(place.enable, Level) and place.enable.level and not pin.open_drain:
            laid.gated.append(pin.name)
        return
    floats = place.shows_z or any(bit.port and laid.core.ports[bit.port].direction in ("inout", "") for bit in outward)
    for bit in outward if floats else []:
        group = laid.core.ports[bit.port].group if bit.port else None
        if group is not None and group.kind == "interface":
            raise ConformError(
                f"{where}: no open simulator carries Z through an interface, as {bit.port} would: "
                "say with oe when the core drives it, and name one port as in and one as out"
            )
    if floats or pin.open_drain:
        laid.enables[pin.name] = None if floats else Level(1)
    elif pin.name == "d":
        raise ConformError(f'{where}: say with oe when the board drives D, in its own ports: oe = "OTHER_PORT"')
    else:
        laid.enables[pin.name] = Level(1)
        laid.gated.append(pin.name)


def _clocks(laid: Laid, owners: dict[tuple[str, int | None], str]) -> None:
    clock = laid.map.clock
    for key, part in (("fabric", clock.fabric), ("pin", clock.pin), ("rise", clock.rise), ("fall", clock.fall)):
        if part is None:
            continue
        where = f"clock.{key}"
        bits = laid.bits(part, where)
        if len(bits) != 1 or not bits[0].port:
            raise ConformError(f"{where}: a port of one bit is needed")
        bit = bits[0]
        port = laid.core.ports[bit.port]
        if port.direction != "in":
            raise ConformError(f"{where}: {bit.port} is an output of {laid.core.top}")
        _own(laid, owners, bit, where)
        index = port.indices[0] if bit.index is None else bit.index
        laid.drivers[bit.port, index] = Driver(f"clock.{key}", 0, bit.inverted)

"""The wrapper's ports, whatever its language."""

from isadma_verify.conform.pins.kinds import PINS
from isadma_verify.conform.wrap.standard import port_of

#: Clock inputs by their place in the map.
CLOCKS = {"clock.fabric": "clk", "clock.fall": "clk_fall", "clock.rise": "clk_rise", "clock.pin": "clk_pin"}


def inside(kind: str, pin: str, side: str = "i") -> str:
    """Return the port that goes into the core for a pin; ``world`` is whether anybody else drives it."""
    told = PINS[kind][pin]
    if side == "world" and pin in ("memr_n", "memw_n") and not told.inward:
        return "1'b0"
    return port_of(kind, f"{pin}.{side}" if told.three_state or told.open_drain or side == "world" else pin)


def outside(kind: str, pin: str, side: str = "o") -> str:
    """Return the port that comes out of the core for a pin."""
    told = PINS[kind][pin]
    return port_of(kind, f"{pin}.{side}" if told.three_state or told.open_drain else pin)


def declared(kind: str) -> list[tuple[str, int, bool]]:
    """Return every port's name, width and whether it goes in."""
    ports = [(name, 1, True) for name in CLOCKS.values()]
    for pin in PINS[kind].values():
        floating = pin.three_state or pin.open_drain
        if pin.inward:
            ports.append((inside(kind, pin.name), pin.inward, True))
            if floating:
                ports.append((inside(kind, pin.name, "world"), 1, True))
        if pin.outward:
            if not pin.open_drain:
                ports.append((outside(kind, pin.name), pin.outward, False))
            if floating:
                ports.append((outside(kind, pin.name, "oe"), 1, False))
    return ports

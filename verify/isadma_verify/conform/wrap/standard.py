"""The wrapper's own pin maps: one for each way to clock it."""

from isadma_verify.conform.pins.mapfile import Clock
from isadma_verify.cosim.board.pins import RARE as BOARD_RARE
from isadma_verify.cosim.board.pins import BoardPinMap
from isadma_verify.cosim.chip.pins import RARE, PinMap

#: The wrapper's name.
TOP = "isadma_conform"

_WORLD = {pin: pin.replace(".", "_") for pin in RARE if pin != "ah"}
_AH = {"ah": "ah"}

CHIP_PIN = PinMap(clock=None, clk="clk_pin", clk_fall=None, clk_rise=None, tied={}, ports=_WORLD)
CHIP_ENABLES = PinMap(tied={}, ports=_WORLD)
CHIP_PLAIN = PinMap(clk_fall=None, clk_rise=None, enabled=False, tied={}, ports=_WORLD)
CHIP_BOTH = PinMap(clk="clk_pin", clk_fall=None, clk_rise=None, tied={}, ports=_WORLD)
CHIP_PIN_AH = PinMap(clock=None, clk="clk_pin", clk_fall=None, clk_rise=None, tied={}, ports=_WORLD | _AH)
CHIP_ENABLES_AH = PinMap(tied={}, ports=_WORLD | _AH)
CHIP_PLAIN_AH = PinMap(clk_fall=None, clk_rise=None, enabled=False, tied={}, ports=_WORLD | _AH)
CHIP_BOTH_AH = PinMap(clk="clk_pin", clk_fall=None, clk_rise=None, tied={}, ports=_WORLD | _AH)

_BOARD = {pin: f"isa_{pin.replace('.', '_')}" for pin in BOARD_RARE}
AT_PIN = BoardPinMap(clock=None, clk="clk_pin", clk_fall=None, clk_rise=None, tied={}, ports=_BOARD)
AT_ENABLES = BoardPinMap(tied={}, ports=_BOARD)
AT_PLAIN = BoardPinMap(clk_fall=None, clk_rise=None, enabled=False, tied={}, ports=_BOARD)
AT_BOTH = BoardPinMap(clk="clk_pin", clk_fall=None, clk_rise=None, tied={}, ports=_BOARD)


def pins_of(kind: str, clock: Clock, *, ah: bool) -> str:
    """Return the pin map of a wrapper, as `BenchOptions` wants it."""
    if clock.fabric is None:
        way = "PIN"
    elif clock.pin is not None:
        way = "BOTH"
    else:
        way = "PLAIN" if clock.rise is None and clock.fall is None else "ENABLES"
    return f"{__name__}:{'CHIP' if kind == 'chip' else 'AT'}_{way}{'_AH' if ah else ''}"


def port_of(kind: str, pin: str) -> str:
    """Return the wrapper's port for a pin or for a side of it, such as ``db.i``."""
    maps = {"chip": CHIP_BOTH_AH, "at": AT_BOTH, "xt": AT_BOTH}
    name = maps[kind].port(pin)
    assert name is not None
    return name

"""Which port of a core is which pin, and the ports under a simulator by the names of those pins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from isadma.naming import port_name


@dataclass(frozen=True)
class PortMap:
    """
    The port names of one core: which port is which pin. Which pins there are, a class for each kind of core says.

    Parameters
    ----------
    clock
        The fabric clock's port; None for a core that is clocked by CLK itself.
    clk
        A CLK pin, low in the first half of a state; None for a core with enables. With both a fabric clock and a CLK
        pin, CLK changes like any other input: after the fabric clock's edge.
    clk_fall, clk_rise
        The enables that end a state and its first half; None for a core with a CLK pin.
    ports
        Pin (a key of `INPUTS` or `OUTPUTS`) to port name, where that is not the pin's name with an underscore for its
        dot. None says that the core lacks the port: an input is not driven, an output reads as 0, or as 1 where the
        pin's name ends in ``_n``.
    inverted
        Pins whose port has the other polarity (for instance an output enable that is active low).
    enabled
        Whether a fabric clock without a CLK pin has both enables; without them each of its clocks is a state.
    tied
        Other input ports and the level to hold them at.
    """

    #: The pins there are with their widths (a three-state pin's input side ends in ``.i``, its output side in ``.o``,
    #: and ``.oe`` = 1 drives it), and whose they are.
    INPUTS: ClassVar[Mapping[str, int]]
    OUTPUTS: ClassVar[Mapping[str, int]]
    OWNER: ClassVar[str]
    #: Pins that few cores have; a map names their ports.
    RARE: ClassVar[frozenset[str]] = frozenset()

    clock: str | None = "clk"
    clk: str | None = None
    clk_fall: str | None = "clk_fall"
    clk_rise: str | None = "clk_rise"
    enabled: bool = True
    ports: Mapping[str, str | None] = field(default_factory=dict)
    inverted: frozenset[str] = frozenset()
    tied: Mapping[str, int] = field(default_factory=lambda: {"rst": 0})

    def __post_init__(self) -> None:
        for pin in [*self.ports, *self.inverted]:
            if pin not in self.INPUTS and pin not in self.OUTPUTS:
                those = ", ".join([*self.INPUTS, *self.OUTPUTS])
                raise ValueError(f"pin {pin!r} is not one of the {self.OWNER}'s; take one of {those}")
        clocked = self.clock is not None and not (self.enabled and None in (self.clk_fall, self.clk_rise))
        if self.clk is None and not clocked:
            raise ValueError(
                "a core needs a CLK pin (clk=), or a fabric clock with both enables, clk_fall and clk_rise"
            )

    def port(self, pin: str) -> str | None:
        """Return the port name of a pin, or None where the core lacks it."""
        return self.ports.get(pin, None if pin in self.RARE else port_name(pin.split(".")))


class CorePins:
    """
    The ports of a core under a simulator, by the names of the pins they are.

    Parameters
    ----------
    dut
        cocotb's handle of the core.
    pin_map
        Its port names.
    """

    def __init__(self, dut: Any, pin_map: PortMap) -> None:
        self._in = {pin: self._handle(dut, pin_map, pin) for pin in pin_map.INPUTS}
        self._out = {pin: self._handle(dut, pin_map, pin) for pin in pin_map.OUTPUTS}
        widths = {**pin_map.INPUTS, **pin_map.OUTPUTS}
        self._flip = {pin: (1 << widths[pin]) - 1 if pin in pin_map.inverted else 0 for pin in widths}
        self._lacking = {
            pin: (1 << widths[pin]) - 1 if pin.removesuffix(".o").endswith("_n") else 0 for pin in pin_map.OUTPUTS
        }
        self._shown: dict[str, int] = {}
        #: Told of a pin that shows neither 0 nor 1, and what to take it for; None: it fails the bench.
        self.unknown: Callable[[str, str], None] | None = None
        for name, level in pin_map.tied.items():
            dut[name].value = level

    @staticmethod
    def _handle(dut: Any, pin_map: PortMap, pin: str) -> Any:
        name = pin_map.port(pin)
        return None if name is None else dut[name]

    def write(self, pin: str, level: int) -> None:
        """Drive an input pin; nothing happens where it already has that level."""
        if self._shown.get(pin) == level:
            return
        self._shown[pin] = level
        handle = self._in[pin]
        if handle is not None:
            handle.value = level ^ self._flip[pin]

    def has(self, pin: str) -> bool:
        """Return whether the core has an output pin."""
        return self._out[pin] is not None

    def read(self, pin: str) -> int:
        """Return an output pin's level; an X or a Z on it fails the bench by the pin's name, or reads as inactive."""
        handle = self._out[pin]
        if handle is None:
            return self._lacking[pin]
        value = handle.value
        try:
            return int(value) ^ self._flip[pin]
        except ValueError as error:
            if self.unknown is None:
                raise AssertionError(f"{pin} shows {value}: neither 0 nor 1") from error
            self.unknown(pin, str(value))
            return self._lacking[pin]

    def _tristate(self, pin: str) -> int | None:
        return self.read(f"{pin}.o") if self.read(f"{pin}.oe") else None

    def drives(self) -> Any:
        """Return what every output shows now."""
        raise NotImplementedError

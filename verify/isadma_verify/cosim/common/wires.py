"""The wires between a core and the world: who drives each, and what it shows when nobody does."""

import random
from dataclasses import dataclass, field
from typing import Any, ClassVar

#: The command lines have pull-ups: they read high where nobody drives them.
STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")


def named(*pins: str) -> str:
    """Return pins as the data sheet writes them: IOR#, MEMW#."""
    return ", ".join(f"{pin.removesuffix('_n').upper()}#" if pin.endswith("_n") else pin.upper() for pin in pins)


@dataclass
class Wire:
    """
    One wire or bundle.

    Parameters
    ----------
    name
        As in the data sheet, active low ends in ``_n``.
    width
        Bits.
    pull
        What it shows undriven; None for noise, so that a listener at the wrong time hears garbage.
    drivers
        Who drives it now (but the chip), and with what.
    """

    name: str
    width: int
    pull: int | None
    drivers: dict[str, int] = field(default_factory=dict)
    level: int = 0

    def drive(self, who: str, level: int | None) -> None:
        """Drive with a level, or let go with None."""
        if level is None:
            self.drivers.pop(who, None)
        elif 0 <= level < 1 << self.width:
            self.drivers[who] = level
        else:
            raise ValueError(f"{level:#x} does not fit {self.name}: {self.width} bits")


class Wires:
    """
    All shared wires of a core, resolved once a step.

    Parameters
    ----------
    seed
        Of the noise on undriven address and data lines.
    """

    #: The widest wire's bits.
    BITS: ClassVar[int]

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._noise = 0
        self.ior_n = Wire("ior_n", 1, pull=1)
        self.iow_n = Wire("iow_n", 1, pull=1)
        self.memr_n = Wire("memr_n", 1, pull=1)
        self.memw_n = Wire("memw_n", 1, pull=1)
        self._shared: tuple[Wire, ...] = (self.ior_n, self.iow_n, self.memr_n, self.memw_n)

    def new_clock(self) -> None:
        """Draw the noise that undriven address and data lines show for one fabric clock."""
        self._noise = self._random.getrandbits(self.BITS)

    def resolve(self, chip: Any) -> list[str]:
        """
        Work out every wire's level.

        Parameters
        ----------
        chip
            What the core drives: an attribute for each wire.

        Returns
        -------
        list of str
            One line for each wire with more than one driver, even where they agree.
        """
        fights: list[str] = []
        for wire in self._shared:
            own: int | None = getattr(chip, wire.name)
            levels = dict(wire.drivers) if own is None else {**wire.drivers, "chip": own}
            if len(levels) > 1:
                who = ", ".join(f"{name}={level:#x}" for name, level in sorted(levels.items()))
                fights.append(f"{wire.name} has {len(levels)} drivers: {who}")
            if levels:
                wire.level = next(iter(levels.values()))
            else:
                wire.level = self._noise & ((1 << wire.width) - 1) if wire.pull is None else wire.pull
        return fights

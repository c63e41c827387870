"""What a bench is told from outside the simulator, through one environment variable."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from isadma_verify.cosim.chip.pins import PinMap

#: Carries the options, as JSON, from the runner into the simulator's process.
VARIABLE = "ISADMA_BENCH"


@dataclass(frozen=True)
class BenchOptions:
    """
    How a core is benched.

    Parameters
    ----------
    per_state
        Fabric clocks per state, at least 1.
    pins
        The core's `PinMap`, as ``module:name``.
    variant
        ``"nmos"`` or ``"cmos"``: which read-back map the core has.
    undefined_read
        What an NMOS core returns for the reads that the data sheet calls illegal.
    seed
        Of all randomness on the bench.
    wait_states
        Those a board adds to each transfer in normal timing; a bare chip has none of its own.
    """

    per_state: int = 2
    pins: str = "isadma_verify.cosim.chip.pins:I8237_PINS"
    variant: str = "nmos"
    undefined_read: int = 0xFF
    seed: int = 1
    wait_states: int = 1

    def to_environment(self) -> dict[str, str]:
        """Return the variable to set for the simulator's process."""
        return {VARIABLE: json.dumps(asdict(self))}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "BenchOptions":
        """Return what the runner set, or the defaults."""
        return cls(**json.loads(environment.get(VARIABLE, "{}")))

    def pin_map(self) -> PinMap:
        """
        Import the pin map.

        Raises
        ------
        ValueError
            The name does not lead to a `PinMap`.
        """
        module, _, name = self.pins.partition(":")
        try:
            found = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise ValueError(f"pins {self.pins!r}: {error}; give module:name of a PinMap") from error
        if not isinstance(found, PinMap):
            raise ValueError(f"pins {self.pins!r} is a {type(found).__name__}; give module:name of a PinMap")
        return found

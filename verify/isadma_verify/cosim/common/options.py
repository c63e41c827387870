"""What a bench is told from outside the simulator, through one environment variable."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from isadma_verify.cosim.common.pins import PortMap

#: Carries the options, as JSON, from the runner into the simulator's process.
VARIABLE = "ISADMA_BENCH"


@dataclass(frozen=True, kw_only=True)
class BenchOptions:
    """
    How a core is benched.

    Parameters
    ----------
    pins
        The core's `isadma_verify.cosim.common.pins.PortMap`, as ``module:name``.
    per_state
        Fabric clocks per state, at least 1.
    late
        Fabric clocks from an edge at the CLK pin to the one in which a core that has a faster clock too acts on it.
    variant
        ``"nmos"`` or ``"cmos"``: which read-back map the core has.
    undefined_read
        What an NMOS core returns for the reads that the data sheet calls illegal; None: whatever it likes.
    seed
        Of all randomness on the bench.
    wait_states
        Those a board adds to each transfer in normal timing; a bare chip has none of its own.
    journal
        File to write broken rules to, and go on; empty: the first one fails the bench.
    lacks
        Pins that the core does not have: nothing is said of them.
    gated
        Three-state pins without an output enable, which AEN would gate on a board.
    without
        Features that it leaves out: random programs do not use them.
    phase_ns
        Simulated time of a fabric clock's fifth: 20 ns makes it 100 ns, half a clock of the 8237A-5.
    coverage
        File that the bins met are added to, as of ``isadma fuzz --coverage``; empty: none are counted. Chip only.
    """

    pins: str
    per_state: int = 2
    late: int = 0
    variant: str = "nmos"
    undefined_read: int | None = 0xFF
    seed: int = 1
    wait_states: int = 1
    journal: str = ""
    lacks: tuple[str, ...] = ()
    gated: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    phase_ns: int = 1
    coverage: str = ""

    def to_environment(self) -> dict[str, str]:
        """Return the variable to set for the simulator's process."""
        return {VARIABLE: json.dumps(asdict(self))}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "BenchOptions":
        """
        Return what the runner set.

        Raises
        ------
        ValueError
            It set nothing: the bench was not started by `isadma_verify.cosim.common.run.run`.
        """
        if VARIABLE not in environment:
            raise ValueError(f"{VARIABLE} is not set: start benches by isadma_verify.cosim.common.run.run")
        return cls.from_fields(json.loads(environment[VARIABLE]))

    @classmethod
    def from_fields(cls, told: Mapping[str, Any]) -> "BenchOptions":
        """Return options from their fields as JSON has them: lists for tuples."""
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in told.items()
        }
        return cls(**fields)

    def pin_map(self) -> PortMap:
        """
        Import the pin map.

        Raises
        ------
        ValueError
            The name does not lead to a `isadma_verify.cosim.common.pins.PortMap`.
        """
        module, _, name = self.pins.partition(":")
        try:
            found = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise ValueError(f"pins {self.pins!r}: {error}; give module:name of a pin map") from error
        if not isinstance(found, PortMap):
            raise ValueError(f"pins {self.pins!r} is a {type(found).__name__}; give module:name of a pin map")
        return found

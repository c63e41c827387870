"""Which of the units that files have is the core, where nobody said it."""

from collections.abc import Mapping
from dataclasses import dataclass

from isadma_verify.conform.errors import ConformError


@dataclass(frozen=True)
class Unit:
    """A module or an entity: whether it has ports, and the names of those that it instantiates."""

    has_ports: bool
    uses: frozenset[str]


def only_core(units: Mapping[str, Unit]) -> str:
    """
    Return the one unit with ports that no unit with ports is made of: a testbench has none, and is not the core.

    Raises
    ------
    ConformError
        There are none, or more than one.
    """
    parts = frozenset().union(*(unit.uses for unit in units.values() if unit.has_ports))
    cores = sorted(name for name, unit in units.items() if unit.has_ports and name not in parts)
    if not cores:
        raise ConformError(f"{', '.join(sorted(units))}: none has ports of its own, so none is the core")
    if len(cores) > 1:
        raise ConformError(f"which of {', '.join(cores)} is the core? say it with --top")
    return cores[0]

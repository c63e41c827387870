"""Which objects a machine's state is made of, and what of them: models of this package, by their attributes."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

__all__ = ["MODELS", "KeptApart", "PartlyKept", "attributes", "is_model"]

#: Where the classes stand whose objects are taken apart.
MODELS = ("isadma_sim.devices.", "isadma_sim.machine.owed", "isadma_sim.machine.detached")


@runtime_checkable
class KeptApart(Protocol):
    """What has its own way: a file, of which there is a digest, and not what is in it."""

    def saved_as(self) -> Any:
        """Return JSON's values."""
        ...

    def loaded_as(self, state: Any) -> None:
        """Take them up; ValueError when this is not what was saved."""
        ...


@runtime_checkable
class PartlyKept(Protocol):
    """What has attributes that are not its state."""

    def unsaved(self) -> frozenset[str]:
        """Return their names."""
        ...


def is_model(value: Any) -> bool:
    """Whether an object is taken apart into its attributes."""
    return f"{type(value).__module__}.".startswith(tuple(f"{place.rstrip('.')}." for place in MODELS))


def attributes(model: Any) -> list[str]:
    """Return the names of what a model remembers."""
    slots = [name for kind in type(model).__mro__ for name in getattr(kind, "__slots__", ())]
    left_out = model.unsaved() if isinstance(model, PartlyKept) else frozenset()
    return sorted({*slots, *getattr(model, "__dict__", {})} - left_out - {"__weakref__", "__dict__"})

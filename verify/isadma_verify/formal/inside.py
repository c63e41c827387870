"""Finds registers that a component keeps to itself, so that a lemma can speak of them without a port in the RTL."""

from amaranth.hdl import Fragment, Signal
from amaranth.lib import wiring


def inside(component: wiring.Component, *names: str) -> list[Signal]:
    """
    Return signals, by their names, of those that a component itself drives.

    The component is elaborated here, and stays as it is now: call this once, and before anything else elaborates it.

    Parameters
    ----------
    component
        A part of the chip.
    names
        The signals' names in the netlist.

    Raises
    ------
    LookupError
        It drives no signal of that name: the RTL has changed, and the lemma must follow it.
    """
    fragment = Fragment.get(component.elaborate("formal"), "formal")
    component.elaborate = lambda platform: fragment
    driven = {
        signal.name: signal
        for statements in fragment.statements.values()
        for statement in statements
        for signal in statement._lhs_signals()
    }
    for name in names:
        if name not in driven:
            raise LookupError(f"{type(component).__name__} drives no {name!r}; it drives {', '.join(sorted(driven))}")
    return [driven[name] for name in names]

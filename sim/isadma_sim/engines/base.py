"""The engines by the names they are known by."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from isadma_sim.engines.options import check_waits
from isadma_sim.machine.checks import shown
from isadma_sim.machine.engine import Engine, World


class EngineError(RuntimeError):
    """An engine cannot be had, or its hardware does not do what a machine needs; one line says what to do."""


#: Name to "module:function"; the function takes (world, **options) and returns an Engine. Imported on first use,
#: so that the reference engine works where Amaranth is not installed.
ENGINES: dict[str, str] = {
    "amaranth": "isadma_sim.engines.amaranth:open_engine",
    "native": "isadma_sim.engines.native.engine:open_engine",
    "reference": "isadma_sim.engines.reference:open_engine",
    "uart": "isadma_sim.engines.uart.opening:open_engine",
}
#: Those that need nothing but this machine.
SIMULATED = tuple(name for name in sorted(ENGINES) if name != "uart")


def default_engine() -> str:
    """Return the engine for whoever names none: "native", or "amaranth" where that cannot be built, and a line why."""
    from isadma_sim.engines.native.compiler import missing

    lacking = missing()
    if lacking is None:
        return "native"
    print(f"isadma: {lacking}; the slower engine 'amaranth' runs instead", file=sys.stderr)
    return "amaranth"


def open_engine(name: str, world: World, **options: Any) -> Engine:
    """Start an engine by its name.

    Parameters
    ----------
    name : str
        One of `ENGINES`.
    world : World
        What surrounds the board.
    **options
        `board`, `hlda_delay`, `skip_idle` and others the engine knows.

    Raises
    ------
    EngineError
        When there is no engine of that name, with the names there are.
    ValueError
        When `hlda_delay` or `bus_timeout` is no number of clocks, or too large a one.
    """
    if not isinstance(name, str) or name not in ENGINES:
        raise EngineError(f"no engine named {shown(name)}: use one of {', '.join(sorted(ENGINES))}")
    check_waits(options)
    module, function = ENGINES[name].split(":")
    factory: Callable[..., Engine] = getattr(import_module(module), function)
    return factory(world, **options)

"""Puts the timer and the system control port on a board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isadma_sim.devices.timer.compiled import CompiledControl, CompiledTimer
from isadma_sim.devices.timer.control import SystemControl
from isadma_sim.devices.timer.device import Timer
from isadma_sim.machine.boards import XT

if TYPE_CHECKING:
    from isadma_sim.machine.world import SlotWorld

__all__ = ["IRQ", "fit_timer"]

#: OUT of counter 0.
IRQ = 0
#: Its OUT asks for refresh.
REFRESH_COUNTER = 1


def fit_timer(world: SlotWorld, *, refresh: bool) -> Timer:
    """Attach both to a world whose engine is there, and return the timer.

    Parameters
    ----------
    world : SlotWorld
        The machine's world.
    refresh : bool
        Whether an AT is built with refresh. On a PC/XT OUT1 always reaches channel 0.
    """
    xt = world.wiring is XT
    engine = world.engine
    wired = xt or refresh
    chips = engine.own_chips()  # an engine may have both itself
    timer = Timer(xt=xt, out1=engine.set_out1 if wired else None)
    control: SystemControl | None = None
    if chips is not None:
        timer = compiled = CompiledTimer(chips, xt=xt, out1=wired)
        control = CompiledControl(chips, compiled, xt=xt, cycles=refresh)
    timer.ports = world.ports.of_the_board(timer.ports)
    world.attach(timer, None, IRQ)
    # A board without refresh cycles has what would ask for them, and software waits for bit 4 of port 61h all the same.
    detect = (lambda: engine.refreshes) if refresh else (lambda: timer.rises(REFRESH_COUNTER))
    control = control or SystemControl(timer, detect, xt=xt)
    control.ports = world.ports.of_the_board(control.ports)
    world.attach(control, None, None)
    return timer

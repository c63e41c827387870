"""Opens engine "uart": the port, what is at its other end, and whether that is what was asked for."""

from __future__ import annotations

import os
from typing import Any

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.uart.client import Client
from isadma_sim.engines.uart.engine import UartEngine
from isadma_sim.engines.uart.link import Link
from isadma_sim.engines.uart.serial_port import BAUD, open_line
from isadma_sim.machine.engine import World

__all__ = ["PORT", "open_engine"]

#: Environment variable that names the serial port.
PORT = "ISADMA_PORT"


def open_engine(
    world: World,
    *,
    board: str = "at",
    port: str | None = None,
    baud: int = BAUD,
    wait_states: int = 1,
    hlda_delay: int = 1,
    refresh: bool = False,
    **options: Any,
) -> UartEngine:
    """Open a board.

    Parameters
    ----------
    world : World
        What surrounds it.
    board : str
        ``"at"`` or ``"xt"``: what the FPGA carries.
    port : str or None
        The serial port; None: what the environment variable ISADMA_PORT names.
    baud : int
        Its speed.
    wait_states : int
        0 or 1: those of the board.
    hlda_delay : int
        1: the hardware has no other.
    refresh : bool
        Not asked for: the hardware has none.
    **options
        Passed on to `UartEngine`.

    Raises
    ------
    EngineError
        There is no such port, nothing answers on it, or it is another board.
    """
    if wait_states not in (0, 1) or hlda_delay != 1:
        raise EngineError(
            "engine 'uart' has its board's wait states, 0 or 1, and hlda_delay=1: take another engine for others"
        )
    if refresh:
        raise EngineError("engine 'uart' has no refresh: take another engine for refresh=True")
    port = port or os.environ.get(PORT)
    if not port:
        raise EngineError(f"engine 'uart' needs a serial port: PC(engine='uart', port=...), or set {PORT}")
    link = Link(open_line(port, baud))
    try:
        client = Client(link)
        if client.board != board:
            raise EngineError(f"{link.name}: the board is a PC/{client.board.upper()}: PC(board='{client.board}')")
        if client.wait_states != wait_states:
            raise EngineError(
                f"{link.name}: the board's transfers have other waits: PC(wait_states={client.wait_states})"
            )
        return UartEngine(client, world, **options)
    except BaseException:
        link.close()
        raise

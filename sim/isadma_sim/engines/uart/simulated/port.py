"""A pseudo-terminal with the simulated FPGA behind it."""

from __future__ import annotations

import ctypes
import os
import select
import threading
import tty
from types import TracebackType

from amaranth.back import rtlil

from isadma.soc.uart_pc import UartPc
from isadma_sim.engines.uart.simulated.build import load
from isadma_sim.engines.uart.simulated.ice40 import SCRIPT

__all__ = ["SimulatedPort", "netlist", "rtl"]

#: Clocks per bit: the fewest that the receiver takes.
DIVISOR = 4
#: Clocks after which a simulation gives up on an answer: a frame's most clocks, and its bytes.
_MOST_CLOCKS = 400_000
_ROOM = 4096
_RTL = "proc; flatten; opt -full; splitnets -driver; clean -purge"


def _design(memory_bits: int, **options: object) -> str:
    return rtlil.convert(UartPc(divisor=DIVISOR, memory_bits=memory_bits, **options), name="top", emit_src=False)


def rtl(memory_bits: int = 12, **options: object) -> ctypes.CDLL:
    """Return the board as it is written, compiled.

    Parameters
    ----------
    memory_bits : int
        The memory has 2 to the power of this many bytes.
    **options
        Those of `isadma.soc.uart_pc.UartPc`.
    """
    return load(_design(memory_bits, **options), _RTL)


def netlist(memory_bits: int = 12) -> ctypes.CDLL:
    """Return the board as Yosys maps it to an iCE40: look-up tables, flip-flops and block RAMs, compiled."""
    return load(_design(memory_bits, mode_memory={"ram_style": "block"}), SCRIPT)


class SimulatedPort:
    """Runs the board whenever bytes come.

    Parameters
    ----------
    library : ctypes.CDLL
        What `rtl` or `netlist` returned.

    Attributes
    ----------
    name : str
        The terminal's path: what to open as a serial port.
    """

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._machine = library.uart_open(DIVISOR)
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.name = os.ttyname(self._slave)
        self._stopped, self._wake = os.pipe()
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name=f"board at {self.name}", daemon=True)
        self._thread.start()

    def exchange(self, data: bytes) -> bytes:
        """Put bytes on the line and return what the board answered; the terminal is not asked."""
        answer = ctypes.create_string_buffer(_ROOM)
        with self._guard:
            got = self._library.uart_exchange(self._machine, data, len(data), answer, _ROOM, _MOST_CLOCKS)
        return answer.raw[:got]

    @property
    def clocks(self) -> int:
        """Fabric clocks simulated so far."""
        return int(self._library.uart_clocks(self._machine))

    @property
    def leds(self) -> int:
        """The board's LEDs, as `isadma.soc.uart_pc.UartPc` has them."""
        return int(self._library.uart_leds(self._machine))

    def _serve(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._stopped], [], [])
            if self._stopped in ready:
                return
            try:
                data = os.read(self._master, 4096)
            except OSError:
                return
            answer = self.exchange(data)
            while answer:
                answer = answer[os.write(self._master, answer) :]

    def unplug(self) -> None:
        """Pull the cable: the terminal is gone, and whoever has it open finds out."""
        if self._thread.is_alive():
            os.write(self._wake, b"x")
            self._thread.join(timeout=60)
        for descriptor in (self._master, self._slave, self._stopped, self._wake):
            if descriptor >= 0:
                os.close(descriptor)
        self._master = self._slave = self._stopped = self._wake = -1

    def close(self) -> None:
        """End the simulation."""
        if self._machine is not None:
            if self._master >= 0:
                self.unplug()
            self._library.uart_close(self._machine)
            self._machine = None

    def __enter__(self) -> SimulatedPort:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

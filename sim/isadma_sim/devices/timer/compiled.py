"""The timer and the system control port of an engine that has both in C++, as devices of the machine."""

from __future__ import annotations

from typing import Any

from isadma_sim.devices.timer.chip import Pit8254
from isadma_sim.devices.timer.control import SystemControl
from isadma_sim.devices.timer.device import Timer
from isadma_sim.devices.timer.kept import load_counter, pit_of
from isadma_sim.machine.plain import put_back, take_down
from isadma_sim.machine.portmap import CONTROL, TIMER

__all__ = ["CompiledControl", "CompiledTimer"]


class CompiledTimer(Timer):
    """The timer in C++: what OUT0 and OUT1 do happens there, and is no event of the machine's schedule.

    Parameters
    ----------
    chips : Chips of the engine
        Where it is.
    xt : bool
        An 8253.
    out1 : bool
        Whether OUT1 is wired to the board.
    """

    chip_kind = TIMER

    def __init__(self, chips: Any, *, xt: bool, out1: bool) -> None:
        super().__init__(xt=xt)
        self._chips = chips
        state = chips.state
        state.timed, state.read_back, state.out1 = True, not xt, out1
        for kept, counter in zip(state.counters, self.chip.counters, strict=True):
            load_counter(kept, counter)

    def reset(self) -> None:
        """Bus RESET, which the chip has no pin for."""
        super().reset()
        self._chips.state.clocks, self._chips.state.pulses = self._clocks, self._pulses

    def model(self) -> Pit8254:
        """Return a model of what it is now."""
        state = self._chips.state
        return pit_of(state.counters, read_back=bool(state.read_back))

    def save_state(self) -> Any:
        """As that of the model."""
        state = self._chips.state
        shown = [bool(level) for level in state.shown]
        return {"chip": take_down(self.model()), "shown": shown, "changes": list(state.changes)}

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        model, kept = self.model(), self._chips.state
        put_back(model, state["chip"])
        for one, counter in zip(kept.counters, model.counters, strict=True):
            load_counter(one, counter)
        for number in range(2):
            kept.shown[number], kept.changes[number] = int(state["shown"][number]), int(state["changes"][number])
        self._chips.library.isadma_order(self._chips.machine)

    def io_read(self, port: int) -> int:
        """Read a port for whoever stands in front of it, or looks clock by clock."""
        return int(self._chips.library.isadma_chip_read(self._chips.machine, TIMER, port))

    def io_write(self, port: int, value: int) -> None:
        """Write one."""
        self._chips.library.isadma_chip_write(self._chips.machine, TIMER, port, value)

    def set_gate2(self, level: bool) -> None:
        """Drive GATE of counter 2."""
        self._chips.library.isadma_gate2(self._chips.machine, level)

    def out(self, number: int) -> bool:
        """Return the OUT pin of counter 0 to 2 as it is now."""
        return bool(self._chips.library.isadma_out(self._chips.machine, number))

    def rises(self, number: int) -> int:
        """Return how often the OUT pin of counter 0 to 2 rose so far."""
        return int(self._chips.library.isadma_rises(self._chips.machine, number))


class CompiledControl(SystemControl):
    """Port 61h in C++, and 62h on a PC/XT.

    Parameters
    ----------
    chips : Chips of the engine
        Where it is.
    timer : CompiledTimer
        Whose counter 2 it gates.
    xt : bool
        The PC/XT's 8255.
    cycles : bool
        Bit 4 of an AT's shows the board's refresh cycles, and not what counter 1 asks for.
    """

    chip_kind = CONTROL

    def __init__(self, chips: Any, timer: CompiledTimer, *, xt: bool, cycles: bool) -> None:
        self._chips = chips
        super().__init__(timer, lambda: 0, xt=xt)
        chips.state.xt, chips.state.counts_cycles = xt, cycles

    @property
    def _written(self) -> int:
        return int(self._chips.state.written)

    @_written.setter
    def _written(self, value: int) -> None:
        self._chips.state.written = value

    def io_read(self, port: int) -> int:
        """Read a port for whoever stands in front of it, or looks clock by clock."""
        return int(self._chips.library.isadma_chip_read(self._chips.machine, CONTROL, port))

    def io_write(self, port: int, value: int) -> None:
        """Write one."""
        self._chips.library.isadma_chip_write(self._chips.machine, CONTROL, port, value)

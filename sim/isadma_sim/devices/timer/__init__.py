"""The timer of the boards, an Intel 8254 or 8253, and the system control port that gates its third counter."""

from isadma_sim.devices.timer.chip import Pit8254
from isadma_sim.devices.timer.control import SystemControl
from isadma_sim.devices.timer.counter import Counter
from isadma_sim.devices.timer.device import Timer
from isadma_sim.devices.timer.fit import fit_timer

__all__ = ["Counter", "Pit8254", "SystemControl", "Timer", "fit_timer"]

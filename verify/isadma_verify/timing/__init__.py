"""The AC table of the 8237A-5 as data, a checker of it, and a bench in picoseconds for the part in its socket."""

from .checker import Checker, Violation
from .scenario import Run, play
from .table import TABLE, Limit, Parameter, Side
from .wires import Pads

__all__ = ["TABLE", "Checker", "Limit", "Pads", "Parameter", "Run", "Side", "Violation", "play"]

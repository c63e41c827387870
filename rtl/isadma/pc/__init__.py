"""The PC boards around the 8237A: page registers, cascade, subsystems."""

from .at import PcAt
from .checker import IsaChecker, Rule
from .hold_xt import HoldXt
from .isa import IsaBus
from .xt import PcXt

__all__ = ["HoldXt", "IsaBus", "IsaChecker", "PcAt", "PcXt", "Rule"]

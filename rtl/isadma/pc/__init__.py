"""The PC boards around the 8237A: page registers, cascade, subsystems."""

from .at import PcAt
from .checker import IsaChecker, Rule
from .isa import IsaBus
from .xt import PcXt

__all__ = ["IsaBus", "IsaChecker", "PcAt", "PcXt", "Rule"]

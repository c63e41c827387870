"""The 8237A and its boards again, in plain Python, written from the data sheet: the golden model."""

from isadma_sim.reference.board import AtBoard
from isadma_sim.reference.chip import Chip
from isadma_sim.reference.pins import BoardInputs, BoardOutputs, ChipInputs, ChipOutputs
from isadma_sim.reference.xt import XtBoard

__all__ = ["AtBoard", "BoardInputs", "BoardOutputs", "Chip", "ChipInputs", "ChipOutputs", "XtBoard"]

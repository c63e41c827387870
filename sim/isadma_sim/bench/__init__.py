"""How fast each engine runs the PC: the figures that `isadma bench` prints."""

from isadma_sim.bench.report import BenchError, Figures, Report, measure

__all__ = ["BenchError", "Figures", "Report", "measure"]

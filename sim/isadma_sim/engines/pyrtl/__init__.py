"""RTL as Python: a synchronous design's RTLIL turned into one straight piece of Python per clock.

Amaranth's own simulator runs every process of a component again in each delta cycle, some thousand signal updates a
clock for the AT board. The same netlist, flattened, ordered and folded, is a few hundred expressions.
"""

from isadma_sim.engines.pyrtl.compiler import Compiled, compile_rtlil

__all__ = ["Compiled", "compile_rtlil"]

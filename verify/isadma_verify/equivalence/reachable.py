"""Proves with ABC that two netlists show the same in every clock that can be reached: more than induction sees."""

import re
from pathlib import Path

from isadma_tools import toolchain

__all__ = ["differs"]

#: Seconds that ABC has for one proof.
_SECONDS = 120
# Both have the same inputs, and the one output is high where any of theirs differ. What is assumed is of the first one.
_MITER = """\
read_rtlil gold-registers.il
read_rtlil gate-registers.il
setundef -zero
{changes}miter -equiv -flatten gold gate miter
hierarchy -top miter
opt
techmap
dffunmap
techmap
setundef -zero
opt_clean
aigmap
opt_clean
write_aiger -zinit miter.aig
"""
# Registers that are alike in all reachable states are merged; the rest is for property-directed reachability.
_PROOF = "read_aiger miter.aig; fold; strash; scorr; write_aiger merged.aig; pdr -T {seconds}"
_HEADER = re.compile(rb"aig \d+ \d+ (?P<latches>\d+) 1 (?P<gates>\d+)\n(?P<output>\d+)\n")


def differs(folder: Path, assumed: str = "", hidden: tuple[str, ...] = ()) -> str:
    """
    Look for inputs with which two cores show different outputs in some clock after power-up.

    Unlike induction, which starts in any state, this starts at power-up, and finds for itself what is always so.
    Registers that begin with anything begin with zero here.

    Parameters
    ----------
    folder
        Has ``gold-registers.il`` and ``gate-registers.il``: modules ``gold`` and ``gate``, all memories in registers.
    assumed
        An output of one bit. Only inputs matter with which it is high on ``gold`` in every clock.
    hidden
        Outputs that are not compared.

    Returns
    -------
    str
        Empty if it is proved that there are none, else what came of it.

    Raises
    ------
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        Yosys or ABC is not there, or did not do its work.
    """
    # Most often any input does, and what is assumed makes it harder.
    said = ""
    for condition in ("", assumed) if assumed else ("",):
        said = _differs(folder, condition, hidden)
        if not said:
            break
    return said


def _differs(folder: Path, assumed: str, hidden: tuple[str, ...]) -> str:
    lines = [f"cd gold\nadd -assume {assumed}\ncd .."] if assumed else []
    lines += [f"delete -port {side}/{name}" for side in ("gold", "gate") for name in hidden]
    script = _MITER.format(changes="".join(f"{line}\n" for line in lines))
    (folder / "miter.ys").write_text(script)
    toolchain.run_script("script miter.ys", cwd=folder)
    # It has its own limit, and some minutes for what comes before.
    log = toolchain.run("yosys-abc", ["-c", _PROOF.format(seconds=_SECONDS)], cwd=folder, timeout=2 * _SECONDS)
    merged = _HEADER.match((folder / "merged.aig").read_bytes())
    if merged and merged["latches"] == merged["gates"] == merged["output"] == b"0":
        return ""
    if "Property proved." in log:
        return ""
    shown = re.search(r'Output 0 of miter "\w+" was asserted in frame (\d+)', log)
    return f"the pins differ in clock {shown[1]}" if shown else f"not decided in {_SECONDS} s"

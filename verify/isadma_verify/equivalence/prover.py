"""Proves with Yosys that two netlists behave alike in every clock, whatever comes in."""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from isadma_tools import toolchain
from isadma_verify.equivalence.export import TOP
from isadma_verify.equivalence.reachable import differs
from isadma_verify.equivalence.registers import paired

#: Clocks that the induction may look back.
DEPTH = 4

#: Points up to which ABC may help: beyond that its sorting out of registers has no bound.
_MOST_FOR_ABC = 2000
#: Seconds for one run of Yosys.
_TIMEOUT = 900

# Memories become registers, word by word, so that their contents are compared too. A register whose power-up value is
# undefined gets zero in both: which these are is compared apart.
_READ = """\
read_rtlil {side}.il
rename {top} {side}
hierarchy -check -top {side}
proc
flatten
write_rtlil {side}-flat.il
memory_map
setundef -init -zero
opt_clean
write_json {side}.json
write_rtlil {side}-registers.il
design -reset
"""
# Registers that are each other's get one name, all other wires lose theirs: what has the same name in both netlists is
# a point to prove, and what has none is logic between the points.
_POINTS = """\
read_rtlil gold-registers.il
read_rtlil gate-registers.il
{assumed}{names}equiv_make gold gate equiv
hierarchy -top equiv
"""
#: What the name of a pair of registers begins with.
_POINT = "register."
_INDUCTION = """\
opt_clean
equiv_struct
equiv_simple{assuming}
equiv_induct{assuming} -seq {depth}
equiv_status
"""
# The induction says that what was alike for so many clocks stays alike. That it is alike at first, from power-up on, is
# another proof: all points are asserted in as many clocks.
_BASE = """\
techmap -map points.v
hierarchy -top equiv
opt_clean
sat -seq {steps} -prove-asserts{assuming} -set-def-inputs equiv
"""
_ASSERTED = """\
(* techmap_celltype = "$equiv" *)
module point (input A, B, output Y);
    assign Y = A;
    \\$assert alike (.A(A == B), .EN(1'b1));
endmodule
"""


@dataclass(frozen=True)
class Verdict:
    """
    What came of a comparison.

    Parameters
    ----------
    points
        Bits of registers and outputs that were compared.
    detail
        Empty where the two behave alike, else what is different.
    """

    points: int
    detail: str

    @property
    def holds(self) -> bool:
        """Whether the two are proved alike: there was something to compare, and no difference."""
        return self.points > 0 and not self.detail


def compare(
    gold: Path, gate: Path, folder: Path, assumed: str = "", hidden: tuple[str, ...] = (), *, thorough: bool = False
) -> Verdict:
    """
    Prove two cores alike: the same outputs in every clock from power-up on, for all inputs in all clocks.

    Sequential equivalence by induction over registers and outputs, with the power-up state and the first clocks
    proved apart. Synthesis attributes are not compared.

    Parameters
    ----------
    gold, gate
        RTLIL of either, from `isadma_verify.equivalence.export`.
    folder
        Where scripts, logs and flat netlists go.
    assumed
        An output of one bit. Only inputs matter with which it is high on ``gold`` in every clock.
    hidden
        Outputs that need not be the same where `thorough` has to help.
    thorough
        Where induction does not do, look at what can be reached from power-up on; that may take minutes.

    Returns
    -------
    Verdict

    Raises
    ------
    isadma_tools.toolchain.ToolMissingError
        Yosys is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for side, file in (("gold", gold), ("gate", gate)):
        (folder / f"{side}.il").write_text(file.read_text())
    (folder / "points.v").write_text(_ASSERTED)
    try:
        _yosys("read", "".join(_READ.format(side=side, top=TOP) for side in ("gold", "gate")), folder)
        pairs = _pairs(folder)
        lawful = f"cd gold\nadd -assume {assumed}\ncd ..\n" if assumed else ""
        assuming = " -set-assumes" if assumed else ""
        both = _POINTS.format(names=_naming(pairs), assumed=lawful)
        log = _yosys("induction", both + _INDUCTION.format(depth=DEPTH, assuming=assuming), folder)
        found = re.search(r"Found (\d+) \$equiv cells in equiv:\s+Of those cells (\d+) are proven", log)
        if not found:
            return Verdict(0, "Yosys compared nothing")
        points, proven = (int(number) for number in found.groups())
        if proven == points:
            steps = max((int(step) for step in re.findall(r"Proving induction step (\d+)", log)), default=0) + 1
            log = _yosys("base", both + _BASE.format(steps=steps, assuming=assuming), folder)
            detail = "" if "no model found: SUCCESS!" in log else "the power-up states differ"
        else:
            detail = f"{points - proven} of {points} points differ: {_unproven(log, pairs)}"
            if thorough and points <= _MOST_FOR_ABC:
                with suppress(toolchain.ToolMissingError):  # without ABC that is all
                    more = differs(folder, assumed, hidden)
                    detail = f"{more}; {detail}" if more else ""
    except toolchain.ToolFailedError as error:
        return Verdict(0, str(error))
    if detail:
        return Verdict(points, detail)
    undefined = [_undefined(folder / f"{side}-flat.il") for side in ("gold", "gate")]
    if undefined[0] != undefined[1]:
        return Verdict(points, f"registers with an undefined power-up value, by width: {undefined[0]}, {undefined[1]}")
    return Verdict(points, "")


def stays_zero(netlist: Path, wire: str, given: str, folder: Path) -> bool:
    """
    Prove by induction that a wire is zero in every clock from power-up on, if another one is.

    Parameters
    ----------
    netlist
        RTLIL of a core.
    wire, given
        Names of outputs.
    folder
        Where script and log go.

    Returns
    -------
    bool

    Raises
    ------
    isadma_tools.toolchain.ToolMissingError
        Yosys is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gold.il").write_text(netlist.read_text())
    proof = f"sat -tempinduct -maxsteps {DEPTH} -set {given} 0 -prove {wire} 0 -set-def-inputs gold\n"
    log = _yosys("lemma", f"{_READ.format(side='gold', top=TOP)}read_rtlil gold-registers.il\n{proof}", folder)
    return "Induction step proven: SUCCESS!" in log


def _pairs(folder: Path) -> Sequence[tuple[str, str]]:
    """Return names of the registers that are each other's."""
    gold, gate = (json.loads((folder / f"{side}.json").read_text())["modules"][side] for side in ("gold", "gate"))
    return paired(gold, gate)


def _naming(pairs: Sequence[tuple[str, str]]) -> str:
    """Return commands that give each pair of registers a name for both, and take all other names but the ports'."""
    lines = []
    for side, names in (("gold", [before for before, _ in pairs]), ("gate", [after for _, after in pairs])):
        lines += [f"cd {side}", *(f"rename {name} {_POINT}{n}" for n, name in enumerate(names))]
        lines += [f"rename -hide w:* w:{_POINT}* %d", "opt_clean", "cd .."]
    return "\n".join(lines) + "\n"


def _yosys(name: str, script: str, folder: Path) -> str:
    (folder / f"{name}.ys").write_text(script)
    log = toolchain.run_script(f"script {name}.ys", cwd=folder, timeout=_TIMEOUT, quiet=False)
    (folder / f"{name}.log").write_text(log)
    return log


def _unproven(log: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the first few points that are not proved, by name."""
    status = log[log.rindex("Executing EQUIV_STATUS") :]
    names = list(dict.fromkeys(re.findall(r"Unproven \$equiv \S+: \\(\S+?)_gold", status)))
    named = [pairs[int(name.removeprefix(_POINT))][0] if name.startswith(_POINT) else name for name in names]
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""
    return ", ".join(named[:5]) + more


def _undefined(netlist: Path) -> list[int]:
    """Return the widths of registers whose power-up value is not defined."""
    return sorted(int(width) for width in re.findall(r"attribute \\init (\d+)'[01]*x", netlist.read_text()))

"""Mutations of a target's flat netlist, drawn by Yosys, and the library in which any one of them can live."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from isadma_tools import toolchain
from isadma_verify.fuzz.library import TO_CPP, Library, build, netlist
from isadma_verify.fuzz.targets import COUNTS_WITH, NEVER_SET, UNUSED, Target
from isadma_verify.mutate.contract import CLOCKINGS, MODULE, instance, pins

__all__ = ["IN_ONE", "LAWFUL", "Mutation", "draw", "library", "mutated"]

#: Mutations that one library has built in.
IN_ONE = 250
#: The output of a netlist for a proof that is high with the programs there are.
LAWFUL = "lawful"
#: Registers keep the enables and resets that the RTL gives them: a proof pairs them by what is around them.
_FLAT = "read_rtlil top.il\nproc\nflatten\nopt -nodffe -nosdff\nmemory_collect\nopt_clean\n"
_SOURCE = re.compile(r" -src (\S*?)(isadma/\S+)")
#: A flip-flop's output loses its power-up value with the mutation's switch (what reads it is broken in its place), and
#: a clock behind a switch is another clock.
_LEFT_OUT = re.compile(r" -port (Q|CLK|RD_CLK|WR_CLK) ")
_PORT = re.compile(
    rf'(?:attribute \\{COUNTS_WITH} "(?P<gate>\w+)(?: (?P<unless>\w+))?"\n  )?wire width (?P<width>\d+) '
    r"(?P<way>input|output) \d+ +\\(?P<name>\w+)\n"
)
_FIELD = re.compile(r" -(\w+) (\S+)")


@dataclass(frozen=True)
class Mutation:
    """One change of a netlist.

    Attributes
    ----------
    number : int
        From 1 on, in the list it was drawn in.
    command : str
        Yosys' ``mutate`` with its options, but for the control signal.
    """

    number: int
    command: str

    @property
    def kind(self) -> str:
        """What it does: ``inv``, ``const0``, ``const1``, ``cnot0``, ``cnot1``."""
        return dict(_FIELD.findall(self.command)).get("mode", "?")

    @property
    def where(self) -> str:
        """The lines of the RTL that the cell came from, and the wire, if it has a name."""
        lines = sorted({place for _, place in _SOURCE.findall(self.command)})
        fields = dict(_FIELD.findall(self.command))
        wire = f"{fields['wire']}[{fields.get('wirebit', '0')}]" if "wire" in fields else fields.get("cell", "?")
        return f"{', '.join(lines) or 'no line'} ({wire})"


@cache
def draw(target: Target, per_state: int, count: int, seed: int) -> tuple[Mutation, ...]:
    """Draw mutations, evenly over cells, wires and lines; the same for the same seed and netlist.

    Raises
    ------
    isadma_tools.toolchain.ToolMissingError, isadma_tools.toolchain.ToolFailedError
        Yosys is not there, or did not do its work.
    """
    text, _ = netlist(target, per_state)
    with tempfile.TemporaryDirectory(prefix="isadma-mutate-") as name:
        folder = Path(name)
        (folder / "top.il").write_text(text)
        (folder / "draw.ys").write_text(f"{_FLAT}mutate -list {2 * count} -seed {seed} -o list.txt\n")
        toolchain.run_script("script draw.ys", cwd=folder)
        drawn = (folder / "list.txt").read_text().splitlines()
        lines = [line for line in drawn if not _LEFT_OUT.search(line)][:count]
    return tuple(Mutation(number, line) for number, line in enumerate(lines, 1))


def library(target: Target, per_state: int, mutations: Sequence[Mutation]) -> Library:
    """Compile a target with mutations built in; the n-th of them, from 1 on, lives after `Library.let_live` (n)."""
    text, rtl = netlist(target, per_state)
    width = len(mutations).bit_length()
    commands = [
        mutation.command.replace("mutate ", f"mutate -ctrl mutant {width} {number} ", 1)
        for number, mutation in enumerate(mutations, 1)
    ]
    script = _FLAT + "\n".join(commands) + "\nopt -fast\n" + TO_CPP.replace("; ", "\n")
    return build(target, per_state, {"top.il": text, "rtl.h": rtl}, script, {"MUTANTS": len(mutations)})


def mutated(
    target: Target, per_state: int, mutation: Mutation | None, folder: Path, name: str, clocking: str = ""
) -> Path:
    """Write the flat netlist with one mutation, or none, as ``NAME.il``, top module ``core``; return its path.

    An output that does not count is 0. Where the target has bits that no program sets, `LAWFUL` says that they are 0.
    With a clocking of `isadma_verify.mutate.contract` it says that the surroundings of a chip keep the clock contract.
    """
    text, _ = netlist(target, per_state)
    (folder / "top.il").write_text(text)
    (folder / "core.v").write_text(_core(text, clocking))
    change = f"{mutation.command}\n" if mutation else ""
    around = "read_verilog core.v\nhierarchy -top core\nproc\nflatten\nopt_clean\n"
    (folder / f"{name}.ys").write_text(f"{_FLAT}{change}{around}write_rtlil {name}.il\n")
    toolchain.run_script(f"script {name}.ys", cwd=folder)
    return folder / f"{name}.il"


def _core(text: str, clocking: str) -> str:
    """Return, in Verilog, what shows of a netlist's pins that which counts."""
    top = text[text.index("module \\top\n") :]
    ports = [
        (each["name"], int(each["width"]), each["way"], each["gate"], each["unless"])
        for each in _PORT.finditer(top[: top.index("\nend")])
    ]
    driven = CLOCKINGS[clocking] if clocking else {}
    inside = ", ".join(
        f".{name}({driven.get(name, name) if way == 'input' else f'{name}_inside'})" for name, _, way, *_ in ports
    )
    heads, lines = pins(clocking) if clocking else ([], [])
    lines.append(f"top top({inside});")
    for name, width, way, gate, unless in ports:
        if name in driven:
            continue
        heads.append(f"{way} [{width - 1}:0] {name}")
        if way == "output":
            lines.insert(0, f"wire [{width - 1}:0] {name}_inside;")
            counts = f"{gate}_inside & ~{unless}" if unless else f"{gate}_inside"
            lines.append(f"assign {name} = {name}_inside{f' & {{{width}{{{counts}}}}}' if gate else ''};")
    if any(name == UNUSED for name, *_ in ports):
        heads.append(f"output {LAWFUL}")
        lines.append(f"assign {LAWFUL} = ~|{UNUSED} & ~|{NEVER_SET};")
    if clocking:
        heads.append(f"output {LAWFUL}")
        lines.append(instance(LAWFUL))
    return "\n".join([f"module core({', '.join(heads)});", *lines, "endmodule", MODULE if clocking else ""])

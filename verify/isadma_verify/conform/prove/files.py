"""What sby is given: the wrapped core, the property module, and the design that joins them."""

import re
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from isadma_verify.conform.pins.expression import Level
from isadma_verify.conform.prove.designs import BUS, DESIGNS
from isadma_verify.conform.prove.elaborate import elaborate
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.conform.wrap.standard import TOP
from isadma_verify.conform.wrap.verilog import wrapper
from isadma_verify.cosim.common.places import readable
from isadma_verify.formal.runner import SOLVER

#: How the proof's clock is declared, and how Yosys takes flip-flops, for a core with a fabric clock; and for one whose
#: CLK is a pin: both its edges, and any other signal that something is clocked by, are seen by a clock of the solver's.
_FABRIC = ("module proof (input clk);", "", "", "async2sync")
_ANY_EDGE = ("module proof;\n  (* gclk *) reg clk;", "multiclock on", "-DEVERY_STEP", "clk2fflogic")

#: Seconds that are given to induction.
INDUCTION = 60

_SBY = """\
[tasks]
bmc
prove
cover

[options]
{clocking}
bmc: mode bmc
prove: mode prove
cover: mode cover
bmc: depth {depth}
prove: depth {induction}
cover: depth {depth}
bmc: timeout {timeout}
cover: timeout {timeout}
prove: timeout {brief}

[engines]
bmc: smtbmc {solver}
prove: smtbmc {solver}
cover: smtbmc {solver}

[script]
{commands}
read -formal {defined} {rules} proof.sv
hierarchy -check -top proof
proc
flatten
opt_clean
tribuf -logic
{flip_flops}
prep -top proof

[files]
{listed}
"""


def told_by_z(laid: Laid) -> bool:
    """Tell whether a core says by Z what it drives."""
    return any(enable is None for pin, enable in laid.enables.items() if pin != "eop_n")


@dataclass(frozen=True)
class Sources:
    """What sby reads of a core: files in its folder by the names they get, commands that read them, slang's word."""

    files: Mapping[str, Path]
    commands: str
    refused: str | None = None


def read(laid: Laid, place: Path, timeout: int) -> Sources:
    """Write the wrapper, and read it with the core: by slang where that can, else by Yosys' own reader."""
    # Where Z tells what a core drives, AEN stands for it.
    seen = replace(laid, enables=dict(laid.enables), gated=list(laid.gated))
    for pin, enable in laid.enables.items():
        if enable is None and pin != "eop_n":
            seen.enables[pin] = Level(1)
            seen.gated.append(pin)
    wrapped = place / "wrapper.sv"
    # A pull-up is no logic: EOP# is anything where nobody pulls it, as the world may pull it at any time.
    wrapped.write_text(re.sub(r"^ *pullup .*\n", "", wrapper(seen), flags=re.MULTILINE))
    refused = elaborate(laid.core, wrapped, place, timeout)
    if refused is None:
        return Sources({"core.il": Path("core.il")}, "read_rtlil core.il")
    sources = place / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    sources.mkdir()
    for file in readable(laid.core.files, laid.core.includes):
        shutil.copy(file, sources)
    listed = {file.name: Path("sources") / file.name for file in sorted(sources.iterdir())}
    listed[wrapped.name] = Path(wrapped.name)
    defines = " ".join(f"-D{key}={value}" if value else f"-D{key}" for key, value in laid.core.defines.items())
    names = " ".join([*(file.name for file in laid.core.files), wrapped.name])
    return Sources(listed, f"read -formal {defines} {names}", refused)


def write(
    core: Sources, laid: Laid, place: Path, depth: int, timeout: int, kept: Collection[str], refuted: Collection[str]
) -> None:
    """Write what sby reads; of the refuted rules those in `kept` are assumed, and the others left alone."""
    blind = told_by_z(laid)
    against = DESIGNS[laid.map.kind]
    assumed, refuted_bits = (sum(1 << against.rules.index(rule) for rule in rules) for rules in (kept, refuted))
    head, clocking, defined, flip_flops = _FABRIC if laid.map.clock.fabric is not None else _ANY_EDGE
    for module in (BUS, against.module):
        (place / module).write_text((files(__package__) / module).read_text())
    (place / "proof.sv").write_text(
        against.top.format(
            head=head,
            top=TOP,
            floats=int(not blind),
            seen=f"1'b{int(not blind)}",
            given=assumed,
            refuted=refuted_bits,
            xt=int(laid.map.kind == "xt"),
        )
    )
    listed = {**core.files, **{name: Path(name) for name in (BUS, against.module, "proof.sv")}}
    (place / "proof.sby").write_text(
        _SBY.format(
            clocking=clocking,
            defined=defined,
            rules=f"{BUS} {against.module}",
            flip_flops=flip_flops,
            depth=depth,
            induction=min(depth, 8),
            timeout=timeout,
            brief=min(timeout, INDUCTION),
            solver=SOLVER,
            commands=core.commands,
            listed="\n".join(f"{name} {file}" for name, file in listed.items()),
        )
    )

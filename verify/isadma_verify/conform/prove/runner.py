"""Holds a core inside its wrapper against the property module: sby with a bound, and by induction where that closes."""

import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from isadma_tools import toolchain
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.expression import Level
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.conform.wrap.standard import TOP
from isadma_verify.conform.wrap.verilog import wrapper
from isadma_verify.formal.runner import SOLVER, install_tools

#: Rules of the property module, by the names of its labels.
RULES = (
    "one-dack",
    "strobes-need-the-bus",
    "bus-after-hlda",
    "hrq-waits-for-hlda",
    "hrq-release",
    "strobe-pairs",
    "write-ends-first",
    "address-steady",
    "bus-floats",
    "adstb-with-data",
)

#: Those that say something of floating, which a solver does not see of a port that tells it by Z.
_OF_FLOATING = ("bus-floats", "adstb-with-data")

#: Seconds that are given to induction.
INDUCTION = 60

PROVED, BOUNDED, REFUTED, LEFT_OUT = "proved", "bounded", "refuted", "left out"

_TOP = """
module proof (input clk);
  reg phase = 0;
  always @(posedge clk) phase <= ~phase;
  (* anyseq *) reg reset, cs_n, ready, hlda, cpu_ior_n, cpu_iow_n, cpu_eop_n;
  (* anyseq *) reg [3:0] dreq, cpu_a;
  (* anyseq *) reg [7:0] world_db;
  wire hrq, aen, adstb, ior_n_o, ior_n_oe, iow_n_o, iow_n_oe, memr_n_o, memr_n_oe, memw_n_o, memw_n_oe, eop_n_oe;
  wire db_oe, a_oe;
  wire [3:0] dack;
  wire [7:0] db_o, a_o;
  // A core that tells by Z what it drives is taken to do so from half a clock after AEN on.
  reg aen_before = 0;
  always @(posedge clk) aen_before <= aen;
  wire drives = {seen} | aen & aen_before;
  wire ior_e, iow_e, memr_e, memw_e, a_e;
  assign {{ior_n_oe, iow_n_oe, memr_n_oe, memw_n_oe, a_oe}} = {{ior_e, iow_e, memr_e, memw_e, a_e}} & {{5{{drives}}}};
  wire lent = hlda | aen;
  // What the world drives; a core's own strobes do not come back to it.
  wire ior_n = lent | cpu_ior_n;
  wire iow_n = lent | cpu_iow_n;
  {top} dut (.clk(clk), .clk_fall(phase), .clk_rise(~phase), .clk_pin(phase), .reset(reset), .cs_n(cs_n),
    .ready(ready), .hlda(hlda), .dreq(dreq), .ior_n_i(ior_n), .ior_n_world(~lent), .ior_n_o(ior_n_o),
    .ior_n_oe(ior_e), .iow_n_i(iow_n), .iow_n_world(~lent), .iow_n_o(iow_n_o), .iow_n_oe(iow_e),
    .eop_n_i(cpu_eop_n), .eop_n_world(~cpu_eop_n), .eop_n_oe(eop_n_oe), .db_i(world_db),
    .db_world(~cs_n & ~iow_n | lent & ~db_oe), .db_o(db_o), .db_oe(db_oe), .a_i(cpu_a), .a_world(~lent), .a_o(a_o),
    .a_oe(a_e), .hrq(hrq), .dack(dack), .aen(aen), .adstb(adstb), .memr_n_o(memr_n_o), .memr_n_oe(memr_e),
    .memw_n_o(memw_n_o), .memw_n_oe(memw_e), .ah());
  i8237_rules #(.CHIP(1), .FLOATS({floats}), .GIVEN(10'd{given})) rules (.clk(clk), .half(phase), .reset(reset),
    .cs_n(cs_n), .ready(ready), .hlda(hlda), .dreq(dreq), .dack(dack), .hrq(hrq), .aen(aen), .adstb(adstb),
    .ior_n_i(ior_n), .iow_n_i(iow_n), .eop_n_i(cpu_eop_n), .ior_n_o(ior_n_o), .ior_n_oe(ior_n_oe), .iow_n_o(iow_n_o),
    .iow_n_oe(iow_n_oe), .memr_n_o(memr_n_o), .memr_n_oe(memr_n_oe), .memw_n_o(memw_n_o), .memw_n_oe(memw_n_oe),
    .a_oe(a_oe), .db_oe(db_oe), .a_o(a_o));
endmodule
"""

_SBY = """\
[tasks]
bmc
prove
cover

[options]
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
read -formal {defines} {files}
{parameters}hierarchy -check -top proof
proc
flatten
tribuf -logic
async2sync
prep -top proof

[files]
{listed}
"""


@dataclass(frozen=True)
class Proof:
    """
    What came of it.

    Parameters
    ----------
    rules
        Rule to `PROVED` (for all time), `BOUNDED` (no counterexample within `depth`), `REFUTED` or `LEFT_OUT`.
    steps
        Refuted rule to the fabric clock of its counterexample.
    depth
        Fabric clocks from RESET on.
    reached
        Covers reached: that HRQ, AEN, a strobe and the end of a service come within them.
    covers
        Covers there are.
    folder
        Where sby's work is, with a trace for each refuted rule.
    seconds
        Of wall time.
    """

    rules: Mapping[str, str]
    steps: Mapping[str, int]
    depth: int
    reached: int
    covers: int
    folder: Path
    seconds: float


def prove(laid: Laid, *, depth: int = 40, timeout: int = 600, folder: Path) -> Proof:
    """
    Hold a chip in Verilog against the rules of its pins.

    Parameters
    ----------
    laid
        The chip, its map laid on it.
    depth
        Fabric clocks from RESET on.
    timeout
        Seconds of wall time for each of sby's three tasks.
    folder
        Where sby's work goes.

    Raises
    ------
    ConformError
        It is no chip in Verilog, or Yosys cannot read it.
    isadma_tools.toolchain.ToolMissingError
        Yosys, sby or the solver is not installed.
    """
    if laid.core.language != "verilog" or laid.map.kind != "chip":
        raise ConformError("--prove takes a chip in Verilog: open Yosys reads no VHDL, and there are no board's rules")
    if laid.map.clock.fabric is None:
        raise ConformError("--prove needs a core with a fabric clock (clock.fabric): Yosys knows one edge of one clock")
    toolchain.find(SOLVER)
    started = time.monotonic()
    place = (folder / "prove" / laid.core.top).resolve()
    place.mkdir(parents=True, exist_ok=True)
    blind = _told_by_z(laid)
    steps: dict[str, int] = {}
    while True:
        names = _write(laid, place, blind, depth, timeout, steps)
        bounded = _task("bmc", place, timeout)
        found = _failed(bounded)
        steps |= found
        if not found or len(steps) == len(RULES):
            break
    if re.search(r"ERROR", bounded) and not re.search(r"(Assert failed|Status: (passed|PASSED)|Timeout)", bounded):
        line = next(line for line in bounded.splitlines() if "ERROR" in line)
        said = line.partition("ERROR")[2].strip(": ")
        raise ConformError(f"Yosys cannot read {', '.join(names)}: {said}")
    if not steps and not re.search(r"Status: passed", bounded):
        raise ConformError(f"no verdict within {timeout} s: give more with --time, or fewer clocks with --depth")
    # Most cores hold their rules by what they never do, and induction does not know that: it is tried, briefly.
    induction = _task("prove", place, min(timeout, INDUCTION)) if not steps else ""
    proved = bool(re.search(r"DONE \(PASS", induction))
    cover = _task("cover", place, timeout)
    verdicts = {}
    for rule in RULES:
        if rule in steps:
            verdicts[rule] = REFUTED
        elif blind and rule in _OF_FLOATING:
            verdicts[rule] = LEFT_OUT
        else:
            verdicts[rule] = PROVED if proved else BOUNDED
    reached = len(set(re.findall(r"summary: +reached cover statement (\S+) at", cover)))
    return Proof(verdicts, steps, depth, reached, 4, place, time.monotonic() - started)


def _told_by_z(laid: Laid) -> bool:
    return any(enable is None for pin, enable in laid.enables.items() if pin != "eop_n")


def _write(laid: Laid, place: Path, blind: bool, depth: int, timeout: int, refuted: Mapping[str, int]) -> list[str]:
    """Write what sby reads; where Z tells what a core drives, AEN stands for it. Refuted rules are given."""
    given = sum(1 << RULES.index(rule) for rule in refuted)
    seen = Laid(laid.core, laid.map, laid.drivers, laid.shown, dict(laid.enables), list(laid.gated), laid.lacks)
    for pin, enable in laid.enables.items():
        if enable is None and pin != "eop_n":
            seen.enables[pin] = Level(1)
            seen.gated.append(pin)
    # A pull-up is no logic: EOP# is anything where nobody pulls it, as the world may pull it at any time.
    text = re.sub(r"^ *pullup .*\n", "", wrapper(seen), flags=re.MULTILINE)
    (place / "wrapper.sv").write_text(text)
    (place / "rules.sv").write_text((files(__package__) / "i8237_rules.sv").read_text())
    (place / "proof.sv").write_text(
        _TOP.format(top=TOP, floats=int(not blind), seen=f"1'b{int(not blind)}", given=given)
    )
    sources = [file.resolve() for file in laid.core.files]
    for folder in laid.core.includes:
        sources += [file.resolve() for file in sorted(folder.glob("*")) if file.is_file()]
    names = [file.name for file in laid.core.files]
    listed = [f"{name} {file}" for name, file in ((file.name, file) for file in sources)]
    defines = " ".join(f"-D{key}={value}" if value else f"-D{key}" for key, value in laid.core.defines.items())
    (place / "proof.sby").write_text(
        _SBY.format(
            depth=depth,
            induction=min(depth, 8),
            timeout=timeout,
            brief=min(timeout, INDUCTION),
            solver=SOLVER,
            defines=defines,
            files=" ".join([*names, "wrapper.sv", "rules.sv", "proof.sv"]),
            parameters="",
            listed="\n".join([*listed, *(str(place / name) for name in ("wrapper.sv", "rules.sv", "proof.sv"))]),
        )
    )
    return names


def _task(task: str, place: Path, timeout: int) -> str:
    tools = {"smtbmc": "yosys-smtbmc", "witness": "yosys-witness"}
    paths = [part for flag, tool in tools.items() for part in (f"--{flag}", toolchain.find(tool))]
    with suppress(toolchain.ToolFailedError):  # its log says why
        toolchain.run(
            "sby",
            [*paths, "-f", "proof.sby", task],
            cwd=place,
            timeout=timeout + 60,
            extra_env={"PATH": _path(place)},
        )
    log = place / f"proof_{task}" / "logfile.txt"
    return log.read_text() if log.exists() else ""


def _path(place: Path) -> str:
    return os.pathsep.join([install_tools(place), os.environ.get("PATH", "")])


def _failed(log: str) -> dict[str, int]:
    """Return each failed rule with the step in which it failed first."""
    steps: dict[str, int] = {}
    for found in re.finditer(r"failed assertion \S*?(\w+) at \S+ step (\d+)", log):
        rule = found[1].replace("_", "-")
        steps[rule] = min(int(found[2]), steps.get(rule, 1 << 30))
    return steps

"""What sby is given: the wrapped core, the property module, and the design that joins them."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from isadma_verify.conform.pins.expression import Level
from isadma_verify.conform.prove.elaborate import elaborate
from isadma_verify.conform.wrap.resolve import Laid
from isadma_verify.conform.wrap.standard import TOP
from isadma_verify.conform.wrap.verilog import wrapper
from isadma_verify.formal.runner import SOLVER

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

#: How the proof's clock is declared, and how Yosys takes flip-flops, for a core with a fabric clock; and for one whose
#: CLK is a pin: both its edges, and any other signal that something is clocked by, are seen by a clock of the solver's.
_FABRIC = ("module proof (input clk);", "", "", "async2sync")
_ANY_EDGE = ("module proof;\n  (* gclk *) reg clk;", "multiclock on", "-DEVERY_STEP", "clk2fflogic")

#: Seconds that are given to induction.
INDUCTION = 60

_TOP = """
{head}
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
read -formal {defined} rules.sv proof.sv
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
class Design:
    """What sby reads of a core: files in its folder by the names they get, commands that read them, slang's word."""

    files: Mapping[str, Path]
    commands: str
    refused: str | None = None


def read(laid: Laid, place: Path, timeout: int) -> Design:
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
        return Design({"core.il": Path("core.il")}, "read_rtlil core.il")
    sources = place / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    sources.mkdir()
    for folder in laid.core.includes:
        for file in folder.glob("*.*v*"):
            if file.is_file():
                shutil.copy(file, sources)
    for file in laid.core.files:
        shutil.copy(file, sources)
    listed = {file.name: Path("sources") / file.name for file in sorted(sources.iterdir())}
    listed[wrapped.name] = Path(wrapped.name)
    defines = " ".join(f"-D{key}={value}" if value else f"-D{key}" for key, value in laid.core.defines.items())
    names = " ".join([*(file.name for file in laid.core.files), wrapped.name])
    return Design(listed, f"read -formal {defines} {names}", refused)


def write(design: Design, laid: Laid, place: Path, depth: int, timeout: int, refuted: Mapping[str, int]) -> None:
    """Write what sby reads. Refuted rules are given."""
    blind = told_by_z(laid)
    given = sum(1 << RULES.index(rule) for rule in refuted)
    head, clocking, defined, flip_flops = _FABRIC if laid.map.clock.fabric is not None else _ANY_EDGE
    (place / "rules.sv").write_text((files(__package__) / "i8237_rules.sv").read_text())
    (place / "proof.sv").write_text(
        _TOP.format(head=head, top=TOP, floats=int(not blind), seen=f"1'b{int(not blind)}", given=given)
    )
    listed = {**design.files, **{name: Path(name) for name in ("rules.sv", "proof.sv")}}
    (place / "proof.sby").write_text(
        _SBY.format(
            clocking=clocking,
            defined=defined,
            flip_flops=flip_flops,
            depth=depth,
            induction=min(depth, 8),
            timeout=timeout,
            brief=min(timeout, INDUCTION),
            solver=SOLVER,
            commands=design.commands,
            listed="\n".join(f"{name} {file}" for name, file in listed.items()),
        )
    )

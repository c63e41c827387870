"""Writes docs/league.md: cores judged, measured and synthesized, and emulators' models run through test vectors."""

import argparse
import json
import statistics
import subprocess
import tempfile
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isadma_boards.verilog.export import export
from isadma_tools import toolchain
from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.guess import guess
from isadma_verify.conform.pins.mapfile import read_map
from isadma_verify.conform.prove.elaborate import in_verilog
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.verdicts import BROKEN, NOT_REACHED, Verdict
from isadma_verify.conform.sources.ports import Core
from isadma_verify.conform.sources.read import read_core
from isadma_verify.conform.wrap.resolve import lay
from isadma_verify.cosim.common.places import readable
from isadma_verify.vectors.apart import Wanted, run_apart
from isadma_verify.vectors.basis import CHOICE, DATA_SHEET, SILICON
from isadma_verify.vectors.pack import write_pack
from isadma_verify.vectors.run import Tally, run
from isadma_verify.vectors.shim import golden, rtl

HERE = Path(__file__).parent

#: Columns of the table.
COLUMNS = 6

#: Test vectors that a model is run through.
VECTORS = 10_000

#: Kinds of failures that a model's line names.
MOST = 6

#: Seconds that GHDL may take.
PATIENCE = 300

#: Placements whose median is the clock.
SEEDS = 3

HEAD = """\
# The league

8237 cores, each judged by `isadma conform`, its clocks counted on the bench, and synthesized bare for an iCE40 HX8K
(yosys `synth_ice40`, nextpnr, median of {seeds} placements). A dash: it does not do this, or the tools cannot.

- *Rules held*: of those that the core's profile asks for: 8237A, 82C37A, or `core-only` for one that leaves out
  memory-to-memory, cascade and compressed timing. A rule is broken for the core as it is with its map; what it was
  written for may need no more. Which are not held is below the table; those that were never reached are among them.
- *Clocks per byte*: states of the chip, in block mode, in compressed timing, in single mode with DREQ held, and of
  copies; at 7.00 a core gives the bus back after each byte, as figure 11 has it.
- *MHz*: of the clock of its flip-flops, register to register. A core that uses both edges of CLK, as KF8237 does, has
  half of its period for a path; one with an enable for each state can run at one state a clock.

Made by `docs/make_league.py`, which takes cores that you have fetched: `--fetched FOLDER` those of
`docs/league-fetched.toml`, cloned side by side, `--also mine.toml` any other. None of their text is here.

| core | language, licence | rules held | clocks per byte | LUT4 / FF / RAM | MHz |
|---|---|---|---|---|---|
"""

MODELS = """\
## Models

Models of emulators, and ours, behind the functions of `isadma_vectors.h`, run through {count:,}
[test vectors](guide/vectors.md): all, and those that rest on the data sheet, on captured silicon, and on a choice where
no source decides; *register rules* are those of the theme `registers` that held in every vector. A model of the
registers alone is run through those without transfers. A vector holds only if every pin that the model has and every
register is right to its end: a model of which one bit of status is wrong holds few, and what fails first says which.
An entry of `--also` names a shared library (`shim`), or sources that `cc` or `c++` makes one of. Emulators' models are
here as `read` and `write` of their file in a shim of some sixty lines, with what its text had on the day; no shim of
theirs is in this tree.

| model | language, licence | register rules | vectors held | data sheet | silicon | choice | fails first |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Entry:
    """One core: what the file of entries says, and the folder that its paths begin in."""

    told: dict[str, Any]
    root: Path

    def core(self, folder: Path) -> tuple[Core, Path]:
        """Return its sources and its map; exported where it is ours, guessed where there is no map."""
        told = self.told
        if "export" in told:
            file = folder / "core.v"
            file.write_text(export(told["export"], variant=told.get("variant", "nmos")).verilog)
            core = read_core([file], None)
            (folder / "pins.toml").write_text(guess(core))
            return core, folder / "pins.toml"
        files = [self.root / name for name in told["files"]]
        includes = [self.root / name for name in told.get("includes", [])]
        if "map" in told:
            pins = (HERE if "repository" in told else self.root) / told["map"]
        else:
            pins = folder / "pins.toml"
            pins.write_text(guess(read_core(files, told.get("top"), includes=includes, defines=told.get("defines"))))
        core = read_core(
            files, told.get("top") or read_map(pins).top, includes=includes, defines=told.get("defines"),
            parameters={**read_map(pins).parameters, **told.get("parameters", {})},
        )  # fmt: skip
        return core, pins


def size(core: Core, folder: Path) -> tuple[str, str]:
    """Return cells and clock on an iCE40; dashes where Yosys or nextpnr cannot."""
    try:
        core = in_verilog(core, folder, PATIENCE)
    except ConformError:
        return "-", "-"
    names = []
    for number, file in enumerate(core.files):
        names.append(f"{number}_{file.name}")
        (folder / names[-1]).write_bytes(file.read_bytes())
    for file in readable((), core.includes):
        (folder / file.name).write_bytes(file.read_bytes())
    defines = " ".join(f"-D{key}={value}" for key, value in core.defines.items())
    sets = "".join(f"chparam -set {key} {value} {core.top}; " for key, value in core.parameters.items())
    given = " ".join(f"-G {key}={value}" for key, value in core.parameters.items())
    # Slang reads what Yosys' own reader does not: packages, interfaces, structures.
    slang = f"read_slang --threads 1 --single-unit --top {core.top} {given} {defines} {' '.join(names)}; "
    own = f"read_verilog -sv {defines} {' '.join(names)}; {sets}"
    # The optimizer that moves flip-flops refuses some, those with an asynchronous reset on a falling edge for one.
    for read, moves in ((own, "-dff"), (slang, "-dff"), (own, ""), (slang, "")):
        synthesize = f"synth_ice40 {moves} -top {core.top} -json placed.json; tee -q -o cells stat -json"
        with suppress(toolchain.ToolFailedError):
            toolchain.run("yosys", ["-q", "-p", read + synthesize], cwd=folder)
            break
    else:
        return "-", "-"
    cells = json.loads((folder / "cells").read_text())["design"]["num_cells_by_type"]
    flip_flops = sum(count for name, count in cells.items() if name.startswith("SB_DFF"))
    area = f"{cells.get('SB_LUT4', 0)} / {flip_flops} / {cells.get('SB_RAM40_4K', 0)}"
    clocks = []
    for seed in range(1, SEEDS + 1):
        options = ["--hx8k", "--package", "ct256", "--json", "placed.json", "--seed", str(seed), "--freq", "200"]
        options += ["--pcf-allow-unconstrained", "--timing-allow-fail", "--report", "placed.report", "-q"]
        try:
            toolchain.run("nextpnr-ice40", options, cwd=folder)
        except toolchain.ToolFailedError:
            without_pads(folder / "placed.json")
            try:
                toolchain.run("nextpnr-ice40", options, cwd=folder)
            except toolchain.ToolFailedError:
                return area, "-"
        found = json.loads((folder / "placed.report").read_text())["fmax"].values()
        clocks.append(min((clock["achieved"] for clock in found), default=0.0))
    return area, f"{statistics.median(clocks):.1f}"


def without_pads(netlist: Path) -> None:
    """Leave a netlist the ports of its clocks alone: a core for a chip's inside may have more than there are pads."""
    told = json.loads(netlist.read_text())
    for module in told["modules"].values():
        pins = [(cell["connections"], name) for cell in module["cells"].values() for name in ("C", "RCLK", "WCLK")]
        clocks = {bit for connections, name in pins for bit in connections.get(name, [])}
        module["ports"] = {name: port for name, port in module["ports"].items() if clocks & {*port["bits"]}}
    netlist.write_text(json.dumps(told))


def known(page: Path) -> dict[str, tuple[str, str]]:
    """Return size and clock of each core that a page has, by its name."""
    cells = [line.strip("| ").split(" | ") for line in page.read_text().splitlines()] if page.exists() else []
    return {row[0]: (row[-2], row[-1]) for row in cells if len(row) == COLUMNS}


def row(entry: Entry, simulator: str | None, sizes: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Judge and measure one core; return its line of the table, and one with the rules that it breaks."""
    told = entry.told
    with tempfile.TemporaryDirectory(prefix="isadma-league-") as name:
        folder = Path(name)
        head = f"| {told['name']} | {told['language']}, {told['licence']} |"
        try:
            core, pins = entry.core(folder)
            sim, profile = told.get("simulator", simulator), told.get("profile", "nmos")
            verdict = judge(Request(lay(core, read_map(pins)), sim, profile, folder=HERE.parent / "build" / "league"))
        except ConformError as error:
            return f"{head} - | - | - | - |\n", f"- {told['name']}: {error}\n"
        area, clock = sizes.get(told["name"]) or size(core, folder)
    line = f"{head} {_held(verdict)} | {_paces(verdict)} | {area} | {clock} |\n"
    return line, _broken(told["name"], verdict)


def _held(verdict: Verdict) -> str:
    judged = [one for one in verdict.rules if one.state != "left out"]
    return f"{verdict.count('held')} of {len(judged)}"


def _broken(core: str, verdict: Verdict) -> str:
    names = [one.rule.name for one in verdict.rules if one.state in (BROKEN, NOT_REACHED)]
    return f"- **{core}** ({len(names)}): {', '.join(names)}\n" if names else ""


def _paces(verdict: Verdict) -> str:
    kinds = ("block", "compressed", "single, DREQ held", "copy")
    return " / ".join(f"{verdict.paces[kind]:.2f}" if kind in verdict.paces else "-" for kind in kinds)


def model_row(entry: Entry, pack: Path) -> str:
    """Run one model through the vectors; return its line of the table."""
    told = entry.told
    wanted = Wanted(pack, transfers=told.get("transfers", True))
    with tempfile.TemporaryDirectory(prefix="isadma-league-") as name:
        if "model" in told:
            result = run({"golden": golden, "rtl": rtl}[told["model"]](), wanted.vectors())
        else:
            result = run_apart(_library(entry, pack, Path(name)), told["name"], wanted)
    shares = [_share(result.basis.get(basis)) for basis in (DATA_SHEET, SILICON, CHOICE)]
    worst = sorted(result.causes.items(), key=lambda cause: -cause[1].count)
    fails = [f"{what} ({cause.count:,})" for what, cause in worst[:MOST]]
    fails += [f"{len(worst) - MOST} kinds more"] * (len(worst) > MOST)
    about = f"{told['language']}, {told['licence']}"
    rules = f"{sum(not rule.failed for rule in result.rules.values())} of {len(result.rules)}"
    row = [told["name"], about, rules, _share(result.total), *shares, ", ".join(fails) or "none"]
    return f"| {' | '.join(row)} |\n"


def _library(entry: Entry, pack: Path, folder: Path) -> str:
    told = entry.told
    if "shim" in told:
        return str((entry.root / told["shim"]).resolve())
    sources = [str(entry.root / source) for source in told["sources"]]
    compiler = "cc" if all(source.endswith(".c") for source in sources) else "c++"
    includes = [f"-I{place}" for place in (pack, *(entry.root / include for include in told.get("includes", [])))]
    subprocess.run(
        [compiler, "-O2", "-shared", "-fPIC", *includes, "-o", str(folder / "model.so"), *sources], check=True
    )
    return str(folder / "model.so")


def _share(tally: Tally | None) -> str:
    return f"{tally.run - tally.failed:,} of {tally.run:,}" if tally is not None else "-"


def fetched(folder: Path) -> list[Entry]:
    """Return the entries of league-fetched.toml whose clone is in a folder; say which are not."""
    entries = []
    for told in tomllib.loads((HERE / "league-fetched.toml").read_text())["core"]:
        root = folder / told["repository"].rpartition("/")[2] / told.get("within", "")
        if all((root / name).is_file() for name in told["files"]):
            entries.append(Entry(told, root))
        else:
            print(f"{told['name']} is not in {root}: git clone {told['repository']}")
    return entries


def main() -> None:
    """Run every entry, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--also", type=Path, action="append", default=[], help="more entries, with paths beside them")
    parser.add_argument("--fetched", type=Path, metavar="FOLDER", help="clones of what league-fetched.toml names")
    parser.add_argument("--sim", help="simulator of the entries that name none")
    parser.add_argument("--output", "-o", type=Path, default=HERE / "league.md")
    parser.add_argument("--keep-sizes", action="store_true", help="take sizes and clocks from the page as it stands")
    asked = parser.parse_args()
    sizes = known(asked.output) if asked.keep_sizes else {}
    entries, models = [], []
    lacks = tomllib.loads((HERE / "league.toml").read_text())["lacks"]
    for file in [HERE / "league.toml", *asked.also]:
        given = tomllib.loads(file.read_text())
        entries += [Entry(told, file.resolve().parent) for told in given.get("core", [])]
        models += [Entry(told, file.resolve().parent) for told in given.get("model", [])]
    if asked.fetched is not None:
        entries += fetched(asked.fetched)
    text, broken = HEAD.format(seeds=SEEDS), ""
    for entry in entries:
        print(entry.told["name"], flush=True)
        line, faults = row(entry, asked.sim, sizes)
        text, broken = text + line, broken + faults
    text += "\nNot held:\n\n" + broken + "\n" + lacks + "\n" + MODELS.format(count=VECTORS)
    with tempfile.TemporaryDirectory(prefix="isadma-league-") as name:
        pack = write_pack(Path(name), VECTORS).folder
        for entry in models:
            print(entry.told["name"], flush=True)
            text += model_row(entry, pack)
    asked.output.write_text(text)
    print(f"wrote {asked.output}")


if __name__ == "__main__":
    main()

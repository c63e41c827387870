"""Test vectors: what is in them, that golden model and RTL pass them, and that a wrong model does not."""

import gzip
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from isadma_sim.engines.native.compiler import find_compiler
from isadma_verify.fuzz.building import compiled
from isadma_verify.vectors.accesses import accesses
from isadma_verify.vectors.generate import make, theme_of, turn_of
from isadma_verify.vectors.pack import PackError, read_pack, write_pack
from isadma_verify.vectors.run import run
from isadma_verify.vectors.shim import Shim, ShimError, golden, header, rtl
from isadma_verify.vectors.themes import REGISTERS, THEMES
from isadma_verify.vectors.vector import OPEN, Vector, VectorError

EXAMPLES = Path(__file__).resolve().parents[3] / "docs/examples/vectors"


def shim_with(change=("", ""), name="shim.cc"):
    """Compile the golden model's shim with one place of its text changed, somewhere."""
    fuzz = resources.files("isadma_verify.fuzz.cpp")
    files = {name: (fuzz / name).read_text() for name in ("registers.h", "chip.h")}
    files |= {
        "isadma_vectors.h": header(),
        "shim.cc": (resources.files("isadma_verify.vectors.c") / "golden_shim.cc").read_text(),
    }
    assert change[0] in files[name]
    files[name] = files[name].replace(*change)
    return compiled("vectors", files, "shim.cc")


def test_golden_model_and_rtl_pass_them_all(pack, vectors):
    assert len(vectors) == pack.count == 400
    result = run(golden(), vectors)
    assert (result.total.run, result.total.failed) == (400, 0)
    for variant in ("8237A", "82C37A"):
        chosen = [vector for vector in vectors if vector.variant == variant]
        assert len(chosen) >= 60
        assert run(rtl(variant), chosen).total.failed == 0


def test_every_vector_is_as_the_schema_says(pack, vectors):
    validator = jsonschema.Draft202012Validator(json.loads((pack.folder / "schema.json").read_text()))
    for vector in vectors[::7]:
        validator.validate(json.loads(vector.line()))
    assert list(validator.iter_errors({**json.loads(vectors[0].line()), "basis": "hearsay"}))


def test_what_is_written_is_read(vectors):
    for vector in vectors[::20]:
        again = Vector.read(vector.line())
        assert again.line() == vector.line()


def test_same_numbers_same_vectors(vectors):
    by_name = {vector.name: vector for vector in vectors}
    for number in (3, 150, 399):
        vector = make(number).vector
        assert vector.line() == by_name[vector.name].line()
        assert make(number, seed=2).vector.line() != vector.line()


def test_each_variant_goes_through_a_theme_without_a_gap():
    turns = {}
    for number in range(3000):
        variant, turn = turn_of(number)
        turns.setdefault((theme_of(number), variant), []).append(turn)
    assert len(turns) == 2 * len(THEMES)
    assert all(seen == [*range(len(seen))] for seen in turns.values())


def test_no_vector_ends_in_an_access(vectors):
    for vector in vectors:
        assert all(access.last < vector.clocks - 1 for access in accesses(vector.wave().inputs)), vector.name


def test_the_register_file_is_silent_on_the_bus_and_rests_on_the_data_sheet(vectors):
    chosen = [vector for vector in vectors if theme_of(int(vector.name.rpartition("-")[2])) == REGISTERS]
    assert len(chosen) == 16
    for number, vector in enumerate([*chosen, *(make(n).vector for n in range(400, 1000) if theme_of(n) == REGISTERS)]):
        assert (vector.basis, vector.transfers) == ("data sheet", False), (number, vector.about)
        assert not any(pin == "HRQ" and level for _, pin, level in vector.outputs), vector.about


@pytest.mark.long
def test_jobs_change_no_byte(tmp_path, pack):
    write_pack(tmp_path, 400, jobs=2)
    names = sorted(path.name for path in pack.folder.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    for name in names:
        assert (tmp_path / name).read_bytes() == (pack.folder / name).read_bytes(), name


def test_what_rests_on_a_choice_says_on_which(vectors):
    choices = [vector for vector in vectors if vector.basis == "choice"]
    assert choices
    assert all(vector.because and "(decision 1)" in vector.because[0] for vector in choices)
    assert not any(vector.because for vector in vectors if vector.basis == "data sheet")
    assert {vector.name.rpartition("-")[0] for vector in vectors if vector.basis == "silicon"} == {"refresh"}


def test_what_the_data_sheet_forbids_or_does_not_name_rests_on_a_choice(vectors):
    for vector in vectors:
        forbidden = any(corner.startswith(("row 7:", "row 8:", "row 28:")) for corner in vector.corners)
        copies = any("row 20" in corner for corner in vector.corners)
        modes = [vector.final["channels"][c]["mode"] for c in (0, 1)]
        by_dreq0 = len({level & 1 for _, pin, level in vector.inputs if pin == "DREQ"}) > 1
        odd = by_dreq0 or any(mode & 0xC0 == 0xC0 or mode & 0x0C == 0x0C for mode in modes)
        if forbidden or (copies and odd):
            assert vector.basis == "choice", vector.name


def test_a_captured_refresh_has_dreq_until_dack_and_no_longer(vectors):
    for vector in [vector for vector in vectors if vector.basis == "silicon"]:
        dack = [clock for clock, pin, level in vector.outputs if pin == "DACK" and level == 0b1110]
        gone = [clock for clock, pin, level in vector.inputs if pin == "DREQ" and clock and not level]
        assert len(dack) == len(gone) == 2
        assert all(0 <= late - begin <= 1 for begin, late in zip(dack, gone, strict=True)), vector.name


@pytest.mark.parametrize(
    ("change", "file", "pin"),
    [
        (("if (!in.ready && (c.type() == WRITE || c.type() == READ))", "if (!in.ready)"), "chip.h", "MEM"),
        (("terminal = c.count == 0;", "terminal = c.count == 1;"), "chip.h", "EOP#"),
        (("if (channel.autoinitialize()) channel.reload();", "channel.reload();"), "registers.h", "mask"),
        (("last = served;\n", ""), "chip.h", "DACK"),
    ],
    ids=["verify obeys READY", "TC one too early", "every end reloads", "nobody comes last"],
)
def test_a_wrong_model_fails(vectors, change, file, pin):
    if file == "registers.h":
        change = (
            "if (channel[c].autoinitialize()) channel[c].reload();\n        else mask |= 1 << c;",
            "channel[c].reload();",
        )
    result = run(Shim(shim_with(change, file), "wrong"), vectors)
    assert result.total.failed > 0
    assert result.causes


def test_registers_after_the_last_clock_count(vectors):
    wrong = shim_with(("to->temporary = r.temporary", "to->temporary = 0x77"))
    result = run(Shim(wrong, "wrong"), vectors[:40], most=3)
    assert result.total.failed == 3
    assert [cause.failure.clock for cause in result.causes.values()] == [None]
    assert "temporary is 77h, expected" in result.causes["temporary after the last clock"].failure.words()


def test_a_model_without_pins_and_registers_is_not_asked_for_them(vectors):
    few = ("I8237_ALL_PINS, I8237_ALL_REGISTERS", "I8237_HRQ, 0")
    blind = Shim(shim_with(few), "blind")
    assert (blind.pins, blind.registers) == (["HRQ"], [])
    assert run(blind, vectors[:60]).total.failed == 0


def test_a_model_of_one_variant_is_not_run_with_the_other(vectors):
    only = shim_with(("Model *chip = new Model;", "if (cmos) return nullptr;\n    Model *chip = new Model;"))
    result = run(Shim(only, "NMOS"), vectors)
    assert set(result.skipped) == {"82C37A"}
    assert result.total.run + result.skipped["82C37A"] == len(vectors)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("before.dack = next_half.dack;", ""), "DACK in the first half"),
        (("before.aen |= next_half.aen;", ""), "AEN in the first half"),
        (("if (released) before.hrq = 0;", ""), "HRQ in the first half"),
        (("now = rise ? next_half : first_half(before, left);", "now = next_half;"), "HRQ in the first half"),
    ],
    ids=["DACK with all others", "AEN with all others", "a cascade's HRQ in the middle", "no halves"],
)
def test_what_differs_in_the_first_half_only_fails(vectors, change, what):
    result = run(Shim(shim_with(change, "chip.h"), "wrong"), vectors)
    assert any(cause.startswith(what) for cause in result.causes), result.causes.keys()
    assert result.halves == len(vectors)


def test_a_model_without_halves_runs_them_all_and_says_so(vectors):
    whole = Shim(shim_with(("void i8237_half(", "void some_half(")), "whole")
    result = run(whole, vectors)
    assert (result.total.run, result.total.failed) == (400, 0)
    assert (result.halves, result.unheard) == (0, 400)


def test_a_vector_without_halves_is_read_and_run_as_before(vectors):
    old = [replace(vector, mid=None) for vector in vectors[:60]]
    assert "mid" not in json.loads(old[0].line())
    assert Vector.read(old[0].line()) == replace(Vector.read(vectors[0].line()), mid=None)
    for model in (golden(), rtl()):
        result = run(model, [vector for vector in old if vector.variant == "8237A"])
        assert (result.total.failed, result.halves, result.unheard) == (0, 0, 0)


def test_what_is_no_shim_is_refused(tmp_path):
    text = tmp_path / "no.so"
    text.write_text("no library")
    with pytest.raises(ShimError, match="cannot be loaded: it is no shared library"):
        Shim(str(text))
    other = bytearray(Path(shim_with()).read_bytes())
    other[18] ^= 0x80
    text.write_bytes(other)
    with pytest.raises(ShimError, match="it is for another machine; compile it for this one"):
        Shim(str(text))
    with pytest.raises(ShimError, match=r"does not export i8237_state: isadma_vectors\.h"):
        Shim(shim_with(("const char *i8237_state(", "const char *some_state(")))
    with pytest.raises(ShimError, match="says ABI 9, and 1 is needed"):
        Shim(shim_with(("*about = {ISADMA_VECTORS_ABI,", "*about = {9,")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"in": [[0, "IRQ", 1]]}, "no pin 'IRQ'"),
        ({"in": [[0, "DREQ", 16]]}, "DREQ is 16; a whole number from 0 to 15"),
        ({"out": [[0, "DB", "?"]]}, "DB is '?'"),
        ({"clocks": 0}, "0 clocks"),
        ({"clocks": "many"}, "invalid literal"),
        ({"out": [[5, "HRQ", 1], [4, "HRQ", 0]]}, "clock 4 after clock 5"),
        ({"mid": [[0, "DREQ", 1]]}, "no pin 'DREQ' on this side"),
        ({"mid": [[0, "HRQ", 2]]}, "HRQ is 2"),
        ({"variant": "8257"}, "no variant '8257'"),
        ({"initial": None}, "no vector"),
        ({"in": [[0, "DREQ", 1]]}, "clock 0 does not say RESET, CS#, READY"),
        ({"final": "initial"}, "no vector: 'base_address' is missing"),
    ],
)
def test_a_damaged_line_is_named(vectors, change, words):
    whole = json.loads(vectors[0].line())
    told = {**whole, **{key: whole[new] if new == "initial" else new for key, new in change.items()}}
    with pytest.raises(VectorError, match=words.replace("?", r"\?")):
        Vector.read(json.dumps(told))


def test_a_damaged_pack_is_named(tmp_path):
    with pytest.raises(PackError, match=r"has no index\.json: isadma vectors -o"):
        list(read_pack(tmp_path))
    write_pack(tmp_path, 3, jobs=1)
    file = next(tmp_path.glob("*.gz"))
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(PackError, match="its SHA-256 differs"):
        list(read_pack(tmp_path))
    index = json.loads((tmp_path / "index.json").read_text())
    index["files"][file.name]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (tmp_path / "index.json").write_text(json.dumps(index))
    with pytest.raises(PackError, match=r"is cut short or damaged .*; make the pack anew"):
        list(read_pack(tmp_path))
    file.unlink()
    with pytest.raises(PackError, match="No such file"):
        list(read_pack(tmp_path))


def test_the_readers_in_python_and_c_read_the_same(pack, vectors, tmp_path):
    file = pack.folder / "8237A-copy.jsonl.gz"
    chosen = Vector.read(gzip.decompress(file.read_bytes()).splitlines()[2])
    command = [sys.executable, str(EXAMPLES / "read.py"), str(file), chosen.name]
    table = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    assert len(table) == chosen.clocks + 1
    nobody = subprocess.run([*command[:-1], "nobody"], capture_output=True, text=True, check=False, timeout=60)
    assert (nobody.returncode, nobody.stderr) == (1, f"{file} has no vector named nobody\n")
    wave = chosen.wave()
    for line, levels in zip(table[1:], wave.inputs.tolist(), strict=True):
        assert [int(word.partition("=")[2]) for word in line.split()[1:11]] == levels
    compiler = find_compiler()
    reader = tmp_path / "read"
    subprocess.run(
        [*compiler.command, "-x", "c++", "-Wall", "-Wextra", str(EXAMPLES / "read.c"), "-o", str(reader)],
        check=True,
        timeout=120,
    )
    events = subprocess.run(
        [str(reader), chosen.name],
        input=gzip.decompress(file.read_bytes()),
        capture_output=True,
        check=True,
        timeout=60,
    )
    now, halves = {}, []
    for line, row in zip(events.stdout.decode().splitlines(), table[1:], strict=True):
        words = [word.replace('"', "") for word in line.split()]
        now |= dict(word.split("=") for word in words[1:])
        mid = [word for word in words if word.startswith("mid:")]
        assert [words[0], *mid] == [row.split()[0], *(word for word in row.split() if word.startswith("mid:"))]
        halves += mid
    assert now["A0-A7"] == dict(word.split("=") for word in table[-1].split()[1:])["A0-A7"]
    assert len(halves) == len(chosen.mid) > 0


def test_undefined_levels_are_not_compared(vectors):
    with_open = next(vector for vector in vectors if any(level == OPEN for _, _, level in vector.outputs))
    clock = next(clock for clock, _, level in with_open.outputs if level == OPEN)
    wave = with_open.wave()
    assert wave.care[clock, 11] == wave.care[clock, 10] == 0

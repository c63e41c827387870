"""`isadma vectors`: a pack made and run, and each mistake in one line."""

import json
import subprocess
from pathlib import Path

import pytest

from isadma_sim.engines.native.compiler import missing

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/examples/vectors/ports.c"

pytestmark = pytest.mark.skipif(missing() is not None, reason="no C++ compiler")


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    from isadma_cli.vectors.make import make

    folder = tmp_path_factory.mktemp("cli") / "pack"
    make(folder=folder, count=60, seed=1, jobs=1, as_json=True)
    return folder


def test_a_pack_is_made_and_run(isadma, pack):
    done = isadma("vectors", "run", pack, "--model", "golden", "--json")
    assert (done.status, done.err) == (0, "")
    told = json.loads(done.out)
    assert (told["run"], told["failed"]) == (60, 0)
    assert told["halves"] == {"compared": 60, "not compared": 0}
    assert set(told["basis"]) <= {"data sheet", "silicon", "choice"}
    some = json.loads(isadma("vectors", "run", pack, "--model", "golden", "--json", "--no-transfers").out)
    assert 0 < some["run"] < 60
    copies = json.loads(isadma("vectors", "run", pack, "--model", "golden", "--json", "--theme", "copy").out)
    assert list(copies["themes"]) == ["copy"]
    assert "transfer" not in some["themes"]


def test_a_shim_that_prints_and_leaves_its_ranges(isadma, pack, tmp_path):
    text = EXAMPLE.read_text().replace("    chip->dreq = in->dreq;", '    puts("noise"), chip->dreq = in->dreq;')
    text = text.replace("r->mask = 15;\n", "r->mask = 0xFF;\n").replace("(uint8_t)reads;", "reads ? 7 : 0;")
    assert all(word in text for word in ("r->mask = 0xFF;", "7 : 0", "noise"))
    (tmp_path / "my.c").write_text("#include <stdio.h>\n" + text)
    subprocess.run(["cc", "-shared", "-fPIC", f"-I{pack}", "-o", tmp_path / "my.so", tmp_path / "my.c"], check=True)
    done = isadma("vectors", "run", pack, "--shim", tmp_path / "my.so", "--no-transfers", "--json")
    told = json.loads(done.out)
    assert done.status == 1
    assert list(told["causes"]) == ["mask after the last clock"]
    assert told["causes"]["mask after the last clock"]["got"] == "FFh of 4 bits"
    assert told["registers"]["mask after the last clock"]["wrong"] >= told["failed"] > 0
    assert told["registers"]["read of count"]["wrong"] == 0 < told["registers"]["read of count"]["compared"]
    text = isadma("vectors", "run", pack, "--shim", tmp_path / "my.so", "--no-transfers").out
    assert "registers, whatever failed before" in text
    assert "clock" in told["causes"]["mask after the last clock"]["event"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "{pack}"], "one model is needed: --shim FILE, --model golden or --model rtl"),
        (
            ["run", "{pack}", "--model", "silver"],
            "no model is named 'silver'; there are golden, rtl, and --shim for yours",
        ),
        (["run", "{pack}", "--shim", "none.so"], "no such file: 'none.so'; check the name and the folder"),
        (["run", "{pack}", "--shim", "{pack}/index.json"], "cannot be loaded"),
        (
            ["run", "{pack}", "--model", "golden", "--theme", "copie"],
            "--theme 'copie' (did you mean 'copy'?); there are",
        ),
        (["run", "{pack}", "--model", "golden", "--basis", "hearsay"], "there are data sheet, silicon, choice"),
        (["run", "{pack}", "--model", "golden", "--most", "0"], "--most 0: at least 1 is needed"),
        (["run", "{pack}/..", "--model", "golden"], "has no index.json: isadma vectors -o"),
        (["-o", "{pack}", "--count", "0"], "--count 0: from 1 to 10000000 is possible"),
        (["-o", "{pack}", "--count", "11M"], "--count 11000000: from 1 to 10000000 is possible"),
    ],
)
def test_a_mistake_is_one_line(isadma, pack, arguments, words):
    done = isadma("vectors", *(word.format(pack=pack) for word in arguments))
    assert done.status == 2, done.err
    assert words in done.err
    assert done.err.count("\n") == 1


def test_a_folder_that_cannot_be_is_one_line(isadma, tmp_path):
    (tmp_path / "file").write_text("")
    done = isadma("vectors", "-o", tmp_path / "file" / "pack", "--count", "1", "-j", "1")
    assert done.status == 1
    assert "-o names another folder" in done.err
    assert done.err.count("\n") == 1

"""The programs of the guide's chapter for emulators in C, in Go and with ctypes, on the library."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs/guide/17-emulator.md"


def programs(language):
    in_c = PAGE.read_text().partition("\n## In C\n")[2]
    return re.findall(rf"^```{language}\n(.*?)^```", in_c, re.MULTILINE | re.DOTALL)


def test_the_c_program_of_the_page_compiles_without_a_warning_and_runs(folders, library_file, tmp_path):
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler: install gcc")
    (code,) = programs("c")
    source, program, library = tmp_path / "page.c", tmp_path / "page", tmp_path / "libisadma.so"
    source.write_text(code)
    library.write_bytes(library_file.read_bytes())
    flags = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", f"-I{folders('at')}", f"-Wl,-rpath,{tmp_path}")
    for command in ([compiler, *flags, source, library, "-o", program], [program]):
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr


def test_the_ctypes_program_of_the_page_runs(at, library_file, monkeypatch):
    binding, _ = at
    monkeypatch.setitem(sys.modules, "isadma_ctypes", binding)
    (code,) = programs("python")
    exec(compile(code, PAGE.name, "exec"), {"path": library_file, "__name__": "__main__"})


@pytest.mark.long
@pytest.mark.skipif(shutil.which("go") is None, reason="Go is not installed (Debian: golang-go)")
def test_the_go_program_of_the_page_runs(folders, library_file, tmp_path):
    # As the page has it: isadma_at/ beside the program, with the header, and the library in its build/.
    (code,) = programs("go")
    (tmp_path / "main.go").write_text(code)
    (tmp_path / "isadma_at" / "build").mkdir(parents=True)
    shutil.copy(folders("at") / "isadma.h", tmp_path / "isadma_at")
    shutil.copy(library_file, tmp_path / "isadma_at" / "build" / "libisadma.so")
    variables = {
        "LD_LIBRARY_PATH": tmp_path / "isadma_at" / "build",
        "GOCACHE": tmp_path / "cache",
        "GOFLAGS": "-mod=mod",
    }
    done = subprocess.run(
        ["go", "run", "main.go"],
        cwd=tmp_path,
        env={**os.environ, **{name: str(value) for name, value in variables.items()}},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "12\n"), done.stderr

"""What can go wrong with a build ends well: the cache gone, a build killed, two at once, no place, no compiler."""

import os
import signal
import subprocess
import sys
import time

import pytest

from isadma_sim.engines.base import EngineError, default_engine
from isadma_sim.engines.native import build, compiler, librarycache
from isadma_sim.engines.native.build import NoCompilerError, engine_library

#: A compiler that takes its time: it notes that it ran, waits, and builds a library of one line with the real one.
SLOW = """#!/bin/sh
if [ "$1" = --version ]; then echo "slow 1.0"; exit 0; fi
if [ "$1" = -march=native ]; then echo "#define __SPEED__ ${{SPEED:-1}}"; exit 0; fi
echo run >> "{folder}/runs"
sleep "${{SECONDS_TO_BUILD:-0}}"
while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
echo 'extern "C" int isadma_made(void) {{ return 42; }}' > "$out.cc"
exec g++ -shared -fPIC -o "$out" "$out.cc"
"""
#: A process that builds, with the two slow steps before the compiler left out.
BUILDER = """
from isadma_sim.engines.native import build
build._write_board = lambda rtlil, folder, chips: None
print(build.engine_library(lambda: "", "test", chips=[]).path)
"""


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A cache folder and a compiler of one's own; returns the folder that has both."""
    slow = tmp_path / "slow-c++"
    slow.write_text(SLOW.format(folder=tmp_path))
    slow.chmod(0o755)
    monkeypatch.setenv("CXX", str(slow))
    monkeypatch.setenv(librarycache.CACHE, str(tmp_path / "cache"))
    monkeypatch.setattr(build, "_write_board", lambda rtlil, folder, chips: None)
    compiler.find_compiler.cache_clear()
    yield tmp_path
    compiler.find_compiler.cache_clear()


def runs(folder):
    """How often the compiler ran."""
    log = folder / "runs"
    return len(log.read_text().splitlines()) if log.exists() else 0


def made(say=None):
    return engine_library(lambda: "", "test", chips=[], **({"say": say} if say else {})).path


def begin(**environment):
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_library_is_built_once_and_found_again(world):
    said = []
    first = made(said.append)
    assert made(said.append) == first
    assert runs(world) == 1
    assert len(said) == 1


def test_a_deleted_cache_is_built_again(world):
    path = made()
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()
    assert made().exists()
    assert runs(world) == 2


def test_a_damaged_library_is_built_again(world):
    path = made()
    path.write_bytes(path.read_bytes()[:100])
    assert made() == path
    assert runs(world) == 2


def test_a_build_killed_half_way_leaves_nothing_that_would_be_taken_for_a_library(world):
    builder = begin(SECONDS_TO_BUILD="60")
    wait_for(lambda: runs(world) == 1)
    os.killpg(builder.pid, signal.SIGKILL)
    builder.communicate(timeout=60)
    assert not list((world / "cache").glob("*.so"))
    path = made()
    assert runs(world) == 2
    assert {file.name for file in path.parent.iterdir()} <= {path.name, f"{path.name}.sha256", f"{path.stem}.lock"}


def test_two_processes_that_build_at_once_build_one_library(world):
    builders = [begin(SECONDS_TO_BUILD="1") for _ in range(2)]
    told = [builder.communicate(timeout=120) for builder in builders]
    assert [builder.returncode for builder in builders] == [0, 0]
    assert told[0][0] == told[1][0] != ""
    assert runs(world) == 1


def test_a_cache_that_cannot_be_written_says_so_in_one_line_and_another_folder_is_used(world, monkeypatch, capsys):
    blocked = world / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv(librarycache.CACHE, str(blocked / "cache"))
    monkeypatch.setattr(librarycache.tempfile, "gettempdir", lambda: str(world))
    path = made(lambda line: None)
    assert path.exists()
    assert world in path.parents
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert f"cannot use the cache '{blocked / 'cache'}'" in lines[0]
    assert "ISADMA_CACHE" in lines[0]


def test_a_compiler_that_fails_is_named_with_what_it_said(world, monkeypatch):
    broken = world / "broken-c++"
    broken.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo 1 && exit 0\necho "x.cc:1: error: no room" >&2\nexit 1\n'
    )
    broken.chmod(0o755)
    monkeypatch.setenv("CXX", str(broken))
    compiler.find_compiler.cache_clear()
    with pytest.raises(EngineError, match=r"broken-c\+\+ could not build the native engine: .*no room") as error:
        made()
    assert "\n" not in str(error.value)
    assert not list((world / "cache").glob("*.so"))


@pytest.fixture
def no_compiler(monkeypatch):
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(compiler.shutil, "which", lambda name: None)
    monkeypatch.setattr(compiler.importlib.util, "find_spec", lambda name: None)
    compiler.find_compiler.cache_clear()
    yield
    compiler.find_compiler.cache_clear()


def test_another_processor_gets_a_library_of_its_own(world, monkeypatch):
    first = made()
    assert compiler.find_compiler().target == "#define __SPEED__ 1\n"
    monkeypatch.setenv("SPEED", "2")
    compiler.find_compiler.cache_clear()
    assert made() != first
    assert runs(world) == 2


def test_a_compiler_that_knows_no_processor_builds_without(world):
    script = world / "slow-c++"
    script.write_text(script.read_text().replace('echo "#define', 'exit 1; echo "#define'))
    assert compiler.find_compiler().tuning == ()
    assert made().exists()


def test_without_a_compiler_native_says_how_to_get_one(no_compiler):
    with pytest.raises(NoCompilerError, match=r"^no C\+\+ compiler found: install g\+\+ or `pip install .*amaranth"):
        made()


def test_without_a_compiler_amaranth_runs_and_one_line_says_why(no_compiler, capsys):
    assert default_engine() == "amaranth"
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "no C++ compiler found" in lines[0]
    assert "'amaranth' runs instead" in lines[0]


def test_zigs_compiler_is_asked_where_there_is_no_other(monkeypatch):
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(compiler.shutil, "which", lambda name: None)
    monkeypatch.setattr(compiler.importlib.util, "find_spec", lambda name: object() if name == "ziglang" else None)
    monkeypatch.setattr(compiler, "_asked", lambda command: compiler.Compiler(command, "clang 19"))
    compiler.find_compiler.cache_clear()
    found = compiler.find_compiler()
    compiler.find_compiler.cache_clear()
    assert found.command == (sys.executable, "-m", "ziglang", "c++")


#: Sixteen bytes from memory to memory, by channels 0 and 1 of a PC/XT; prints them and how many clocks it took.
BLOCK = """
from isadma_sim import PC
for engine in ("native", "reference"):
    with PC(board="xt", engine=engine) as pc:
        pc.memory[0x12340:0x12350] = bytes(range(16))
        for port, value in ((0x0D, 0), (0x08, 1), (0x0B, 0x88), (0x0B, 0x85), (0x83, 1), (0x0C, 0)):
            pc.outb(port, value)
        for port, value in ((0, 0x2340), (2, 0x2400), (1, 15), (3, 15)):
            pc.outb(port, value & 0xFF)
            pc.outb(port, value >> 8)
        pc.outb(0x0F, 0x0C)
        pc.outb(0x09, 4)
        pc.run(clocks=400)
        print(pc.memory[0x12400:0x12410].hex(), pc.inb(0x08), pc.clocks)
"""


@pytest.mark.skipif(not compiler.shutil.which("g++"), reason="no g++, which is taken before all others")
def test_the_compiler_that_a_user_gets_builds_an_engine_that_works():
    """The others of the quick suite are Clang's."""
    environment = {name: value for name, value in os.environ.items() if name != "CXX"}
    done = subprocess.run(
        [sys.executable, "-c", BLOCK], env=environment, capture_output=True, text=True, timeout=300, check=True
    )
    native, reference = done.stdout.splitlines()
    assert native == reference
    assert native.startswith(bytes(range(16)).hex())

"""Verilator's runtime is compiled once for all builds, and anew when anything that decides it is another."""

import os
import subprocess
import sys

import pytest

from isadma_sim.engines.native.compiler import find_compiler
from isadma_verify.cosim.common import objects
from isadma_verify.cosim.common.surroundings import environment_of_compilers

COMPILER = find_compiler()
pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C++ compiler")


@pytest.fixture
def make(tmp_path):
    """Return a function that compiles as a build's make does, and counts the compiler's calls for both sources."""
    runtime, model = tmp_path / "include", tmp_path / "build"
    runtime.mkdir()
    model.mkdir()
    (runtime / "verilated.mk").touch()
    (runtime / "verilated.h").write_text("#define ANSWER 1\n")
    (runtime / "verilated.cpp").write_text('#include "verilated.h"\nint verilated() { return ANSWER; }\n')
    (model / "Vtop.cpp").write_text('#include "verilated.h"\nint model() { return ANSWER; }\n')
    log = tmp_path / "log"
    counting = tmp_path / "counting"
    counting.write_text(f'#!/bin/sh\necho "$@" >>{log}\nexec {" ".join(COMPILER.command)} "$@"\n')
    counting.chmod(0o755)

    def run(*options):
        log.write_text("")
        status = 0
        for source in (runtime / "verilated.cpp", model / "Vtop.cpp"):
            made = source.with_suffix(".o").name
            command = [str(counting), *options, f"-I{runtime}", "-c", "-o", made, str(source)]
            words = [*objects.prefix(tmp_path / "kept").split(), *command]
            status |= subprocess.run(words, cwd=model, stderr=subprocess.DEVNULL, check=False).returncode
            assert status or (model / made).stat().st_size
            (model / made).unlink(missing_ok=True)
        calls = [line for line in log.read_text().splitlines() if line != "--version"]
        return tuple(sum(name in call for call in calls) for name in ("verilated.cpp", "Vtop.cpp")), status

    run.runtime = runtime
    return run


def test_only_the_runtime_is_kept_and_only_as_it_is(make):
    assert make() == ((1, 1), 0)
    assert make() == ((0, 1), 0)
    assert make("-DVM_TRACE=1") == ((1, 1), 0)
    (make.runtime / "verilated.h").write_text("#define ANSWER 2\n")
    assert make() == ((1, 1), 0)
    assert make() == ((0, 1), 0)


def test_what_does_not_compile_is_tried_again(make):
    (make.runtime / "verilated.h").write_text("#define ANSWER\n")
    assert make() == ((1, 1), 1)
    assert make() == ((1, 1), 1)


def test_a_cache_that_the_user_chose_is_left_to_him(monkeypatch, tmp_path):
    monkeypatch.setenv(objects.OBJCACHE, "ccache")
    with environment_of_compilers(tmp_path):
        assert os.environ[objects.OBJCACHE] == "ccache"
    monkeypatch.delenv(objects.OBJCACHE)
    with environment_of_compilers(tmp_path):
        assert os.environ[objects.OBJCACHE].startswith(sys.executable)
    assert objects.OBJCACHE not in os.environ

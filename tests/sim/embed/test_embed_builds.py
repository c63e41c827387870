"""The C library by every way there is to build it: compilers, CMake, Meson, sanitizers, Rust; states between them."""

import importlib.util
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.long

WARNINGS = "-Wall -Wextra -Werror"
#: What sector.c says when all is well; `test_embed_example` holds it against the Python machine.
GIVEN = "512 bytes given, TC 1, 6328 clocks"
SANITIZED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=3000, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clang(tmp_path_factory):
    """C and C++ compilers of clang's kind: the system's, or Zig's from PyPI."""
    if shutil.which("clang++"):
        return "clang", "clang++"
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip("no clang: install clang, or pip install isadma[native]")
    folder = tmp_path_factory.mktemp("zig")
    for name in ("cc", "c++"):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ziglang {name} "$@"\n')
        script.chmod(0o755)
    return folder / "cc", folder / "c++"


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"no {program}: install it")


@pytest.fixture(scope="module")
def by_cmake(folders, tmp_path_factory):
    need("cmake", "g++")
    build = tmp_path_factory.mktemp("cmake")
    flags = os.environ | {"CC": "gcc", "CXX": "g++", "CFLAGS": WARNINGS, "CXXFLAGS": WARNINGS}
    run("cmake", "-S", folders("at"), "-B", build, env=flags)
    run("cmake", "--build", build, env=flags)
    run("ctest", "--test-dir", build)
    return build / "sector"


@pytest.fixture(scope="module")
def by_meson(folders, clang, tmp_path_factory):
    need("meson", "ninja")
    build = tmp_path_factory.mktemp("meson")
    flags = os.environ | {"CC": str(clang[0]), "CXX": str(clang[1]), "CFLAGS": WARNINGS, "CXXFLAGS": WARNINGS}
    run("meson", "setup", build, folders("at"), env=flags)
    run("meson", "compile", "-C", build, env=flags)
    run("meson", "test", "-C", build)
    return build / "sector"


def test_cmake_builds_it_without_a_warning_and_the_example_runs(by_cmake):
    assert run(by_cmake).startswith(GIVEN)


def test_meson_and_clang_build_it_without_a_warning_and_the_example_runs(by_meson):
    assert run(by_meson).startswith(GIVEN)


def test_a_state_goes_from_one_compilers_library_to_the_others(by_cmake, by_meson, tmp_path):
    kept = [tmp_path / "gcc", tmp_path / "clang"]
    for program, other, file in ((by_cmake, by_meson, kept[0]), (by_meson, by_cmake, kept[1])):
        run(program, "--save", file)
        assert run(other, "--load", file) == run(program)
    assert kept[0].read_bytes() == kept[1].read_bytes()


def test_it_is_clean_under_the_sanitizers_whatever_is_called(folders, tmp_path):
    """The example, and 20,000 calls at random with impossible arguments and changed states among them.

    By clang: GCC takes more than ten minutes to instrument what CXXRTL wrote.
    """
    need("clang", "clang++")
    (tmp_path / "empty.c").write_text("int main(void) { return 0; }\n")
    tried = subprocess.run(["clang", *SANITIZED, tmp_path / "empty.c", "-o", tmp_path / "empty"], check=False)
    if tried.returncode:
        pytest.skip("no sanitizers for clang: install libclang-rt-14-dev")
    folder, fuzz = folders("at"), tmp_path / "fuzz"
    source = __file__.replace("test_embed_builds.py", "fuzz.c")
    objects = [tmp_path / "isadma.o", tmp_path / "fuzz.o", tmp_path / "sector.o"]
    options = (*WARNINGS.split(), *SANITIZED)
    library = folder / "src/isadma.cc"
    run("clang++", "-std=c++17", *options, "-isystem", folder / "runtime", "-c", library, "-o", objects[0])
    run("clang", "-std=c11", *options, f"-I{folder}", "-c", source, "-o", objects[1])
    run("clang", "-std=c99", *options, f"-I{folder}", "-c", folder / "example/sector.c", "-o", objects[2])
    run("clang++", *SANITIZED, objects[0], objects[1], "-o", fuzz)
    run("clang++", *SANITIZED, objects[0], objects[2], "-o", tmp_path / "sector")
    assert run(tmp_path / "sector").startswith(GIVEN)
    for seed in range(10):
        told = run(fuzz, seed, 2000)
        callbacks, _, codes = told.partition(" callbacks, calls by code: ")
        counts = [int(count) for count in codes.split()]
        assert int(callbacks) > 0
        assert counts[0] > 500
        assert sum(count > 0 for count in counts) >= 8, told  # that many kinds of code came back


def test_rust_moves_the_sector_too(folders, library_file, tmp_path):
    need("rustc")
    (tmp_path / "libisadma.so").write_bytes(library_file.read_bytes())
    program = tmp_path / "sector"
    run("rustc", "-D", "warnings", "-L", tmp_path, folders("at") / "example" / "sector.rs", "-o", program)
    assert run(program, env=os.environ | {"LD_LIBRARY_PATH": str(tmp_path)}) == "512 bytes given, 6328 clocks\n"

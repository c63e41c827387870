"""The cache of built libraries: what others could have written is not loaded, nor what is not whole."""

import ctypes
import os
import random
import subprocess
import sys
import threading
import time

import pytest
from filelock import FileLock

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native import librarycache
from isadma_sim.engines.native.compiler import find_compiler
from isadma_sim.engines.native.librarycache import CACHE, cached_library
from isadma_tools.cache.trust import objection
from isadma_tools.messages.say import say

NAME = "board-test"


def compiled(folder, source):
    """Compile some lines of C++ to a library, and return its bytes."""
    compiler = find_compiler()
    if compiler is None:
        pytest.skip("no C++ compiler")
    (folder / "x.cc").write_text(source)
    command = [*compiler.command, "-shared", "-fPIC", "-o", str(folder / "x.so"), str(folder / "x.cc")]
    subprocess.run(command, check=True, timeout=120)
    return (folder / "x.so").read_bytes()


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return compiled(tmp_path_factory.mktemp("good"), 'extern "C" int made(void) { return 42; }')


@pytest.fixture(scope="module")
def evil(tmp_path_factory):
    """A library that leaves a file when it is loaded: its bytes, and that file."""
    folder = tmp_path_factory.mktemp("evil")
    source = f"""#include <cstdio>
    struct Evil {{ Evil() {{ std::fclose(std::fopen("{folder}/loaded", "w")); }} }} evil;
    extern "C" int made(void) {{ return 666; }}"""
    return compiled(folder, source), folder / "loaded"


@pytest.fixture
def builds(good):
    """The build that makes the good library; its `count` is how often it was called."""

    def build(folder):
        build.count += 1
        (folder / "harness.so").write_bytes(good)
        return folder / "harness.so"

    build.count = 0
    return build


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A cache of one's own, and a folder for temporary files of one's own; what was said is forgotten."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(librarycache.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    say.cache_clear()
    return tmp_path


def made(library):
    return ctypes.CDLL(library.loads).made()


def plant(folder, data, name=NAME):
    """Put a library with a right sum into a folder, as one who knows how it is done would."""
    import hashlib

    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.so").write_bytes(data)
    (folder / f"{name}.so.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  {name}.so\n")
    return folder


def give(path, user):
    """Make a folder and all in it another user's."""
    for each in (path, *path.rglob("*")):
        os.chown(each, user, user, follow_symlinks=False)


def not_loaded(world, builds, evil, capsys):
    """Ask for the library; return the one line that was said, after making sure of what was loaded."""
    library = cached_library(NAME, builds)
    assert made(library) == 42
    assert not evil[1].exists()
    (line,) = capsys.readouterr().err.splitlines()
    return line


# ---------------------------------------------------------------- others in it
def test_a_planted_library_would_run_if_it_were_loaded(world, builds, evil):
    plant(world / "cache", evil[0])
    assert made(cached_library(NAME, builds)) == 666
    assert evil[1].exists()
    evil[1].unlink()
    assert builds.count == 0


def test_an_attackers_library_in_a_shared_cache_is_not_loaded(world, builds, evil, capsys):
    plant(world / "cache", evil[0]).chmod(0o777)
    line = not_loaded(world, builds, evil, capsys)
    assert f"others may write to '{world}/cache' (mode 0777): chmod go-w" in line
    assert "ISADMA_CACHE" in line


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o1777], ids=oct)
def test_neither_group_nor_others_nor_a_sticky_folder_are_let_in(world, builds, evil, capsys, mode):
    plant(world / "cache", evil[0]).chmod(mode)
    assert f"(mode {mode:04o})" in not_loaded(world, builds, evil, capsys)


def test_an_attackers_cache_is_not_used(world, builds, evil, capsys, stranger):
    give(plant(world / "cache", evil[0]), stranger)
    line = not_loaded(world, builds, evil, capsys)
    assert f"'{world}/cache' belongs to user {stranger}, not to you" in line


def test_an_attackers_file_in_a_good_cache_is_not_loaded(world, builds, evil, capsys, stranger):
    plant(world / "cache", evil[0])
    os.chown(world / "cache" / f"{NAME}.so", stranger, stranger)
    line = not_loaded(world, builds, evil, capsys)
    assert line.startswith(f"isadma: not loading '{world}/cache/{NAME}.so': ")
    assert builds.count == 1


def test_a_file_that_others_may_write_is_not_loaded(world, builds, evil, capsys):
    plant(world / "cache", evil[0])
    (world / "cache" / f"{NAME}.so").chmod(0o666)
    assert "(mode 0666)" in not_loaded(world, builds, evil, capsys)


def test_a_folder_up_the_path_that_others_may_rename_in_is_refused(world, builds, evil, capsys):
    (world / "open").mkdir()
    (world / "open").chmod(0o777)
    os.environ[CACHE] = str(plant(world / "open" / "deep" / "cache", evil[0]))
    assert f"others may write to '{world}/open'" in not_loaded(world, builds, evil, capsys)


def test_a_symlinked_cache_is_judged_by_where_it_leads(world, builds, evil, capsys):
    plant(world / "theirs", evil[0]).chmod(0o777)
    (world / "cache").symlink_to(world / "theirs")
    assert f"others may write to '{world}/theirs'" in not_loaded(world, builds, evil, capsys)


def test_a_link_that_is_another_users_is_refused_wherever_it_leads(world, builds, evil, capsys, stranger):
    plant(world / "ours", evil[0])
    (world / "cache").symlink_to("ours")
    os.chown(world / "cache", stranger, stranger, follow_symlinks=False)
    assert f"'{world}/cache' belongs to user {stranger}" in not_loaded(world, builds, evil, capsys)


def test_ones_own_link_to_ones_own_folder_is_a_cache(world, builds, good, capsys):
    (world / "real").mkdir()
    (world / "cache").symlink_to("real")
    for _ in range(2):
        assert made(cached_library(NAME, builds)) == 42
    assert (builds.count, capsys.readouterr().err) == (1, "")


def test_a_loop_of_links_is_no_cache_and_no_hang(world, builds, evil, capsys):
    (world / "cache").symlink_to("other")
    (world / "other").symlink_to("cache")
    assert "cannot use the cache" in not_loaded(world, builds, evil, capsys)


@pytest.mark.parametrize("trap", ["link", "strangers", "open", "file"])
def test_a_trap_where_the_private_folder_would_be_ends_in_one_line(world, builds, evil, monkeypatch, trap):
    monkeypatch.setenv(CACHE, str(world / "file" / "cache"))
    (world / "file").write_text("no folder")
    private = world / "tmp" / f"isadma-{os.getuid()}"
    if trap == "file":
        private.write_text("")
    elif trap == "link":
        plant(world / "theirs", evil[0])
        private.symlink_to(world / "theirs")
    else:
        plant(private, evil[0])
        if trap == "open":
            private.chmod(0o777)
        elif os.geteuid():
            pytest.skip("only root can give files to another user")
        else:
            give(private, 4243)
    with pytest.raises(EngineError, match=r"set ISADMA_CACHE to a folder of yours") as caught:
        cached_library(NAME, builds)
    assert "\n" not in str(caught.value)
    assert f"'{private}'" in str(caught.value)
    assert not evil[1].exists()


def test_roots_files_are_trusted_and_the_sticky_tmp_is_passed_through(tmp_path):
    assert objection(tmp_path) is None


# ---------------------------------------------------------------- not whole
def test_a_library_cut_off_or_changed_anywhere_is_built_again(world, builds, good):
    dice = random.Random(14)
    path = cached_library(NAME, builds).path
    for attempt in range(80):
        wrong = bytearray(good)
        if attempt % 2:
            wrong[dice.randrange(len(wrong))] ^= 1 << dice.randrange(8)
        else:
            del wrong[dice.randrange(len(wrong)) :]
        path.write_bytes(wrong)
        assert made(cached_library(NAME, builds)) == 42
        assert (path.read_bytes(), builds.count) == (good, attempt + 2)


def test_what_is_done_to_the_file_later_does_not_reach_who_has_it(world, builds):
    library = cached_library(NAME, builds)
    loaded = ctypes.CDLL(library.loads)
    library.path.write_bytes(b"")
    assert loaded.made() == 42


@pytest.mark.parametrize("sum_file", [None, "", "0" * 64, "\xff"])
def test_without_its_sum_a_library_is_none(world, builds, sum_file):
    path = cached_library(NAME, builds).path
    beside = path.with_name(f"{path.name}.sha256")
    beside.unlink() if sum_file is None else beside.write_bytes(sum_file.encode("latin-1"))
    assert made(cached_library(NAME, builds)) == 42
    assert builds.count == 2


def test_sums_are_as_sha256sum_reads_them(world, builds):
    path = cached_library(NAME, builds).path
    done = subprocess.run(["sha256sum", "-c", f"{path.name}.sha256"], cwd=path.parent, check=False, timeout=60)
    assert done.returncode == 0


def test_what_the_umask_lets_through_is_closed_all_the_same(world, builds, capsys):
    old = os.umask(0)
    try:
        for _ in range(2):
            cached_library(NAME, builds)
    finally:
        os.umask(old)
    assert (builds.count, capsys.readouterr().err) == (1, "")


# ---------------------------------------------------------------- places
def test_a_cache_that_cannot_be_written_is_used_for_what_it_has(tmp_path, good, stranger):
    plant(tmp_path / "cache", good)
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o055)  # a stranger may come in and look
    program = (
        "import ctypes, os, sys; from isadma_sim.engines.native.librarycache import cached_library\n"
        f"os.setgid({stranger}); os.setuid({stranger})\n"
        f"library = cached_library('{NAME}', None)\n"
        "print(library.path, ctypes.CDLL(library.loads).made())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, CACHE: str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stderr, done.stdout) == ("", f"{tmp_path}/cache/{NAME}.so 42\n")


@pytest.mark.parametrize("name", [".", "-x", "new/deep", "with space"])
def test_any_name_of_a_folder_will_do(world, builds, monkeypatch, name):
    monkeypatch.chdir(world)
    monkeypatch.setenv(CACHE, name)
    assert made(cached_library(NAME, builds)) == 42
    assert made(cached_library(NAME, builds)) == 42
    assert builds.count == 1
    assert (world / name / f"{NAME}.so").exists()


@pytest.mark.usefixtures("bound_by_modes")
@pytest.mark.parametrize("kind", ["folder", "fifo", "link to nowhere's folder", "another's"])
def test_what_stands_in_the_locks_place_is_one_line(world, builds, kind):
    (world / "cache").mkdir()
    lock = world / "cache" / f"{NAME}.lock"
    if kind == "folder":
        lock.mkdir()
    elif kind == "fifo":
        os.mkfifo(lock)
    elif kind == "another's":
        lock.touch(mode=0)
    else:
        lock.symlink_to("no/where")
    with pytest.raises(EngineError, match=rf"lock '{lock}'.*remove it, or set ISADMA_CACHE") as caught:
        cached_library(NAME, builds)
    assert "\n" not in str(caught.value)


def test_who_waits_for_anothers_build_is_told(world, builds, capsys):
    (world / "cache").mkdir()
    other = FileLock(str(world / "cache" / f"{NAME}.lock"), thread_local=False)
    other.acquire()
    threading.Timer(0.5, other.release).start()
    assert made(cached_library(NAME, builds)) == 42
    assert f"another process builds {NAME}.so: waiting for it" in capsys.readouterr().err


def test_what_nobody_used_for_a_month_goes_with_the_next_build(world, builds, good):
    old, young = "board-0123456789abcdef01234567", "fuzz-at-fedcba98765432100123456f"
    cache = plant(world / "cache", good, old)
    plant(cache, good, young)
    others = {"keep.txt", "poetry.lock", "numpy-core.so", "lib.so.sha256"}  # somebody may choose any folder
    for name in (f"{old}.lock", *others):
        (cache / name).touch()
    ago = time.time() - 31 * 86400
    for name in (f"{old}.so", f"{old}.so.sha256", f"{old}.lock", *others):
        os.utime(cache / name, (ago, ago))
    cached_library(NAME, builds)
    assert {path.name for path in cache.iterdir()} == {
        *others,
        f"{young}.so",
        f"{young}.so.sha256",
        *(f"{NAME}{ending}" for ending in (".so", ".so.sha256", ".lock")),
    }


def test_using_a_library_keeps_it(world, builds):
    path = cached_library(NAME, builds).path
    ago = time.time() - 29 * 86400
    os.utime(path, (ago, ago))
    cached_library(NAME, builds)
    assert path.stat().st_mtime > ago + 86400


def test_a_build_that_makes_no_library_is_told(world):
    def build(folder):
        (folder / "harness.so").write_bytes(b"no library")
        return folder / "harness.so"

    with pytest.raises(EngineError, match=r"is no library that loads: set CXX to another one"):
        cached_library(NAME, build)
    assert not list((world / "cache").glob("*.so*"))

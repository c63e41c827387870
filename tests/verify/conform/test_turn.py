"""Two runs that judge the same core in the same folder, one after the other."""

import subprocess
import sys
from pathlib import Path

import pytest

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.prove.runner import prove
from isadma_verify.conform.run.campaign import Request, judge
from isadma_verify.conform.run.turn import turn

from .conftest import BROKEN, PINS, laid_on

#: Holds a folder until its standard input ends, or for ever.
HOLDER = """
import sys
from pathlib import Path
from isadma_verify.conform.run.turn import turn
with turn(Path(sys.argv[1]), print):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(request, tmp_path: Path):
    held = tmp_path / getattr(request, "param", "core")
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(held)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait(timeout=60)
    process.stdout.close()


def test_a_run_waits_for_the_one_before(tmp_path: Path, other):
    said: list[str] = []

    def heard(remark: str) -> None:
        said.append(remark)
        other.stdin.close()

    with turn(tmp_path / "core", heard, patience=60):
        assert other.wait(timeout=60) == 0
    assert said == [f"another run has {tmp_path / 'core'}: waiting for it, up to 60 s; or give another folder with -o"]


def test_a_run_does_not_wait_for_ever(tmp_path: Path, other):
    with (
        pytest.raises(ConformError, match=r"another run has had .*core for 0\.1 s: end it, or give another folder"),
        turn(tmp_path / "core", lambda said: None, patience=0.1),
    ):
        pass


def test_a_run_that_was_killed_holds_nobody_up(tmp_path: Path, other):
    other.kill()
    other.wait(timeout=60)
    with turn(tmp_path / "core", lambda said: pytest.fail(said), patience=60):
        pass


def test_another_core_has_a_turn_of_its_own(tmp_path: Path, other):
    with turn(tmp_path / "core2", lambda said: pytest.fail(said), patience=60):
        pass


def test_a_folder_that_is_none_is_a_line(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ConformError, match=r"cannot write .*core.lock: .*; give another folder with -o"),
        turn(tmp_path / "file" / "core", lambda said: None),
    ):
        pass


class WaitedError(Exception):
    """What a run said while another had its folder."""


def waited(said: str) -> None:
    raise WaitedError(said)


@pytest.mark.parametrize("other", ["runs/broken8237"], indirect=True)
def test_a_verdict_takes_its_turn(tmp_path: Path, other):
    with pytest.raises(WaitedError, match=r"another run has .*/runs/broken8237: waiting"):
        judge(Request(laid_on([BROKEN], PINS), folder=tmp_path), say=waited)


@pytest.mark.parametrize("other", ["prove/broken8237"], indirect=True)
def test_a_proof_takes_its_turn(tmp_path: Path, other, monkeypatch):
    monkeypatch.setattr("isadma_tools.toolchain.find", lambda tool: tool)
    with pytest.raises(WaitedError, match=r"another run has .*/prove/broken8237: waiting"):
        prove(laid_on([BROKEN], PINS), folder=tmp_path, say=waited)

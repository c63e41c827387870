"""Runs a pack through a shared library in a process of its own: a model that crashes or hangs takes nothing with it."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from isadma_tools.processes.descendants import end_families
from isadma_verify.vectors.pack import PackError, read_pack
from isadma_verify.vectors.run import Result, run
from isadma_verify.vectors.shim import Shim, ShimError
from isadma_verify.vectors.structs import FUNCTIONS, HALF, Verdict
from isadma_verify.vectors.vector import Vector

__all__ = ["PATIENCE", "ModelError", "Wanted", "run_apart"]

PATIENCE = 10.0
"""Seconds that a model may take for one vector."""

_FUNCTIONS = (*FUNCTIONS[1:], HALF)
_NAME = 64


class ModelError(Exception):
    """The model crashes, ends its process or does not come back: a message in one line."""


@dataclass(frozen=True)
class Wanted:
    """Which vectors of a pack are run.

    Attributes
    ----------
    folder : Path
        The pack.
    themes, basis : tuple of str
        Only those of these; none: all.
    transfers : bool
        Whether those in which the chip takes the bus are run too.
    """

    folder: Path
    themes: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    transfers: bool = True

    def vectors(self) -> Iterator[Vector]:
        """Read them."""
        for vector in read_pack(self.folder, self.themes):
            if (not self.basis or vector.basis in self.basis) and (self.transfers or not vector.transfers):
                yield vector


def run_apart(
    library: str, shown: str, wanted: Wanted, most: int | None = None, *, patience: float = PATIENCE
) -> Result:
    """Run vectors through somebody's shim.

    Parameters
    ----------
    library : str
        Path of the shared library.
    shown : str
        Its name in messages.
    wanted : Wanted
        Which vectors.
    most : int, optional
        Stop after so many failures.
    patience : float
        Seconds that it may take for one vector.

    Raises
    ------
    ShimError
        The library is no shim.
    PackError
        The pack is none, or is damaged.
    ModelError
        The model crashed, ended the process, or did not come back.
    """
    context = get_context("spawn")
    verdict: Any = context.RawValue(Verdict)
    name: Any = context.RawArray("c", _NAME)
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_play, args=(there, verdict, name, library, shown, wanted, most), daemon=True)
    process.start()
    there.close()
    try:
        return _await(here, process, lambda: _where(verdict, name.value.decode(errors="replace")), shown, patience)
    finally:
        if process.pid is not None and process.is_alive():
            end_families([process.pid])
        process.join()


def _await(here: Connection, process: BaseProcess, where: Callable[[], str], shown: str, patience: float) -> Result:
    """Wait for the answer as long as vectors come and go."""
    last, since = "", time.monotonic()
    while not here.poll(min(0.2, patience)):
        now = where()
        if now != last:
            last, since = now, time.monotonic()
        elif now and time.monotonic() - since > patience:
            raise ModelError(f"{shown!r} does not come back: {now}, for {patience:g} s; end its loop there")
    try:
        answer = here.recv()
    except EOFError:
        process.join()
        raise ModelError(f"{shown!r} {_ended(process.exitcode)} in {where() or 'its start'}") from None
    if isinstance(answer, Exception):
        raise answer
    result: Result = answer
    return result


def _ended(status: int | None) -> str:
    if status is not None and status < 0:
        try:
            return f"crashes ({signal.Signals(-status).name})"
        except ValueError:
            return f"crashes (signal {-status})"
    return f"ends the process (status {status})"


def _where(verdict: Verdict, name: str) -> str:
    """Say which function is called; the empty text before the library is loaded."""
    if not name.startswith("="):
        return f"{name}" if name else ""
    clock = f", clock {verdict.now}" if verdict.now >= 0 else ""
    return f"i8237_{_FUNCTIONS[verdict.inside]} of vector {name[1:]}{clock}"


def _play(
    there: Connection, verdict: Any, name: Any, library: str, shown: str, wanted: Wanted, most: int | None
) -> None:
    """Be the process: Ctrl-C is the other's affair, and what the model prints goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    answer: Result | Exception
    try:
        name.value = b"i8237_describe, or as it is loaded"
        shim = Shim(library, shown)
        shim.verdict = verdict
        answer = run(shim, _named(wanted, verdict, name), most)
    except (ShimError, PackError) as error:
        answer = error
    name.value = b""
    there.send(answer)


def _named(wanted: Wanted, verdict: Any, name: Any) -> Iterator[Vector]:
    """Give the vectors, and write down which is on."""
    for vector in wanted.vectors():
        verdict.inside, verdict.now = 0, -1
        name.value = f"={vector.name}"[: _NAME - 1].encode()
        yield vector
        name.value = b""

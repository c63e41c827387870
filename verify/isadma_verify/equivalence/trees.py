"""Two trees of RTL: where the base comes from, and how cores come out of either as RTLIL."""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from isadma_verify.equivalence import export
from isadma_verify.equivalence.cores import Core

#: Seconds for git, and for one tree's cores.
_TIMEOUT = 600


class BaseError(ValueError):
    """There is no RTL where the base should be, or it cannot be turned into RTLIL."""


def rtl_of(base: str, *, house: Path, folder: Path) -> Path:
    """
    Return the folder to import the base's RTL from.

    Parameters
    ----------
    base
        A revision of the repository, or a folder with a tree: one that contains ``rtl/isadma``.
    house
        The working tree, for git.
    folder
        Where a revision is unpacked.

    Raises
    ------
    BaseError
        It is neither.
    """
    if (Path(base) / "rtl" / "isadma").is_dir():
        return Path(base).resolve() / "rtl"
    command = ["git", "-C", str(house), "archive", "--format=tar", "--end-of-options", base, "rtl"]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=_TIMEOUT)
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = getattr(error, "stderr", None) or str(error).encode()
        line = said.decode(errors="replace").strip().splitlines()[0]
        raise BaseError(f"base {base!r} is no revision with an rtl/, and no folder with one: {line}") from error
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "rtl"


def write_cores(rtl: Path, cores: Mapping[str, Core], folder: Path) -> dict[str, str]:
    """
    Write the cores of one tree as RTLIL.

    Parameters
    ----------
    rtl
        The folder to import `isadma` from.
    cores
        Which.
    folder
        Where name.il goes.

    Returns
    -------
    dict
        Why a core is not in this tree, by its name: a component or an option that is not known there.

    Raises
    ------
    BaseError
        A core is there and cannot be elaborated.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(filter(None, [str(rtl), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-P", "-W", "ignore", str(export.__file__), str(folder)],
        input=json.dumps({name: [core.component, dict(core.options)] for name, core in cores.items()}),
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT,
    )
    if done.returncode:
        raise BaseError(f"the cores of {rtl} do not elaborate: {done.stderr.strip().splitlines()[-1]}")
    return {name: file.read_text() for name in cores if (file := folder / f"{name}.txt").exists()}

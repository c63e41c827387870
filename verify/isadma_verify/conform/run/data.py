"""Files that a core reads when it runs, as $readmemh does: laid where it looks for them, or missed in one line."""

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from isadma_verify.conform.errors import ConformError

__all__ = ["check_found", "data_files", "lay_beside"]

#: A text that may be a file's name.
_TEXT = re.compile(r'"([^"\n\\*?]{1,200})"')

#: What each simulator says of a file that a core wants and that is not there.
_MISSING = (
    re.compile(r"%Warning: (?P<name>.+?):0: \$readmem file not found"),
    re.compile(r"\$readmem[hb]: Unable to open (?P<name>.+?) for reading"),
    re.compile(r'(?:cannot open file|failed to open|file open error).*?"(?P<name>[^"\n]+)"', re.IGNORECASE),
)

#: Bytes of a simulator's log that are looked through.
_HEAD = 1 << 20


def data_files(files: Iterable[Path], given: Iterable[str] = ()) -> dict[str, Path]:
    """
    Return the files that sources name in a text, and that are there: in the current folder, or beside the source.

    Parameters
    ----------
    files
        The sources.
    given
        Values of parameters, any of which may be a name.

    Returns
    -------
    dict
        The name as it is written, to the file.
    """
    files = list(files)
    names = {name: file.parent for file in files for name in _TEXT.findall(file.read_text("latin-1"))}
    names |= {text.strip('"'): files[0].parent for text in given}
    found = {}
    for name, beside in names.items():
        if not name.strip(" .") or Path(name).is_absolute():
            continue
        for folder in dict.fromkeys((Path(), beside, *(file.parent for file in files))):
            if (folder / name).is_file() and (folder / name) not in files:
                found[name] = (folder / name).resolve()
                break
    return found


def lay_beside(folder: Path, found: Mapping[str, Path], within: Path) -> None:
    """
    Copy files to where a simulation that runs in a folder looks for them; a name that leads out of `within` is left.

    Raises
    ------
    ConformError
        One cannot be read.
    """
    for name, file in found.items():
        place = Path(*_steps(folder / name))
        if not place.is_relative_to(within) or place.exists():
            continue
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            # A copy: what a core writes to is not its owner's file.
            shutil.copyfile(file, place)
        except OSError as error:
            raise ConformError(f"cannot read {file}, which the core names: {error.strerror}") from error


def _steps(path: Path) -> list[str]:
    """Return a path's parts, with .. worked off."""
    steps: list[str] = []
    for part in path.parts:
        if part == "..":
            steps.pop()
        else:
            steps.append(part)
    return steps


def check_found(core: str, log: Path) -> None:
    """
    Look in a simulator's log for a file that the core wanted in vain: with an empty memory it would be judged unfairly.

    Raises
    ------
    ConformError
        There is one.
    """
    if not log.exists():
        return
    with log.open("rb") as file:
        said = file.read(_HEAD).decode(errors="replace")
    for pattern in _MISSING:
        if found := pattern.search(said):
            raise ConformError(
                f"{core} reads {found['name']!r}, which is neither in the current folder nor beside its sources: "
                "put it into one of them"
            )

"""`isadma floppy create`: a new image of any format, empty, or with a FAT12 volume and files on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from isadma_cli.errors import UsageError, nearest
from isadma_cli.fat12 import FatError
from isadma_cli.fat12_format import make_image, unformatted
from isadma_cli.fat12_layouts import LAYOUTS
from isadma_cli.files import check_output, read_input, write_atomically
from isadma_cli.progress import say
from isadma_driver.floppy.formats import Format, format_named

__all__ = ["create_image"]


def create_image(
    image: Path, files: Sequence[Path], *, form: str, fat12: bool, force: bool, as_json: bool = False
) -> None:
    """Carry out ``isadma floppy create``; see its help.

    Raises
    ------
    UsageError
        There is no such format, the image exists, or the files do not fit it; nothing was written.
    CommandError
        A file could not be read or written.
    """
    disk = _format(form)
    if image.exists() and not force:
        raise UsageError(f"'{image}' exists and would be lost: name another image, or add --force")
    check_output(image, "IMAGE", inputs=tuple(files))
    if fat12 or files:
        data = _with_files(files, disk)
        holds = f"FAT12 with {len(files)} file{'' if len(files) == 1 else 's'}"
    else:
        data = unformatted(disk.size)
        holds = "empty sectors"
    write_atomically(image, data)
    digest = hashlib.sha256(data).hexdigest()
    if as_json:
        shape = {"cylinders": disk.cylinders, "heads": disk.heads, "sectors_per_track": disk.sectors}
        volume = {"fat12": fat12 or bool(files), "files": [file.name.upper() for file in files]}
        told = {"done": "create", "image": str(image), "format": disk.name, **shape, **volume}
        print(json.dumps({**told, "bytes": len(data), "sha256": digest}, indent=2))
        return
    say(f"created '{image}': {disk.name}, {disk.cylinders} cylinders, {disk.heads} heads, {disk.sectors} sectors")
    say(f"{len(data):,} bytes, {holds}; sha256 {digest}")


def _format(name: str) -> Format:
    known = {key.upper(): key for key in LAYOUTS} | {"DMF": "1.68M"}
    if name.upper() not in known:
        raise UsageError(f"--format {name!r} is no floppy's{nearest(name, known)}: use {', '.join(LAYOUTS)} or DMF")
    return format_named(known[name.upper()])


def _with_files(files: Sequence[Path], disk: Format) -> bytes:
    contents: dict[str, bytes] = {}
    for file in files:
        data = read_input(file, limit=disk.size)
        name = file.name.upper()
        if name in contents:
            raise UsageError(f"'{file}' would be {name} on the disk, which is there already: rename one of them")
        contents[name] = data
    try:
        return make_image(contents, layout=LAYOUTS[disk.name])
    except FatError as error:
        raise UsageError(f"{error}; the disk is {disk.name}") from None

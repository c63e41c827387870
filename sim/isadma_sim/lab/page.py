"""Puts the lab's page together: modules, styles and the machines in one file that needs nothing else."""

from __future__ import annotations

import base64
import json
import posixpath
import re
from collections.abc import Mapping
from importlib import resources

from isadma_sim.lab.pins import MACHINES

__all__ = ["ModuleError", "bundle", "files_of", "lab_page"]

_STYLES = ("look.css", "drawings.css", "sizes.css")
_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class ModuleError(ValueError):
    """A module is written in a way that `bundle` does not know."""


def bundle(sources: Mapping[str, str], first: str) -> str:
    """Join ES modules into one script, each in a scope of its own.

    Of the language's ways only these are known: ``import { a, b as c } from "./x.js";`` in one line, and ``export``
    before a declaration. A page from a file cannot load modules, which is why they are joined at all.

    Parameters
    ----------
    sources
        Text by path, ``"scenes/byte.js"``.
    first
        The module that the page starts with.

    Raises
    ------
    ModuleError
        A module is missing, imports itself through others, or is written in another way.
    """
    order: list[str] = []
    under_way: list[str] = []

    def visit(path: str) -> None:
        if path in order:
            return
        if path in under_way:
            raise ModuleError(f"modules import each other: {' -> '.join([*under_way, path])}")
        if path not in sources:
            raise ModuleError(f"there is no module '{path}'")
        under_way.append(path)
        for _, target in _IMPORT.findall(sources[path]):
            visit(_resolved(path, target))
        under_way.pop()
        order.append(path)

    visit(first)
    return "const modules = {};\n" + "".join(_scope(path, sources[path]) for path in order)


def _resolved(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _scope(path: str, source: str) -> str:
    """Return a module as a function that is called once, and leaves what it exports in ``modules``."""

    def imported(line: re.Match[str]) -> str:
        names = ", ".join(re.sub(r"\s+as\s+", ": ", name.strip()) for name in line[1].split(",") if name.strip())
        return f'const {{ {names} }} = modules["{_resolved(path, line[2])}"];\n'

    exports = _EXPORT.findall(source)
    body = _EXPORT.sub("", _IMPORT.sub(imported, source))
    if left := _LEFT.search(body):
        raise ModuleError(f"{path}: '{left[0]}' is written in a way that the page's builder does not know")
    await_ = "await " if re.search(r"^await\b", body, re.MULTILINE) else ""
    return (
        f'// {path}\nmodules["{path}"] = {await_}({"async " if await_ else ""}() => {{\n{body}'
        f"return {{ {', '.join(exports)} }};\n}})();\n"
    )


def files_of(package: str) -> dict[str, str]:
    """Return the files of the page that a package has in its folder ``page``, by their paths there."""
    found = {}
    places = [("", resources.files(package) / "page")]
    while places:
        folder, place = places.pop()
        for file in place.iterdir():
            path = posixpath.join(folder, file.name)
            if file.is_dir():
                places.append((path, file))
            elif file.name.endswith((".js", ".css", ".html")):
                found[path] = file.read_text(encoding="utf-8")
    return found


def lab_page(machines: Mapping[str, bytes]) -> str:
    """Return the page.

    Parameters
    ----------
    machines
        WebAssembly by the machine's name, as `isadma_sim.lab.build.machine_wasm` makes it.
    """
    files = files_of("isadma_sim.lab")
    data = {
        name: {"layout": MACHINES[name].layout(), "wasm": base64.b64encode(code).decode()}
        for name, code in machines.items()
    }
    parts = {
        "/*STYLE*/": "".join(files[name] for name in _STYLES),
        "/*MACHINES*/": json.dumps(data, separators=(",", ":")),
        "/*SCRIPT*/": bundle({name: text for name, text in files.items() if name.endswith(".js")}, "app.js"),
    }
    page = files["index.html"]
    for place, text in parts.items():
        page = page.replace(place, text)
    return page

"""A SystemVerilog core whose ports are interfaces, put into a module that has them: a simulator's top has none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: The module's name.
STUB = "isadma_stub"

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_MODULE = re.compile(r"\bmodule\s+(\w+)\s*(?:import[^;]*;\s*)*(#\s*\()?", re.DOTALL)


@dataclass(frozen=True)
class Stub:
    """
    A core with interfaces as ports.

    Parameters
    ----------
    core
        Its name.
    ports
        Port to the interface that it is.
    """

    core: str
    ports: Mapping[str, str]

    def text(self, parameters: Mapping[str, str]) -> str:
        """Return a module that has the core, with parameters, and an instance for each of its interfaces."""
        instances = "".join(f"  {interface} i_{port}();\n" for port, interface in self.ports.items())
        given = ", ".join(f".{key}({value})" for key, value in parameters.items())
        joined = ", ".join(f".{port}(i_{port})" for port in self.ports)
        return f"module {STUB};\n{instances}  {self.core} #({given}) core ({joined});\nendmodule\n"


def _closed(text: str, at: int) -> int:
    """Return where the parenthesis closes that is open at a place."""
    depth = 1
    while at < len(text) and depth:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at


def stub(files: Sequence[Path], top: str | None) -> Stub | None:
    """Return what is known of a core with interfaces as ports; None where it has none, or is not to be told."""
    text = "\n".join(_COMMENT.sub(" ", file.read_text("latin-1")) for file in files)
    interfaces = set(re.findall(r"\binterface\s+(\w+)", text))
    if not interfaces:
        return None
    instance = re.compile(rf"\b({'|'.join(interfaces)})(?:\s*\.\s*\w+)?\s+(\w+)")
    found = {}
    for module in _MODULE.finditer(text):
        at = _closed(text, module.end()) if module.group(2) else module.end()
        opened = text.find("(", at)
        if opened < 0 or text[at:opened].strip():
            continue
        ports = {name: kind for kind, name in instance.findall(text[opened : _closed(text, opened + 1)])}
        found[module.group(1)] = ports
    if top is None:
        used = {name for name in found if re.search(rf"\b{name}\s+(?:#\s*\(.*?\)\s*)?\w+\s*\(", text, re.DOTALL)}
        tops = [name for name in found if name not in used]
        top = tops[0] if len(tops) == 1 else None
    return Stub(top, found[top]) if top is not None and found.get(top) else None

"""The house as the contract tests see it: its root folders, its packages, and who imports whom."""

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]

#: Root folder and the one package in it.
FLOORS = {
    "rtl": "isadma",
    "tools": "isadma_tools",
    "sim": "isadma_sim",
    "driver": "isadma_driver",
    "boards": "isadma_boards",
    "verify": "isadma_verify",
    "cli": "isadma_cli",
}


@dataclass(frozen=True)
class Import:
    """One import: the module that imports, the absolute name it imports, and where it stands."""

    importer: str
    imported: str
    place: str


def module_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str, module: str, *, is_package: bool = False, place: str = "?") -> list[Import]:
    """Every import statement, and every `import_module` or `__import__` of a literal, as absolute names."""
    found = []
    package = module if is_package else module.rpartition(".")[0]

    def add(name, node):
        found.append(Import(module, name, f"{place}:{node.lineno}"))

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                add(alias.name, node)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            else:
                base = node.module
            for alias in node.names:
                add(f"{base}.{alias.name}", node)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__"):
                add(str(node.args[0].value), node)
    return found


def owner(name: str, modules: Collection[str]) -> str | None:
    """Return the module that a dotted name leads into: itself, or the longest beginning of it; None: not ours."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None


def circles(graph: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Return the groups in which each module reaches every other (strongly connected components of two or more)."""
    # Kosaraju: the order in which a walk leaves the modules, then walks against the arrows from the last one left.
    left: list[str] = []
    seen: set[str] = set()
    for start in graph:
        stack = [] if start in seen else [(start, iter(sorted(graph[start])))]
        seen.add(start)
        while stack:
            node, onward = stack[-1]
            following = next((name for name in onward if name not in seen), None)
            if following is None:
                left.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(sorted(graph[following]))))
    importers: dict[str, set[str]] = {name: set() for name in graph}
    for name, imported in graph.items():
        for other in imported:
            importers[other].add(name)
    groups, taken = [], set[str]()
    for start in reversed(left):
        group, waiting = [], [start]
        while waiting:
            name = waiting.pop()
            if name not in taken:
                taken.add(name)
                group.append(name)
                waiting += importers[name]
        if len(group) > 1:
            groups.append(sorted(group))
    return sorted(groups)


class House:
    """The source tree."""

    root = HOUSE
    floors = FLOORS
    imports_of = staticmethod(imports_of)
    owner = staticmethod(owner)
    circles = staticmethod(circles)

    def files(self, folder: str) -> list[Path]:
        """Return the Python files of a root folder; there is always one."""
        found = sorted(p for p in (HOUSE / folder).rglob("*.py") if "__pycache__" not in p.parts)
        assert found, f"no Python file under {folder}/: the test looks in the wrong place"
        return found

    def imports(self, package: str) -> list[Import]:
        """Return all imports of one of our packages."""
        return _imports(package)

    def modules(self) -> dict[str, Path]:
        """Return every module of our packages by its name; a package's name is its `__init__.py`."""
        return _modules()

    def graph(self) -> dict[str, set[str]]:
        """Return, for each module, those of ours it imports, wherever in the file and for whatever purpose.

        `from package import module` is an arrow to the module, `from package import name` one to the package.
        """
        return _graph()

    def rooms(self, package: str) -> dict[str, set[str]]:
        """Return, for each room of a package (or module in its root), the others it imports."""
        found: dict[str, set[str]] = {}
        for name, imported in self.graph().items():
            if name.startswith(f"{package}."):
                onto = {other.split(".")[1] for other in imported if other.startswith(f"{package}.")}
                found.setdefault(name.split(".")[1], set()).update(onto - {name.split(".")[1]})
        return found


@cache
def _imports(package: str) -> list[Import]:
    folder = next(folder for folder, name in FLOORS.items() if name == package)
    found = []
    for path in House().files(folder):
        place = str(path.relative_to(HOUSE))
        name = module_name(HOUSE / folder, path)
        found += imports_of(path.read_text(), name, is_package=path.name == "__init__.py", place=place)
    return found


@cache
def _modules() -> dict[str, Path]:
    return {module_name(HOUSE / folder, path): path for folder in FLOORS for path in House().files(folder)}


@cache
def _graph() -> dict[str, set[str]]:
    modules = _modules()
    arrows: dict[str, set[str]] = {name: set() for name in modules}
    for package in FLOORS.values():
        for found in _imports(package):
            target = owner(found.imported, modules)
            if target is not None and target != found.importer:
                arrows[found.importer].add(target)
    return arrows


@pytest.fixture(scope="session")
def house() -> House:
    return House()

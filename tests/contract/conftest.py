"""The house as the contract tests see it: its root folders, its packages, and who imports whom."""

import ast
from dataclasses import dataclass
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


class House:
    """The source tree."""

    root = HOUSE
    floors = FLOORS
    imports_of = staticmethod(imports_of)

    def files(self, folder: str) -> list[Path]:
        """Return the Python files of a root folder; there is always one."""
        found = sorted(p for p in (HOUSE / folder).rglob("*.py") if "__pycache__" not in p.parts)
        assert found, f"no Python file under {folder}/: the test looks in the wrong place"
        return found

    def imports(self, package: str) -> list[Import]:
        """Return all imports of one of our packages."""
        folder = next(folder for folder, name in self.floors.items() if name == package)
        found = []
        for path in self.files(folder):
            place = str(path.relative_to(HOUSE))
            name = module_name(HOUSE / folder, path)
            found += imports_of(path.read_text(), name, is_package=path.name == "__init__.py", place=place)
        return found


@pytest.fixture(scope="session")
def house() -> House:
    return House()

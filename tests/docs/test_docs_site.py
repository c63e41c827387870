"""The site is made without a warning or a dead link, and every page of the guide is in it."""

import importlib
import pkgutil
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import FunctionType
from urllib.parse import unquote, urlsplit

import pytest


class Page(HTMLParser):
    """The links of a page of the site, and what in it they may name."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.links += [told[kind] for kind in ("href", "src") if told.get(kind)]
        self.names |= {told[kind] for kind in ("id", "name") if told.get(kind)}


def dead_links_of_a_site(site: Path) -> list[tuple[str, str]]:
    """Return each link that leads nowhere, with its page."""
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
    wrong = []
    for path, page in pages.items():
        for link in page.links:
            where = urlsplit(link)
            if where.scheme or where.netloc:
                continue
            target = (path.parent / unquote(where.path)).resolve() if where.path else path
            target = target / "index.html" if target.is_dir() else target
            # Viewcode links a class back by the package that first imports its module, also where another documents it.
            named = where.fragment and "_modules" not in path.relative_to(site.resolve()).parts
            lost = named and target in pages and unquote(where.fragment) not in pages[target].names
            if not target.exists() or lost:
                wrong.append((str(path.relative_to(site.resolve())), link))
    return wrong


def pages(documents):
    return [documents.root / page for page in documents.pages if page.startswith("docs/") and "sigrok" not in page]


def public():
    """Return each class and function that a package's `__all__` names, as the API page has it."""
    found = set()
    for root in ("isadma", "isadma_sim", "isadma_driver", "isadma_boards", "isadma_verify"):
        top = importlib.import_module(root)
        packages = [each.name for each in pkgutil.walk_packages(top.__path__, f"{root}.") if each.ispkg]
        for package in (root, *packages):
            module = importlib.import_module(package)
            objects = [(name, getattr(module, name)) for name in getattr(module, "__all__", ())]
            found |= {f"{package}.{name}" for name, what in objects if isinstance(what, type | FunctionType)}
    # A driver is told of once, where users import it from.
    twice = {f"isadma_driver.{name.rpartition('.')[2]}" for name in found if name.count(".") == 2} & found
    return sorted(
        name for name in found if name.count(".") == 1 or f"{name.split('.')[0]}.{name.split('.')[-1]}" not in twice
    )


def test_the_api_page_has_every_package_with_public_names(documents):
    told = set(re.findall(r"automodule:: (\S+)", (documents.root / "docs/api.md").read_text()))
    assert {name.rpartition(".")[0] for name in public()} <= told


def test_every_page_hangs_in_the_tree(documents):
    named = (documents.root / "docs/index.md").read_text()
    missing = [p.stem for p in (documents.root / "docs/guide").glob("*.md") if f"guide/{p.stem}\n" not in named]
    assert missing == []


@pytest.mark.long
def test_the_site_is_made_without_a_warning_or_a_dead_link(documents, tmp_path):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=documents.root, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    made = {path.relative_to(tmp_path / "site").with_suffix("") for path in (tmp_path / "site").rglob("*.html")}
    assert {page.relative_to(documents.root / "docs").with_suffix("") for page in pages(documents)} <= made
    api = (tmp_path / "site/api.html").read_text()
    assert [name for name in public() if f'id="{name}"' not in api] == []
    assert dead_links_of_a_site(tmp_path / "site") == []
    # The check sees what is not there.
    (tmp_path / "site/lost.html").write_text('<a href="index.html#nothing"></a><img src="none.png">')
    assert sorted(dead_links_of_a_site(tmp_path / "site")) == [
        ("lost.html", "index.html#nothing"),
        ("lost.html", "none.png"),
    ]

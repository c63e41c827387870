"""The site is made without a warning or a dead link, and every page of the guide is in it."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
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
            lost = where.fragment and target in pages and unquote(where.fragment) not in pages[target].names
            if not target.exists() or lost:
                wrong.append((str(path.relative_to(site)), link))
    return wrong


def pages(documents):
    return [documents.root / page for page in documents.pages if page.startswith("docs/") and "sigrok" not in page]


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
    for name in ("isadma_sim.PC", "isadma_driver.Floppy", "isadma.i8237.I8237"):
        assert f'id="{name}"' in api, name
    assert dead_links_of_a_site(tmp_path / "site") == []
    # The check sees what is not there.
    (tmp_path / "site/lost.html").write_text('<a href="index.html#nothing"></a><img src="none.png">')
    assert sorted(dead_links_of_a_site(tmp_path / "site")) == [
        ("lost.html", "index.html#nothing"),
        ("lost.html", "none.png"),
    ]

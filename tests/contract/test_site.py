"""The site is made without a warning, and every page of the guide is in it."""

import subprocess
import sys

import pytest


def pages(house):
    return [page for page in (house.root / "docs").rglob("*.md") if "sigrok" not in page.parts]


def test_every_page_hangs_in_the_tree(house):
    named = (house.root / "docs/index.md").read_text()
    missing = [p.stem for p in (house.root / "docs/guide").glob("*.md") if f"guide/{p.stem}\n" not in named]
    assert missing == []


@pytest.mark.long
def test_the_site_is_made_without_a_warning(house, tmp_path):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=house.root, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    made = {path.relative_to(tmp_path / "site").with_suffix("") for path in (tmp_path / "site").rglob("*.html")}
    assert {page.relative_to(house.root / "docs").with_suffix("") for page in pages(house)} <= made
    api = (tmp_path / "site/api.html").read_text()
    for name in ("isadma_sim.PC", "isadma_driver.Floppy", "isadma.i8237.I8237"):
        assert f'id="{name}"' in api, name

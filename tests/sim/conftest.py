"""Every test that asks for `engine` runs on each engine; those that ask for `browser` share one."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(params=["reference", "amaranth", "native"])
def engine(request):
    return request.param


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Yield one Chromium for all pages: a process has one Playwright at a time."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium here (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()

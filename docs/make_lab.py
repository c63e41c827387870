"""Take the guide's pictures of the lab, in a headless Chromium: `.venv/bin/python docs/make_lab.py`."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from isadma_sim.lab.build import machine_wasm
from isadma_sim.lab.page import lab_page
from isadma_sim.lab.pins import MACHINES

FIGURES = Path(__file__).parent / "guide" / "figures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: File, width and height in pixels, scene and half clock, colours, and an element to begin with.
PICTURES = (
    ("lab-sector.png", 1280, 1000, "sector", 702, "light", ""),
    ("lab-chip.png", 1280, 960, "byte", 145, "dark", ""),
    ("lab-phone.png", 390, 844, "wrap", 251, "light", ".bench"),
)
#: Colours that a picture keeps: drawings and text have few.
COLOURS = 64


def main() -> None:
    """Take them all."""
    browser_path = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser_path is None:
        sys.exit("no Chromium here: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        page_file = Path(folder) / "lab.html"
        page_file.write_text(lab_page({name: machine_wasm(name) for name in MACHINES}), encoding="utf-8")
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, width, height, scene, half, colours, begin in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours)
            page.goto(f"{page_file.as_uri()}#scene={scene}&half={half - 1}")
            page.wait_for_selector("body.ready")
            page.evaluate("lab.app.stepped(1)")
            if begin:
                page.evaluate(f"scrollTo(0, document.querySelector('{begin}').offsetTop - 8)")
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(FIGURES / name, optimize=True)
            print(f"wrote {FIGURES / name}: {(FIGURES / name).stat().st_size:,} bytes")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()

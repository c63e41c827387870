"""Take the guide's pictures of the timeline, in a headless Chromium: `.venv/bin/python docs/make_timeline.py`."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from isadma_cli.tour.crowd.run import run_crowd
from isadma_sim.timeline.decode import decode
from isadma_sim.timeline.events import Timeline
from isadma_sim.timeline.files import read_trace
from isadma_sim.timeline.page import timeline_page
from isadma_sim.timeline.recorded import recording

FIGURES = Path(__file__).parent / "guide" / "figures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: File, width and height in pixels, clocks before and behind a word of channel 5 (None: the whole run), colours.
PICTURES = (
    ("timeline-run.png", 1280, 900, None, "light"),
    ("timeline-clocks.png", 1280, 800, (60, 60), "dark"),
    ("timeline-phone.png", 390, 844, (25, 25), "light"),
)
CHANNEL = 2
#: Colours that a picture keeps: drawings and text have few.
COLOURS = 128
#: Points at a transfer: shows what is around it, and returns its place.
SHOW = """([channel, clock, before, behind]) => {
    timeline.view.show(clock - before, clock + behind);
    timeline.draw();
    const lane = timeline.lanes.findIndex((each) => each.channel === channel);
    const box = document.getElementById("lanes").getBoundingClientRect();
    return [box.left + timeline.view.x(clock + 1), box.top + timeline.picture.y(lane) + 15];
}"""


def recorded(folder: Path) -> Timeline:
    """Let the tour's crowd of cards run, and return the timeline."""
    trace = folder / "crowd.trace"
    with recording(lambda: trace):
        run_crowd("native", clocks=400_000)
    return decode(read_trace(trace))


def main() -> None:
    """Take them all."""
    browser_path = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser_path is None:
        sys.exit("no Chromium here: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        line = recorded(Path(folder))
        page_file = Path(folder) / "timeline.html"
        page_file.write_text(timeline_page(line, "crowd.trace"), encoding="utf-8")
        moves = [transfer.begin for transfer in line.transfers if transfer.channel == CHANNEL]
        clock = moves[len(moves) // 3]
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, width, height, around, colours in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours)
            page.goto(page_file.as_uri())
            page.wait_for_selector("body.ready")
            if around is not None:
                page.mouse.move(*page.evaluate(SHOW, [CHANNEL, clock, *around]))
                page.wait_for_selector("#tip:not([hidden])")
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(FIGURES / name, optimize=True)
            print(f"wrote {FIGURES / name}: {(FIGURES / name).stat().st_size:,} bytes")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()

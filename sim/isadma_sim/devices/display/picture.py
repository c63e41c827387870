"""A screen of text as a picture: PNG, with a fixed-width font and the adapter's colours."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from isadma_sim.devices.display.page import GLYPHS, Page, colours_of

__all__ = ["picture_of", "write_png"]

#: Pixels of a character's cell. The adapters' own, 8 by 8 and 9 by 14, are too coarse for the font.
WIDTH, HEIGHT = 10, 20
_SIZE = 16


@lru_cache(maxsize=1)
def _font() -> Any:
    import matplotlib
    from PIL import ImageFont

    # The font that Matplotlib brings: it has every glyph of code page 437.
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"), _SIZE)


def picture_of(page: Page) -> Any:
    """Return a Pillow image of a page."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (page.columns * WIDTH, page.rows * HEIGHT))
    draw = ImageDraw.Draw(image)
    font = _font()
    for down, row in enumerate(page.cells):
        for across in range(page.columns):
            code, attribute = row[2 * across], row[2 * across + 1]
            look = colours_of(attribute, page.kind, blinks=page.blinks)
            x, y = across * WIDTH, down * HEIGHT
            draw.rectangle((x, y, x + WIDTH - 1, y + HEIGHT - 1), fill=look.paper)
            _glyph(draw, code, x, y, look.ink, font)
            if look.underline:
                draw.line((x, y + HEIGHT - 2, x + WIDTH - 1, y + HEIGHT - 2), fill=look.ink)
    if page.cursor is not None:
        down, across = page.cursor
        attribute = page.cells[down][2 * across + 1]
        x, y = across * WIDTH, down * HEIGHT
        ink = colours_of(attribute, page.kind, blinks=page.blinks).ink
        draw.rectangle((x, y + HEIGHT - 4, x + WIDTH - 1, y + HEIGHT - 3), fill=ink)
    return image


#: Codes of blocks, which must reach their neighbours: the part of the cell that they fill.
_BLOCKS = {0xDB: (0, 0, 1, 1), 0xDC: (0, 0.5, 1, 1), 0xDD: (0, 0, 0.5, 1), 0xDE: (0.5, 0, 1, 1), 0xDF: (0, 0, 1, 0.5)}


def _glyph(draw: Any, code: int, x: int, y: int, ink: tuple[int, int, int], font: Any) -> None:
    if code in _BLOCKS:
        left, top, right, bottom = _BLOCKS[code]
        draw.rectangle((x + left * WIDTH, y + top * HEIGHT, x + right * WIDTH - 1, y + bottom * HEIGHT - 1), fill=ink)
    elif GLYPHS[code] != " ":
        draw.text((x, y), GLYPHS[code], fill=ink, font=font)


def write_png(page: Page, path: Path) -> None:
    """Write a page as a PNG file."""
    picture_of(page).save(path, format="PNG")

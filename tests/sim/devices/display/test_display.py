"""The text adapters: the 6845's registers, the beam against the machine's clock, what is shown, and its picture."""

from collections import Counter

import pytest

from isadma_sim.devices.display import TextAdapter, page_of, write_png
from isadma_sim.devices.display.page import CGA_COLOURS, GLYPHS, colours_of
from isadma_sim.devices.display.picture import HEIGHT, WIDTH

#: What IBM's BIOS gives the 6845: CGA with 80 and 40 columns, MDA.
CGA_80 = (0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0)
CGA_40 = (0x38, 0x28, 0x2D, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0)
MDA_80 = (0x61, 0x50, 0x52, 0x0F, 0x19, 0x06, 0x19, 0x19, 0x02, 0x0D, 0x0B, 0x0C, 0, 0, 0, 0)


def programmed(slot, kind="cga", table=CGA_80, mode=0x29):
    pc = slot(TextAdapter(kind), clock_hz=4_772_727)
    base = 0x3D0 if kind == "cga" else 0x3B0
    for reg, value in enumerate(table):
        pc.outb(base + 4, reg)
        pc.outb(base + 5, value)
    pc.outb(base + 8, mode)
    return pc


def test_only_the_cursors_registers_read_back(slot):
    pc = programmed(slot)
    for reg, value in [(14, 0x3A), (15, 0xC5)]:
        pc.outb(0x3D4, reg)
        pc.outb(0x3D5, value)
        assert pc.inb(0x3D5) == value
    pc.outb(0x3D4, 1)
    assert pc.inb(0x3D5) == 0
    pc.outb(0x3D2, 14)  # the 6845 sees A0 only
    assert pc.inb(0x3D7) == 0x3A


def test_registers_have_the_data_sheets_width(slot):
    pc = programmed(slot, table=(0xFF,) * 16)
    assert pc.device.crtc[:16] == [255, 255, 255, 15, 127, 31, 127, 127, 3, 31, 127, 31, 63, 255, 63, 255]


@pytest.mark.parametrize(
    ("kind", "table", "mode", "frames", "lines"),
    [
        ("cga", CGA_80, 0x29, 59.92, 262),
        ("cga", CGA_40, 0x28, 59.92, 262),
        ("mda", MDA_80, 0x29, 49.81, 370),
    ],
)
def test_frames_and_scan_lines_are_those_of_the_monitors(slot, kind, table, mode, frames, lines):
    adapter = programmed(slot, kind, table, mode).device
    assert adapter.lines_in_frame == lines
    assert float(adapter.characters) / (adapter.crtc[0] + 1) / lines == pytest.approx(frames, abs=0.01)


def test_status_follows_the_beam(slot):
    pc = programmed(slot)
    frame = 4_772_727 / 59.92
    seen = Counter()
    clocks = 0
    while clocks < frame * 3:
        pc.run(43)
        clocks += 43
        seen[pc.device.io_read(0x3DA) & 0x09] += 1
    total = sum(seen.values())
    assert seen[0] / total == pytest.approx(200 / 262 * 80 / 114, abs=0.01)  # characters are drawn
    assert (seen[8] + seen[9]) / total == pytest.approx(16 / 262, abs=0.01)  # vertical sync
    assert seen[8] == 0  # and none of it while they are
    assert pc.inb(0x3DA) & 0xF6 == 0xF4


def test_the_beam_takes_the_time_of_a_frame_from_sync_to_sync(slot):
    pc = programmed(slot)
    starts = []
    last = True
    while len(starts) < 3:
        pc.run(9)
        sync = bool(pc.device.io_read(0x3DA) & 8)
        if sync and not last:
            starts.append(pc.clock)
        last = sync
    assert starts[2] - starts[1] == pytest.approx(4_772_727 / 59.9227, abs=20)


def test_an_adapter_that_nobody_programmed_answers_all_the_same(slot):
    for kind, port in [("cga", 0x3DA), ("mda", 0x3BA)]:
        pc = slot(TextAdapter(kind))
        assert pc.inb(port) & 0xF0 == 0xF0
        assert page_of(pc.device, bytearray(1 << 20)) is None


def test_the_mda_shows_horizontal_sync_and_video(slot):
    pc = programmed(slot, "mda", MDA_80)
    seen = Counter()
    frame = round(4_772_727 / 49.81)
    for _ in range(5000):
        pc.run(frame // 1000)
        seen[pc.device.io_read(0x3BA) & 0x09] += 1
    assert (seen[1] + seen[9]) / 5000 == pytest.approx(15 / 98, abs=0.01)
    assert seen[8] / 5000 == pytest.approx(350 / 370 * 80 / 98, abs=0.01)
    assert seen[9] == 0


def test_the_light_pens_latch_is_set_and_cleared(slot):
    pc = programmed(slot)
    pc.outb(0x3DC, 0)
    assert pc.inb(0x3DA) & 2
    pc.outb(0x3DB, 0)
    assert not pc.inb(0x3DA) & 2


# What is shown --------------------------------------------------------------------------------------------------------


def test_a_page_is_text_of_code_page_437_with_its_cursor(slot):
    pc = programmed(slot)
    memory = bytearray(1 << 20)
    memory[0xB8000:0xB800C] = b"\xc9\x1e\xcd\x1eA\x07\x01\x07\xe9\x07\x7f\x07"
    memory[0xB8000 + 24 * 160 : 0xB8002 + 24 * 160] = b"Z\x07"
    pc.outb(0x3D4, 15)
    pc.outb(0x3D5, 83)
    page = page_of(pc.device, memory)
    assert (page.columns, page.rows, page.cursor) == (80, 25, (1, 3))
    assert page.lines[0] == "╔═A☺Θ⌂"
    assert page.lines[24] == "Z"
    assert page.text.count("\n") == 24
    assert len(GLYPHS) == 256


def test_the_start_address_scrolls_and_wraps(slot):
    pc = programmed(slot)
    memory = bytearray(1 << 20)
    memory[0xB8000:0xB8002] = b"F\x07"
    memory[0xBBFFE:0xBC000] = b"L\x07"
    for reg, value in [(12, 0x1F), (13, 0xFF)]:
        pc.outb(0x3D4, reg)
        pc.outb(0x3D5, value)
    assert page_of(pc.device, memory).lines[0] == "LF"


@pytest.mark.parametrize("mode", [0x21, 0x2B, 0x0A])
def test_there_is_no_page_while_the_picture_is_off_or_graphics(slot, mode):
    assert page_of(programmed(slot, mode=mode).device, bytearray(1 << 20)) is None


def test_a_cursor_that_is_off_or_elsewhere_is_not_shown(slot):
    pc = programmed(slot)
    pc.outb(0x3D4, 10)
    pc.outb(0x3D5, 0x20)
    assert page_of(pc.device, bytearray(1 << 20)).cursor is None
    pc.outb(0x3D5, 0x06)
    pc.outb(0x3D4, 14)
    pc.outb(0x3D5, 0x3F)
    assert page_of(pc.device, bytearray(1 << 20)).cursor is None


def test_attributes_are_colours_on_a_cga_and_looks_on_an_mda():
    assert colours_of(0x1E, "cga")[:2] == ((255, 255, 85), (0, 0, 170))
    assert colours_of(0x06, "cga").ink == (170, 85, 0)  # brown
    assert colours_of(0x9F, "cga").blink
    assert colours_of(0x9F, "cga", blinks=False).paper == CGA_COLOURS[9]
    assert colours_of(0x01, "mda").underline
    assert colours_of(0x70, "mda")[:2] == ((0, 0, 0), (0, 170, 0))
    assert colours_of(0x00, "mda").ink == colours_of(0x00, "mda").paper
    assert colours_of(0x0F, "mda").ink == (85, 255, 85)


def test_the_picture_has_the_pages_size_and_colours(slot, tmp_path):
    from PIL import Image

    pc = programmed(slot)
    memory = bytearray(1 << 20)
    memory[0xB8000:0xB8004] = b"\xdb\x1c \x4f"
    write_png(page_of(pc.device, memory), tmp_path / "screen.png")
    image = Image.open(tmp_path / "screen.png")
    assert image.size == (80 * WIDTH, 25 * HEIGHT)
    assert image.getpixel((0, 0)) == (255, 85, 85)
    assert image.getpixel((WIDTH + 1, 1)) == (170, 0, 0)
    assert image.getpixel((3 * WIDTH, 1)) == (0, 0, 0)


def test_no_such_adapter():
    with pytest.raises(ValueError, match="no adapter 'vga': use cga or mda"):
        TextAdapter("vga")

"""The timeline's page: its data is the run's, its lanes are drawn from it, and it stands alone."""

from __future__ import annotations

import base64
import json
import re
import zlib
from array import array
from itertools import accumulate

import pytest

from isadma_sim.timeline.columns import NOTHING, OWNERS, columns_of
from isadma_sim.timeline.decode import decode
from isadma_sim.timeline.events import KINDS, Timeline, Transfer
from isadma_sim.timeline.files import read_trace
from isadma_sim.timeline.page import timeline_page
from isadma_sim.timeline.registers import name_of, told

from .conftest import BUSY, COUNTS

PHONE = {"width": 390, "height": 844}
#: All rows of the page's transfers, as the page has them.
TRANSFERS = """() => {
    const { transfers } = timeline.tables;
    const columns = ["kind", "channel", "begin", "end", "address", "data", "size", "tc"];
    return Array.from({ length: transfers.rows }, (_, row) => columns.map((column) => transfers[column][row]));
}"""
#: Shows a stretch.
SHOW = "([begin, end]) => { timeline.view.show(begin, end); timeline.draw(); }"
#: What is drawn in a lane at a clock: the colour of the pixel in its middle.
PIXEL = """([lane, clock, down]) => {
    const { picture, view } = timeline;
    const number = timeline.lanes.findIndex((each) => each.id === lane);
    const at = [view.x(clock), picture.y(number) + down].map((place) => Math.round(place * picture.ratio));
    const { data } = picture.context.getImageData(...at, 1, 1);
    return "#" + Array.from(data.slice(0, 3), (part) => part.toString(16).padStart(2, "0")).join("");
}"""
#: Draws 18 zooms around places of the run, five times each; returns the best of each, and of pointing at it.
COSTS = """(moments) => {
    const { view, picture } = timeline, canvas = document.getElementById("lanes");
    const best = (times, run) => Math.min(...Array.from({ length: times }, () => {
        const from = performance.now();
        run();
        return performance.now() - from;
    }));
    const draws = [], hovers = [];
    for (const part of moments) for (let zoom = 0; zoom < 18; zoom++) {
        const length = (view.last - view.first) / 2 ** zoom, begin = view.first + (view.last - view.first) * part;
        view.show(begin, begin + length);
        draws.push(best(5, () => { timeline.draw(); picture.context.getImageData(0, 0, 1, 1); }));
        for (let lane = 0; lane < timeline.lanes.length; lane++)
            hovers.push(best(3, () => {
                timeline.point(view.left + view.width * 0.6, picture.y(lane) + 12);
                document.body.offsetWidth;
            }));
    }
    return [draws, hovers];
}"""
#: What takes part in a frame of the browser: the wheel turned, or the pointer moved, and the frame awaited.
FRAMES = """async (count) => {
    const canvas = document.getElementById("lanes"), box = canvas.getBoundingClientRect();
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const took = { zoom: [], hover: [] };
    timeline.view.whole();
    for (let at = 0; at < count; at++) for (const kind of ["zoom", "hover"]) {
        const place = { clientX: box.left + 200 + (at * 97) % 700, clientY: box.top + 50 + (at * 37) % 300 };
        const turned = { ...place, deltaY: at % 30 < 25 ? -150 : 750, cancelable: true };
        const event = kind === "zoom" ? new WheelEvent("wheel", turned) : new PointerEvent("pointermove", place);
        await frame();
        const from = performance.now();
        canvas.dispatchEvent(event);
        await frame();
        await frame();
        took[kind].push(performance.now() - from);
    }
    return took;
}"""


def unpacked(text):
    """Take the page's tables apart, apart from the page's own script."""
    layout = json.loads(re.search(r'id="layout">(.*?)</script>', text, re.DOTALL)[1])
    data = zlib.decompress(base64.b64decode(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1]))
    tables = {}
    for name, table in layout["tables"].items():
        columns = {}
        for column, (kind, place) in table["columns"].items():
            values = array(kind)
            values.frombytes(data[place : place + table["rows"] * values.itemsize])
            columns[column] = list(values)
        columns["begin"] = list(accumulate(columns["begin"], initial=layout["begin"]))[1:]
        columns["end"] = [begin + length for begin, length in zip(columns["begin"], columns["end"], strict=True)]
        tables[name] = columns
    return layout, tables


@pytest.fixture(scope="session")
def line(busy):
    return decode(read_trace(busy("native").path))


@pytest.fixture(scope="session")
def text(line):
    return timeline_page(line, "a run & </script> /*DATA*/")


def test_every_event_is_on_the_page_once(line, text):
    layout, tables = unpacked(text)
    moves = tables["transfers"]
    rows = zip(*(moves[c] for c in ("kind", "channel", "begin", "end", "address", "data", "size", "tc")), strict=True)
    shown = sorted(
        Transfer(KINDS[kind], None if ch == 255 else ch, b, e, at, None if data == NOTHING else data, size, bool(tc))
        for kind, ch, b, e, at, data, size, tc in rows
    )
    assert shown == sorted(line.transfers)
    accesses = tables["accesses"]
    assert sorted(zip(accesses["begin"], accesses["port"], accesses["data"], strict=True)) == sorted(
        (a.begin, a.port, a.data) for a in line.accesses
    )
    for name, events in (
        ("grants", line.grants),
        ("services", line.services),
        ("requests", line.requests),
        ("levels", line.levels),
    ):
        pairs = sorted(zip(tables[name]["begin"], tables[name]["end"], strict=True))
        assert pairs == sorted((each.begin, each.end) for each in events), name
    waits = sorted((s.channel, s.begin, NOTHING if s.asked is None else s.begin - s.asked) for s in line.services)
    shown = tables["services"]
    assert sorted(zip(shown["channel"], shown["begin"], shown["wait"], strict=True)) == waits
    assert layout["owners"] == list(OWNERS)


def test_it_stands_alone_and_says_its_name_as_text(text):
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:)|@import|https?://(?!www\.w3\.org)|\bfetch\(""", text)
    assert text.count("a run &amp; &lt;/script&gt; /*DATA*/") == 2
    assert text.count("</script>") == 3


def test_a_run_of_years_keeps_its_clocks():
    long = Timeline(5, 1 << 50, 4_000_000, "at", "native", [])
    long.transfers += [
        Transfer("to_memory", 2, clock, clock + 3, 0x1234, 0x5A, 1, False) for clock in (7, 1 << 40, (1 << 49) + 1)
    ]
    _, tables = unpacked(timeline_page(long, "long"))
    assert tables["transfers"]["begin"] == [7, 1 << 40, (1 << 49) + 1]


def test_an_empty_run_has_a_page():
    layout, tables = unpacked(timeline_page(Timeline(0, 0, 4_000_000, "xt", "native", []), "empty"))
    assert layout["tables"]["transfers"]["rows"] == 0
    assert tables["programs"]["begin"] == []
    assert columns_of(Timeline(0, 0, 1, "xt", "native", []))[1] == b""


def test_registers_are_what_was_written(line):
    last = {each.channel: each for each in told(line)}
    for channel, (mode, _, size) in BUSY.items():
        now = last[channel]
        assert (now.mode, now.page, now.words, now.masked) == (mode, channel, COUNTS[channel] - 1, False)
        assert now.address == (0x10000 * channel >> (size - 1)) & 0xFFFF


@pytest.mark.parametrize(
    ("board", "port", "write", "name"),
    [
        ("at", 0x0B, True, "DMA 1, mode"),
        ("at", 0xD0, False, "DMA 2, status"),
        ("at", 0xC6, True, "DMA 2, count of channel 5"),
        ("at", 0x8B, True, "page of channel 5"),
        ("at", 0x8F, True, "page of refresh"),
        ("at", 0x80, True, ""),
        ("xt", 0x18, True, "DMA, command"),
        ("xt", 0x93, True, "page of channel 1"),
        ("xt", 0xD0, True, ""),
        ("at", 0x20, True, "8259A 1, command"),
        ("at", 0x3F5, True, ""),
    ],
)
def test_ports_have_their_names(board, port, write, name):
    assert name_of(board, port, write=write) == name


# ---------------------------------------------------------------- in a browser
@pytest.fixture(scope="session")
def opened(browser, tmp_path_factory):
    def open_page(text, **options):
        file = tmp_path_factory.mktemp("page") / "timeline.html"
        file.write_text(text, encoding="utf-8")
        page = browser.new_page(**options)
        page.set_default_timeout(60_000)
        page.troubles = []
        page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith("file:") else page.troubles.append(asked.url))
        page.goto(file.as_uri())
        page.wait_for_selector("body.ready")
        return page

    return open_page


@pytest.fixture(scope="session")
def page(opened, text):
    page = opened(text, viewport={"width": 1280, "height": 1000})
    yield page
    assert page.troubles == []


def test_the_browser_has_every_transfer(page, line):
    shown = sorted(map(tuple, page.evaluate(TRANSFERS)))
    assert shown == sorted(
        (
            KINDS.index(kind),
            255 if channel is None else channel,
            *place,
            NOTHING if data is None else data,
            size,
            int(tc),
        )
        for kind, channel, *place, data, size, tc in line.transfers
    )


def test_a_transfer_is_drawn_where_it_is_and_nowhere_else(page, line):
    for channel, colour in ((1, "#1d5fa8"), (3, "#3d7a2e")):
        moves = [t for t in line.transfers if t.channel == channel]
        for move in moves[3::17]:
            page.evaluate(SHOW, [move.begin - 20, move.end + 20])
            assert page.evaluate(PIXEL, [f"ch{channel}", (move.begin + move.end) / 2, 12]) == colour
            before = max((t.end for t in moves if t.end <= move.begin), default=move.begin - 20)
            if move.begin - before > 2:
                assert page.evaluate(PIXEL, [f"ch{channel}", move.begin - 1, 12]) != colour


def test_the_picture_of_many_is_as_high_as_they_fill(page, line):
    part = page.evaluate("""() => {
        const { view, lanes } = timeline, spans = lanes.find((lane) => lane.id === "ch3").holds;
        const [from, to] = [view.first + 1000, view.first + 5000];
        return [spans.filled(to, spans.count(to)) - spans.filled(from, spans.count(from)), from, to];
    }""")
    clocks, begin, end = part
    inside = sum(
        max(0, min(s.end, end) - max(s.begin, begin)) for s in line.services if s.channel == 3 and s.begin < end
    )
    assert clocks == inside > 100


def test_pointing_says_address_data_wait_and_registers(page, line):
    move = next(t for t in line.transfers if t.channel == 5 and t.tc)
    page.evaluate(SHOW, [move.begin - 20, move.end + 20])
    x, y = page.evaluate(
        "(clock) => [timeline.view.x(clock), timeline.picture.y(timeline.lanes.findIndex((l) => l.id === 'ch5')) + 15]",
        (move.begin + move.end) / 2,
    )
    box = page.locator("#lanes").bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y)
    said = page.inner_text("#tip")
    service = next(s for s in line.services if s.channel == 5 and s.begin <= move.begin < s.end)
    for words in (
        "device to memory, channel 5, terminal count",
        f"address {move.address:06X}h, word {move.data:04X}h",
        f"DREQ to DACK#: {service.begin - service.asked} clocks",
        "mode single, write to memory, autoinitialize",
        "page 05h, base address 8000h, base count 001Ch, masked no",
    ):
        assert words in said
    page.mouse.click(box["x"] + x, box["y"] + y)
    assert "terminal count" in page.inner_text("#told")


def test_wheel_drag_keys_and_buttons_move_and_zoom(page):
    length = "timeline.view.length"
    page.evaluate("timeline.view.whole(); timeline.draw()")
    whole = page.evaluate(length)
    box = page.locator("#lanes").bounding_box()
    page.mouse.move(box["x"] + 600, box["y"] + 100)
    under = page.evaluate("timeline.view.clock(600)")
    page.mouse.wheel(0, -600)
    page.wait_for_function(f"{length} < {whole}")
    assert page.evaluate("timeline.view.clock(600)") == pytest.approx(under, abs=1)
    held = page.evaluate("timeline.view.clock(600)")
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 100, steps=4)
    page.mouse.up()
    assert page.evaluate("timeline.view.clock(500)") == pytest.approx(held, abs=2)
    page.focus("#lanes")
    page.keyboard.press("0")
    assert page.evaluate(length) == whole
    for _ in range(30):
        page.keyboard.press("+")
    assert page.evaluate(length) == 8
    page.keyboard.press("Home")
    assert page.evaluate("timeline.view.begin") == page.evaluate("timeline.view.first")
    page.keyboard.press("End")
    assert page.evaluate("timeline.view.end") == page.evaluate("timeline.view.last")
    page.click("#whole")
    assert page.evaluate(length) == whole
    page.click("#single")
    assert page.evaluate(length) == 40


def test_keys_go_from_event_to_event_and_say_them(page, line):
    page.evaluate("timeline.view.whole(); timeline.draw()")
    page.focus("#lanes")
    while "lane DMA 2" not in page.inner_text("#told"):
        page.keyboard.press("ArrowDown")
    begins = sorted(t.begin for t in line.transfers if t.channel == 2)
    page.keyboard.press("n")
    said = page.inner_text("#told")
    assert "memory to device, channel 2" in said
    clock = int(re.search(r"clock ([\d,]+)", said)[1].replace(",", ""))
    page.keyboard.press("n")
    later = int(re.search(r"clock ([\d,]+)", page.inner_text("#told"))[1].replace(",", ""))
    assert begins.index(later) == begins.index(clock) + 1
    page.keyboard.press("p")
    assert f"clock {clock:,}" in page.inner_text("#told")


def test_a_phone_and_the_dark_have_it_too(opened, text):
    phone = opened(text, viewport=PHONE, color_scheme="dark")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 21, 26)"
    assert phone.evaluate("timeline.picture.colour.paper") == "#171d23"
    phone.click("#theme")
    assert phone.evaluate("timeline.picture.colour.paper") == "#ffffff"
    named = "[...document.querySelectorAll('button, canvas, svg')].every((e) => e.ariaLabel || e.textContent.trim())"
    assert phone.evaluate(named)
    assert phone.troubles == []
    phone.close()


@pytest.mark.long
def test_a_hundred_thousand_transfers_zoom_and_hover_below_50_ms_a_frame(busy, opened, record_property, capsys):
    run = busy("native", 100_000)
    line = decode(read_trace(run.path))
    for channel, card in run.cards.items():
        assert [t.data for t in line.transfers if t.channel == channel] == card.values
    assert sum(t.channel in BUSY for t in line.transfers) >= 100_000
    text = timeline_page(line, "busy")
    page = opened(text, viewport={"width": 1280, "height": 1000})
    assert sorted(map(tuple, page.evaluate(TRANSFERS)))[0] is not None
    assert page.evaluate("timeline.tables.transfers.rows") == len(line.transfers)
    draws, hovers = page.evaluate(COSTS, [0, 0.31, 0.77])
    took = {kind: sorted(times) for kind, times in page.evaluate(FRAMES, 120).items()}
    figures = {
        "transfers": len(line.transfers),
        "page_bytes": len(text),
        "draw_ms": max(draws),
        "hover_ms": max(hovers),
        **{f"{kind}_two_frames_ms_median": times[len(times) // 2] for kind, times in took.items()},
        **{f"{kind}_two_frames_ms_p95": times[len(times) * 95 // 100] for kind, times in took.items()},
    }
    for name, value in figures.items():
        record_property(name, value)
    with capsys.disabled():
        print("\n" + json.dumps(figures))
    assert page.troubles == []
    assert max(draws) < 50
    assert max(hovers) < 50

"""`isadma waves --of`: a dump of one's own as a picture, pauses as long as they are; what is no such dump."""

from __future__ import annotations

import json

import pytest

from isadma_cli.scenes.dumped import dumped
from isadma_sim import PC, Device
from isadma_sim.waves.samples import every_clock, samples

#: Clocks between a byte and the next request: the machine sleeps in most of them.
PAUSE = 40


class Slow(Device):
    """Asks again so many clocks after it was served."""

    ports = (0x300,)

    def io_write(self, port, value):
        self.lines.dreq(True)

    def dma_read(self):
        self.lines.dreq(False)
        self.lines.after(PAUSE, lambda: self.lines.dreq(True))
        return 0x55


@pytest.fixture(scope="module", params=["at", "xt"])
def dump(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("dump") / "slow.vcd"
    with PC(engine="reference", board=request.param) as pc:
        pc.attach(Slow(), dma=3)
        for port, value in ((0x0C, 0), (6, 0), (6, 0), (7, 9), (7, 0), (0x82, 2), (0x0B, 0x47), (0x0A, 3)):
            pc.outb(port, value)
        with pc.waves(path):
            pc.outb(0x300, 0)
            pc.run(clocks=300)
    return path


def test_clocks_asleep_are_clocks_too(dump):
    """From IOR#, in which the device orders the next request, to that request."""
    played = dumped(dump, "dack3", 80)
    served = next(n for n, now in enumerate(played.clocks) if now["isa.ior_n"] == 0 and now["dma.dack3_n"] == 0)
    asks = next(n for n, now in enumerate(played.clocks) if n > served + 3 and now["dma.drq3"])
    assert asks - served == PAUSE
    steps = [after["time"] - now["time"] for now, after in zip(played.clocks, played.clocks[1:], strict=False)]
    assert max(steps) - min(steps) <= 1


def test_a_long_pause_keeps_its_ends(dump):
    found = list(samples(dump))
    short, whole = list(every_clock(found, most=3)), list(every_clock(found))
    assert len(found) < len(short) < len(whole)
    assert [now for now in whole if now in found] == found


def test_the_lines_are_those_that_move(dump):
    played = dumped(dump, None, 32)
    lines = played.scene.lines
    assert played.clocks[played.event]["dma.dack3_n"] == 0
    assert {"DRQ3", "DACK3#", "IOR#", "MEMW#"} <= set(lines)
    assert not {"DRQ2", "DACK1#", "MEMR#"} & set(lines)


def test_its_files_stand_beside_it(isadma, dump):
    done = isadma("waves", "--of", dump, "--at", "dreq3", "--json")
    assert done.status == 0
    told = json.loads(done.out)
    assert told["begin"] <= told["event"] < told["end"]
    made = [dump.with_suffix(ending) for ending in (".sucl", ".json", ".svg", ".png")]
    assert told["files"] == [str(path) for path in made]
    assert all(path.stat().st_size for path in made)
    save = dump.with_suffix(".gtkw").read_text()
    assert '[dumpfile] "slow.vcd"' in save
    assert '[savefile] "slow.gtkw"' in save


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--at", "dack2"], "never has dack2: --at names another event"),
        (["--at", "irq3"], "a picture is drawn around dreqN"),
        (["--at", "soon"], "no clock and no event 'soon'"),
        (["--clocks", "1"], "--clocks 1: a picture has 2 to 200"),
        (["sector"], "no scene, no -o and no --engine"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(isadma, dump, words, said):
    done = isadma("waves", "--of", dump, *words)
    assert done.status in (1, 2)
    assert said in done.complaint


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.fst", b"", "cannot be read back: let the dump be a .vcd"),
        ("x.vcd", b"# a heading", "is no VCD"),
        ("x.vcd", b"\xff\xfe", "is no VCD"),
        ("x.vcd", b"$scope module a $end $var wire 1 ! b $end $upscope $end $enddefinitions $end", "it has no clk"),
    ],
)
def test_what_is_no_dump_is_one_line(isadma, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    assert said in isadma("waves", "--of", tmp_path / name).complaint


def test_a_dump_cut_anywhere_is_a_picture_or_one_line(dump, tmp_path):
    whole, cut, said = dump.read_bytes(), tmp_path / "cut.vcd", []
    for size in range(1, len(whole), len(whole) // 60):
        cut.write_bytes(whole[:size])
        try:
            assert len(dumped(cut, None, 4).clocks) >= 2
        except ValueError as error:
            said.append(str(error))
    assert 10 < len(said) < 60
    assert all(str(cut) in line and "\n" not in line for line in said)


def test_at_without_a_dump_is_refused(isadma):
    assert "name it with --of FILE.vcd" in isadma("waves", "--at", "tc").complaint

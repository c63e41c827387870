"""`isadma boot`: the demo, what it refuses, and guests that end badly."""

import json

import pytest

from isadma_cli.boot.terminal import strokes_from

pytest.importorskip("unicorn", reason="Unicorn is not installed: pip install 'isadma[boot]'")


@pytest.fixture
def guest(tmp_path):
    """Make a 1.44M image whose boot sector begins with some code."""

    def make(code, name="guest.img", signature=b"\x55\xaa", size=1_474_560):
        sector = bytes.fromhex(code).ljust(510, b"\x90") + signature
        path = tmp_path / name
        path.write_bytes(sector.ljust(size, b"\xf6"))
        return path

    return make


BUILT_IN = ("--bios", "builtin", "--engine", "native")


def test_the_demo_shows_its_own_text_and_its_picture(isadma, tmp_path):
    picture = tmp_path / "screen.png"
    done = isadma("boot", "--demo", "--screen", picture, "--watch")
    assert done.status == 0
    assert not [line for line in done.err.splitlines() if "building the native engine, once" not in line]
    assert "by DMA 2" in done.out
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "DMA channels" in done.out
    assert "floppy" in done.out


def test_a_guest_is_told_in_json_and_answers_keys(isadma, guest):
    # Print 'Y' by INT 10h, wait for a key by INT 16h, print it, CLI, HLT.
    image = guest("b8590e bb0700 cd10 b400 cd16 b40e cd10 fa f4 ebfc")
    done = isadma("boot", image, *BUILT_IN, "--keys", "k", "--json", "--protect")
    assert done.status == 0, done.err
    told = json.loads(done.out)
    assert told["screen"][-1].endswith("Yk")
    assert (told["end"], told["failure"], told["dma_bytes"]) == ("halted", None, {"2": 512})


def test_until_text_and_seconds(isadma, guest):
    image = guest("b041 e6e9 ebfc")  # 'A' to port E9h, for ever
    assert isadma("boot", image, *BUILT_IN, "--until", "AA", "--screen", "none").status == 0
    done = isadma("boot", image, *BUILT_IN, "--until", "0.8")
    assert done.status == 0
    assert "time at" in done.out


def test_a_guest_that_halts_before_what_is_waited_for_fails(isadma, guest):
    done = isadma("boot", guest("fa f4 ebfc"), *BUILT_IN, "--until", "A:")
    assert done.status == 1
    assert "has halted at" in done.complaint
    assert "'A:' has not come" in done.complaint


def test_a_triple_fault_is_one_line(isadma, guest):
    done = isadma("boot", guest("2e0f011e087c cc f4 000000000000"), *BUILT_IN)  # LIDT with a limit of 0; INT 3
    assert done.status == 1
    assert "a triple fault" in done.complaint


def test_a_guest_that_hangs_is_bounded(isadma, guest, monkeypatch):
    from isadma_cli.boot import wishes

    monkeypatch.setattr(wishes.Until, "asked", classmethod(lambda cls, word: cls(None, 1.0)))
    done = isadma("boot", guest("ebfe"), *BUILT_IN)
    assert done.status == 1
    assert "the guest still runs" in done.complaint


def test_a_guest_that_takes_this_computer_too_long_is_ended(isadma, guest, monkeypatch):
    from isadma_cli.boot import budget

    monkeypatch.setattr(budget, "_START", 1.0)
    monkeypatch.setattr(budget, "_EACH", 0.0)
    done = isadma("boot", guest("cd1febfc"), *BUILT_IN, "--until", "3000", "--screen", "none")  # INT 1Fh, for ever
    assert done.status == 1
    assert "it runs no sensible code, or a longer --until" in done.complaint


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--until", "0"], "--until 0: a guest runs for more than 0"),
        (["--until", "-5"], "--until -5: a guest runs for more than 0"),
        (["--until", " "], "--until is empty"),
        (["--keys", "{NOPE}"], "--keys: no key {NOPE}"),
        (["--keys", "{ENTER"], "--keys: a brace is not closed in '{ENTER'"),
        (["--screen", "screen.gif"], "--screen screen.gif: use text, none, or a .png file"),
        (["--display", "vga"], "no display 'vga'"),
        (["--floppy-speed", "fast"], "no floppy speed 'fast': use real or full"),
        (["--board", "pc98"], "no board 'pc98'"),
        (["--engine", "nativ"], "no engine 'nativ' (did you mean 'native'?)"),
        (["--demo"], "give the image of a floppy, or --demo, one of them"),
        (["--bios", "no/such.bin"], "no such file: 'no/such.bin'"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_starts(isadma, guest, words, said):
    done = isadma("boot", guest("f4"), *words)
    assert done.status == 2
    assert said in done.complaint


def test_an_image_that_does_not_boot_is_refused(isadma, guest, tmp_path):
    done = isadma("boot", guest("f4", signature=b"\xf6\xf6"))
    assert done.status == 2
    assert "its first sector ends with F6 F6, and not with 55 AA" in done.complaint
    done = isadma("boot", guest("f4", size=1000))
    assert done.status == 2
    assert "no floppy format has 1000 bytes" in done.complaint
    done = isadma("boot", guest("f4", size=1_296_384))
    assert done.status == 2
    assert "a 1.44M one without its end gets it by: truncate -s 1474560" in done.complaint
    assert isadma("boot", tmp_path).status == 2
    assert isadma("boot").status == 2


@pytest.mark.parametrize(
    ("size", "board"), [(0, "at"), (4096, "at"), (100_000, "at"), (262_144, "at"), (131_072, "xt")]
)
def test_a_bios_of_another_size_is_refused(isadma, guest, tmp_path, size, board):
    bios = tmp_path / "bios.bin"
    bios.write_bytes(bytes(size))
    done = isadma("boot", guest("f4"), "--bios", bios, "--board", board)
    assert done.status == 2
    assert f"has {size} bytes: a BIOS of this board has 8192, " in done.complaint


def test_a_bios_of_zeros_ends_in_bounded_time(isadma, guest, tmp_path):
    bios = tmp_path / "bios.bin"
    bios.write_bytes(bytes(65536))
    done = isadma("boot", guest("f4"), "--bios", bios, "--until", "0.02", "--engine", "native")
    assert done.status in (0, 1)
    assert done.status == 0 or len(done.err.splitlines()) == 1


def test_without_unicorn_one_line_says_what_to_install(isadma, guest, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "unicorn", None)
    done = isadma("boot", guest("f4"))
    assert done.status == 1
    assert "Unicorn, is not installed: pip install 'isadma[boot]'" in done.complaint


def test_without_an_assembler_the_way_out_is_named(isadma, monkeypatch, tmp_path):
    from isadma_sim.boot import assembler

    monkeypatch.setenv("ISADMA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(assembler, "_assemblers", lambda: ())
    done = isadma("boot", "--demo")
    assert done.status == 1
    assert "no assembler found; install binutils or `pip install isadma[native]`" in done.complaint


def test_a_terminals_keys_are_keys():
    assert [(stroke.key, stroke.held) for stroke in strokes_from("aB\r\x03\x1b[A\x1bOP\x1b€")] == [
        ("a", ()),
        ("b", ("lshift",)),
        ("enter", ()),
        ("c", ("ctrl",)),
        ("up", ()),
        ("f1", ()),
        ("esc", ()),
    ]


# Longer --------------------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("board", ["at", "xt"])
def test_the_demo_ends_with_the_same_memory_and_clocks_on_native_and_reference(isadma, board):
    told = [
        json.loads(isadma("boot", "--demo", "-b", board, "-e", engine, "--json").out)
        for engine in ("native", "reference")
    ]
    for name in ("clocks", "memory_sha256", "screen", "dma_bytes", "refreshes", "port_accesses"):
        assert told[0][name] == told[1][name], name

"""A disk that is full: the file that failed is named, and nothing half-written has its name afterwards."""

import os
import stat
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest

from isadma_sim import PC
from isadma_sim.devices.ethernet.pcap import Packet, write_pcap
from isadma_sim.devices.sound.samples import Format, Take
from isadma_sim.engines.base import EngineError
from isadma_sim.engines.native.librarycache import cached_library
from isadma_sim.waves.fstblocks import is_complete
from isadma_tools.files.whole import write_whole

#: Runs the command with a limit on the size of every file it writes, in bytes: the system's own "no room".
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from isadma_cli.__main__ import main
sys.argv[:2] = ["isadma"]
main()
"""
READ = ["floppy", "read", "{disk}", "--engine", "reference", "--sectors", "8"]


@pytest.fixture
def limited(tmp_path):
    """Run ``isadma WORDS`` where no file may grow beyond `limit` bytes."""

    def command(limit, *words):
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(limit), *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=tmp_path,
            timeout=300,
        )
        assert "Traceback" not in done.stderr
        return done

    return command


@pytest.fixture
def tiny(tmp_path):
    """Yield a folder on a disk of 256 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder, left=0):
    """Leave so many bytes free."""
    with open(folder / "filler", "wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    size = (folder / "filler").stat().st_size
    os.truncate(folder / "filler", max(0, size - left))


def listed(folder):
    return {path.name for path in Path(folder).iterdir()} - {"filler"}


@pytest.mark.parametrize("limit", [0, pytest.param(700, marks=pytest.mark.long), 4_000])
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ([*READ, "--waves", "t.fst"], "t.fst"),
        ([*READ, "--waves", "t.vcd"], "t.vcd"),
        ([*READ, "--trace", "t.trace"], "t.trace"),
        (["floppy", "read", "{disk}", "--engine", "reference", "--sectors", "20", "-o", "out.bin"], "out.bin"),
    ],
    ids=["fst", "vcd", "trace", "-o"],
)
def test_a_file_that_cannot_be_written_to_its_end_is_named_and_is_not_there(
    limited, disk, tmp_path, words, name, limit
):
    done = limited(limit, *[word.format(disk=disk) for word in words])
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"isadma: cannot write '{name}': ")
    assert listed(tmp_path) == {"disk.img"}


@pytest.mark.parametrize(
    ("words", "folder", "limit"),
    [
        (["waves", "sector", "--engine", "reference", "-o", "made"], "made", 5_000),
        (["waves", "sector", "--engine", "reference", "--format", "vcd", "-o", "made"], "made", 40_000),
        (["embed", "-o", "made"], "", 5_000),
        (["verilog", "-o", "made.v"], "", 5_000),
    ],
    ids=["waves", "waves of a size", "embed", "verilog"],
)
def test_a_file_of_many_that_has_no_room_is_named_and_is_not_there(limited, tmp_path, words, folder, limit):
    done = limited(limit, *words)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "File too large" in line
    assert "the output" not in line
    assert not [path for path in (tmp_path / folder).glob("**/*") if path.is_file()]


@pytest.mark.parametrize("ending", ["fst", "vcd", "trace"])
@pytest.mark.parametrize("left", [0, pytest.param(4096, marks=pytest.mark.long), 16384])
def test_what_is_recorded_on_a_full_disk_is_named_and_nothing_is_left(in_a_process, disk, tiny, ending, left):
    option = "--trace" if ending == "trace" else "--waves"
    fill(tiny, left // 4 if ending == "trace" else left)  # it is that much smaller
    done = in_a_process(*[word.format(disk=disk) for word in READ], option, tiny / f"t.{ending}")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"isadma: cannot write '{tiny}/t.{ending}': ")
    assert listed(tiny) == set()


def test_a_full_tmp_ends_no_dump_by_a_signal(disk, tmp_path, monkeypatch):
    monkeypatch.setattr("isadma_sim.waves.files._FST_ROOM", 1 << 62)
    with PC(engine="reference") as pc, pytest.raises(OSError, match="which the FST library needs") as caught:
        pc.waves(tmp_path / "t.fst")
    assert caught.value.filename == str(tmp_path / "t.fst")
    assert listed(tmp_path) == {"disk.img"}


def test_a_device_is_no_place_for_an_fst_and_stays_a_device(tmp_path, stranger):
    device = tmp_path / "full"
    os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 7))
    for name in ("t.fst", "t.vcd"):
        (tmp_path / name).symlink_to(device)
        with pytest.raises(OSError, match=r"an FST goes to a regular file|No space left") as caught:
            dump(tmp_path / name)
        assert caught.value.filename == str(tmp_path / name)
        assert stat.S_ISCHR(device.stat().st_mode)


def dump(path):
    with PC(engine="reference") as pc:
        pc.waves(path)
        pc.run(clocks=300)


@pytest.mark.parametrize("ending", ["fst", "vcd"])
def test_the_old_dump_stays_when_the_new_one_has_no_room(in_a_process, disk, tiny, ending):
    (tiny / f"t.{ending}").write_text("the old one")
    fill(tiny, 8192)
    done = in_a_process(*[word.format(disk=disk) for word in READ], "--waves", tiny / f"t.{ending}")
    assert done.returncode == 1
    assert (tiny / f"t.{ending}").read_text() == "the old one"


def test_with_room_the_dump_is_complete(in_a_process, disk, tmp_path):
    done = in_a_process(*[word.format(disk=disk) for word in READ], "--waves", "t.fst")
    assert (done.returncode, done.stderr) == (0, "")
    assert is_complete(tmp_path / "t.fst")
    assert listed(tmp_path) == {"disk.img", "t.fst", "t.gtkw"}
    whole = (tmp_path / "t.fst").read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 200)):
        (tmp_path / "cut.fst").write_bytes(whole[:length])
        assert not is_complete(tmp_path / "cut.fst")


def test_a_full_place_for_temporary_files_is_named(in_a_process, tiny):
    fill(tiny, 16384)
    for words in (["proc", "--engine", "reference"], ["demo", "--engine", "reference", "--waves", "d.fst"]):
        done = in_a_process(*words, env={"TMPDIR": str(tiny)})
        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            f"isadma: cannot write temporary files in '{tiny}': No space left on device; set TMPDIR"
        ]


def test_a_full_cache_is_named(tiny, monkeypatch):
    def build(folder):
        (folder / "harness.so").write_bytes(bytes(100_000))
        return folder / "harness.so"

    fill(tiny, 32768)
    monkeypatch.setenv("ISADMA_CACHE", str(tiny))
    with pytest.raises(EngineError, match=rf"^cannot write the cache '{tiny}' \(No space left on device\): make room"):
        cached_library("board-test", build)
    assert listed(tiny) == {"board-test.lock"}


@pytest.mark.parametrize(
    "words",
    [
        ["proc", "--engine", "reference"],
        ["--help"],
        ["verilog", "--help"],
        ["floppy", "read", "{disk}", "-e", "reference"],
    ],
    ids=str,
)
def test_a_full_standard_output_is_one_line(in_a_process, disk, words):
    with open("/dev/full", "w") as full:
        done = in_a_process(
            *[word.format(disk=disk) for word in words], stdout=full, stderr=subprocess.PIPE, capture_output=False
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["isadma: the output: No space left on device; check space and permissions"]


def test_what_an_image_takes_no_more_is_told_of_the_image(limited, disk, tmp_path):
    sector = tmp_path / "sector.bin"
    sector.write_bytes(bytes(512))
    done = limited(1000, "floppy", "write", disk, sector, "--lba", "9", "--engine", "reference")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"isadma: cannot write the floppy image {disk}: File too large"]


@pytest.mark.parametrize("kind", ["wav", "pcap"])
def test_what_a_card_writes_is_whole_or_not_there(tiny, kind):
    fill(tiny, 8192)
    path = tiny / f"out.{kind}"
    take = Take(Format(Fraction(8000), 8, 1, False), bytearray(20_000))
    write = {"wav": take.save, "pcap": lambda path: write_pcap(path, [Packet(Fraction(0), bytes(1000))] * 20)}[kind]
    with pytest.raises(OSError, match="No space left") as caught:
        write(path)
    assert caught.value.filename == str(path)
    assert listed(tiny) == set()


def test_a_file_is_written_whole_or_the_old_one_stays_at_every_size_of_the_disk(tiny):
    path = tiny / "file"
    path.write_bytes(b"old")
    for left in [*range(0, 32768, 4096), 65536]:
        (tiny / "filler").unlink(missing_ok=True)
        path.write_bytes(b"old")
        fill(tiny, left)
        with suppress(OSError):
            write_whole(path, bytes(32768))
        assert path.read_bytes() == (b"old" if left < 32768 else bytes(32768))
        assert listed(tiny) == {"file"}

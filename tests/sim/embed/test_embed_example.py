"""The C library's example: a sector by DMA, as on the Python machine; stopped in the middle, and gone on with."""

import shutil
import subprocess
import zlib

import pytest

from isadma_sim import PC, Device

WARNINGS = ("-Wall", "-Wextra", "-Werror")


class Disk(Device):
    """The disk of sector.c."""

    name = "disk"

    def __init__(self):
        self.sector = bytes(at * 7 + (at >> 8) * 13 & 0xFF for at in range(512))
        self.given = self.counted = 0

    def dma_read(self):
        self.given += 1
        if self.given == 512:
            self.lines.dreq(False)
        return self.sector[self.given - 1]

    def tc(self):
        self.counted = 1
        self.lines.dreq(False)


def in_python(engine):
    """What the Python machine comes to, in the example's words."""
    disk = Disk()
    with PC(engine=engine, post=False, memory=1 << 18) as pc:
        pc.attach(disk, dma=2)
        for port, value in (
            (0xD6, 0xC0), (0xD4, 0), (0x0A, 6), (0x0C, 0), (0x0B, 0x46), (4, 0), (4, 0xE0), (0x81, 1), (5, 0xFF),
            (5, 1), (0x0A, 2),
        ):  # fmt: skip
            pc.outb(port, value)
        disk.lines.dreq(True)
        while not disk.counted:
            pc.run(1)
        pc.run(100)
        memory = zlib.adler32(bytes(pc.memory[0 : 1 << 18]))
        return f"{disk.given} bytes given, TC {disk.counted}, {pc.clocks} clocks, memory {memory:08x}\n"


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=900, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sector(folders, library_file, tmp_path_factory):
    """The example, by a C compiler that is strict, on the library."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler: install gcc")
    program = tmp_path_factory.mktemp("example") / "sector"
    library = program.with_name("libisadma.so")
    library.write_bytes(library_file.read_bytes())
    source = folders("at") / "example" / "sector.c"
    flags = ("-std=c99", "-pedantic", *WARNINGS, f"-I{folders('at')}", f"-Wl,-rpath,{program.parent}")
    run(compiler, *flags, source, library, "-o", program)
    return program


@pytest.mark.parametrize("engine", ["reference", "native"])
def test_its_bytes_and_clocks_are_those_of_the_python_machine(sector, engine):
    assert run(sector) == in_python(engine)


def test_another_process_goes_on_where_one_stopped(sector, tmp_path):
    kept = tmp_path / "kept"
    assert run(sector, "--save", kept).startswith("300 bytes given, TC 0")
    assert run(sector, "--load", kept) == run(sector)


def test_a_file_that_is_none_of_its_own_is_a_line(sector, tmp_path):
    kept = tmp_path / "kept"
    run(sector, "--save", kept)
    content = bytearray(kept.read_bytes())
    content[100] ^= 1
    for wrong, said in (
        (bytes(content), "changed or cut short"),
        (b"X" + bytes(content[1:]), "no saved state"),
        (b"", "no file that"),
    ):
        kept.write_bytes(wrong)
        done = subprocess.run([sector, "--load", kept], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert said in done.stderr
        assert done.stderr.count("\n") == 1

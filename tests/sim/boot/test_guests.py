"""Real software where its files are at hand: SeaBIOS to a boot sector, GRUB and syslinux to their prompts."""

import shutil
import subprocess
from pathlib import Path

import pytest

from isadma_sim.boot import Computer
from isadma_sim.boot.bios import SEABIOS, Bios
from isadma_sim.boot.computer import End

pytestmark = pytest.mark.long

GRUB = Path("/usr/lib/grub/i386-pc")
SECTORS = 2880


def floppy(path, first):
    path.write_bytes(first.ljust(SECTORS * 512, b"\0"))
    return path


def boots(image, bios, wanted, seconds):
    with Computer(image, bios) as computer:
        end = computer.run(seconds, until=lambda: wanted in computer.text, every=0.1)
        print(f"{computer.seconds:.1f} s of the machine, {computer.pc.stats.bytes[2]:,} bytes by DMA 2")
        assert end is End.ASKED, computer.text
        return computer.pc.stats.bytes[2]


@pytest.mark.skipif(not SEABIOS.is_file(), reason=f"no {SEABIOS}: apt install seabios")
def test_seabios_boots_a_sector_and_shows_it_on_the_screen(tmp_path):
    code = "be1d7c 8ec0 ac 84c0 7409 b40e bb0700 cd10 ebf2 fa f4 ebfc".replace(" ", "")
    sector = bytes.fromhex("31c08ed8" + code)
    text = b"the sector runs\0"
    # The text lies behind the code, and SI points there.
    sector = sector.replace(bytes.fromhex("be1d7c"), b"\xbe" + (0x7C00 + len(sector)).to_bytes(2, "little"))
    image = floppy(tmp_path / "hello.img", (sector + text).ljust(510, b"\0") + b"\x55\xaa")
    assert boots(image, Bios.from_file(SEABIOS, "at"), "the sector runs", 30) == 512


@pytest.mark.skipif(not SEABIOS.is_file(), reason=f"no {SEABIOS}: apt install seabios")
@pytest.mark.skipif(
    not (GRUB / "boot.img").is_file() or shutil.which("grub-mkimage") is None,
    reason="no GRUB: apt install grub-pc-bin",
)
@pytest.mark.parametrize("own", [False, True], ids=["seabios", "builtin"])
def test_grub_comes_to_its_prompt(tmp_path, own):
    core = tmp_path / "core.img"
    modules = ["biosdisk", "fat", "normal"]
    subprocess.run(["grub-mkimage", "-O", "i386-pc", "-p", "(fd0)/", "-o", str(core), *modules], check=True)
    data = bytearray((GRUB / "boot.img").read_bytes() + core.read_bytes())
    count = -(-core.stat().st_size // 512) - 1
    data[0x5C:0x64] = (1).to_bytes(8, "little")  # where the core image begins
    data[1012:1022] = (2).to_bytes(8, "little") + count.to_bytes(2, "little")  # and its list of blocks
    image = floppy(tmp_path / "grub.img", bytes(data))
    bios = Bios.own("at") if own else Bios.from_file(SEABIOS, "at")
    assert boots(image, bios, "grub>", 60) > core.stat().st_size - 512


@pytest.mark.skipif(
    shutil.which("syslinux") is None or shutil.which("mformat") is None, reason="apt install syslinux mtools"
)
@pytest.mark.parametrize(
    "own", [pytest.param(False, marks=pytest.mark.skipif(not SEABIOS.is_file(), reason="apt install seabios")), True],
    ids=["seabios", "builtin"],
)  # fmt: skip
def test_syslinux_comes_to_its_prompt_on_a_fat_volume(tmp_path, own):
    image = floppy(tmp_path / "sys.img", b"")
    subprocess.run(["mformat", "-i", str(image), "-f", "1440", "::"], check=True)
    subprocess.run(["syslinux", "--install", str(image)], check=True)
    config = tmp_path / "syslinux.cfg"
    config.write_text("PROMPT 1\nSAY Hello from syslinux\nLABEL x\n KERNEL x\n")
    subprocess.run(["mcopy", "-i", str(image), str(config), "::"], check=True)
    bios = Bios.own("at") if own else Bios.from_file(SEABIOS, "at")
    boots(image, bios, "Hello from syslinux\nboot:", 60)

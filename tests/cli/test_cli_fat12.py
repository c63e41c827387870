"""FAT12 images: the bytes DOS expects where it expects them, and a reader that refuses damage."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from isadma_cli.fat12 import SECTOR, FatError, Layout, Volume
from isadma_cli.fat12_format import make_image
from isadma_cli.fat12_layouts import LAYOUTS

HELLO = b"hello, world\r\n"


def reader(image: bytes):
    return lambda lba, count: image[lba * SECTOR : (lba + count) * SECTOR]


def test_boot_sector_describes_a_1440k_floppy_as_dos_writes_it():
    boot = make_image({})[:512]
    assert boot[:3] == bytes.fromhex("eb3c90")
    assert boot[11:28] == bytes.fromhex("0002 01 0100 02 e000 400b f0 0900 1200 0200")
    assert boot[54:62] == b"FAT12   "
    assert boot[510:] == bytes.fromhex("55aa")


def test_image_is_exactly_the_floppys_size():
    assert len(make_image({})) == 1_474_560


def test_areas_of_a_1440k_floppy_start_at_sectors_1_10_19_and_33():
    image = make_image({"A.TXT": HELLO})
    assert image[1 * 512 :][:3] == bytes.fromhex("f0ffff")
    assert image[10 * 512 :][:3] == bytes.fromhex("f0ffff")
    assert image[19 * 512 :][32:43] == b"A       TXT"
    assert image[33 * 512 :][:14] == HELLO


def test_two_clusters_share_three_bytes_of_the_table():
    image = make_image({"A.BIN": bytes(512 * 3)})
    # 2 -> 3, 3 -> 4, 4 ends.
    assert image[512:][:8] == bytes.fromhex("f0ffff 034000 ff0f")


def test_directory_entry_has_first_cluster_and_size_at_26_and_28():
    entry = make_image({"A.TXT": HELLO})[19 * 512 + 32 :][:32]
    assert entry[11] == 0x20
    assert entry[26:32] == bytes.fromhex("0200 0e000000")


def test_scattered_file_jumps_over_the_clusters_left_free():
    image = make_image({"A.BIN": bytes(range(256)) * 6}, scatter=[3, 4])
    volume = Volume(reader(image))
    assert volume.chain(2) == [2, 5, 6]
    assert volume.read(volume.find("A.BIN")) == bytes(range(256)) * 6


def test_every_file_reads_back_as_written():
    files = {"EMPTY": b"", "ONE.BIN": bytes(range(256)) * 2, "TWO.BIN": b"x" * 513, "BIG.BIN": b"big" * 90_000}
    volume = Volume(reader(make_image(files)))
    assert {entry.name: volume.read(entry) for entry in volume.files()} == files


def test_entries_that_straddle_two_sectors_of_the_table_read_whole():
    # Entry 341 lies in bytes 511 and 512 of the table.
    volume = Volume(reader(make_image({"BIG.BIN": bytes(512 * 400)})))
    assert volume.next_cluster(341) == 342
    assert volume.next_cluster(340) == 341


def test_same_files_make_the_same_image_every_time():
    digest = hashlib.sha256(make_image({"A.TXT": HELLO})).hexdigest()
    assert digest == hashlib.sha256(make_image({"A.TXT": HELLO})).hexdigest()


def test_reader_asks_only_for_the_sectors_it_needs():
    asked: list[tuple[int, int]] = []
    image = make_image({"A.BIN": bytes(512 * 3)})

    def read(lba: int, count: int) -> bytes:
        asked.append((lba, count))
        return reader(image)(lba, count)

    volume = Volume(read)
    volume.read(volume.find("a.bin"))
    assert asked == [(0, 1), (19, 1), (1, 1), (33, 3)]


def test_sector_without_55aa_is_no_boot_sector():
    with pytest.raises(FatError, match="55h AAh"):
        Layout.parse(bytes(512))


def test_missing_file_names_the_files_there_are():
    with pytest.raises(FatError, match=r"no file 'B\.TXT'.*A\.TXT"):
        Volume(reader(make_image({"A.TXT": HELLO}))).find("B.TXT")


@pytest.mark.parametrize(
    ("entry", "message"), [("0200", "circle"), ("ff0b", "cluster 3071 is not"), ("0000", "cluster 0")]
)
def test_damaged_chain_is_refused(entry: str, message: str):
    image = bytearray(make_image({"A.BIN": bytes(512)}))
    image[515:517] = bytes.fromhex(entry)
    volume = Volume(reader(bytes(image)))
    with pytest.raises(FatError, match=message):
        volume.chain(2)


def test_chain_shorter_than_the_file_is_refused():
    image = bytearray(make_image({"A.BIN": bytes(1024)}))
    image[515:517] = bytes.fromhex("ff4f")
    volume = Volume(reader(bytes(image)))
    with pytest.raises(FatError, match="1024 bytes but its clusters hold only 512"):
        volume.read(volume.find("A.BIN"))


def test_files_that_do_not_fit_are_refused():
    with pytest.raises(FatError, match="needs 2848 clusters and 2847 are left"):
        make_image({"BIG.BIN": bytes(2848 * 512)})


def test_the_largest_file_that_fits_fits():
    assert len(make_image({"BIG.BIN": bytes(2847 * 512)})) == 1_474_560


@pytest.mark.parametrize("name", ["toolong78.txt", "lower.txt", "A.LONG", "", "A B.TXT", "A.B.C"])
def test_names_dos_cannot_have_are_refused(name: str):
    with pytest.raises(FatError, match=r"8\.3"):
        make_image({name: HELLO})


# Name, bytes 11 to 27 of the boot sector, clusters: as FORMAT of each disk leaves them.
VOLUMES = [
    ("160K", "0002 01 0100 02 4000 4001 fe 0100 0800 0100", 313),
    ("180K", "0002 01 0100 02 4000 6801 fc 0200 0900 0100", 351),
    ("320K", "0002 02 0100 02 7000 8002 ff 0100 0800 0200", 315),
    ("360K", "0002 02 0100 02 7000 d002 fd 0200 0900 0200", 354),
    ("720K", "0002 02 0100 02 7000 a005 f9 0300 0900 0200", 713),
    ("1.2M", "0002 01 0100 02 e000 6009 f9 0700 0f00 0200", 2371),
    ("1.44M", "0002 01 0100 02 e000 400b f0 0900 1200 0200", 2847),
    ("1.68M", "0002 04 0100 02 1000 200d f0 0300 1500 0200", 838),
    ("1.72M", "0002 01 0100 02 e000 740d f0 0a00 1500 0200", 3409),
    ("2.88M", "0002 02 0100 02 f000 8016 f0 0900 2400 0200", 2863),
]


@pytest.mark.parametrize(("name", "fields", "clusters"), VOLUMES)
def test_boot_sector_of_each_format(name: str, fields: str, clusters: int):
    image = make_image({"A.TXT": HELLO}, layout=LAYOUTS[name])
    layout = Layout.parse(image[:512])
    assert image[11:28] == bytes.fromhex(fields)
    assert layout.clusters == clusters
    assert (clusters + 2) * 3 / 2 <= layout.sectors_per_fat * 512
    assert Volume(reader(image)).read(Volume(reader(image)).find("A.TXT")) == HELLO


def test_a_disk_with_a_volume_is_full_of_f6h_where_no_file_lies():
    image = make_image({"A.TXT": HELLO})
    assert image[33 * 512 + len(HELLO) : 34 * 512] == bytes(512 - len(HELLO))
    assert image[34 * 512 :] == b"\xf6" * (2846 * 512)


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.skipif(shutil.which("fsck.fat") is None, reason="needs fsck.fat (Debian: dosfstools)")
def test_fsck_fat_finds_nothing_wrong_on_any_format(tmp_path: Path, name: str):
    path = tmp_path / "a.img"
    path.write_bytes(make_image({"A.TXT": HELLO, "B.BIN": b"b" * 5000}, layout=LAYOUTS[name]))
    done = subprocess.run(["fsck.fat", "-n", "-v", str(path)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("fsck.fat") is None, reason="needs fsck.fat (Debian: dosfstools)")
def test_fsck_fat_finds_nothing_wrong(tmp_path: Path):
    path = tmp_path / "a.img"
    path.write_bytes(make_image({"A.TXT": HELLO, "B.BIN": b"b" * 5000}, scatter=[5, 6, 9]))
    done = subprocess.run(["fsck.fat", "-n", "-v", str(path)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 files, 11/2847 clusters" in done.stdout  # fsck.fat counts the label


def test_layout_packs_to_the_fields_it_was_parsed_from():
    assert Layout.parse(make_image({})[:512]) == LAYOUTS["1.44M"]

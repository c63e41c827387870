"""Damaged files of every format that is read: taken, or refused in one line that names the file."""

import io
import random
import re
import struct
import wave
from fractions import Fraction

import dpkt
import pytest

from isadma_sim.devices.ethernet.pcap import Packet, read_pcap, write_pcap
from isadma_sim.devices.floppy import Image
from isadma_sim.devices.scsi.image import BlockImage
from isadma_sim.devices.sound.samples import Format, Tape

ATTEMPTS = 300


def wav():
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(bytes(range(256)) * 8)
    return made.getvalue()


def pcap(tmp_path):
    write_pcap(tmp_path / "x.pcap", [Packet(Fraction(n, 3), bytes([n]) * (60 + n)) for n in range(20)])
    return (tmp_path / "x.pcap").read_bytes()


def pcapng():
    made = io.BytesIO()
    writer = dpkt.pcapng.Writer(made)
    for number in range(20):
        writer.writepkt(bytes([number]) * (60 + number), ts=number / 3)
    return made.getvalue()


def damaged(whole, dice, attempt, head):
    """Damage bytes in one of the ways that files are damaged in; mostly near the beginning, where the headers are."""
    data = bytearray(whole)
    place = dice.randrange(min(head, len(data))) if dice.random() < 0.8 else dice.randrange(len(data))
    match attempt % 6:
        case 0:
            del data[place:]
        case 1:
            data[place] ^= 1 << dice.randrange(8)
        case 2:
            data[place : place + 4] = dice.choice([b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"\x01\0\0\0"])
        case 3:
            data[place : place + dice.randint(1, 40)] = dice.randbytes(dice.randint(0, 60))
        case 4:
            data[place:place] = dice.randbytes(dice.randint(1, 9))
        case _:
            del data[place : place + dice.randint(1, 40)]
    return bytes(data)


def hear(path):
    """Read a WAV file and hear some of it, in another format."""
    tape = Tape.open(path)
    for _ in range(50):
        tape.next(Format(Fraction(8000), 8, 1, False))


def open_image(path):
    with Image.open(path) as image:
        assert len(image.data) == image.geometry.size


def open_disk(path):
    disk = BlockImage(path)
    disk.read(disk.blocks - 1, 1)
    disk.close()


@pytest.mark.parametrize("kind", ["wav", "pcap", "pcapng", "floppy", "scsi"])
def test_damaged_files_are_taken_or_refused_in_one_line(tmp_path, kind):
    dice = random.Random(f"{kind} 1981")
    whole, read, head = {
        "wav": (wav(), hear, 60),
        "pcap": (pcap(tmp_path), read_pcap, 60),
        "pcapng": (pcapng(), read_pcap, 160),
        "floppy": (bytes(163_840), open_image, 163_840),
        "scsi": (bytes(8192), open_disk, 8192),
    }[kind]
    path = tmp_path / "damaged"
    refused = 0
    for attempt in range(ATTEMPTS):
        path.write_bytes(damaged(whole, dice, attempt, head))
        try:
            read(path)
        except (ValueError, OSError) as error:
            said = str(error)
            assert str(path) in said, f"attempt {attempt}: {said!r}"
            assert "\n" not in said
            assert len(said) < 400
            refused += 1
    assert refused > ATTEMPTS / 10


@pytest.mark.parametrize("length", [0, 1, 4, 7, 0x7FFFFFFF, 0xFFFFFFF0, 0xFFFFFFFF])
@pytest.mark.parametrize("chunk", ["RIFF", "fmt ", "data", "LIST"])
def test_a_wav_files_chunk_of_any_length_is_no_empty_error(tmp_path, chunk, length):
    data = bytearray(wav())
    if chunk == "LIST":
        data[12:12] = b"LIST" + struct.pack("<I", length) + b"INFO"
    else:
        place = data.index(chunk.encode()) + 4
        data[place : place + 4] = struct.pack("<I", length)
    path = tmp_path / "odd.wav"
    path.write_bytes(data)
    said = ""
    try:
        hear(path)
    except ValueError as error:
        said = str(error)
    assert not said or (said.startswith(f"{path}") and re.search("give an uncompressed|bits and|with 1 or more", said))


@pytest.mark.parametrize("size", [0, 1, 511, 513, 163_839, 163_841, 1 << 30, 1 << 42])
def test_an_image_of_no_floppys_size_is_refused_by_its_size_unread(tmp_path, size):
    path = tmp_path / "odd.img"
    with path.open("wb") as file:
        file.truncate(size)
    with pytest.raises(ValueError, match=rf"^{path}: .*{size}"):
        Image.open(path)

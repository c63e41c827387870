"""The bridge on its pins: good frames are answered and done once, everything else is passed over."""

import random

import pytest

from isadma_sim.engines.uart.frame import Decoder, encode

# Commands by their numbers, as the guide has them: SET A0, A1, D0, N0, N1; READ, WRITE, IN, OUT, ACQUIRE, RUN.
IDENTIFY = bytes.fromhex("2e 2f")


def write(address, data):
    return bytes([0x10, address & 0xFF, 0x11, address >> 8, 0x14, len(data), 0x15, 0, 0x34]) + data


def read(address, size):
    return bytes([0x10, address & 0xFF, 0x11, address >> 8, 0x14, size, 0x15, 0, 0x33])


@pytest.fixture
def ask(port):
    def exchange(sequence, body):
        return Decoder().feed(port.exchange(encode(sequence, body)))

    return exchange


def test_the_board_says_its_protocol_and_memory(ask):
    assert ask(1, IDENTIFY) == [(1, bytes([0, 1, 10]))]


def test_the_board_says_which_it_is_and_its_clocks_per_bit(ask):
    assert ask(1, bytes.fromhex("2a 2c")) == [(1, bytes([0, 4, 0]))]


def test_memory_reads_what_was_written_byte_by_byte_across_words(ask):
    assert ask(1, write(0x101, b"\x7e\x7d\x00\xff\x55")) == [(1, b"\x00")]
    assert ask(2, read(0x100, 7))[0][1][2:7] == b"\x7e\x7d\x00\xff\x55"


def test_a_port_write_and_read_reach_the_page_register(ask):
    assert ask(1, bytes.fromhex("10 87 11 00 12 a5 13 a5 32")) == [(1, b"\x00")]
    assert ask(2, bytes.fromhex("10 87 11 00 12 00 31")) == [(2, b"\x00\xa5")]


def test_clocks_are_counted_down_and_all_run(ask):
    assert ask(1, bytes.fromhex("14 40 15 01 30 28 29")) == [(1, b"\x00\x00\x00")]


def test_a_repeated_sequence_number_gets_the_same_answer_and_is_done_once(ask):
    assert ask(1, write(0, b"xyz")) == [(1, b"\x00")]
    assert ask(2, read(0, 3)) == [(2, b"\x00xyz")]
    assert ask(2, write(0, b"abc")) == [(2, b"\x00xyz")]
    assert ask(3, read(0, 3)) == [(3, b"\x00xyz")]


def test_a_frame_with_a_wrong_crc_is_not_answered_and_not_done(port, ask):
    ask(1, write(0, b"good"))
    bad = bytearray(encode(2, write(0, b"evil")))
    for place in range(1, len(bad)):
        wrong = bytearray(bad)
        wrong[place] ^= 0x01
        assert port.exchange(bytes(wrong)) == b""
    assert ask(3, read(0, 4)) == [(3, b"\x00good")]


def test_a_frame_cut_off_anywhere_does_not_hide_the_next(port, ask):
    whole = encode(1, write(0, b"\x7e\x7dab"))
    for length in range(len(whole)):
        assert port.exchange(whole[:length]) == b""
        assert ask(2 + length, IDENTIFY) == [(2 + length, bytes([0, 1, 10]))]


def garbled(port, rng, bytes_between, frames):
    """Send frames with garbage between them; return what the memory should hold."""
    wanted = bytearray(rng.randbytes(128))
    sequence = 1
    assert Decoder().feed(port.exchange(encode(sequence, write(0, bytes(wanted))))) == [(1, b"\x00")]
    for _ in range(frames):
        sequence = sequence % 255 + 1
        noise = rng.randbytes(bytes_between)
        assert Decoder().feed(port.exchange(noise)) == []
        place, value = rng.randrange(128), rng.randrange(256)
        wanted[place] = value
        body = write(place, bytes([value])) + read(0, 128)
        got = Decoder().feed(port.exchange(encode(sequence, body)))
        assert got == [(sequence, b"\x00" + bytes(wanted))]


def test_good_frames_are_answered_between_random_bytes_which_write_nothing(port):
    garbled(port, random.Random(8237), 2_000, 10)


@pytest.mark.long
def test_a_million_random_bytes_between_good_frames_write_nothing(port):
    garbled(port, random.Random(1981), 10_000, 100)

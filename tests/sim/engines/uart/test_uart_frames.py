"""Frames: the bytes of the guide's example, escapes, and what is no frame."""

from binascii import crc_hqx

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isadma_sim.engines.uart.frame import Decoder, encode

IDENTIFY = bytes.fromhex("7e 04 01 2e 2f 89 65")


def test_the_crc_has_the_check_value_of_its_catalogue():
    assert crc_hqx(b"123456789", 0xFFFF) == 0x29B1


def test_the_guides_frame_has_these_bytes():
    assert encode(1, bytes([0x2E, 0x2F])) == IDENTIFY


def test_sync_and_escape_inside_a_frame_are_escaped():
    assert encode(0x7E, b"\x7d\x7e")[:8] == bytes.fromhex("7e 04 7d 5e 7d 5d 7d 5e")


@given(st.integers(0, 255), st.binary(max_size=200), st.binary(max_size=20).map(lambda b: b.replace(b"\x7e", b"")))
def test_a_frame_after_any_garbage_is_found_in_any_pieces(sequence, body, garbage):
    line = garbage + b"\x7e\x33" + encode(sequence, body)
    decoder = Decoder()
    assert [frame for byte in line for frame in decoder.feed(bytes([byte]))] == [(sequence, body)]


@pytest.mark.parametrize("place", range(1, len(IDENTIFY)))
def test_a_frame_with_one_wrong_bit_is_no_frame(place):
    for bit in range(8):
        wrong = bytearray(IDENTIFY)
        wrong[place] ^= 1 << bit
        assert Decoder().feed(bytes(wrong)) == []


def test_a_body_that_does_not_fit_is_refused_with_its_size():
    with pytest.raises(ValueError, match=r"^a frame of 239 bytes: the bridge takes 238$"):
        encode(1, bytes(239))

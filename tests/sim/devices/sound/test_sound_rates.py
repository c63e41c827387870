"""One rate, the card's: what sets it takes effect at once, whatever plays.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 6 (40h to 42h).
"""

from fractions import Fraction

import pytest

from isadma_sim.devices.sound import Format, Tape

AT = 0x20000


def rates(sb):
    return [take.format.rate for take in sb.card.takes]


def clocks_of(sb, frames):
    """Clocks until so many more frames are heard."""
    start, count = sb.pc.clocks, sum(len(take.data) // take.format.frame for take in sb.card.takes) + frames
    while sum(len(take.data) // take.format.frame for take in sb.card.takes) < count:
        sb.pc.run(clocks=1)
    return sb.pc.clocks - start


def test_a_rate_that_is_set_while_it_plays_takes_effect_at_once(rig):
    sb = rig()
    sb.program(1, AT, 256, 0x58)
    sb.dsp(0x40, 0xA5, 0xC6, 0x00, 0xFF, 0x00)  # 10,989 Hz
    sb.pc.delay(0.001)
    sb.dsp(0x40, 0xD3)  # 22,222 Hz
    sb.pc.delay(0.001)
    assert rates(sb) == [Fraction(1_000_000, 91), Fraction(1_000_000, 45)]
    assert clocks_of(sb, 10) == pytest.approx(10 * 180, abs=180)
    sb.dsp(0x41, 8_000 >> 8, 8_000 & 0xFF)
    clocks_of(sb, 2)
    assert clocks_of(sb, 10) == 5_000
    sb.dsp(0x42, 16_000 >> 8, 16_000 & 0xFF)
    clocks_of(sb, 2)
    assert clocks_of(sb, 10) == 2_500
    assert sb.card.underruns == 0


def test_a_rate_that_is_set_in_a_pause_is_that_of_what_follows(rig):
    sb = rig()
    sb.program(1, AT, 256, 0x58)
    sb.dsp(0x41, 8_000 >> 8, 8_000 & 0xFF, 0xC6, 0x00, 0xFF, 0x00, 0xD0)
    sb.pc.delay(0.001)
    sb.dsp(0x41, 22_050 >> 8, 22_050 & 0xFF, 0xD4)
    clocks_of(sb, 1)
    assert rates(sb) == [Fraction(22_050)]
    assert clocks_of(sb, 441) == 441 * 4_000_000 // 22_050


def test_a_rate_that_is_set_while_it_records_takes_effect_at_once(rig):
    tape = Tape(bytes(range(200)), Format(Fraction(8_000), 8, 1, signed=False))
    sb = rig(record_from=tape)
    sb.program(1, AT, 40, 0x44)
    sb.dsp(0x42, 8_000 >> 8, 8_000 & 0xFF, 0xC8, 0x00, 39, 0)
    sb.pc.delay(10.5 / 8_000)
    sb.dsp(0x42, 4_000 >> 8, 4_000 & 0xFF)
    sb.wait()
    heard = sb.pc.memory[AT : AT + 40]
    assert heard == bytes((*range(10), *range(10, 70, 2)))


@pytest.mark.parametrize("following", [(0x40, 0xD3, 0x14), (0x41, 0x1F, 0x40, 0x14), (0x40, 0xA5, 0x91)])
def test_a_block_is_heard_to_its_end_whatever_the_rate_of_the_next(rig, following):
    sb = rig()
    data = bytes(number % 256 for number in range(320))
    sb.pc.memory[AT : AT + 320] = data
    sb.program(1, AT, 320, 0x48)
    sb.dsp(0x40, 0xA5, 0x14, 0xFF, 0x00)
    sb.wait()
    sb.inp(0xE)
    if following[-1] == 0x91:
        sb.dsp(0x48, 63, 0, *following)
    else:
        sb.dsp(*following, 63, 0)
    sb.wait()
    sb.pc.delay(0.01)
    assert b"".join(take.data for take in sb.card.takes) == data
    assert (sb.card.underruns, sb.card.dropped, sb.card.waiting) == (0, 0, 0)


def test_a_block_is_heard_to_its_end_whatever_the_format_of_the_next(rig):
    sb = rig()
    data = bytes(range(120))
    sb.pc.memory[AT : AT + 120] = data
    sb.program(1, AT, 120, 0x48)
    sb.dsp(0x41, 0x2B, 0x11)
    for mode in (0x00, 0x20, 0x10):
        sb.dsp(0xC2, mode, 39, 0)
        sb.wait()
        sb.inp(0xE)
    sb.pc.delay(0.01)
    assert [bytes(take.data) for take in sb.card.takes] == [data[:40], data[40:80], data[80:]]
    assert (sb.card.underruns, sb.card.dropped, sb.card.waiting) == (0, 0, 0)


def test_what_is_in_the_fifo_is_heard_while_a_recording_begins(rig):
    tape = Tape(bytes(range(100, 200)), Format(Fraction(22_050), 8, 1, signed=False))
    sb = rig(record_from=tape)
    sb.pc.memory[AT : AT + 64] = bytes(range(64))
    sb.program(1, AT, 64, 0x48)
    sb.dsp(0x41, 22_050 >> 8, 22_050 & 0xFF, 0x14, 63, 0)
    sb.wait()
    sb.inp(0xE)
    sb.program(1, AT, 50, 0x44)
    sb.dsp(0x24, 49, 0)
    sb.wait()
    assert bytes(sb.card.takes[0].data) == bytes(range(64))
    assert sb.pc.memory[AT : AT + 50] == bytes(range(100, 150))
    assert sb.card.underruns == 0

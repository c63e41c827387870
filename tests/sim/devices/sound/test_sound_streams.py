"""Samples by DMA: every format, single-cycle and auto-initialize, pause, record, and the sample clock.

# Ref: Creative Labs, Sound Blaster Series Hardware Programming Guide, chapter 3 and chapter 6 (14h to 2Ch, Bxh, Cxh).
"""

import itertools
import wave
from fractions import Fraction

import pytest

from isadma_sim.devices.sound import Format, Tape

AT = 0x20000


def rate_command(rate):
    return (0x41, rate >> 8, rate & 0xFF)


def mono(bits):
    return Format(Fraction(22_050), bits, 1, bits == 16)


def played(sb):
    assert len(sb.card.takes) == 1
    return bytes(sb.card.takes[0].data)


@pytest.mark.parametrize(
    ("rate", "bits", "channels", "mode", "select", "channel"),
    [
        (4_000, 8, 1, 0x00, 0x21, 0),
        (11_025, 8, 1, 0x00, 0x22, 1),
        (22_050, 8, 2, 0x20, 0x28, 3),
        (44_100, 8, 1, 0x10, 0x22, 1),
        (8_000, 16, 1, 0x10, 0x22, 5),
        (32_000, 16, 1, 0x00, 0x42, 6),
        (44_100, 16, 2, 0x30, 0x82, 7),
    ],
)
def test_a_single_cycle_block_is_played_as_it_is(rig, rng, tmp_path, rate, bits, channels, mode, select, channel):
    sb = rig()
    data = rng.randbytes(240)
    samples = len(data) * 8 // bits
    sb.pc.memory[AT : AT + len(data)] = data
    sb.mixer(0x81, select)
    sb.program(channel, AT, len(data), 0x48)
    sb.dsp(*rate_command(rate), 0xB2 if bits == 16 else 0xC2, mode, (samples - 1) & 0xFF, (samples - 1) >> 8)
    sb.wait()
    assert sb.mixer(0x82) == (0x02 if bits == 16 else 0x01)
    sb.inp(0xF if bits == 16 else 0xE)
    sb.pc.delay(40 / rate)
    assert played(sb) == data
    assert sb.card.underruns == 0
    sb.card.save(tmp_path / "out.wav")
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (rate, bits // 8, channels)
        flip = (bits == 8 and mode & 0x10) or (bits == 16 and not mode & 0x10)
        top = bytes(0x80 if i % (bits // 8) == bits // 8 - 1 else 0 for i in range(len(data)))
        expected = bytes(a ^ b for a, b in zip(data, top, strict=True)) if flip else data
        assert file.readframes(10_000) == expected


def test_a_time_constant_counts_the_samples_of_both_channels(rig):
    sb = rig()
    sb.dsp(0x40, 211, 0xC0, 0x20, 0xFF, 0xFF)
    sb.pc.run(clocks=4_000_000)
    # 1,000,000 / (256 - 211) = 22,222.2 samples, 11,111.1 frames a second.
    assert len(played(sb)) == 2 * 11_111


def test_the_sample_clock_is_exact_over_a_second(rig):
    sb = rig()
    sb.dsp(*rate_command(44_100), 0xC0, 0x00, 0xFF, 0xFF)
    start = sb.pc.clocks
    while not sb.card.takes:
        sb.pc.run(clocks=1)
    assert 80 <= sb.pc.clocks - start <= 91
    first = sb.pc.clocks - 1
    sb.pc.run(clocks=first + 4_000_000 - sb.pc.clocks)
    assert len(played(sb)) == 44_100
    sb.pc.run(clocks=2)
    assert len(played(sb)) == 44_101
    assert sb.card.underruns == 44_101


def test_a_single_cycle_block_asks_for_no_byte_too_many(rig):
    sb = rig()
    sb.program(1, AT, 100, 0x48)
    sb.dsp(*rate_command(22_050), 0x14, 39, 0)
    sb.wait()
    sb.pc.delay(0.01)
    assert sb.left(1) == 59
    assert len(played(sb)) == 40


def test_blocks_repeat_with_an_interrupt_each_until_auto_initialize_is_left(rig):
    sb = rig()
    data = bytes(range(128))
    sb.pc.memory[AT : AT + 128] = data
    sb.program(1, AT, 128, 0x58)
    sb.dsp(*rate_command(22_050), 0x48, 63, 0, 0x1C)
    for _ in range(4):
        sb.wait()
        sb.inp(0xE)
    sb.dsp(0xDA)
    sb.wait()
    sb.inp(0xE)
    with pytest.raises(TimeoutError):
        sb.wait(seconds=0.02)
    assert played(sb) == data + data + data[:64]
    assert sb.card.underruns == 0


def test_a_single_cycle_command_takes_over_after_the_present_block_without_a_gap(rig):
    sb = rig()
    data = bytes(range(256))
    sb.pc.memory[AT : AT + 256] = data
    sb.program(5, AT, 256, 0x58)
    sb.dsp(*rate_command(44_100), 0xB6, 0x10, 63, 0)
    sb.dsp(0xB2, 0x10, 19, 0)
    for _ in range(2):
        sb.wait()
        sb.inp(0xF)
    sb.pc.delay(0.005)
    assert played(sb) == data[:128] + data[128:168]
    assert sb.card.underruns == 0


@pytest.mark.parametrize(("pause", "go", "start", "channel"), [(0xD0, 0xD4, 0xC6, 1), (0xD5, 0xD6, 0xB6, 5)])
def test_a_pause_stops_samples_and_requests_and_loses_nothing(rig, rng, pause, go, start, channel):
    sb = rig()
    data = rng.randbytes(512)
    sb.pc.memory[AT : AT + 512] = data
    sb.program(channel, AT, 512, 0x58)
    sb.dsp(*rate_command(8_000), start, 0x10, 255, 0)
    sb.pc.delay(0.01)
    sb.dsp(pause)
    frozen = (len(played(sb)), sb.left(channel))
    sb.pc.delay(0.1)
    assert (len(played(sb)), sb.left(channel)) == frozen
    assert sb.mixer(0x82) == 0
    sb.dsp(go)
    sb.wait()
    assert played(sb) == data[: len(played(sb))]
    assert sb.card.underruns == 0


def test_sixteen_bits_go_over_the_byte_channel_where_no_word_channel_is_selected(rig, rng):
    sb = rig()
    data = rng.randbytes(80)
    sb.pc.memory[AT : AT + 80] = data
    sb.mixer(0x81, 0x02)
    sb.program(1, AT, 80, 0x48)
    sb.dsp(*rate_command(11_025), 0xB2, 0x30, 39, 0)
    sb.wait()
    assert sb.mixer(0x82) == 0x02
    sb.pc.delay(0.005)
    assert played(sb) == data


@pytest.mark.parametrize("mode", [0x18, 0x58])
@pytest.mark.parametrize("start", [0xC4, 0xC6])
def test_no_byte_is_lost_or_doubled_in_demand_and_single_mode_with_and_without_fifo(rig, mode, start):
    sb = rig()
    data = bytes(range(250))
    sb.pc.memory[AT : AT + 250] = data
    sb.program(1, AT, 250, mode)
    sb.dsp(*rate_command(44_100), start, 0x20, 249, 0)
    for _ in range(2):
        sb.wait()
        sb.inp(0xE)
    assert played(sb)[:460] == (data + data)[:460]
    assert sb.card.underruns == 0


def test_a_masked_channel_is_an_underrun_a_frame_and_the_converter_holds_its_level(rig):
    sb = rig()
    sb.pc.memory[AT : AT + 4] = b"\x10\x20\x30\x40"
    sb.program(1, AT, 4, 0x48)
    sb.dsp(*rate_command(8_000), 0xC6, 0x00, 0xFF, 0x00)
    sb.pc.delay(0.0011)
    assert sb.card.underruns == 4
    assert played(sb) == b"\x10\x20\x30\x40\x40\x40\x40\x40"


def test_a_reset_ends_play_and_interrupt_at_once(rig):
    sb = rig()
    sb.program(1, AT, 64, 0x58)
    sb.dsp(*rate_command(22_050), 0xC6, 0x00, 7, 0)
    sb.wait()
    sb.pc.delay(0.001)
    sb.reset()
    assert sb.mixer(0x82) == 0
    count = len(played(sb)), sb.left(1)
    sb.pc.delay(0.01)
    assert (len(played(sb)), sb.left(1)) == count


def test_samples_sent_one_by_one_are_kept_with_their_clock(rig):
    sb = rig()
    for value in (0x80, 0xFF, 0x00):
        sb.dsp(0x10, value)
        sb.pc.delay(0.001)
    clocks, values = zip(*sb.card.direct, strict=True)
    assert values == (0x80, 0xFF, 0x00)
    assert all(4_000 <= b - a <= 4_100 for a, b in itertools.pairwise(clocks))


def test_silence_takes_its_samples_and_interrupts(rig):
    sb = rig()
    sb.dsp(*rate_command(8_000), 0x80, 79, 0)
    start = sb.pc.clocks
    sb.wait()
    assert 39_900 <= sb.pc.clocks - start <= 40_100
    assert played(sb) == b"\x80" * 80


@pytest.mark.parametrize(
    ("rate", "bits", "channels", "mode", "start", "channel"),
    [
        (4_000, 8, 1, 0x00, 0xCA, 1),
        (44_100, 8, 2, 0x20, 0xCA, 1),
        (8_000, 16, 1, 0x10, 0xBA, 5),
        (44_100, 16, 2, 0x30, 0xBA, 5),
    ],
)
def test_a_wav_file_is_recorded_sample_for_sample(rig, rng, tmp_path, rate, bits, channels, mode, start, channel):
    data = rng.randbytes(400)
    with wave.open(str(tmp_path / "in.wav"), "wb") as file:
        file.setparams((channels, bits // 8, rate, 0, "NONE", ""))
        file.writeframes(data)
    sb = rig(record_from=tmp_path / "in.wav")
    sb.program(channel, AT, 600, 0x44)
    samples = 600 * 8 // bits - 1
    sb.dsp(0x42, rate >> 8, rate & 0xFF, start, mode, samples & 0xFF, samples >> 8)
    sb.wait()
    assert sb.pc.memory[AT : AT + 400] == data
    assert sb.pc.memory[AT + 400 : AT + 600] == (b"\x80" if bits == 8 else b"\0") * 200
    assert sb.card.overruns == 0


def test_recording_goes_on_from_block_to_block_without_a_gap(rig):
    data = bytes(range(256))
    sb = rig(record_from=Tape(data, mono(8)))
    sb.program(1, AT, 256, 0x54)
    sb.dsp(0x42, 22_050 >> 8, 22_050 & 0xFF, 0x48, 63, 0, 0x2C)
    for _ in range(4):
        sb.wait()
        sb.inp(0xE)
    assert sb.pc.memory[AT : AT + 256] == data


def test_a_tape_of_another_format_and_rate_is_heard_as_the_card_samples_it(rig):
    tape = Tape(bytes((0x00, 0x80, 0x80, 0x00, 0xFF, 0x7F)), mono(16))  # -32768, 128, 32767
    sb = rig(record_from=tape)
    sb.program(1, AT, 6, 0x44)
    sb.dsp(*rate_command(44_100), 0xCA, 0x00, 5, 0)
    sb.wait()
    assert sb.pc.memory[AT : AT + 6] == bytes((0x00, 0x00, 0x80, 0x80, 0xFF, 0xFF))


def test_frames_that_nobody_fetches_are_counted(rig):
    sb = rig()
    sb.dsp(*rate_command(8_000), 0xCE, 0x00, 0xFF, 0x00)
    sb.pc.delay(0.01)
    assert sb.card.overruns == 80 - 32


@pytest.mark.parametrize(("content", "message"), [(b"no sound", "RIFF"), (b"", "give an uncompressed WAV file")])
def test_a_file_that_is_no_wav_is_named(rig, tmp_path, content, message):
    (tmp_path / "x.wav").write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.wav: .*" + message):
        rig(record_from=tmp_path / "x.wav")


def test_closing_the_pc_writes_what_was_played_each_format_in_its_file(rig, tmp_path):
    sb = rig(play_to=tmp_path / "out.wav")
    for rate in (8_000, 16_000):
        sb.dsp(*rate_command(rate), 0x80, 9, 0)
        sb.wait()
        sb.inp(0xE)
    sb.pc.close()
    for name, rate in (("out.wav", 8_000), ("out-2.wav", 16_000)):
        with wave.open(str(tmp_path / name)) as file:
            assert (file.getframerate(), file.readframes(100)) == (rate, b"\x80" * 10)


@pytest.mark.parametrize("engine", ["amaranth", "native"])
def test_the_hardware_itself_plays_sixteen_bit_stereo(rig, rng, engine):
    sb = rig(engine)
    data = rng.randbytes(160)
    sb.pc.memory[AT : AT + 160] = data
    sb.program(5, AT, 160, 0x58)
    sb.dsp(*rate_command(44_100), 0xB6, 0x30, 39, 0, 0xD9)
    sb.wait()
    sb.pc.delay(0.0005)
    assert played(sb) == data[:80]

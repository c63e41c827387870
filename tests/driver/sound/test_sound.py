"""The Sound Blaster 16 driver against the simulated card: every sample in its place, however it is played."""

import wave
from fractions import Fraction

import pytest

from isadma_driver import Kernel
from isadma_driver.errors import ChannelBusyError, DmaError, DmaTimeoutError, SoundError
from isadma_driver.sound import SoundDriver
from isadma_sim import Device
from isadma_sim.devices.sound import Format, SoundBlaster16, Tape

#: Rate, bits, channels: both ends of the range, and what there is between.
FORMATS = [(4_000, 8, 1), (11_025, 8, 2), (22_050, 16, 1), (44_100, 16, 2)]


class Studio:
    """A PC with a card in it."""

    def __init__(self, pc, **options):
        self.pc = pc
        self.card = SoundBlaster16(**options)
        pc.attach(self.card)
        self.kernel = Kernel(pc)
        self.free = self.kernel.pages.reports()

    def heard(self):
        return [bytes(take.data) for take in self.card.takes]

    def masked(self):
        """Every channel masked: those in use before are the cascade's only."""
        return [shadow.enabled for shadow in self.kernel.dma.shadows].count(True) == 0


@pytest.fixture
def studio(pc):
    return Studio(pc)


@pytest.mark.parametrize(("rate", "bits", "channels"), FORMATS)
def test_what_is_played_by_auto_initialize_comes_out_sample_for_sample(studio, rng, rate, bits, channels):
    data = rng.randbytes(1_000)
    with SoundDriver(studio.kernel, buffer_bytes=256) as sound:
        sound.play(data, rate=rate, bits=bits, channels=channels)
        assert studio.heard() == [data]
        assert studio.card.takes[0].format == Format(Fraction(rate), bits, channels, bits == 16)
        assert (studio.card.underruns, sound.lost_interrupts) == (0, 0)
        assert studio.masked()


@pytest.mark.parametrize("size", [1, 2, 127, 128, 129, 130, 255, 256, 257, 384, 500])
@pytest.mark.parametrize("auto", [True, False])
def test_every_length_ends_after_its_last_sample(studio, rng, size, auto):
    data = rng.randbytes(size)
    with SoundDriver(studio.kernel, buffer_bytes=256) as sound:
        for _ in range(2):
            sound.play(data, rate=44_100, auto=auto)
            studio.pc.delay(0.005)
    assert studio.heard() == [data + data]
    assert studio.card.underruns == 0


@pytest.mark.parametrize(("rate", "bits", "channels"), FORMATS)
def test_what_is_heard_is_recorded_sample_for_sample(pc, rng, rate, bits, channels):
    data = rng.randbytes(1_000)
    studio = Studio(pc, record_from=Tape(data, Format(Fraction(rate), bits, channels, bits == 16)))
    with SoundDriver(studio.kernel, buffer_bytes=256) as sound:
        frames = 1_000 // (bits // 8 * channels)
        assert sound.record(frames, rate=rate, bits=bits, channels=channels) == data
        assert studio.card.overruns == 0
        assert studio.masked()


@pytest.mark.parametrize("size", [1, 128, 129, 256, 300])
@pytest.mark.parametrize("auto", [True, False])
def test_every_number_of_frames_is_recorded(pc, rng, size, auto):
    data = rng.randbytes(size + 50)
    studio = Studio(pc, record_from=Tape(data, Format(Fraction(11_025), 8, 1, signed=False)))
    with SoundDriver(studio.kernel, buffer_bytes=256) as sound:
        assert sound.record(size, rate=11_025, auto=auto) == data[:size]


def test_a_wav_file_goes_through_the_driver_and_the_card_into_another(pc, rng, tmp_path):
    data = rng.randbytes(2_000)
    with wave.open(str(tmp_path / "in.wav"), "wb") as file:
        file.setparams((2, 2, 32_000, 0, "NONE", ""))
        file.writeframes(data)
    studio = Studio(pc, play_to=tmp_path / "out.wav")
    with SoundDriver(studio.kernel) as sound:
        sound.play_wav(tmp_path / "in.wav")
    pc.close()
    assert (tmp_path / "out.wav").read_bytes() == (tmp_path / "in.wav").read_bytes()


@pytest.mark.parametrize("channel", [0, 1, 3])
@pytest.mark.parametrize("word", [5, 6, 7])
def test_the_card_is_told_which_channels_to_use(studio, rng, channel, word):
    data = rng.randbytes(400)
    with SoundDriver(studio.kernel, irq=10, dma=channel, hdma=word, buffer_bytes=256) as sound:
        assert (sound.irq, sound.dma, sound.hdma) == (10, channel, word)
        assert (studio.card.dma, studio.card.hdma) == (channel, word)
        assert studio.kernel.proc_dma() == f" {channel}: sound\n 4: cascade\n {word}: sound\n"
        sound.play(data, rate=44_100)
        sound.play(data, rate=44_100, bits=16)
    assert studio.heard() == [data, data]


def test_free_channels_are_found_among_those_the_card_has(studio):
    for channel in (0, 1, 5, 6):
        studio.kernel.dma.request_dma(channel, "somebody")
    with SoundDriver(studio.kernel) as sound:  # 2 is free, and the card is not wired to it
        assert (sound.dma, sound.hdma) == (3, 7)


def test_a_free_line_is_found_and_a_taken_one_refused_by_its_owners_name(studio):
    studio.kernel.interrupts.request_irq(5, "lpt2")
    with SoundDriver(studio.kernel) as sound:
        assert sound.irq == 7
    with pytest.raises(DmaError, match="interrupt 5, wanted by 'sound', is held by 'lpt2'"):
        SoundDriver(studio.kernel, irq=5)


def test_a_taken_channel_is_refused_by_its_owners_name_and_nothing_is_kept(studio):
    claim = studio.kernel.dma.request_dma(1, "scanner")
    with pytest.raises(ChannelBusyError, match="channel 1, wanted by 'sound', is held by 'scanner'; free channels: 0"):
        SoundDriver(studio.kernel, dma=1)
    others = [studio.kernel.dma.request_dma(channel, "tape") for channel in (0, 3)]
    with pytest.raises(ChannelBusyError, match="no free byte DMA channel on the AT: 0 by 'tape', 1 by 'scanner', 3"):
        SoundDriver(studio.kernel)
    for taken in (claim, *others):
        studio.kernel.dma.free_dma(taken)
    with SoundDriver(studio.kernel):
        pass
    assert studio.kernel.proc_dma() == " 4: cascade\n"
    assert studio.kernel.pages.reports() == studio.free


def test_without_a_free_word_channel_sixteen_bits_go_over_the_byte_channel(studio, rng):
    for channel in (5, 6, 7):
        studio.kernel.dma.request_dma(channel, "disk")
    data = rng.randbytes(600)
    with SoundDriver(studio.kernel, buffer_bytes=256) as sound:
        assert sound.hdma is None
        sound.play(data, rate=22_050, bits=16, channels=2)
    assert studio.heard() == [data]


def test_a_closed_driver_leaves_no_channel_line_or_memory_and_the_card_drives_none(studio):
    sound = SoundDriver(studio.kernel)
    stream = sound.start_playing(bytes(20_000), rate=22_050)
    stream.step()
    sound.close()
    sound.close()
    assert (studio.card.dma, studio.card.hdma) == (None, None)
    assert studio.kernel.proc_dma() == " 4: cascade\n"
    assert studio.kernel.pages.reports() == studio.free
    assert studio.masked()
    studio.kernel.interrupts.request_irq(5, "next")
    with pytest.raises(SoundError, match="was closed: open it again"):
        sound.play(b"\x80", rate=8_000)


def test_a_pause_is_silent_and_afterwards_not_a_sample_is_missing(studio, rng):
    data = rng.randbytes(2_000)
    with SoundDriver(studio.kernel, buffer_bytes=1024) as sound:
        stream = sound.start_playing(data, rate=22_050)
        stream.step()
        stream.pause()
        before = studio.heard()
        studio.pc.delay(0.5)
        assert studio.heard() == before
        with pytest.raises(SoundError, match="the stream is paused: call go_on"):
            stream.step()
        stream.go_on()
        stream.wait()
        assert stream.done == 2_000
    assert studio.heard() == [data]
    assert studio.card.underruns == 0


def test_a_stopped_stream_frees_the_card_for_the_next(studio, rng):
    data = rng.randbytes(300)
    with SoundDriver(studio.kernel, buffer_bytes=256) as sound:
        stream = sound.start_playing(bytes(5_000), rate=8_000)
        with pytest.raises(SoundError, match="plays or records already"):
            sound.play(data, rate=8_000)
        stream.step()
        stream.stop()
        assert studio.masked()
        heard = len(studio.heard()[0])
        sound.play(data, rate=8_000)
    assert studio.heard()[0][heard:] == data


def test_a_program_that_polls_needs_no_interrupt(studio, rng):
    data = rng.randbytes(1_000)
    with SoundDriver(studio.kernel, buffer_bytes=256) as sound:
        stream = sound.start_playing(data, rate=22_050)
        while stream.poll():
            studio.pc.delay(0.0005)
    assert studio.heard() == [data]


def test_a_block_noticed_too_late_is_an_error_and_stops_everything(studio):
    with SoundDriver(studio.kernel, buffer_bytes=256) as sound:
        stream = sound.start_playing(bytes(5_000), rate=44_100)
        studio.pc.delay(1.5 * 128 / 44_100 + 128 / 44_100)
        with pytest.raises(SoundError, match=r"block of 128 bytes, 2\.9 ms, was noticed too late"):
            stream.wait()
        assert studio.masked()
        sound.play(bytes(10), rate=8_000)


def test_a_masked_interrupt_is_found_by_polling_and_counted(studio, rng):
    data = rng.randbytes(6_000)
    with SoundDriver(studio.kernel) as sound:
        studio.kernel.interrupts.set_mask(sound.irq, True)
        sound.play(data, rate=22_050)
        assert sound.lost_interrupts == 2
    assert studio.heard() == [data]


def test_a_channel_that_moves_nothing_is_a_timeout_that_names_it(studio):
    with SoundDriver(studio.kernel) as sound:
        studio.pc.outb(0x224, 0x81)
        studio.pc.outb(0x225, 0x08)  # somebody turns the card to channel 3
        with pytest.raises(DmaTimeoutError, match=r"end of a sound block: .*; does the card use DMA channel 0\?"):
            sound.play(bytes(100), rate=44_100)
        assert studio.masked()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rate": 3_999}, "rate 3999: use 4000 to 45454 frames a second"),
        ({"rate": 8_000, "bits": 12}, "12 bits a sample: use 8 or 16"),
        ({"rate": 8_000, "channels": 3}, "3 channels: use 1 or 2"),
        ({"rate": 8_000, "bits": 16, "channels": 2}, "6 bytes are no whole number of frames: give a multiple of 4"),
    ],
)
def test_a_format_the_card_does_not_have_is_a_value_error(studio, options, message):
    with SoundDriver(studio.kernel) as sound, pytest.raises(ValueError, match=message):
        sound.play(bytes(6), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dma": 2}, "no 8-bit DMA channel 2 on a Sound Blaster 16: use 0, 1, 3"),
        ({"hdma": 4}, "no 16-bit DMA channel 4 on a Sound Blaster 16: use 5, 6, 7"),
        ({"irq": 4}, "no interrupt 4 on a Sound Blaster 16: use 5, 7, 9, 10"),
        ({"buffer_bytes": 100}, "a sound buffer of 100 bytes: use 64 to 65536, a multiple of 8"),
    ],
)
def test_a_wire_the_card_does_not_have_is_a_value_error(studio, options, message):
    with pytest.raises(ValueError, match=message):
        SoundDriver(studio.kernel, **options)


def test_a_card_on_a_channel_nobody_claimed_is_noticed(studio):
    studio.pc.attach(Device(), dma=0)
    with pytest.raises(SoundError, match=r"keeps 20h in mixer register 81h, not 21h: another device drives that line"):
        SoundDriver(studio.kernel)
    assert studio.kernel.proc_dma() == " 4: cascade\n"
    with SoundDriver(studio.kernel, dma=3) as sound:
        sound.play(bytes(10), rate=8_000)


def test_no_card_is_told_from_a_card(pc):
    with pytest.raises(SoundError, match="no Sound Blaster at 220h: it answers FFh to a reset, not AAh"):
        SoundDriver(Kernel(pc))


def test_the_drivers_and_the_cards_wires_are_the_same():
    from isadma_driver.sound import codes as driver
    from isadma_sim.devices.sound import regs as card

    assert {bit: line for line, bit in driver.IRQ_BITS.items()} == card.IRQ_LINES
    assert {bit: channel for channel, bit in driver.BYTE_DMA_BITS.items()} == card.BYTE_CHANNELS
    assert {bit: channel for channel, bit in driver.WORD_DMA_BITS.items()} == card.WORD_CHANNELS
    assert {p.name: int(p) for p in driver.Port} == {p.name: int(p) for p in card.Port}


def test_the_cards_know_every_command_that_the_driver_sends():
    from isadma_driver.sound.codes import Command
    from isadma_sim.devices.sound.commands import COMMANDS, Does

    does = {
        **dict.fromkeys((Command.OUT, Command.OUT_AUTO, Command.IN, Command.IN_AUTO), Does.TRANSFER),
        **dict.fromkeys((Command.OUT_FAST, Command.IN_FAST), Does.TRANSFER),
        Command.TIME_CONSTANT: Does.TIME_CONSTANT,
        Command.BLOCK_SIZE: Does.BLOCK_SIZE,
        Command.INPUT_MONO: Does.INPUT_MONO,
        Command.INPUT_STEREO: Does.INPUT_STEREO,
        Command.OUT_RATE: Does.RATE,
        Command.IN_RATE: Does.RATE,
        Command.PAUSE_8: Does.PAUSE,
        Command.SPEAKER_ON: Does.SPEAKER_ON,
        Command.SPEAKER_OFF: Does.SPEAKER_OFF,
        Command.CONTINUE_8: Does.GO_ON,
        Command.PAUSE_16: Does.PAUSE,
        Command.CONTINUE_16: Does.GO_ON,
        Command.EXIT_AUTO_16: Does.LEAVE_AUTO,
        Command.EXIT_AUTO_8: Does.LEAVE_AUTO,
        Command.VERSION: Does.VERSION,
    }
    pro, sixteen = COMMANDS[3, 2], COMMANDS[4, 5]
    old = (Command.INPUT_MONO, Command.INPUT_STEREO)
    assert {command: (pro if command in old else sixteen)[command].does for command in Command} == does


def test_on_the_hardware_itself_a_wav_comes_out_sample_for_sample(rtl, rng):
    studio = Studio(rtl)
    data = rng.randbytes(240)
    with SoundDriver(studio.kernel, buffer_bytes=64) as sound:
        sound.play(data, rate=44_100, bits=16, channels=1)
    assert studio.heard() == [data]

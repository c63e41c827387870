"""The sound driver on the cards before the 16: jumpers, time constants, high-speed mode, and a PC/XT around them."""

from fractions import Fraction

import pytest

from isadma_driver import Kernel
from isadma_driver.errors import DmaTimeoutError
from isadma_driver.sound import SoundDriver
from isadma_sim import PC
from isadma_sim.devices.sound import Format, SoundBlaster1, SoundBlaster2, SoundBlasterPro, Tape

#: Card, frames a second, channels: normal and high-speed, up to the most that each can do.
FORMATS = [
    (SoundBlaster1, 4_000, 1),
    (SoundBlaster1, 22_050, 1),
    (SoundBlaster2, 8_000, 1),
    (SoundBlaster2, 23_000, 1),
    (SoundBlaster2, 44_100, 1),
    (SoundBlasterPro, 11_025, 1),
    (SoundBlasterPro, 44_100, 1),
    (SoundBlasterPro, 11_025, 2),
    (SoundBlasterPro, 22_050, 2),
]
RECORDED = [
    (SoundBlaster1, 8_000, 1),
    (SoundBlaster2, 13_000, 1),
    (SoundBlaster2, 15_000, 1),
    (SoundBlasterPro, 11_025, 1),
    (SoundBlasterPro, 44_100, 1),
    (SoundBlasterPro, 22_050, 2),
]


def real_rate(rate, channels):
    """What a time constant makes of a rate."""
    return Fraction(1_000_000, round(1_000_000 / (rate * channels)) * channels)


@pytest.fixture(params=["at", "xt"])
def room(request):
    """Make a PC with a card in it: `room(card, ..)`."""
    machines = []

    def make(card, *, engine="reference", **options):
        pc = PC(engine=engine, board=request.param)
        machines.append(pc)
        made = card(**options)
        pc.attach(made)
        return pc, made, Kernel(pc)

    yield make
    for pc in machines:
        pc.close()


@pytest.mark.parametrize(("card", "rate", "channels"), FORMATS)
def test_what_is_played_comes_out_sample_for_sample(room, rng, card, rate, channels):
    pc, made, kernel = room(card)
    data = rng.randbytes(700)
    with SoundDriver(kernel, buffer_bytes=256) as sound:
        assert (sound.dma, sound.hdma, sound.irq, sound.version) == (1, None, 5, made.model.version)
        for _ in range(2):
            sound.play(data, rate=rate, channels=channels)
            pc.delay(0.005)
    assert b"".join(take.brought for take in made.takes) == 2 * data
    assert {take.format.channels for take in made.takes} == {channels}
    assert made.takes[0].format.rate == min(real_rate(rate, channels), Fraction(44_100, channels))
    assert (sound.lost_interrupts, made.lost_commands, made.waiting) == (0, 0, 0)


@pytest.mark.parametrize("size", [1, 2, 127, 128, 129, 255, 256, 257, 384, 500])
@pytest.mark.parametrize("auto", [True, False])
def test_every_length_ends_after_its_last_sample(room, rng, size, auto):
    pc, made, kernel = room(SoundBlaster2)
    data = rng.randbytes(size)
    with SoundDriver(kernel, buffer_bytes=256) as sound:
        for _ in range(2):
            sound.play(data, rate=22_050, auto=auto)
            pc.delay(0.002)
        assert not any(shadow.enabled for shadow in kernel.dma.shadows)
    assert b"".join(take.brought for take in made.takes) == 2 * data


@pytest.mark.parametrize(("card", "rate", "channels"), RECORDED)
def test_what_is_heard_is_recorded_sample_for_sample(room, rng, card, rate, channels):
    data = rng.randbytes(700)
    heard_at = min(real_rate(rate, channels), Fraction(15_000 if card is SoundBlaster2 else 44_100, channels))
    _, made, kernel = room(card, record_from=Tape(data, Format(heard_at, 8, channels, signed=False)))
    with SoundDriver(kernel, buffer_bytes=256) as sound:
        recorded = sound.record(700 // channels, rate=rate, channels=channels)
    assert made.overruns == 0
    assert recorded == data


def test_a_pause_is_silent_and_not_a_sample_is_missing(room, rng):
    pc, made, kernel = room(SoundBlaster2)
    data = rng.randbytes(2_000)
    with SoundDriver(kernel, buffer_bytes=512) as sound, sound.start_playing(data, rate=11_025) as stream:
        stream.step()
        stream.pause()
        count = len(made.takes[0].data)
        pc.delay(0.1)
        assert len(made.takes[0].data) == count
        stream.go_on()
        stream.wait()
    assert b"".join(take.brought for take in made.takes) == data


def test_the_jumpers_are_what_the_driver_is_told(room, rng):
    _, made, kernel = room(SoundBlaster2, dma=3, irq=7)
    data = rng.randbytes(100)
    with SoundDriver(kernel, dma=3, irq=7) as sound:
        sound.play(data, rate=22_050)
    assert made.takes[0].brought == data


def test_a_wrong_channel_is_a_timeout_that_names_it(room):
    _, _, kernel = room(SoundBlaster2, dma=3)
    free = kernel.pages.reports()
    with (
        SoundDriver(kernel, dma=1) as sound,
        pytest.raises(DmaTimeoutError, match=r"end of a sound block: .*; does the card use DMA channel 1\?"),
    ):
        sound.play(bytes(100), rate=22_050)
    assert kernel.pages.reports() == free


@pytest.mark.parametrize(
    ("card", "options", "message"),
    [
        (SoundBlaster2, {"rate": 8_000, "bits": 16}, r"16 bits a sample on a Sound Blaster 2\.0: use 8"),
        (SoundBlaster2, {"rate": 8_000, "channels": 2}, r"2 channels on a Sound Blaster 2\.0: use 1"),
        (SoundBlaster2, {"rate": 45_000}, r"rate 45000 on a Sound Blaster 2\.0: playing goes from 4000 to 44100"),
        (SoundBlaster1, {"rate": 30_000}, r"rate 30000 on a Sound Blaster 1\.5: playing goes from 4000 to 23000"),
        (SoundBlasterPro, {"rate": 30_000, "channels": 2}, "rate 30000 on a Sound Blaster Pro: playing .* to 22050"),
    ],
)
def test_what_a_card_cannot_do_is_a_value_error(room, card, options, message):
    _, _, kernel = room(card)
    with SoundDriver(kernel) as sound, pytest.raises(ValueError, match=message):
        sound.play(bytes(8), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dma": 0}, r"no 8-bit DMA channel 0 on a Sound Blaster 2\.0: use 1, 3"),
        ({"hdma": 5}, r"no 16-bit DMA channel 5 on a Sound Blaster 2\.0: use none"),
        ({"irq": 10}, r"no interrupt 10 on a Sound Blaster 2\.0: use 2, 3, 5, 7, 9"),
    ],
)
def test_a_wire_that_the_card_does_not_have_is_a_value_error(room, options, message):
    _, _, kernel = room(SoundBlaster2)
    with pytest.raises(ValueError, match=message):
        SoundDriver(kernel, **options)


@pytest.mark.parametrize("card", [SoundBlaster2, SoundBlasterPro])
def test_on_the_hardware_itself_high_speed_comes_out_sample_for_sample(room, rng, card):
    _, made, kernel = room(card, engine="native")
    data = rng.randbytes(1_000)
    with SoundDriver(kernel, buffer_bytes=512) as sound:
        sound.play(data, rate=44_100)
    assert b"".join(take.brought for take in made.takes) == data

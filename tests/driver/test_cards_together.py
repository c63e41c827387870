"""Sound and network at once, from one program: neither loses a byte to the other."""

import random
from fractions import Fraction

import pytest

from isadma_driver import EtherLinkDriver, Kernel, SoundDriver
from isadma_sim import PC
from isadma_sim.devices.ethernet import EtherLink
from isadma_sim.devices.sound import Format, SoundBlaster16, Tape

STATION = bytes.fromhex("02608c123456")


def test_a_program_plays_while_frames_come_and_go(rng):
    music = rng.randbytes(8_000)
    frames = [STATION + rng.randbytes(rng.randrange(48, 1_500)) for _ in range(6)]
    with PC(engine="native") as pc:
        card, network = SoundBlaster16(), EtherLink(dma=3)
        pc.attach(card)
        pc.attach(network)
        for frame in frames:
            network.receive(frame)
        kernel = Kernel(pc)
        with SoundDriver(kernel, dma=1) as sound, EtherLinkDriver(kernel, dma=3) as ethernet:
            assert kernel.proc_dma() == " 1: sound\n 3: etherlink\n 4: cascade\n 5: sound\n"
            stream = sound.start_playing(music, rate=22_050, bits=16, channels=2)
            got = []
            while stream.poll():
                frame = ethernet.poll()
                if frame is not None:
                    got.append(frame)
                    ethernet.send(frame)
                pc.delay(0.0005)
        assert [bytes(take.data) for take in card.takes] == [music]
        assert [packet.frame for packet in network.sent] == got == frames
        assert (card.underruns, network.missed, ethernet.lost_interrupts) == (0, 0, 0)
        assert sum(pc.stats.bytes) == len(music) + 2 * sum(map(len, frames))


@pytest.mark.parametrize(
    ("seed", "runs"), [(1, 15), *(pytest.param(seed, 100, marks=pytest.mark.long) for seed in (2, 3, 4))]
)
def test_any_length_format_and_buffer_is_played_and_recorded_sample_for_sample(seed, runs):
    dice = random.Random(seed)
    for _ in range(runs):
        rate, bits, channels = dice.randrange(4_000, 44_101), dice.choice((8, 16)), dice.choice((1, 2))
        size = bits // 8 * channels * dice.choice((1, 2, dice.randrange(1, 300), dice.randrange(1, 1_500)))
        buffer_bytes, auto = dice.choice((128, 256, 512, 1024, 4096)), dice.random() < 0.7
        print(f"{rate} Hz, {bits} bits, {channels} channels, {size} bytes, buffer {buffer_bytes}, auto {auto}")
        data = dice.randbytes(size)
        with PC(engine="native") as pc:
            card = SoundBlaster16(record_from=Tape(data, Format(Fraction(rate), bits, channels, bits == 16)))
            pc.attach(card)
            with SoundDriver(Kernel(pc), buffer_bytes=buffer_bytes) as sound:
                sound.play(data, rate=rate, bits=bits, channels=channels, auto=auto)
                assert [bytes(take.data) for take in card.takes] == [data]
                frames = size // (bits // 8 * channels)
                assert sound.record(frames, rate=rate, bits=bits, channels=channels) == data
                assert (card.underruns, card.overruns, sound.lost_interrupts) == (0, 0, 0)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
def test_frames_that_come_and_go_at_any_time_all_arrive(seed):
    dice = random.Random(seed)
    with PC(engine="native") as pc:
        card = EtherLink(dma=3)
        pc.attach(card)
        came, got, went = [], [], []
        with EtherLinkDriver(Kernel(pc), dma=3) as ethernet:
            while len(went) < 40:
                what = dice.random()
                if what < 0.4:
                    came.append(STATION + dice.randbytes(dice.randrange(54, 1_509)))
                    card.receive(came[-1])
                elif what < 0.7:
                    went.append(dice.randbytes(dice.randrange(60, 1_515)))
                    card.collisions = dice.choice((0, 0, 0, 3))
                    ethernet.send(went[-1])
                elif (frame := ethernet.poll()) is not None:
                    got.append(frame)
                pc.delay(dice.choice((0, 1e-5, 1e-3)))
            while len(got) < len(came):
                got.append(ethernet.receive())
        assert got == came
        assert [packet.frame for packet in card.sent] == went
        assert card.missed == 0

"""Sound and network at once, from one program: neither loses a byte to the other."""

from isadma_driver import EtherLinkDriver, Kernel, SoundDriver
from isadma_sim import PC
from isadma_sim.devices.ethernet import EtherLink
from isadma_sim.devices.sound import SoundBlaster16

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

"""Debug consoles and the POST card on a machine, whose board answers some of their ports too."""

from isadma_sim import PC
from isadma_sim.devices.debug import DebugConsole, PostCard


def test_consoles_take_characters_and_say_that_they_are_there():
    with PC(engine="reference", memory=1 << 20, decode=16) as pc:
        heard = []
        consoles = [DebugConsole(0xE9), DebugConsole(0x402, heard.append)]
        card = PostCard()
        for console in consoles:
            pc.attach(console)
        pc.attach(card, share=True)
        before = pc.inb(0x02)
        for port, text in [(0xE9, b"bochs"), (0x402, b"SeaBIOS")]:
            for char in text:
                pc.outb(port, char)
            assert pc.inb(port) == 0xE9
        assert [bytes(console.said) for console in consoles] == [b"bochs", b"SeaBIOS"]
        assert bytes(heard) == b"SeaBIOS"
        assert pc.inb(0x02) == before  # 402h is not DMA 1's count register here
        pc.outb(0x80, 0x2C)
        assert card.shown == pc.inb(0x80) == 0x2C

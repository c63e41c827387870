"""The CPU of the board's bench: I/O cycles on the ISA bus, and both chips' registers by channel."""

# Ref: Ralf Brown, Interrupt List release 61, PORTS.A: 0000-001F, 0080-009F, 00C0-00DF. Written out here on purpose,
# not taken from the RTL's own list.
from typing import ClassVar

from isadma_verify.cosim.common.processor import Processor

#: The page register of each channel.
PAGES = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8B, 6: 0x89, 7: 0x8A}

#: The chip's registers by A3-A0, from 8 on; below are address and count of each channel.
COMMAND, REQUEST, SINGLE_MASK, MODE, CLEAR_FLIP_FLOP, MASTER_CLEAR, CLEAR_MASK, ALL_MASK = range(0x8, 0x10)
#: What reads where those write.
STATUS, TEMPORARY = COMMAND, MASTER_CLEAR


def port(dma: int, register: int) -> int:
    """Return the port of a chip's register: DMA 1 has one port for each from 00h, DMA 2 two from C0h."""
    return register if dma == 1 else 0xC0 + 2 * register


def dma_of(channel: int) -> int:
    """Return which chip a channel belongs to: 1 or 2."""
    return 1 if channel < 4 else 2


class BoardCpu(Processor):
    """A processor on the ISA bus; parameters as for `Processor`."""

    PORTS: ClassVar[int] = 0x10000
    SELECT: ClassVar[str] = "A15-A0"

    async def read(self, port: int) -> int:
        """Read a register: what D0-D7 show at the end of IOR#."""
        return await super().read(port) & 0xFF

    async def command(self, dma: int, value: int) -> None:
        """Write a chip's command register."""
        await self.write(port(dma, COMMAND), value)

    async def status(self, dma: int) -> int:
        """Read a chip's status register, which clears its TC bits."""
        return await self.read(port(dma, STATUS))

    async def post(self) -> None:
        """Do what a BIOS does at power-up: master clear both chips, channel 4 to cascade mode, unmask it."""
        for place, value in ((0x0D, 0), (0xDA, 0), (0xD6, 0xC0), (0xD4, 0x00)):
            await self.write(place, value)

    async def write_word(self, dma: int, register: int, value: int) -> None:
        """Clear the first/last flip-flop, then write the low and the high byte of an address or a count."""
        await self.write(port(dma, CLEAR_FLIP_FLOP), 0)
        await self.write(port(dma, register), value & 0xFF)
        await self.write(port(dma, register), value >> 8)

    async def read_word(self, dma: int, register: int) -> int:
        """Clear the first/last flip-flop, then read the low and the high byte of an address or a count."""
        await self.write(port(dma, CLEAR_FLIP_FLOP), 0)
        low = await self.read(port(dma, register))
        return low | await self.read(port(dma, register)) << 8

    async def program(self, channel: int, *, mode: int, address: int, count: int, page: int | None = None) -> None:
        """Load a channel: mode bits 7-2, first address and transfers minus one as the chip takes them, and a page."""
        dma, number = dma_of(channel), channel & 3
        await self.write(port(dma, MODE), mode | number)
        await self.write_word(dma, 2 * number, address)
        await self.write_word(dma, 2 * number + 1, count)
        if page is not None:
            await self.write(PAGES[channel], page)

    async def unmask(self, *channels: int) -> None:
        """Let these channels request."""
        for channel in channels:
            await self.write(port(dma_of(channel), SINGLE_MASK), channel & 3)

    async def mask(self, channel: int) -> None:
        """Stop a channel from requesting."""
        await self.write(port(dma_of(channel), SINGLE_MASK), 4 | channel & 3)

    async def request(self, channel: int) -> None:
        """Set a channel's software request."""
        await self.write(port(dma_of(channel), REQUEST), 4 | channel & 3)

    async def address(self, channel: int) -> int:
        """Read a channel's current address, as the chip has it."""
        return await self.read_word(dma_of(channel), 2 * (channel & 3))

    async def count(self, channel: int) -> int:
        """Read a channel's current word count."""
        return await self.read_word(dma_of(channel), 2 * (channel & 3) + 1)

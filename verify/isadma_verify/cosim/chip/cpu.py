"""The CPU of the chip's bench: accesses by A0-A3 and CS#, and the registers by their names."""

from typing import Any, ClassVar

from isadma.i8237.regs import ReadPort, WritePort, address_port, count_port
from isadma_verify.cosim.common.processor import Processor


class Cpu(Processor):
    """A processor on the chip's own pins; parameters as for `Processor`."""

    PORTS: ClassVar[int] = 0x10
    SELECT: ClassVar[str] = "A3-A0"

    _bench: Any

    def _select(self, on: bool) -> None:
        self._bench.cs_n = int(not on)

    async def write_word(self, port: int, value: int) -> None:
        """Clear the first/last flip-flop, then write the low and the high byte."""
        await self.write(WritePort.CLEAR_FLIP_FLOP, 0)
        await self.write(port, value & 0xFF)
        await self.write(port, value >> 8)

    async def read_word(self, port: int) -> int:
        """Clear the first/last flip-flop, then read the low and the high byte."""
        await self.write(WritePort.CLEAR_FLIP_FLOP, 0)
        low = await self.read(port)
        return low | await self.read(port) << 8

    async def program(self, channel: int, *, mode: int, address: int, count: int) -> None:
        """Load a channel: mode bits 7-2 (the channel is ORed in), first address, transfers minus one."""
        await self.write(WritePort.MODE, mode | channel)
        await self.write_word(address_port(channel), address)
        await self.write_word(count_port(channel), count)

    async def unmask(self, *channels: int) -> None:
        """Let these channels request."""
        for channel in channels:
            await self.write(WritePort.SINGLE_MASK, channel)

    async def mask(self, channel: int) -> None:
        """Stop a channel from requesting."""
        await self.write(WritePort.SINGLE_MASK, 4 | channel)

    async def request(self, channel: int) -> None:
        """Set a channel's software request."""
        await self.write(WritePort.REQUEST, 4 | channel)

    async def status(self) -> int:
        """Read the status register, which clears its TC bits."""
        return await self.read(ReadPort.STATUS)

    async def address(self, channel: int) -> int:
        """Read a channel's current address."""
        return await self.read_word(address_port(channel))

    async def count(self, channel: int) -> int:
        """Read a channel's current word count."""
        return await self.read_word(count_port(channel))

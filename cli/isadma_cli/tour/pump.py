"""A device that always has data ready: what the controller alone can do, and where its bytes land."""

from __future__ import annotations

from isadma_driver.channels.board import AT
from isadma_driver.channels.ownership import Claim
from isadma_driver.kernel import Kernel
from isadma_driver.ports import Mode
from isadma_sim import PC, Device

__all__ = ["PUMP_IRQ", "Pump", "Pumped", "pump"]

#: Ports from here on, one for each channel.
_PORT = 0x300
#: Any free line; a pump raises it at the end.
PUMP_IRQ = 5
#: Clocks in which the longest piece is through, whatever the mode.
_BOUND = 4_000_000


class Pump(Device):
    """Gives a block of bytes through its channel as soon as its port is written, and notes when that was over.

    Parameters
    ----------
    channel : int
        The channel it sits on.
    data : bytes
        What it gives.
    """

    def __init__(self, channel: int, data: bytes) -> None:
        self.name = f"pump {channel}"
        self.port = _PORT + channel
        self.ports = (self.port,)
        self.data = data
        self.started = self.ended = 0
        self.moved = 0

    def io_write(self, port: int, value: int) -> None:
        """Begin."""
        self.started = self.lines.clock
        self.lines.start_block(bytearray(self.data), to_host=True, done=self._done)

    def _done(self, moved: int, counted: bool) -> None:
        self.moved = moved
        self.ended = self.lines.clock


class Pumped:
    """A PC's kernel with a pump on a channel that was claimed for it."""

    def __init__(self, pc: PC, channel: int, data: bytes, *, kernel: Kernel | None = None) -> None:
        self.pc = pc
        self.kernel = kernel or Kernel(pc)
        self.pump = Pump(channel, data)
        pc.attach(self.pump, dma=channel)
        self.claim: Claim = self.kernel.dma.request_dma(channel, self.pump.name)

    def run(self, address: int, *, kind: Mode = Mode.SINGLE) -> int:
        """Move the pump's data to an address; return the clocks it took.

        Raises
        ------
        TimeoutError
            It did not come to its end.
        """
        self.kernel.dma.start_dma(self.claim, address, len(self.pump.data), kind | Mode.WRITE)
        return self.go()

    def go(self) -> int:
        """Let the pump begin on a channel that is programmed, and wait for its end."""
        self.pump.ended = 0
        self.pc.outb(self.pump.port, 1)
        for _ in range(1000):
            if self.pump.ended:
                return self.pump.ended - self.pump.started
            self.pc.run(clocks=_BOUND // 1000)
        raise TimeoutError(f"{self.pump.name} moved {self.pump.moved} of {len(self.pump.data)} bytes")


def pump(engine: str, channel: int, data: bytes, address: int, *, memory: int = AT.reach) -> tuple[bytes, int]:
    """Move bytes through a channel of a fresh PC; return what is in memory there, and the clocks."""
    with PC(engine=engine, memory=memory) as pc:
        clocks = Pumped(pc, channel, data).run(address)
        return pc.memory[address : address + len(data)], clocks

"""One 8237A as a program sees it: which port takes which byte. No owners, no lock."""

# Ref: Intel 8237A data sheet 231466-005, figures 5 to 7, pages 8 to 10.

from __future__ import annotations

from enum import IntEnum

from isadma_driver.channels.board import CASCADE_CHANNEL
from isadma_driver.checks.values import as_int, as_kind
from isadma_driver.machines.machine import Machine
from isadma_driver.ports import MODE_CHANNEL, SET_BIT, STATUS_REQUEST_SHIFT, STATUS_TC, Dma1, Dma2, Mode

#: Channels of one chip.
CHIP_CHANNELS = 4


class Controller:
    """The first or the second controller of a board.

    Parameters
    ----------
    machine : Machine
        Where its ports are.
    ports : type of Dma1 or Dma2
        Its port numbers.
    """

    def __init__(self, machine: Machine, ports: type[Dma1] | type[Dma2]) -> None:
        self._machine = machine
        self.ports = ports
        self.first = 0 if ports is Dma1 else CASCADE_CHANNEL

    @property
    def channels(self) -> range:
        """The board's numbers of this chip's channels."""
        return range(self.first, self.first + CHIP_CHANNELS)

    def clear_flip_flop(self) -> None:
        """Make the next address or count access the low byte."""
        self._machine.outb(self.ports.CLEAR_FLIP_FLOP, 0)

    def write_mode(self, channel: int, mode: int) -> None:
        """Write a channel's mode register; `mode` has no channel bits."""
        self._machine.outb(self.ports.MODE, as_int("mode", mode, 0, 0xFF) | self._local(channel))

    def write_address(self, channel: int, value: int) -> None:
        """Write a channel's base and current address, 16 bits, low byte first."""
        self._write16(self._register("ADDRESS", channel), value)

    def write_count(self, channel: int, value: int) -> None:
        """Write a channel's base and current count, 16 bits: transfers less one."""
        self._write16(self._register("COUNT", channel), value)

    def read_address(self, channel: int) -> int:
        """Read a channel's current address, 16 bits."""
        return self._read16(self._register("ADDRESS", channel))

    def read_count(self, channel: int) -> int:
        """Read a channel's current count, 16 bits; torn when the channel runs."""
        return self._read16(self._register("COUNT", channel))

    def mask(self, channel: int) -> None:
        """Stop answering a channel's DREQ."""
        self._machine.outb(self.ports.SINGLE_MASK, self._local(channel) | SET_BIT)

    def unmask(self, channel: int) -> None:
        """Answer a channel's DREQ."""
        self._machine.outb(self.ports.SINGLE_MASK, self._local(channel))

    def write_masks(self, masked: int) -> None:
        """Write all four mask bits; bit n = this chip's channel n, 1 = masked."""
        self._machine.outb(self.ports.ALL_MASK, as_int("masked", masked, 0, 0x0F))

    def request(self, channel: int, *, active: bool = True) -> None:
        """Set or clear a channel's software request."""
        self._machine.outb(
            self.ports.REQUEST,
            self._local(channel) | (SET_BIT if as_kind("active", active, bool, "give True or False") else 0),
        )

    def write_command(self, command: int) -> None:
        """Write the command register."""
        self._machine.outb(self.ports.COMMAND, as_int("command", command, 0, 0xFF))

    def master_clear(self) -> None:
        """Clear command, status, request, temporary and flip-flop; mask all channels. Modes and counts stay."""
        self._machine.outb(self.ports.MASTER_CLEAR, 0)

    def read_status(self) -> int:
        """Read the status register, and by that clear its terminal count bits."""
        return self._machine.inb(self.ports.STATUS)

    def terminal_counts(self) -> list[int]:
        """Read the status register; return the board's numbers of the channels it shows at terminal count."""
        status = self.read_status() & STATUS_TC
        return [channel for channel in self.channels if status >> (channel & MODE_CHANNEL) & 1]

    def requesting(self) -> tuple[list[int], list[int]]:
        """Read the status register; return the board's channels whose DREQ is active, and those at terminal count."""
        status = self.read_status()
        request = status >> STATUS_REQUEST_SHIFT
        return (
            [channel for channel in self.channels if request >> (channel & MODE_CHANNEL) & 1],
            [channel for channel in self.channels if status >> (channel & MODE_CHANNEL) & 1],
        )

    def reset(self) -> None:
        """Bring the chip up: all masked, all modes valid (they are random at power-up), polarities the PC's."""
        self.master_clear()
        for channel in self.channels:
            cascade = channel == CASCADE_CHANNEL
            self.write_mode(channel, Mode.CASCADE if cascade else Mode.SINGLE | Mode.VERIFY)
        self.write_command(0)

    def _register(self, kind: str, channel: int) -> IntEnum:
        return self.ports[f"{kind}_{self.first + self._local(channel)}"]

    def _local(self, channel: int) -> int:
        """Return which of the chip's own four a channel is: the board's number, or 0 to 3."""
        return as_int("channel", channel, 0, self.first + CHIP_CHANNELS - 1) & MODE_CHANNEL

    def _write16(self, port: int, value: int) -> None:
        value = as_int("value", value, 0, 0xFFFF)
        self._machine.outb(port, value & 0xFF)
        self._machine.outb(port, value >> 8)

    def _read16(self, port: int) -> int:
        low = self._machine.inb(port)
        return low | self._machine.inb(port) << 8

"""The register file: what a CPU's access reads and changes, and what each command bit means to the rest."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 7 to 11; the 82C37A's read-back map for "cmos".

from __future__ import annotations

from isadma_sim.reference.channel import Channel
from isadma_sim.reference.regs import (
    CHANNELS,
    CMOS_HIGH_ONES,
    MODE_READ_ONES,
    SELECT_CHANNEL,
    SET_BIT,
    CmosRead,
    Command,
    Port,
    Service,
)

_ALL = 0xF


class Registers:
    """Registers of one 8237A and their access by A3-A0.

    Parameters
    ----------
    variant : {"nmos", "cmos"}
        8237A, or 82C37A with its read-back map.
    undefined_read : int
        What a read that the data sheet calls illegal returns (8 bits).

    Raises
    ------
    ValueError
        On any other `variant`, or an `undefined_read` that is no byte.
    """

    __slots__ = (
        "_cmos",
        "cascade",
        "channels",
        "command",
        "compressed",
        "dack_idle",
        "disabled",
        "dreq_inversion",
        "early_write",
        "flip_flop",
        "hold_source",
        "mask",
        "memory_to_memory",
        "mode_counter",
        "request",
        "rotating",
        "status",
        "temporary",
        "undefined_read",
    )

    def __init__(self, variant: str = "nmos", undefined_read: int = 0xFF) -> None:
        if variant not in ("nmos", "cmos"):
            raise ValueError(f'variant={variant!r}: choose "nmos" (8237A) or "cmos" (82C37A)')
        if not 0 <= undefined_read <= 0xFF:
            raise ValueError(f"undefined_read={undefined_read!r} is no byte: give a value from 0 to 0xFF")
        self._cmos = variant == "cmos"
        self.undefined_read = undefined_read
        self.channels = [Channel() for _ in range(CHANNELS)]
        self.clear()

    def clear(self) -> None:
        """RESET and Master Clear: neither modes nor addresses nor counts."""
        self.status = 0
        self.request = 0
        self.temporary = 0
        self.flip_flop = False
        self.mode_counter = 0
        self.mask = _ALL
        self._write_command(0)

    # Reading

    def read(self, a: int, dreq: int) -> int:
        """Show the register at A3-A0 (0-15), without side effects; `dreq` is the DREQ pins (4 bits)."""
        if a < Port.COMMAND_STATUS:
            channel = self.channels[a >> 1]
            word = channel.count if a & 1 else channel.address
            return word >> 8 if self.flip_flop else word & 0xFF
        if a == Port.COMMAND_STATUS:
            return (dreq ^ self.dreq_inversion) << 4 | self.status
        if a == Port.MASTER_CLEAR_TEMPORARY:
            return self.temporary
        return self._read_cmos(a) if self._cmos else self.undefined_read

    def _read_cmos(self, a: int) -> int:
        if a == CmosRead.REQUEST:
            return CMOS_HIGH_ONES | self.request
        if a == CmosRead.COMMAND:
            return self.command
        if a == CmosRead.MODE:
            return self.channels[self.mode_counter].mode | MODE_READ_ONES
        if a == CmosRead.MASK:
            return CMOS_HIGH_ONES | self.mask
        return self.undefined_read  # C and E: the read is a command and has no data

    def after_read(self, a: int) -> None:
        """Do what a read of A3-A0 leaves behind once its strobe has ended."""
        if a < Port.COMMAND_STATUS:
            self.flip_flop = not self.flip_flop
        elif a == Port.COMMAND_STATUS:
            self.status = 0
        elif self._cmos:
            if a == CmosRead.MODE:
                self.mode_counter = (self.mode_counter + 1) & SELECT_CHANNEL
            elif a == CmosRead.SET_FLIP_FLOP:
                self.flip_flop = True
            elif a == CmosRead.CLEAR_MODE_COUNTER:
                self.mode_counter = 0

    # Writing

    def write(self, a: int, value: int) -> None:
        """Write a byte at A3-A0 (0-15); Master Clear is the chip's business too, see `clear`."""
        if a < Port.COMMAND_STATUS:
            channel = self.channels[a >> 1]
            if a & 1:
                channel.write_count(value, self.flip_flop)
            else:
                channel.write_address(value, self.flip_flop)
            self.flip_flop = not self.flip_flop
        elif a == Port.COMMAND_STATUS:
            self._write_command(value)
        elif a == Port.REQUEST:
            self.request = _one_bit(self.request, value)
        elif a == Port.SINGLE_MASK:
            self.mask = _one_bit(self.mask, value)
        elif a == Port.MODE:
            self.channels[value & SELECT_CHANNEL].set_mode(value)
            self._find_cascades()
        elif a == Port.CLEAR_FLIP_FLOP:
            self.flip_flop = False
        elif a == Port.MASTER_CLEAR_TEMPORARY:
            self.clear()
        elif a == Port.CLEAR_MASK:
            self.mask = 0
        else:
            self.mask = value & _ALL

    def _write_command(self, value: int) -> None:
        self.command = value
        self.memory_to_memory = bool(value & Command.MEMORY_TO_MEMORY)
        self.hold_source = bool(value & Command.CHANNEL_0_HOLD)
        self.disabled = bool(value & Command.DISABLE)
        # "X if bit 0 = 1", says the command register's figure of compressed timing: no service has it then.
        self.compressed = bool(value & Command.COMPRESSED) and not self.memory_to_memory
        self.early_write = self.compressed or bool(value & Command.EXTENDED_WRITE)
        self.rotating = bool(value & Command.ROTATING)
        self.dreq_inversion = _ALL if value & Command.DREQ_ACTIVE_LOW else 0
        self.dack_idle = 0 if value & Command.DACK_ACTIVE_HIGH else _ALL
        self._find_cascades()

    def _find_cascades(self) -> None:
        # Command bit 0 makes every service of channel 0 memory-to-memory, whatever its mode bits 7-6 say.
        self.cascade = 0
        for number, channel in enumerate(self.channels):
            if channel.service == Service.CASCADE and not (number == 0 and self.memory_to_memory):
                self.cascade |= 1 << number

    # What the controller changes

    def requesting(self, dreq: int) -> int:
        """Return one bit per channel to be served: DREQ (pins, 4 bits) unmasked, or a software request."""
        if self.disabled:
            return 0
        return (dreq ^ self.dreq_inversion) & ~self.mask | self.request & ~self.cascade

    def active(self, channel: int, dreq: int) -> bool:
        """Tell whether `channel` (0-3) still asks for more: its DREQ unless masked, or its request bit."""
        return bool(((dreq ^ self.dreq_inversion) & ~self.mask | self.request) >> channel & 1)

    def end_of_process(self, channel: int) -> None:
        """TC or external EOP# for `channel` (0-3), after its last step."""
        bit = 1 << channel
        self.status |= bit
        self.request &= ~bit
        if self.channels[channel].autoinitialize:
            self.channels[channel].reload()
        else:
            self.mask |= bit


def _one_bit(register: int, value: int) -> int:
    bit = 1 << (value & SELECT_CHANNEL)
    return register | bit if value & SET_BIT else register & ~bit

"""The adapter commands: what each does with its parameters, and what it answers."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 5, "Host Adapter Commands".

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from isadma_sim.devices.scsi import regs
from isadma_sim.devices.scsi.bus import BusLostError, BusMaster, Fetch, Program, Store, Timing
from isadma_sim.devices.scsi.disk import ScsiDisk
from isadma_sim.devices.scsi.firmware import Firmware, Mailboxes
from isadma_sim.devices.scsi.regs import Command, Status

_US = 1000


@dataclass(frozen=True)
class Reply:
    """How an adapter command ends.

    Attributes
    ----------
    data : bytes
        What the host reads from the data port.
    valid : bool
        False: INVDCMD.
    interrupt : bool
        Whether HACC tells of the end; it always does when data was read, or the command was invalid.
    """

    data: bytes = b""
    valid: bool = True
    interrupt: bool = True


_INVALID = Reply(valid=False)


class Adapter(Protocol):
    """What the commands see of their adapter (`isadma_sim.devices.scsi.adapter.HostAdapter`).

    Attributes
    ----------
    targets : dict of int to ScsiDisk
        The disks, by target.
    status : Status
        The status register.
    eeprom : bytearray
        Its 32 bytes.
    firmware : Firmware
        What walks the mailboxes.
    master : BusMaster or None
        The way to memory, once attached.
    """

    targets: dict[int, ScsiDisk]
    status: Status
    eeprom: bytearray
    firmware: Firmware
    master: BusMaster | None

    @property
    def extended(self) -> bool:
        """Whether its setup has extended BIOS translation on."""
        ...

    @property
    def dma(self) -> int:
        """The channel that the EEPROM names."""
        ...

    @property
    def irq(self) -> int:
        """The interrupt that the EEPROM names."""
        ...

    @property
    def scsi_id(self) -> int:
        """The adapter's own SCSI address."""
        ...

    def finish(self, reply: Reply | None) -> None:
        """End a command that went on by itself."""
        ...


class Commands:
    """Runs adapter commands.

    Parameters
    ----------
    adapter : Adapter
        Whose state they are about.
    """

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self._channel_2 = bytes(regs.CHANNEL_2_BYTES)
        self._fifo = bytes(regs.FIFO_BYTES)
        self._run: dict[int, Callable[[bytes], Reply | None]] = {
            Command.NOP: lambda given: Reply(),
            Command.MAILBOX_INIT: self._mailbox_init,
            Command.START_SCSI: self._start_scsi,
            Command.INQUIRY: lambda given: Reply(bytes((regs.BOARD_ID, regs.OPTIONS)) + regs.FIRMWARE),
            Command.MAILBOX_OUT_INTERRUPT: self._mailbox_out_interrupt,
            Command.SELECTION_TIMEOUT: self._selection_timeout,
            Command.BUS_ON_TIME: self._bus_on,
            Command.BUS_OFF_TIME: self._bus_off,
            Command.TRANSFER_SPEED: self._speed,
            Command.INSTALLED_DEVICES: lambda given: Reply(bytes(id in adapter.targets for id in range(8))),
            Command.CONFIGURATION: self._configuration,
            Command.SETUP_DATA: self._setup,
            Command.WRITE_CHANNEL_2: lambda given: self._later(self._write_channel_2(given)),
            Command.READ_CHANNEL_2: lambda given: self._later(self._read_buffer(given, self._channel_2)),
            Command.WRITE_FIFO: lambda given: self._later(self._write_fifo(given)),
            Command.READ_FIFO: lambda given: self._later(self._read_buffer(given, self._fifo)),
            Command.ECHO: lambda given: Reply(given),
            Command.WRITE_EEPROM: self._write_eeprom,
            Command.READ_EEPROM: self._read_eeprom,
            Command.EXTENDED_BIOS: self._extended_bios,
            Command.MAILBOX_ENABLE: self._mailbox_enable,
        }
        self._lock = 0
        self.mailbox_out_interrupt = False
        self._speed_code = self._on_us = self._off_us = 0

    def reset(self) -> None:
        """Take the default times, and lock the mailboxes where the setup has it; the test buffers stay."""
        self._lock = regs.LOCK_CODE if self._adapter.extended else 0
        self.mailbox_out_interrupt = False
        self._speed(bytes(1))
        self._bus_on(bytes((regs.BUS_ON_US,)))
        self._bus_off(bytes((regs.BUS_OFF_US,)))

    def run(self, code: int, given: bytes) -> Reply | None:
        """Run a command that has all its parameters; None when it goes on by itself."""
        run = self._run.get(code)
        return _INVALID if run is None else run(given)

    # ---------------------------------------------------------------- mailboxes
    def _mailbox_init(self, given: bytes) -> Reply:
        if not given[0] or self._lock:
            return _INVALID
        self._adapter.firmware.mailboxes = Mailboxes(int.from_bytes(given[1:], "big"), given[0])
        self._adapter.status &= ~Status.MAILBOX_NEEDED
        return Reply()

    def _extended_bios(self, given: bytes) -> Reply:
        flags = regs.EXTENDED_TRANSLATION if self._adapter.extended else 0
        return Reply(bytes((flags, self._lock)))

    def _mailbox_enable(self, given: bytes) -> Reply:
        """Lock or unlock the mailboxes; the code must be the one that EXTENDED_BIOS gives (choice: else INVDCMD)."""
        if given[1] != self._lock:
            return _INVALID
        self._lock = regs.LOCK_CODE if given[0] & regs.LOCK else 0
        return Reply()

    def _start_scsi(self, given: bytes) -> Reply:
        adapter = self._adapter
        if not adapter.firmware.mailboxes.count:
            return _INVALID
        if adapter.firmware.scanning:
            adapter.firmware.again = True
        else:
            self._master.run(adapter.firmware.scan())
        return Reply(interrupt=False)

    def _mailbox_out_interrupt(self, given: bytes) -> Reply:
        if given[0] > 1:
            return _INVALID
        self.mailbox_out_interrupt = bool(given[0])
        return Reply(interrupt=False)

    # ---------------------------------------------------------------- times
    def _selection_timeout(self, given: bytes) -> Reply:
        if given[0] > 1 or given[1]:
            return _INVALID
        self._adapter.firmware.selection_ms = int.from_bytes(given[2:], "big") if given[0] else None
        return Reply()

    @property
    def _timing(self) -> Timing:
        return self._master.timing

    def _bus_on(self, given: bytes) -> Reply:
        if given[0] not in regs.BUS_ON_RANGE:
            return _INVALID
        self._on_us = given[0]
        self._timing.bus_on_ns = given[0] * _US
        return Reply()

    def _bus_off(self, given: bytes) -> Reply:
        if given[0] > regs.BUS_OFF_MOST:
            return _INVALID
        self._off_us = given[0]
        whole = given[0] // regs.BUS_OFF_STEP * regs.BUS_OFF_STEP
        self._timing.bus_off_ns = max(whole, regs.BUS_OFF_LEAST) * _US
        return Reply()

    def _speed(self, given: bytes) -> Reply:
        code = given[0]
        timing = self._timing
        if code & regs.SPEED_CUSTOM:
            pause = regs.PAUSE_NS[code >> 3 & 1]
            timing.read_ns = regs.PULSE_NS + (code >> 4 & 7) * regs.PULSE_STEP_NS + pause
            timing.write_ns = regs.PULSE_NS + (code & 7) * regs.PULSE_STEP_NS + pause
        elif code in regs.SPEED_NS:
            timing.read_ns = timing.write_ns = regs.SPEED_NS[code]
        else:
            return _INVALID
        self._speed_code = code
        return Reply()

    # ---------------------------------------------------------------- what the board tells of itself
    def _configuration(self, given: bytes) -> Reply:
        adapter = self._adapter
        return Reply(bytes((1 << adapter.dma, 1 << adapter.irq - regs.FIRST_IRQ, adapter.scsi_id)))

    def _setup(self, given: bytes) -> Reply:
        boxes = self._adapter.firmware.mailboxes
        known = bytes((regs.SETUP_PARITY, self._speed_code, self._on_us, self._off_us, boxes.count))
        known += boxes.address.to_bytes(3, "big")
        wanted = given[0] or 256
        return Reply(known.ljust(wanted, b"\0")[:wanted])

    def _write_eeprom(self, given: bytes) -> Reply:
        """Parameters: an unused byte, length, offset, and 32 bytes; it holds from the next hard reset on."""
        _, length, offset = given[:3]
        new = bytearray(self._adapter.eeprom)
        if offset + length > regs.EEPROM_BYTES:
            return _INVALID
        new[offset : offset + length] = given[3 : 3 + length]
        lines = new[regs.EEPROM_LINES]
        dma, irq = lines >> regs.EEPROM_DMA_SHIFT & regs.EEPROM_FIELD, (lines & regs.EEPROM_FIELD) + regs.FIRST_IRQ
        if (
            dma not in regs.CHANNELS
            or irq not in regs.IRQS
            or new[regs.EEPROM_ID] & regs.EEPROM_FIELD in self._adapter.targets
        ):
            return _INVALID
        self._adapter.eeprom[:] = new
        return Reply()

    def _read_eeprom(self, given: bytes) -> Reply:
        _, length, offset = given
        if offset + length > regs.EEPROM_BYTES:
            return _INVALID
        return Reply(bytes(self._adapter.eeprom[offset : offset + length]))

    # ---------------------------------------------------------------- the test buffers
    @property
    def _master(self) -> BusMaster:
        assert self._adapter.master is not None
        return self._adapter.master

    def _later(self, program: Program) -> None:
        self._master.run(self._ending(program))

    def _ending(self, program: Program) -> Program:
        try:
            yield from program
        except BusLostError:
            self._adapter.finish(_INVALID)
        else:
            self._adapter.finish(Reply())

    def _write_channel_2(self, given: bytes) -> Program:
        self._channel_2 = yield Fetch(int.from_bytes(given, "big"), regs.CHANNEL_2_BYTES)

    def _write_fifo(self, given: bytes) -> Program:
        self._fifo = yield Fetch(int.from_bytes(given, "big"), regs.FIFO_BYTES)

    def _read_buffer(self, given: bytes, buffer: bytes) -> Program:
        yield Store(int.from_bytes(given, "big"), buffer)

"""An AHA-1542-class SCSI host adapter: four ports, adapter commands, interrupts; a bus master through cascade."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 4 (ports) and 5 (adapter commands).

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from isadma_sim.devices.scsi import regs
from isadma_sim.devices.scsi.bus import BusMaster
from isadma_sim.devices.scsi.commands import Commands, Reply
from isadma_sim.devices.scsi.disk import ScsiDisk
from isadma_sim.devices.scsi.firmware import Firmware
from isadma_sim.devices.scsi.flags import Flags
from isadma_sim.devices.scsi.regs import PARAMETERS, Control, Interrupt, Port, Status
from isadma_sim.machine.checks import as_kind, one_of
from isadma_sim.machine.device import Device

#: The self test after a hard reset, and the pause after a soft one, in seconds. The real board takes longer.
SELF_TEST_SECONDS, SOFT_RESET_SECONDS = 5e-3, 200e-6
#: How long the adapter's processor takes for a byte, in seconds.
BYTE_SECONDS = 10e-6


class HostAdapter(Device):
    """A SCSI host adapter with its disks. Attach it with neither `dma` nor `irq`: its EEPROM says which it uses.

    Parameters
    ----------
    disk : ScsiDisk, str, Path or None
        The disk at target 0, or its image file.
    targets : mapping of int to ScsiDisk
        More disks, by target 0..7.
    base : int
        First port, one of 130h, 134h, 230h, 234h, 330h, 334h.
    dma, irq : int
        Channel (0, 5, 6, 7) and interrupt (9-12, 14, 15) at first; software may choose others (WRITE EEPROM).
    scsi_id : int
        The adapter's own address, 0..7.
    extended : bool
        Extended BIOS translation, as its setup program turns it on: mailboxes are locked after a reset then, until
        command 29h repeats the code that 28h gave.

    Raises
    ------
    ValueError
        For what the board cannot be set to, or two things at one target.
    """

    name = "scsi"

    def __init__(
        self,
        disk: ScsiDisk | str | os.PathLike[str] | None = None,
        *,
        targets: Mapping[int, ScsiDisk] | None = None,
        base: int = regs.BASE,
        dma: int = regs.DMA,
        irq: int = regs.IRQ,
        scsi_id: int = regs.SCSI_ID,
        extended: bool = False,
    ) -> None:
        there = ", ".join(f"{known:X}h" for known in regs.BASES)
        base = one_of(f"base {{}}: the adapter can be at {there}", base, regs.BASES)
        for what, value, allowed in (
            ("dma", dma, regs.CHANNELS),
            ("irq", irq, regs.IRQS),
            ("scsi_id", scsi_id, range(8)),
        ):
            one_of(f"{what} {{}}: the adapter has {', '.join(map(str, allowed))}", value, allowed)
        self.targets = dict(as_kind("targets {}: give disks by number", {} if targets is None else targets, Mapping))
        text = f"a disk at target {{}}: use 0 to 7, but for {scsi_id}, the adapter's own"
        for target, fitted in self.targets.items():
            one_of(text, target, [number for number in range(8) if number != scsi_id])
            as_kind("disk {}: give a ScsiDisk", fitted, ScsiDisk)
        if disk is not None:
            if 0 in self.targets or scsi_id == 0:
                raise ValueError("target 0 is taken: give the disk another number by targets=")
            self.targets[0] = disk if isinstance(disk, ScsiDisk) else ScsiDisk(disk)
        self.ports = range(base, base + regs.PORTS)
        self.eeprom = bytearray(regs.EEPROM_BYTES)
        self.eeprom[regs.EEPROM_ID] = scsi_id
        self.eeprom[regs.EEPROM_LINES] = dma << regs.EEPROM_DMA_SHIFT | irq - regs.FIRST_IRQ
        self._base = base
        self.extended = extended
        self.master: BusMaster | None = None
        self.firmware = Firmware(self.targets, self._mail)
        self.commands = Commands(self)
        self._flags = Flags(self)
        self._clear()

    def _clear(self) -> None:
        self.status = Status.MAILBOX_NEEDED | Status.IDLE
        self._code: int | None = None
        self._parameters = bytearray()
        self._reply = b""
        self._byte = 0
        self._latch = 0
        self._timer: Any = None
        self._resetting = False
        self._running = False  # an adapter command goes on by itself

    # ---------------------------------------------------------------- resets
    def reset(self) -> None:
        """Bus RESET: as a hard reset. The first one, when attached, raises ValueError for a line that is taken."""
        if self.master is None:
            master = BusMaster(self.lines, self._idle)
            self._take_lines(master)
            self.master = master
        self._hard_reset()

    def close(self) -> None:
        """Let go of the image files."""
        for disk in self.targets.values():
            disk.close()

    def _hard_reset(self) -> None:
        self._stop()
        for disk in self.targets.values():
            disk.reset()
        self._select_lines()
        self.status |= Status.SELF_TEST
        self._not_before(SELF_TEST_SECONDS)

    def _soft_reset(self) -> None:
        self._stop()
        self._not_before(SOFT_RESET_SECONDS)

    def _not_before(self, seconds: float) -> None:
        self.status &= ~Status.IDLE
        self._resetting = True
        self._timer = self.lines.after(self._clocks(seconds), self._ready)

    def _stop(self) -> None:
        assert self.master is not None
        failed = self.status & Status.DIAGNOSTIC_FAILURE
        self.lines.cancel(self._timer)
        self.master.stop()
        self._flags.clear()
        self.firmware.reset()
        self.commands.reset()
        self._clear()
        self.status |= failed

    def _ready(self) -> None:
        self._timer = None
        self._resetting = False
        self.status = self.status & ~Status.SELF_TEST | Status.IDLE

    def _select_lines(self) -> None:
        """Take channel and interrupt from the EEPROM; DIAGF when another card has one of them."""
        assert self.master is not None
        if self.master.line is not None:
            self.master.line.free()
            self.master.line = None
        self.lines.select_irq(None)
        self.status &= ~Status.DIAGNOSTIC_FAILURE
        try:
            self._take_lines(self.master)
        except ValueError:
            self.status |= Status.DIAGNOSTIC_FAILURE

    def _take_lines(self, master: BusMaster) -> None:
        self.lines.select_irq(self.irq)
        master.line = self.lines.take_dma(self.dma, self)

    @property
    def dma(self) -> int:
        """The channel that the EEPROM names."""
        return self.eeprom[regs.EEPROM_LINES] >> regs.EEPROM_DMA_SHIFT & regs.EEPROM_FIELD

    @property
    def irq(self) -> int:
        """The interrupt that the EEPROM names."""
        return (self.eeprom[regs.EEPROM_LINES] & regs.EEPROM_FIELD) + regs.FIRST_IRQ

    @property
    def scsi_id(self) -> int:
        """The adapter's own SCSI address."""
        return self.eeprom[regs.EEPROM_ID] & regs.EEPROM_FIELD

    # ---------------------------------------------------------------- ports
    def io_read(self, port: int) -> int:
        """Answer the CPU."""
        offset = port - self._base
        if offset == Port.STATUS:
            return int(self.status)
        if offset == Port.INTERRUPT:
            return int(self._flags.shown)
        if offset == Port.DATA:
            return self._read_data()
        return 0xFF

    def io_write(self, port: int, value: int) -> None:
        """Take a byte from the CPU."""
        offset = port - self._base
        if offset == Port.CONTROL:
            self._control(value)
        elif offset == Port.COMMAND and not self._resetting:
            # A byte written while the last one still waits takes its place.
            self._latch = value
            if not self.status & Status.COMMAND_FULL:
                self.status |= Status.COMMAND_FULL
                self._timer = self.lines.after(self._clocks(BYTE_SECONDS), self._take)

    def _control(self, value: int) -> None:
        if value & Control.HARD_RESET:
            self._hard_reset()
        elif value & Control.SOFT_RESET:
            self._soft_reset()
        else:
            if value & Control.INTERRUPT_RESET:
                self._flags.acknowledge()
            if value & Control.SCSI_RESET:
                self._scsi_reset()

    def _scsi_reset(self) -> None:
        assert self.master is not None
        self.master.stop()
        for disk in self.targets.values():
            disk.reset()
        if self._running:
            self.finish(Reply(valid=False))
        self._flags.post(Interrupt.SCSI_RESET)
        self._idle()

    def _clocks(self, seconds: float) -> int:
        return max(1, -(-int(seconds * 1e9) * self.lines.clock_hz // 1_000_000_000))

    # ---------------------------------------------------------------- adapter commands
    def _take(self) -> None:
        """Let the processor take the byte that waits in the command port."""
        self._timer = None
        self.status &= ~(Status.COMMAND_FULL | Status.IDLE)
        if self._running:
            return  # nobody looks at it
        if self._code is None:
            self.status &= ~(Status.INVALID_COMMAND | Status.DATA_FULL)
            self._reply = b""
            self._code = self._latch
            self._parameters.clear()
        else:
            self._parameters.append(self._latch)
        if len(self._parameters) == PARAMETERS.get(self._code, 0):
            self._running = True
            self.finish(self.commands.run(self._code, bytes(self._parameters)))

    def finish(self, reply: Reply | None) -> None:
        """End an adapter command; None: it goes on by itself, and ends later."""
        if reply is None:
            return
        self._code = None
        self._running = False
        self._reply = reply.data
        if not reply.valid:
            self.status |= Status.INVALID_COMMAND
        if self._reply:
            self._offer()
        else:
            self._complete(reply.interrupt or not reply.valid)

    def _offer(self) -> None:
        self._byte, self._reply = self._reply[0], self._reply[1:]
        self.status |= Status.DATA_FULL

    def _read_data(self) -> int:
        if self.status & Status.DATA_FULL:
            value = self._byte
            self.status &= ~Status.DATA_FULL
            if self._reply:
                self._offer()
            else:
                self._complete(interrupt=True)
            return value
        return self._byte

    def _complete(self, interrupt: bool) -> None:
        if interrupt:
            self._flags.post(Interrupt.COMMAND_COMPLETE)
        self._idle()

    def _idle(self) -> None:
        """Show IDLE when neither a command nor a CCB is under way."""
        busy = self.master is not None and self.master.busy
        if self._code is None and not busy and not self.status & (Status.DATA_FULL | Status.SELF_TEST):
            self.status |= Status.IDLE

    def _mail(self, flag: Interrupt) -> None:
        if flag != Interrupt.MAILBOX_OUT or self.commands.mailbox_out_interrupt:
            self._flags.post(flag)

    # ---------------------------------------------------------------- the channel
    def dack(self, active: bool) -> None:
        """DACK# of the channel changed."""
        if self.master is not None:
            self.master.dack(active)

"""The fast disk: registers, DMA request, interrupt; the data's timing is in `flow.py`."""

from __future__ import annotations

from fractions import Fraction

from isadma_sim.devices.alarm import Alarm
from isadma_sim.devices.fastdisk import regs
from isadma_sim.devices.fastdisk.flow import Reading, Writing, bytes_of, units_of
from isadma_sim.devices.fastdisk.limits import check, checked_rate
from isadma_sim.devices.fastdisk.regs import Command, Control, Reg, Status
from isadma_sim.machine.device import Device
from isadma_sim.machine.owed import Owed

#: Plain numbers for what is looked at in every transfer.
_BY_DMA, _WITH_IRQ, _DONE = int(Control.DMA), int(Control.IRQ), int(Status.DONE)


class FastDisk(Device):
    """A disk that gives and takes data at a rate of one's choice and waits for nobody.

    Its register interface (`regs.py`) is this project's own. A unit is a word on channels 5 to 7 and a byte on
    channels 0 to 3. Reading, a unit that finds the FIFO full is lost; writing, a place on the disk that passes the head
    while the FIFO is empty gets a zero. Either is counted, and the command ends with LOST.

    Parameters
    ----------
    data : bytearray
        The disk: whole sectors of 512 bytes.
    rate : float
        Bytes a second.
    port : int
        First of its sixteen ports.
    width : int
        Bytes of a unit: 2 on a 16-bit channel, 1 on an 8-bit one.
    depth : int
        Units its FIFO holds, 2 to 255.

    Attributes
    ----------
    lost : int
        Units lost since power-up.
    dropped : int
        Units that came by DMA when the command had been aborted meanwhile, since power-up.

    Raises
    ------
    ValueError
        For a wrong parameter.

    Notes
    -----
    Attach with channel `regs.DMA` (7) and interrupt `regs.IRQ` (14). DREQ is active whenever a unit can be moved.
    """

    name = "fast disk"

    def __init__(
        self,
        data: bytearray,
        *,
        rate: float = 40e6,
        port: int = regs.BASE,
        width: int = 2,
        depth: int = regs.FIFO_DEPTH,
    ) -> None:
        check(data, width=width, depth=depth, port=port)
        self.data = data
        self.rate = rate
        self.width = width
        self.depth = depth
        self.lost = 0
        self._base = port
        self.ports = tuple(range(port, port + regs.PORT_COUNT))
        self._alarm = Alarm(self, self._look)
        self._flow: Reading | Writing | None = None
        self._dreq = self._irq = False
        self._owed, self.dropped = Owed(), 0
        self._clear()

    @property
    def rate(self) -> float:
        """Bytes a second, from the next command on."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self._rate = checked_rate(rate)

    def _clear(self) -> None:
        self._control = 0
        self._address = [0, 0, 0]
        self._count, self._threshold = 0, 1
        self._status = self._lost = self._low = 0
        self._acknowledged = self._moved = False

    def reset(self) -> None:
        """Bus RESET: all registers to their defaults, a command under way is dropped."""
        self._drop()
        self._clear()
        self._update()

    # Ports

    def io_read(self, port: int) -> int:
        """Read a register."""
        self._advance()
        reg = port - self._base
        if reg in (Reg.DATA, Reg.DATA_HIGH):
            return self._read_data(reg)
        if reg == Reg.STATUS:
            return self._read_status()
        if reg == Reg.CONTROL:
            return self._control
        if reg in (Reg.LBA_LOW, Reg.LBA_MIDDLE, Reg.LBA_HIGH):
            return self._address[reg - Reg.LBA_LOW]
        if reg in (Reg.LOST_LOW, Reg.LOST_HIGH):
            return min(self._lost, regs.MOST_LOST) >> 8 * (reg - Reg.LOST_LOW) & 0xFF
        if reg in (Reg.ID_LOW, Reg.ID_HIGH):
            return regs.IDENTIFICATION[reg - Reg.ID_LOW]
        if reg == Reg.LEVEL:
            return self._flow.ready if self._flow else 0
        if reg == Reg.COUNT:
            return self._count
        return self._threshold if reg == Reg.THRESHOLD else 0xFF

    def io_write(self, port: int, value: int) -> None:
        """Write a register; those that only read take nothing."""
        self._advance()
        reg = port - self._base
        if reg in (Reg.DATA, Reg.DATA_HIGH):
            self._write_data(reg, value)
        elif reg == Reg.COMMAND:
            self._begin(value)
        elif reg == Reg.CONTROL:
            if value & Control.RESET:
                self.reset()
            self._control = value & (_BY_DMA | _WITH_IRQ)
        elif reg in (Reg.LBA_LOW, Reg.LBA_MIDDLE, Reg.LBA_HIGH):
            self._address[reg - Reg.LBA_LOW] = value
        elif reg == Reg.COUNT:
            self._count = value
        elif reg == Reg.THRESHOLD:
            self._threshold = value
        self._update()

    def _read_status(self) -> int:
        busy = 0 if self._flow is None else Status.BUSY | (Status.REQUEST if self._requesting else 0)
        status = self._status | busy
        self._status &= ~_DONE
        self._update()
        return int(status)

    def _read_data(self, reg: int) -> int:
        flow = self._flow
        if not isinstance(flow, Reading) or flow.head is None or self._control & _BY_DMA:
            return 0xFF
        value = flow.head >> 8 * (reg - Reg.DATA) & 0xFF
        if reg - Reg.DATA == self.width - 1:
            flow.take()
            self._update()
        return value

    def _write_data(self, reg: int, value: int) -> None:
        if reg == Reg.DATA:
            self._low = value
        flow, last = self._flow, reg - Reg.DATA == self.width - 1
        if isinstance(flow, Writing) and flow.ready and last and not self._control & _BY_DMA:
            flow.give(self._low if self.width == 1 else self._low | value << 8)

    # Commands

    def _begin(self, code: int) -> None:
        if self._flow is not None and code != Command.ABORT:
            self._status |= int(Status.BAD)
            return
        self._drop()
        self._status = self._lost = 0
        if code == Command.ABORT:
            return
        first = int.from_bytes(self._address, "little") * regs.SECTOR_BYTES
        length = (self._count or regs.MOST_SECTORS) * regs.SECTOR_BYTES
        if code not in tuple(Command) or first + length > len(self.data) or not 1 <= self._threshold <= self.depth:
            self._status = int(Status.BAD | Status.DONE)
            return
        self._first = first
        period = Fraction(self.width * self.lines.clock_hz) / Fraction(self._rate)
        if code == Command.READ:
            units = units_of(self.data[first : first + length], self.width)
            self._flow = Reading(units, self.depth, self.lines.clock, period)
        else:
            self._flow = Writing(length // self.width, self.depth, period)

    def _end(self) -> None:
        """End the command: everything has passed the head and gone where it belongs, or TC said enough."""
        flow = self._flow
        assert flow is not None
        self._advance()
        if isinstance(flow, Writing):
            data = bytes_of(flow.written, self.width)
            self.data[self._first : self._first + len(data)] = data
        self._drop()
        self._status |= _DONE

    def _drop(self) -> None:
        flow = self._flow
        self._owed.keep(flow.head if isinstance(flow, Reading) else None)
        self._flow = None
        self._alarm.set(None)

    # DMA

    def dma_read(self) -> int:
        """Give the oldest unit."""
        self._advance()
        self._moved = True
        flow = self._flow
        value = flow.take() if isinstance(flow, Reading) and flow.ready else self._owed.take(0)
        self._update()
        return value

    def dma_write(self, value: int) -> None:
        """Take a unit."""
        self._advance()
        self._moved = True
        if isinstance(self._flow, Writing) and self._flow.ready:
            self._flow.give(value)
        else:
            self.dropped += 1
        self._update()

    def dack(self, active: bool) -> None:
        """Follow DACK#, which frames a service."""
        self._advance()
        self._acknowledged = active
        self._moved = False
        self._update()
        if not active:
            self._owed.service_over(self._dreq)

    def tc(self) -> None:
        """End a read: the host wants no more. A write ends when the last unit is on the disk."""
        self._advance()
        if isinstance(self._flow, Reading):
            self._end()
        self._update()

    # Lines

    @property
    def _requesting(self) -> bool:
        """Whether the threshold is reached."""
        flow = self._flow
        return flow is not None and 0 < min(self._threshold, flow.left) <= flow.ready

    def _ahead(self) -> int:
        """Return the units that a running service will move although they are still counted as ready.

        A read's strobe falls before DREQ is sampled for the next transfer, a write's rises after.
        """
        flow = self._flow
        return int(self._acknowledged and not (flow is not None and flow.to_host and self._moved))

    def _advance(self) -> None:
        flow = self._flow
        if flow is not None:
            before = flow.lost
            flow.advance(self.lines.clock)
            if flow.lost > before:
                self.lost += flow.lost - before
                self._lost += flow.lost - before
                self._status |= int(Status.LOST)

    def _update(self) -> None:
        """End what is over, drive DREQ and IRQ, and order the next look."""
        flow = self._flow
        # The service that takes a read's last unit may still bring TC.
        if flow is not None and flow.over and not (flow.to_host and self._acknowledged):
            self._end()
            flow = None
        by_dma = self._control & _BY_DMA
        ahead = self._ahead()
        dreq = bool(by_dma) and flow is not None and flow.ready > ahead
        if dreq != self._dreq:
            self._dreq = dreq
            self._owed.asked(dreq)
            self.lines.dreq(dreq)
        asks = not by_dma and self._requesting
        irq = bool(self._control & _WITH_IRQ and (asks or self._status & _DONE))
        if irq != self._irq:
            self._irq = irq
            self.lines.irq(irq)
        if flow is not None:
            want = 1 + ahead if by_dma else min(self._threshold, flow.left)
            self._alarm.set(flow.next(want) if flow.ready < want or not flow.to_host else None)

    def _look(self) -> None:
        self._advance()
        self._update()

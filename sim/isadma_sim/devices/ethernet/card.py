"""The EtherLink (3C501): one packet buffer, which host, transmitter and receiver have by turns.

# Ref: SEEQ 8001 EDLC data sheet, 1982; Linux drivers/net/3c501.h and OpenBSD sys/dev/isa/if_elreg.h (registers).
#      VirtualBox Dev3C501.cpp has tried on a real card: a reset keeps buffer, pointers and station address; the GP
#      pointer has twelve bits and stands behind the buffer after a transmission; the next frame waits for the status.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from isadma_sim.devices.ethernet import regs
from isadma_sim.devices.ethernet.limits import check
from isadma_sim.devices.ethernet.network import Arrivals, Network
from isadma_sim.devices.ethernet.pcap import Packet, read_pcap, write_pcap
from isadma_sim.devices.ethernet.receiver import Receiver
from isadma_sim.devices.ethernet.regs import Aux, AuxStatus, Buffer, Reg, Source, Tx
from isadma_sim.devices.ethernet.transmitter import Transmitter
from isadma_sim.devices.ethernet.wire import Wire
from isadma_sim.machine.checks import as_data
from isadma_sim.machine.device import Device, DmaLine
from isadma_tools.files.names import as_path


class EtherLink(Device):
    """A 3C501 with its jumpers set; attach it with `pc.attach(card)`: it brings its channel and its line.

    Parameters
    ----------
    port : int
        Its first port: 280h, 300h, 310h or 320h.
    dma, irq : int or None
        What its jumpers connect: DMA 1, 2 or 3; IRQ 3, 4, 5, 6, 7 or 9. None: no jumper.
    station : bytes
        Its address PROM, six bytes.
    frames_in : str, Path or None
        A pcap file of frames that come over the wire.
    arrivals : str
        "ready": each when the card can take it; "time": each at its time in the file, and missed if nobody listens.
    frames_out : str, Path or None
        A pcap file for the frames it sends, written when the PC is closed.

    Attributes
    ----------
    sent : list of Packet
        What it sent, with the time since power-up.
    dropped : int
        Bytes that came for the buffer while the host did not have it.

    Raises
    ------
    ValueError
        For a jumper or an address that cannot be, or a file that is no pcap file.
    """

    name = "etherlink"

    def __init__(
        self,
        port: int = regs.BASE,
        *,
        dma: int | None = 1,
        irq: int | None = 3,
        station: bytes = regs.VENDOR + b"\x12\x34\x56",
        frames_in: str | Path | None = None,
        arrivals: Arrivals = "ready",
        frames_out: str | Path | None = None,
    ) -> None:
        check(port, dma, irq, station)
        self._base = port
        self.ports = tuple(range(port, port + regs.PORT_COUNT))
        self.dma, self.irq = dma, irq
        self._prom = station.ljust(regs.PROM, b"\0")
        self.output_files = () if frames_out is None else (as_path(frames_out),)
        self.sent: list[Packet] = []
        self.dropped = 0
        self._line: DmaLine | None = None
        self._buffer = bytearray(regs.BUFFER)
        self._receiver = Receiver(self._buffer, lambda: self._interrupt(Source.RECEIVE))
        packets = [] if frames_in is None else read_pcap(frames_in)
        wire = Wire(self)
        self._network = Network(wire, packets, arrivals, self._listening, self._receiver.take)
        self._transmitter = Transmitter(wire, int.from_bytes(station, "big"), self._transmitted)
        self._irq_level = False
        self._clear()

    def _clear(self) -> None:
        self._gp = 0
        self._buffer[:] = bytes(regs.BUFFER)
        self._receiver.power_up()
        self._soft_reset()

    def _soft_reset(self) -> None:
        self._aux = Aux(0)
        self._transmitter.reset()
        self._dma_done = False
        self._pending = Source(0)
        self._receiver.reset()

    def reset(self) -> None:
        """Bus RESET: everything to its beginning; the other stations go on."""
        self._transmitter.stop()
        self._clear()
        if self._line is None and self.dma is not None:
            self._line = self.lines.take_dma(self.dma, self)
        try:
            self.lines.select_irq(self.irq)
        except ValueError:
            if self._line is not None:
                self._line.free()
            self._line = None
            raise
        self._update()
        self._network.look()

    def close(self) -> None:
        """Write the file of what was sent."""
        self._line = None
        for path in self.output_files:
            write_pcap(path, self.sent)

    # The outside

    def receive(self, frame: bytes) -> None:
        """Let a frame come over the wire, as it is, after those that wait.

        Raises
        ------
        ValueError
            It has no whole addresses, or is larger than the packet buffer.
        """
        frame = as_data("frame {}: give bytes", frame)
        if not 2 * regs.ADDRESS <= len(frame) <= regs.BUFFER:
            raise ValueError(f"a frame of {len(frame)} bytes: use {2 * regs.ADDRESS} to {regs.BUFFER}")
        self._network.add(frame)

    @property
    def collisions(self) -> int:
        """How many of the next attempts to send will collide; set it."""
        return self._transmitter.collisions

    @collisions.setter
    def collisions(self, count: int) -> None:
        self._transmitter.collisions = count

    @property
    def missed(self) -> int:
        """Frames of others that nobody heard, or that sixteen collisions made them give up."""
        return self._network.missed

    # Ports

    def io_read(self, port: int) -> int:
        """Read a register; the pointer moves on at each byte of the buffer."""
        reg = port - self._base
        if reg < Reg.GP_LOW:
            return self._transmit_status() if reg & 1 else self._receive_status()
        if reg in (Reg.GP_LOW, Reg.GP_HIGH):
            return self._gp >> 8 * (reg - Reg.GP_LOW) & 0xFF
        if reg in (Reg.RECEIVE_LOW, Reg.RECEIVE_HIGH):
            return self._receiver.pointer >> 8 * (reg - Reg.RECEIVE_LOW) & 0xFF
        if reg in (Reg.PROM, Reg.PROM_ALIAS):
            return self._prom[self._gp % regs.PROM]
        return self._aux_status() if reg == Reg.AUX else self.dma_read()

    def io_write(self, port: int, value: int) -> None:
        """Write a register; the PROM takes nothing."""
        reg = port - self._base
        if reg < Reg.RECEIVE:
            self._receiver.station[reg] = value
        elif reg == Reg.RECEIVE:
            self._receiver.command = value
        elif reg == Reg.TRANSMIT:
            self._transmitter.command = Tx(value & Tx.ALL)
        elif reg == Reg.GP_LOW:
            self._gp = self._gp & 0xF00 | value
        elif reg == Reg.GP_HIGH:
            self._gp = (self._gp & 0xFF | value << 8) & regs.POINTER_MASK
        elif reg == Reg.RECEIVE_LOW:
            self._receiver.pointer = 0
        elif reg == Reg.AUX:
            self._write_aux(Aux(value))
        elif reg == Reg.DATA:
            self.dma_write(value)
        self._network.look()

    def _transmit_status(self) -> int:
        self._pending &= ~Source.TRANSMIT
        self._update()
        return self._transmitter.status

    def _receive_status(self) -> int:
        self._pending &= ~Source.RECEIVE
        status = self._receiver.read_status()
        self._update()
        self._network.look()
        return status

    def _aux_status(self) -> int:
        status = self._aux & (Aux.BAD_CHECKSUM | Aux.BUFFER | Aux.DMA_REQUEST | Aux.ENABLE)
        return (
            int(status)
            | (AuxStatus.RECEIVING if self._receiver.busy else 0)
            | (AuxStatus.DMA_DONE if self._dma_done else 0)
            | (AuxStatus.TRANSMITTING if self._transmitter.busy else 0)
        )

    # The auxiliary command

    @property
    def _owner(self) -> Buffer:
        return Buffer((self._aux & Aux.BUFFER) >> regs.BUFFER_SHIFT)

    def _write_aux(self, value: Aux) -> None:
        if value & Aux.RESET:
            self._transmitter.stop()
            self._aux = (self._aux & ~Aux.DMA_REQUEST) | Aux.RESET
            self._receiver.busy = False
            self._update()
            return
        if self._aux & Aux.RESET:
            self._soft_reset()
        before, self._aux = self._owner, value
        if not value & Aux.DMA_REQUEST:
            self._dma_done = False
            self._pending &= ~Source.DMA
        if self._owner is not before:
            self._hand_over()
        self._update()

    def _hand_over(self) -> None:
        """Give the packet buffer to whom the command names."""
        self._transmitter.stop()
        owner = self._owner
        self._receiver.busy = owner in (Buffer.RECEIVE, Buffer.LOOPBACK) and self._receiver.idle
        self._transmitter.busy = owner is not Buffer.RECEIVE
        if owner in (Buffer.TRANSMIT, Buffer.LOOPBACK):
            frame = bytes(self._buffer[self._gp % regs.BUFFER :])
            self._transmitter.start(frame, loop=owner is Buffer.LOOPBACK)

    def _transmitted(self, frame: bytes, whole: bool) -> None:
        self._gp = regs.BUFFER  # behind its end
        if self._transmitter.told:
            self._interrupt(Source.TRANSMIT)
        if self._owner is Buffer.LOOPBACK:
            self._receiver.take(frame, bad_checksum=bool(self._aux & Aux.BAD_CHECKSUM), loop=True)
        else:
            if whole:
                self.sent.append(Packet(Fraction(self.lines.clock, self.lines.clock_hz), frame))
            self._receiver.busy = self._receiver.idle
        self._network.look()

    # The receiver

    def _listening(self) -> bool:
        """Whether a frame from the wire could go into the buffer now."""
        if self._aux & Aux.RESET or not self._receiver.open:
            return False
        return self._owner is Buffer.RECEIVE or (self._owner is Buffer.TRANSMIT and self._transmitter.ended)

    # DMA: whichever strobe comes decides the direction

    def dma_read(self) -> int:
        """Give the byte the pointer is at, and move it on."""
        value = self._buffer[self._gp % regs.BUFFER]
        self._gp = (self._gp + 1) & regs.POINTER_MASK
        return value

    def dma_write(self, value: int) -> None:
        """Take a byte where the pointer is, and move it on; only while the host has the buffer."""
        if self._owner is Buffer.SYSTEM:
            self._buffer[self._gp % regs.BUFFER] = value
            self._gp = (self._gp + 1) & regs.POINTER_MASK
        else:
            self.dropped += 1

    def tc(self) -> None:
        """Terminal count: DMA done."""
        if self._requesting():
            self._dma_done = True
            self._interrupt(Source.DMA)

    def _requesting(self) -> bool:
        both = Aux.DMA_REQUEST | Aux.ENABLE
        return self._aux & both == both and not self._dma_done and not self._aux & Aux.RESET

    def _interrupt(self, source: Source) -> None:
        self._pending |= source
        self._update()

    def _update(self) -> None:
        """Drive DREQ and the interrupt line, which the enable bit lets through."""
        if self._line is not None:
            self._line.dreq(self._requesting())
        enabled = self._aux & (Aux.IRQ_ENABLE | Aux.ENABLE) and not self._aux & Aux.RESET
        level = bool(self._pending and enabled)
        if level != self._irq_level:
            self._irq_level = level
            self.lines.irq(level)

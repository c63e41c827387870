"""The card as its driver sees it: registers, pointers, and bytes through the processor."""

# Ref: Linux drivers/net/3c501.c (behaviour only): the order in which pointers, buffer and commands are written.

from __future__ import annotations

from isadma_driver.errors import EthernetError
from isadma_driver.ethernet.codes import ADDRESS_BYTES, BUFFER_BYTES, RX_TOLD, TX_TOLD, Aux, AuxStatus, Reg, Rx, Tx
from isadma_driver.machines.machine import Machine

#: Written to and read from the buffer pointer, to see whether anything is there.
_PATTERNS = (0x2A5, 0x55A)
#: How long reset is held, in seconds.
_RESET_SECONDS = 10e-6


class Adapter:
    """An EtherLink's ports.

    Parameters
    ----------
    machine : Machine
        Where it is.
    base : int
        Its first port.
    """

    def __init__(self, machine: Machine, base: int) -> None:
        self._machine = machine
        self._base = base

    def probe(self) -> bytes:
        """Reset the card and return the address in its PROM.

        Raises
        ------
        EthernetError
            Nothing answers as an EtherLink does.
        """
        self.reset()
        for pattern in _PATTERNS:
            self.point(pattern)
            back = self._in(Reg.GP_LOW) | self._in(Reg.GP_HIGH) << 8
            if back != pattern:
                raise EthernetError(
                    f"no EtherLink at {self._base:X}h: its buffer pointer reads {back:03X}h, not {pattern:03X}h; "
                    "is the card at another address?"
                )
        prom = bytearray()
        for at in range(ADDRESS_BYTES):
            self.point(at)
            prom.append(self._in(Reg.PROM))
        if prom[0] & 1 or not any(prom):
            raise EthernetError(f"the EtherLink at {self._base:X}h has no station address in its PROM: {prom.hex(':')}")
        return bytes(prom)

    def reset(self) -> None:
        """Reset the card: nothing is sent or received, no line is driven."""
        self.command(Aux.RESET)
        self._machine.delay(_RESET_SECONDS)
        self.command(Aux(0))

    def set_station(self, address: bytes) -> None:
        """Set the address the card answers to."""
        for offset, value in enumerate(address):
            self._machine.outb(self._base + Reg.STATION + offset, value)

    def listen_to(self, command: int) -> None:
        """Write the receive command, and ask to be told of the end of every transmission."""
        self._out(Reg.RECEIVE, command)
        self._out(Reg.TRANSMIT, TX_TOLD)

    def command(self, command: Aux) -> None:
        """Write the auxiliary command."""
        self._out(Reg.AUX, command)

    def status(self) -> AuxStatus:
        """Read the auxiliary status."""
        known = AuxStatus.RECEIVING | AuxStatus.DMA_DONE | AuxStatus.TRANSMITTING
        return AuxStatus(self._in(Reg.AUX) & known)

    def transmit_status(self) -> Tx:
        """Read how a transmission ended, and end its interrupt."""
        return Tx(self._in(Reg.TRANSMIT) & TX_TOLD)

    def receive_status(self) -> Rx:
        """Read what came, end its interrupt, and let the next frame come."""
        return Rx(self._in(Reg.RECEIVE) & (RX_TOLD | Rx.STALE))

    # The packet buffer ----------------------------------------------------------------------------------------------

    def point(self, at: int) -> None:
        """Set the buffer pointer."""
        self._out(Reg.GP_LOW, at & 0xFF)
        self._out(Reg.GP_HIGH, at >> 8)

    def point_before_end(self, count: int) -> None:
        """Set the buffer pointer so many bytes before the buffer's end, where a frame to send begins."""
        self.point(BUFFER_BYTES - count)

    def clear_received(self) -> None:
        """Let the next frame go to the buffer's beginning."""
        self._out(Reg.RECEIVE_LOW, 0)

    def received(self) -> int:
        """Return the bytes received."""
        return self._in(Reg.RECEIVE_LOW) | self._in(Reg.RECEIVE_HIGH) << 8

    def write(self, data: bytes) -> None:
        """Write bytes to the buffer, each a port write."""
        for value in data:
            self._out(Reg.DATA, value)

    def read(self, count: int) -> bytes:
        """Read bytes from the buffer, each a port read."""
        return bytes(self._in(Reg.DATA) for _ in range(count))

    def _in(self, reg: Reg) -> int:
        return self._machine.inb(self._base + reg)

    def _out(self, reg: Reg, value: int) -> None:
        self._machine.outb(self._base + reg, value)

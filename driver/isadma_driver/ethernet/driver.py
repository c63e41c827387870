"""The EtherLink driver: sends and receives frames, by DMA where a channel is to be had and told."""

# Ref: Linux drivers/net/3c501.c (behaviour only): the order of commands, collisions sent again by software.

from __future__ import annotations

from collections import deque

from isadma_driver.channels.ownership import Claim, Wiring
from isadma_driver.checks.values import as_data, as_int, as_kind, as_seconds
from isadma_driver.driver import Driver
from isadma_driver.errors import EthernetError
from isadma_driver.ethernet.adapter import Adapter
from isadma_driver.ethernet.codes import (
    ADDRESS_BYTES,
    CHANNELS,
    DEFAULT_DMA,
    DEFAULT_IRQ,
    DEFAULT_PORT,
    IRQS,
    LONGEST,
    MOST_COLLISIONS,
    PADDED,
    RX_ALL,
    RX_OWN_AND_BROADCAST,
    SHORTEST,
    Aux,
    AuxStatus,
    Rx,
    Tx,
)
from isadma_driver.ethernet.copier import Copier, DmaCopier, PioCopier
from isadma_driver.kernel import Kernel

#: Name in /proc/dma and in the memory map.
OWNER = "etherlink"
#: Time limit of a transmission, in seconds; the longest frame takes 1.2 ms.
SEND_SECONDS = 0.05


class EtherLinkDriver(Driver):
    """One EtherLink. Use it in a `with` block, which leaves channel, interrupt and memory released.

    The card has one buffer for both directions, so a frame that came is fetched before another is sent, and one that
    comes while the buffer is being filled is lost.

    Parameters
    ----------
    kernel : Kernel
        Channels, interrupts and memory.
    port : int, optional
        Where the card is.
    irq : int, optional
        The line that its jumper connects: 3, 4, 5, 6, 7 or 9.
    dma : int or None, optional
        The channel that its jumper connects: 1, 2 or 3. The driver cannot ask the card, and finds a wrong one out at
        the first frame. None: through the processor.
    station : bytes, optional
        Another address than that in its PROM.
    promiscuous : bool, optional
        Whether frames for others are received too.

    Attributes
    ----------
    address : bytes
        The station's address.
    uses_dma : bool
        Whether frames go by DMA.
    collisions : int
        Collisions so far; each frame was sent again.
    errors : int
        Frames that came broken, and were dropped.

    Raises
    ------
    EthernetError
        No such card there.
    ChannelBusyError, DmaError
        Channel or line belong to someone else, who is named.
    ValueError
        For a line, channel or address that cannot be.
    """

    def __init__(
        self,
        kernel: Kernel,
        *,
        port: int = DEFAULT_PORT,
        irq: int = DEFAULT_IRQ,
        dma: int | None = DEFAULT_DMA,
        station: bytes | None = None,
        promiscuous: bool = False,
    ) -> None:
        self._kernel = as_kind("kernel", kernel, Kernel, "give a Kernel")
        text = f"no interrupt {{}} on an EtherLink: use {', '.join(map(str, IRQS))}"
        if as_int(text, irq, 0, 15) not in IRQS:
            raise ValueError(text.replace("{}", str(irq)))
        text = "no DMA channel {} on an EtherLink: use 1, 2, 3, or None for none"
        if dma is not None and as_int(text, dma, 0, 7) not in CHANNELS:
            raise ValueError(text.replace("{}", str(dma)))
        if station is not None:
            station = as_data("station address", station)
            if len(station) != ADDRESS_BYTES or station[0] & 1:
                raise ValueError(f"station address {station[:20].hex(':')}: give six bytes, the first of them even")
        port = as_int("no EtherLink at", port, 0, 0xFFF0)
        as_kind("promiscuous", promiscuous, bool, "give True or False")
        self._closed = False
        self._frames: deque[bytes] = deque()
        self.collisions = 0
        self.errors = 0
        self._adapter = Adapter(kernel.machine, port)
        prom = self._adapter.probe()
        self.address = station or prom
        self._line = kernel.interrupts.request_irq(irq, OWNER)
        try:
            self._copier: Copier = PioCopier(self._adapter) if dma is None else self._by_dma(dma)
        except BaseException:
            self._line.free()
            raise
        self._adapter.set_station(self.address)
        self._adapter.listen_to(RX_ALL if promiscuous else RX_OWN_AND_BROADCAST)
        self._listen()

    def _by_dma(self, channel: int) -> DmaCopier:
        claim: Claim = self._kernel.dma.request_dma(channel, OWNER, Wiring.JUMPER)
        try:
            return DmaCopier(self._kernel, self._adapter, self._line, claim, OWNER)
        except BaseException:
            self._kernel.dma.free_dma(claim)
            raise

    @property
    def uses_dma(self) -> bool:
        """Whether frames go by DMA."""
        return self._copier.uses_dma

    def close(self) -> None:
        """Reset the card, and give back channel, interrupt and memory. May be called twice."""
        if self._closed:
            return
        self._closed = True
        try:
            self._adapter.reset()
        finally:
            self._line.free()
            self._copier.free()

    # Frames ---------------------------------------------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        """Send a frame, and again after each collision.

        Parameters
        ----------
        frame : bytes
            Destination, source, type and data, without checksum: 14 to 1514 bytes. Zeros fill it up to 60.

        Raises
        ------
        ValueError
            It is shorter or longer.
        EthernetError
            The channel is not the jumper's, and nothing was sent; or sixteen collisions in a row.
        DmaTimeoutError
            The card does not end it.
        """
        self._check_open()
        frame = as_data("frame", frame)
        if not SHORTEST <= len(frame) <= LONGEST:
            raise ValueError(f"a frame of {len(frame)} bytes: use {SHORTEST} to {LONGEST}")
        data = frame.ljust(PADDED, b"\0")
        self._adapter.command(Aux.ENABLE)  # the buffer is the host's
        try:
            self._collect()
            self._adapter.point_before_end(len(data))
            self._copier.put(data)
            self._transmit(len(data))
        except BaseException:
            self._listen()
            raise

    def receive(self, *, seconds: float = 1.0) -> bytes:
        """Return the next frame, without checksum; wait for it where none has come.

        Raises
        ------
        DmaTimeoutError
            None came in that time, in the machine's time.
        EthernetError
            The channel is not the jumper's.
        """
        self._check_open()
        seconds = as_seconds(seconds)
        while not self._frames:
            if not self._arrived():
                self._line.wait(seconds=seconds, done=self._arrived, what="an Ethernet frame")
            self._fetch()
        return self._frames.popleft()

    def poll(self) -> bytes | None:
        """Return the next frame if one has come, without waiting; errors as of `receive`."""
        self._check_open()
        self._fetch()
        return self._frames.popleft() if self._frames else None

    # Below ----------------------------------------------------------------------------------------------------------

    def _check_open(self) -> None:
        if self._closed:
            raise EthernetError("the EtherLink driver was closed: open it again")

    def _listen(self) -> None:
        """Give the buffer to the receiver."""
        self._adapter.command(Aux.ENABLE)
        self._adapter.receive_status()
        self._adapter.clear_received()
        self._adapter.command(Aux.ENABLE | Aux.RECEIVE)

    def _arrived(self) -> bool:
        return not self._adapter.status() & AuxStatus.RECEIVING

    def _fetch(self) -> None:
        """Take a frame that waits out of the buffer, and listen again."""
        if self._arrived():
            self._adapter.command(Aux.ENABLE)
            try:
                self._collect()
            finally:
                self._listen()

    def _collect(self) -> None:
        """Take the frame that came last, if there was one; the buffer is the host's."""
        count = self._adapter.received()
        status = self._adapter.receive_status()
        if status & Rx.GOOD and not status & Rx.STALE:
            self._adapter.point(0)
            self._frames.append(self._copier.get(count))
        elif not status & Rx.STALE:
            self.errors += 1

    def _transmit(self, count: int) -> None:
        for _ in range(MOST_COLLISIONS):
            self._adapter.point_before_end(count)
            self._adapter.clear_received()
            self._adapter.command(Aux.ENABLE | Aux.SEND)
            self._line.wait(seconds=SEND_SECONDS, done=self._sent, what=f"a frame of {count} bytes to be sent")
            status = self._adapter.transmit_status()
            if status & Tx.READY:
                return
            if not status & Tx.COLLISION:
                raise EthernetError(f"the EtherLink could not send a frame of {count} bytes (status {status:02X}h)")
            self.collisions += 1
            self._adapter.command(Aux.ENABLE)
            if status & Tx.COLLISIONS_16:
                break
        raise EthernetError(f"a frame of {count} bytes collided {MOST_COLLISIONS} times: is the cable terminated?")

    def _sent(self) -> bool:
        return not self._adapter.status() & AuxStatus.TRANSMITTING

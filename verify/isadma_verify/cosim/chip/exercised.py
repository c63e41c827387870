"""Notes from when on, in a bench, a fault of one kind could have shown: before that, no break was its doing."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 11.
from typing import Any

from isadma.i8237.regs import CHANNELS, WritePort
from isadma_verify.cosim.chip.bench import Sample
from isadma_verify.cosim.common.stepping import Agent
from isadma_verify.cosim.common.wires import STROBES

#: Mode bits 7 and 6 of single mode and of a block, and bits 3 and 2 of transfers that move nothing.
_SINGLE, _BLOCK, _MOVE_NOTHING = 0b01, 0b10, (0b00, 0b11)

#: Bits of the command register.
_COPIES, _COMPRESSED, _POLARITIES_AND_DISABLE = 0x01, 0x08, 0xC4


class Exercised(Agent):
    """
    Follows what the CPU wrote and what was served, and notes the first fabric clock of each thing in the journal.

    It takes the bench's side and never the core's: what was written counts as the data sheet has it. Where it cannot
    know, it says that a fault could have shown.

    Parameters
    ----------
    bench
        Where it sits; it has a journal.
    """

    def __init__(self, bench: Any) -> None:
        self._bench = bench
        self._access: tuple[bool, int, int] | None = None
        #: Whether a transfer whose read strobe is low has been counted, and whom DACK was last for.
        self._taken = False
        self._last: list[int] = []
        self._terminal = self._asks = False
        #: The state in which AEN rose, and whether a channel in single mode has been served and asks again.
        self._since: int | None = None
        self._single = False
        self._reset()

    def _reset(self) -> None:
        self._command = 0
        self._high_byte = False
        self._strayed = False
        self._mode = [0] * CHANNELS
        self._mask = [True] * CHANNELS
        self._request = [False] * CHANNELS
        self._count = [0] * CHANNELS
        #: Transfers since a channel was programmed, or came to its end.
        self._moved = [0] * CHANNELS
        #: Channels that a terminal count should have masked.
        self._ended: set[int] = set()

    def watch(self, sample: Sample) -> None:
        """Look at the CPU's access that ends in this clock, and at the service that runs."""
        if sample.reset:
            self._reset()
            return
        before, self._access = self._access, None
        if not sample.cs_n and not sample.hlda and not (sample.ior_n and sample.iow_n):
            self._access = (not sample.iow_n, sample.a & 0xF, sample.db)
            if sample.chip.hrq:
                self._note("late-programming")
        elif before is not None:
            self._accessed(*before)
        if sample.chip.hrq or sample.hlda:
            self._note("figure-11")
        asked = ~sample.dreq if self._bench.sense.dreq_active_low else sample.dreq
        if asked & 0b1111:
            self._note("figure-11")  # a figure begins with DREQ
        if sample.hlda:
            self._served(sample, asked)
        else:
            self._taken, self._terminal, self._since, self._last = False, False, None, []
            if self._single:
                self._note("single")
        # A channel that was not masked asks for the bus again.
        if sample.chip.hrq and not self._asks and any(asked >> channel & 1 for channel in self._ended):
            self._note("tc-masks")
        self._asks = bool(sample.chip.hrq)

    def _note(self, *rules: str) -> None:
        self._bench.journal.exercised(*rules)

    def _accessed(self, write: bool, port: int, data: int) -> None:
        """Take an access that has ended."""
        if port < WritePort.COMMAND:
            if self._strayed:
                self._note("flip-flop")
            if not write and any(self._moved):
                self._note("count", "address-steps")
            if write:
                self._loaded(port, data)
            self._high_byte = not self._high_byte
        elif write and port in (WritePort.CLEAR_FLIP_FLOP, WritePort.MASTER_CLEAR):
            if self._high_byte and port == WritePort.CLEAR_FLIP_FLOP:
                self._note("flip-flop")
            self._high_byte = self._strayed = False
        else:
            self._strayed = True
        if not write:
            if port == WritePort.MASTER_CLEAR:
                self._note("temporary")
        elif port >= WritePort.COMMAND:
            self._commanded(port, data)

    def _loaded(self, port: int, data: int) -> None:
        """Take a byte of an address or a count."""
        channel = port >> 1
        if port & 1:
            kept = self._count[channel]
            self._count[channel] = kept & 0x00FF | data << 8 if self._high_byte else kept & 0xFF00 | data
        self._moved[channel] = 0

    def _commanded(self, port: int, data: int) -> None:
        """Take a write to one of the ports 8 to F."""
        channel = data & 3
        if port == WritePort.COMMAND:
            self._command = data
            if data & _POLARITIES_AND_DISABLE:
                self._note("command")
        elif port == WritePort.REQUEST:
            if any(self._request[other] for other in range(CHANNELS) if other != channel):
                self._note("request-bits")
            self._request[channel] = bool(data & 4)
            if data & 4:
                self._note("software-request", *["copy"] * (channel == 0 and self._command & _COPIES))
        elif port == WritePort.SINGLE_MASK:
            self._set_mask(channel, bool(data & 4))
        elif port == WritePort.MODE:
            self._mode[channel] = data >> 2
        elif port == WritePort.CLEAR_MASK:
            for one in range(CHANNELS):
                self._set_mask(one, False)
        elif port == WritePort.ALL_MASK:
            for one in range(CHANNELS):
                self._set_mask(one, bool(data >> one & 1))
        elif port == WritePort.MASTER_CLEAR:
            self._command = 0
            self._request = [False] * CHANNELS
            for one in range(CHANNELS):
                self._set_mask(one, True)

    def _set_mask(self, channel: int, masked: bool) -> None:
        self._mask[channel] = masked
        self._ended.discard(channel)

    def _served(self, sample: Sample, asked: int) -> None:
        """Look at a clock in which the bus is not the CPU's."""
        chip, sense = sample.chip, self._bench.sense
        self._since = sample.state if self._since is None or not chip.aen else self._since
        if sample.state > self._since + 1:
            self._note("clocks")
        copies = bool(self._command & _COPIES)
        if copies:
            self._note("copy")
        served = [0, 1] if copies else sense.settled_dacks(chip.dack)
        if self._command & _COMPRESSED:
            self._note("compressed-ready")
        for channel in served:
            mode = self._mode[channel]
            if not copies and mode & 3 in _MOVE_NOTHING:
                self._note("verify")
                # What moves nothing shows no strobe that could be counted.
                self._note("count", "address-steps")
            self._single = mode >> 4 == _SINGLE and bool(asked >> channel & 1)
            if mode >> 4 == _BLOCK and not asked >> channel & 1 and not self._request[channel]:
                self._note("block")
        low = [name for name in STROBES if getattr(chip, name) == 0]
        reads = "memr_n" in low or "ior_n" in low
        # DACK may come after the read strobe, and TC after DACK has gone.
        if reads and served and not self._taken:
            for channel in served:
                self._moves(channel)
        self._taken = reads and (self._taken or bool(served))
        if low:
            self._note("extended-write")
        if chip.adstb and any(self._moved[channel] for channel in served):
            # A8-A15 of the next byte are out before its strobe.
            self._note("address-steps")
        self._last = served or self._last
        terminal, self._terminal = self._terminal, not sample.eop_n
        if self._terminal and not terminal:
            for channel in self._last:
                self._comes_to_its_end(channel)

    def _moves(self, channel: int) -> None:
        """Count a transfer that begins."""
        if channel in self._ended:
            self._note("tc-masks")
        self._moved[channel] += 1
        if self._moved[channel] > 1:
            self._note("address-steps")
        if self._moved[channel] >= self._count[channel]:
            self._note("count")
        if self._moved[channel] > self._count[channel]:
            self._comes_to_its_end(channel)

    def _comes_to_its_end(self, channel: int) -> None:
        """Take a terminal count, or the EOP# of somebody else, or what should have been one."""
        self._note("count")
        if self._request[channel]:
            self._note("request-ends")
        self._request[channel] = False
        if self._mode[channel] & 4:
            self._note("autoinitialize", "autoinitialize-mask")
            self._moved[channel] = 0
        elif not self._mask[channel]:
            self._mask[channel] = True
            self._ended.add(channel)


#: Rules of which it knows from when on a fault could have shown; others might in any bench.
KNOWN = frozenset(
    {
        *("flip-flop", "count", "address-steps", "temporary", "command", "request-bits", "request-ends"),
        *(
            "tc-masks",
            "autoinitialize",
            "autoinitialize-mask",
            "block",
            "extended-write",
            "copy",
            "compressed-ready",
            "verify",
        ),
        *("clocks", "figure-11", "single", "late-programming", "software-request"),
    }
)

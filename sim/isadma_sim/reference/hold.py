"""The PC/XT's hold circuit, part by part as the motherboard has them: flip-flops with their set and clear pins."""

# Ref: netlists of the IBM 5150 and 5160 motherboards, as in facts 6.3: U67, U82 and U98 of the 5150; U70, U73 and U88
# of the 5160.

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HoldCircuit", "HoldInputs", "HoldOutputs"]


@dataclass(slots=True)
class HoldInputs:
    """What the circuit sees; the defaults are an idle machine."""

    reset: int = 0
    s: int = 0b111
    """S0# (bit 0), S1#, S2#."""
    lock_n: int = 1
    hrq: int = 0
    dma_cs_n: int = 1
    ior_n: int = 1
    iow_n: int = 1
    memr_n: int = 1
    dack0_n: int = 1
    iochrdy: int = 1


@dataclass(slots=True)
class HoldOutputs:
    """What the circuit shows. The circuit owns this object and changes it: copy what you keep."""

    holda: int = 0
    aen: int = 0
    dma_wait: int = 0
    dma_drives: int = 0
    dma_ready: int = 1
    cpu_wait: int = 0


class HoldCircuit:
    """U67 (HOLDA), U82 (the wait state) and the four flip-flops of U98; the 5160's parts do the same.

    `settle` is what happens between clock edges, `rise` and `fall` are the edges of the processor's CLK.

    Parameters
    ----------
    board : {"5150", "5160"}
        The 5160's gate does not look at S2#.
    holds_off : bool
        U101 or U90 is there: nothing is granted while the processor's IOW# to the 8237 is low.

    Attributes
    ----------
    shown : HoldOutputs
        The outputs after the last call.
    """

    def __init__(self, *, board: str = "5150", holds_off: bool = True) -> None:
        self._status = {"5150": 0b111, "5160": 0b011}[board]
        self._holds_off = holds_off
        self._q = [0, 0, 0, 0]  # U98: AEN BRD, DMA WAIT, the wait state a clock later, the grant
        self._holda = 0
        self._waiting = 0
        self._clocked = 0  # level at U82's clock pin
        self._write_was_low = 0
        self.shown = HoldOutputs()

    def settle(self, pins: HoldInputs) -> HoldOutputs:
        """Let set and clear pins, and the clock pin of U82, do what they do."""
        if not pins.hrq:
            self._holda = 0
        aen = self._q[0]
        # The DMA's IOW# falls up to 190 ns after the middle of S3 and misses the edge that ends it: it counts a clock
        # late. The processor's own does not.
        write = not pins.iow_n and (not aen or self._write_was_low)
        clock = int(not pins.ior_n or write or (pins.dack0_n and aen and not pins.memr_n))
        set_n, clear_n = pins.iochrdy, 1 - self._q[2]
        if not set_n:
            self._waiting = 1
        elif not clear_n:
            self._waiting = 0
        elif clock and not self._clocked:
            self._waiting = 1
        self._clocked = clock
        out = self.shown
        out.holda, out.aen, out.dma_wait = self._holda, aen, self._q[1]
        out.dma_drives = int(aen and self._q[1])
        out.cpu_wait = self._waiting
        out.dma_ready = int(not self._waiting and not self._q[2])
        return out

    def rise(self, pins: HoldInputs) -> None:
        """CLK rises: U98 takes what stands at its four inputs."""
        passive = pins.s & self._status == self._status
        writing = self._holds_off and not pins.dma_cs_n and not pins.iow_n
        grant = int(passive and pins.lock_n and pins.hrq and not writing)
        self._q = [0] * 4 if pins.reset else [self._holda, self._q[0], self._waiting, grant]
        self._write_was_low = 1 - pins.iow_n

    def fall(self, pins: HoldInputs) -> None:
        """CLK falls: U67 takes the grant, and keeps it by its own set pin; HRQ low is its clear pin."""
        if self._q[3] and pins.hrq:
            self._holda = 1

    def reset(self) -> None:
        """RESET DRV clears U98."""
        self._q = [0] * 4

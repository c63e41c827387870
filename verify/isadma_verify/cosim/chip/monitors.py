"""Records what a core's pins did: edges with their states, and services with their lengths."""

from typing import Any, ClassVar

from isadma_verify.cosim.common.stepping import Agent


class EdgeLog(Agent):
    """
    The states in which each output pin changed.

    Parameters
    ----------
    bench
        Where it sits.
    """

    #: The outputs whose edges are kept; a floating command line counts as high.
    PINS: ClassVar[tuple[str, ...]] = ("hrq", "aen", "adstb", "ior_n", "iow_n", "memr_n", "memw_n", "eop_n")

    def __init__(self, bench: Any) -> None:
        self._bench = bench
        self._before: Any = None
        #: Pin to the states in which it went high, and low.
        self.rises: dict[str, list[int]] = {}
        self.falls: dict[str, list[int]] = {}
        #: Channel to the states in which its DACK began.
        self.dacks: dict[int, list[int]] = {}
        self.clear()
        bench.add(self)

    def clear(self) -> None:
        """Forget all edges so far."""
        self.rises = {pin: [] for pin in self.PINS}
        self.falls = {pin: [] for pin in self.PINS}
        self.dacks = {channel: [] for channel in range(self._bench.sense.CHANNELS)}

    def watch(self, sample: Any) -> None:
        """Compare with the fabric clock before."""
        before, self._before = self._before, sample
        if before is None:
            return
        for pin in self.PINS:
            was, now = getattr(before.chip, pin), getattr(sample.chip, pin)
            was, now = (1 if was is None else was), (1 if now is None else now)
            if was != now:
                (self.rises if now else self.falls)[pin].append(sample.state)
        active = self._bench.sense.active_dacks
        for channel in set(active(sample.chip.dack)) - set(active(before.chip.dack)):
            self.dacks[channel].append(sample.state)

    def services(self) -> list[int]:
        """Return the states from AEN rising in S1 to the SI in which it falls, for each service that has ended."""
        return [end - begin for begin, end in zip(self.rises["aen"], self.falls["aen"], strict=False)]

    def order(self) -> list[int]:
        """Return the channels in the order in which their DACKs began."""
        return [channel for _, channel in sorted((state, c) for c, states in self.dacks.items() for state in states)]

"""The bench of a PC/XT's board: one chip, so its BIOS has no cascade to set up."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

from isadma_verify.cosim.board.stand import BoardStand
from isadma_verify.cosim.common.options import BenchOptions

#: Channels on the bus; 0 refreshes memory, and its request is the board's own.
CHANNELS = (1, 2, 3)

#: Bits of a page register.
PAGE_BITS = 4


#: Half clocks from HRQ to HLDA, low again, at the least. On the board HOLDA is a flip-flop's, and AEN follows it by a
#: clock: one that fell in S4 would take the address away half a clock after the strobe.
#: Ref: netlists of the IBM 5150 (U67, U98) and 5160 (U70, U88).
LEAST = 2


class XtStand(BoardStand):
    """A started bench of an XT; parameters as for `BoardStand`."""

    #: The one chip.
    DMAS: ClassVar[tuple[int, ...]] = (1,)

    def __init__(
        self,
        dut: Any,
        *,
        grant: int | Callable[[], int] = 0,
        release: int | Callable[[], int] = LEAST,
        options: BenchOptions | None = None,
    ) -> None:
        super().__init__(dut, grant=grant, release=release, options=options)

    async def posted(self) -> Self:
        """Start, and clear the chip."""
        await self.start()
        await self.cpu.write(0x0D, 0)
        self.log.clear()
        return self

"""A board's bench with all around it that a test usually wants: CPU, memory, every checker."""

from collections.abc import Callable
from typing import Any, ClassVar

from isadma_verify.cosim.board.bench import BoardBench
from isadma_verify.cosim.board.checkers import add_all
from isadma_verify.cosim.board.cpu import BoardCpu
from isadma_verify.cosim.board.memory import IsaMemory
from isadma_verify.cosim.chip.monitors import EdgeLog
from isadma_verify.cosim.chip.stand import AnyStand
from isadma_verify.cosim.common.figure import Columns
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.stepping import Agent

#: Columns of a board's figures: DRQ and DACK# are two hexadecimal digits, bit n is channel n.
BOARD = Columns(
    levels={"drq": "dreq", "hlda": "hlda", "rdy": "ready", "reset": "reset"},
    wires={"din": "d", "ior": "ior_n", "iow": "iow_n", "ain": "a"},
    outputs={
        **{"hrq": "hrq", "dack": "dack", "aen": "aen", "sbhe": "sbhe_n", "TC": "tc", "A": "a", "D": "d"},
        **{"IOR": "ior_n", "IOW": "iow_n", "MEMR": "memr_n", "MEMW": "memw_n"},
    },
    binary={},
    hexadecimal={"drq": 2, "din": 4, "ain": 3, "dack": 2, "A": 6, "D": 4},
)


class BoardLog(EdgeLog):
    """The states in which each output pin of the board changed; see `EdgeLog`."""

    PINS: ClassVar[tuple[str, ...]] = ("hrq", "aen", "ior_n", "iow_n", "memr_n", "memw_n", "tc")


class BoardStand(AnyStand):
    """
    A started bench of a board, whose BIOS has run: channel 4 cascades.

    Parameters
    ----------
    dut
        cocotb's handle of the board.
    grant, release
        Half clocks from HRQ to HLDA, see `Processor`.
    options
        As for `BoardBench`.
    """

    COLUMNS = BOARD

    #: The chips: DMA 1 and DMA 2.
    DMAS: ClassVar[tuple[int, ...]] = (1, 2)

    bench: BoardBench
    cpu: BoardCpu
    memory: IsaMemory
    log: BoardLog

    def __init__(
        self,
        dut: Any,
        *,
        grant: int | Callable[[], int] = 0,
        release: int | Callable[[], int] = 0,
        options: BenchOptions | None = None,
    ) -> None:
        bench = BoardBench(dut, options)
        super().__init__(bench, BoardCpu(bench, grant=grant, release=release), IsaMemory(bench), BoardLog(bench))

    def _rules(self) -> list[Agent]:
        return add_all(self.bench)

    async def posted(self) -> "BoardStand":
        """Start, and do what a BIOS does to the two chips."""
        await self.start()
        await self.cpu.post()
        self.log.clear()
        return self

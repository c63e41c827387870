"""`isadma proc`: load drivers on a simulated PC, and print who owns which channel and which memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isadma_cli.errors import CommandError, UsageError
from isadma_cli.fat12_format import make_image
from isadma_cli.files import fill, temporary_folder
from isadma_cli.machine import check_board, check_engine, powered
from isadma_driver import Floppy, Kernel, Kind
from isadma_driver.channels.board import Board
from isadma_driver.channels.ownership import Wiring
from isadma_driver.errors import DmaError

__all__ = ["Wanted", "run_proc"]

#: The driver that comes with a device of the simulated PC.
FLOPPY = "floppy"
#: What a driver that only holds its channel has for a buffer, in bytes.
BUFFER_BYTES = 4096

_KINDS = {"byte": Kind.BYTE, "word": Kind.WORD}


@dataclass(frozen=True)
class Wanted:
    """A driver to load.

    Attributes
    ----------
    name
        Its name, as /proc/dma shows it.
    channel
        The channel its card is set to, the kind of channel it picks for itself, or None for the floppy driver.
    """

    name: str
    channel: int | Kind | None

    @classmethod
    def parse(cls, word: str, board: Board) -> Wanted:
        """Take ``floppy``, ``NAME=CHANNEL``, ``NAME=byte`` or ``NAME=word``.

        Raises
        ------
        UsageError
            It is none of them, or the board has no such channel.
        """
        name, equals, place = (part.strip() for part in word.partition("="))
        if word == FLOPPY:
            return cls(name, None)
        if not (name and equals):
            raise UsageError(f"no driver '{word}'; use floppy, NAME=CHANNEL, NAME=byte or NAME=word, such as sound=1")
        if place in _KINDS:
            return cls(name, _KINDS[place])
        if not (place.isdecimal() and int(place) < board.channels):
            there = f"0 to {board.channels - 1}, byte or word"
            raise UsageError(f"'{word}': no channel '{place}' on the {board.name}; use {there}")
        return cls(name, int(place))

    def load(self, kernel: Kernel, stack: ExitStack) -> None:
        """Load it: the floppy driver reads a sector, any other takes its channel and a buffer."""
        if self.channel is None:
            stack.enter_context(Floppy(kernel, "1.44M", dma=True)).read(0)
            return
        if isinstance(self.channel, Kind):
            claim = kernel.dma.channels.request_free(self.channel, self.name)
        else:
            claim = kernel.dma.channels.request_dma(self.channel, self.name, Wiring.JUMPER)
        span = kernel.dma.board.span(claim.channel)
        stack.callback(kernel.pages.free, kernel.pages.alloc(BUFFER_BYTES, self.name, boundary=span))


def run_proc(drivers: Sequence[str], *, engine: str | None, as_json: bool, board: str = "at") -> None:
    """Carry out ``isadma proc``; see its help.

    Raises
    ------
    UsageError
        No such driver, engine or board.
    CommandError
        A channel has an owner already, or a driver failed.
    """
    engine = check_engine(engine)
    software = check_board(board)
    wanted = [Wanted.parse(word, software) for word in drivers]
    with temporary_folder() as folder, ExitStack() as stack:
        image: Path | None = None
        if any(driver.channel is None for driver in wanted):
            image = folder / "blank.img"
            fill(image, make_image({}))
        pc = stack.enter_context(powered(engine, image, None, board=board))
        kernel = Kernel(pc, board=software)
        try:
            for driver in wanted:
                driver.load(kernel, stack)
        except DmaError as error:
            raise CommandError(f"{error}") from error
        if as_json:
            print(json.dumps(_as_json(kernel), indent=2))
        else:
            print(f"/proc/dma\n{kernel.proc_dma()}")
            print(f"/proc/iomem\n{kernel.proc_iomem()}")
            print(f"/proc/buddyinfo\n{kernel.proc_buddyinfo()}", end="")


def _as_json(kernel: Kernel) -> dict[str, Any]:
    channels = kernel.dma.channels
    owners = {channel: channels.owner(channel) for channel in range(channels.board.channels)}
    return {
        "dma": {str(channel): owner for channel, owner in owners.items() if owner is not None},
        "iomem": [
            {"start": block.address, "end": block.end - 1, "owner": block.owner} for block in kernel.pages.memory_map()
        ],
        "zones": [
            {"name": report.name, "total": report.total, "free": report.free, "largest": report.largest}
            for report in kernel.pages.reports()
        ],
    }

"""The simulated PC that a command works on: its engine, what its failures become, and a place to look on from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from isadma_cli.dump import Dump
from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_driver.channels.board import BOARDS, Board
from isadma_driver.errors import ChannelBusyError, DmaError, WriteProtectedError
from isadma_driver.machines.machine import Memory
from isadma_sim import ENGINES, PC, EngineError, default_engine

__all__ = ["SLICE_SECONDS", "WatchedMachine", "check_board", "check_engine", "parse_taken", "powered"]

#: How long the machine runs between two looks, in its own seconds: about sixty bytes of a 1.44M floppy.
SLICE_SECONDS = 0.001


def check_engine(name: str | None) -> str:
    """Return the engine to use: the one named, or the fastest that works here.

    Raises
    ------
    UsageError
        There is none of that name. The message has the names there are, and the one that was probably meant.
    """
    if name is None:
        return default_engine()
    if name not in ENGINES:
        raise UsageError(f"no engine '{name}'{nearest(name, ENGINES)}; there are {', '.join(sorted(ENGINES))}")
    return name


def check_board(name: str) -> Board:
    """Return the driver's view of a board, ``at`` or ``xt``.

    Raises
    ------
    UsageError
        There is none of that name.
    """
    if name not in BOARDS:
        raise UsageError(f"no board '{name}'{nearest(name, BOARDS)}; there are {', '.join(sorted(BOARDS))}")
    return BOARDS[name]


def parse_taken(words: str | None, board: Board) -> tuple[int, str] | None:
    """Take ``--taken N=NAME`` apart.

    Raises
    ------
    UsageError
        It is not of that form, or the board has no such channel.
    """
    if words is None:
        return None
    number, equals, name = words.partition("=")
    if not (equals and name.strip() and number.strip().isdecimal()):
        raise UsageError(f"--taken '{words}' names no channel and owner: write --taken 2=sound")
    if int(number) >= board.channels:
        raise UsageError(
            f"--taken '{words}': no DMA channel {number} on the {board.name}; use 0 to {board.channels - 1}"
        )
    return int(number), name.strip()


@contextmanager
def powered(
    engine: str, floppy: Path | None, dump: Dump | None, *, board: str = "at", only_read: bool = False
) -> Iterator[PC]:
    """Switch a PC on around a floppy image, and turn what fails in it into a `CommandError`.

    Parameters
    ----------
    engine
        What runs the board.
    floppy
        The image in drive A; without one there is no floppy controller.
    dump
        What of its waveforms goes where, from power-up on.
    board
        ``"at"`` or ``"xt"``.
    only_read
        The image is not written: other machines may read it meanwhile.
    """
    try:
        with PC(engine=engine, board=board, floppy=floppy, write_protect=only_read) as pc:
            if dump is not None:
                dump.watch(pc)
            yield pc
    except WriteProtectedError as error:
        raise CommandError(f"'{floppy}': {error}; the image file is read-only: chmod u+w '{floppy}'") from error
    except ChannelBusyError as error:
        raise CommandError(f"{error}; leave out --taken, or do without DMA: --pio") from error
    except (DmaError, EngineError, TimeoutError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        if error.errno is None:  # one of ours, whole
            raise CommandError(str(error)) from error
        if error.filename is None:  # the command's own output: what becomes of it is not said here
            raise
        raise CommandError(f"cannot write '{error.filename}': {error.strerror}; check space and permissions") from error


class SlicedMachine:
    """A PC as a driver sees it, whose waits for an interrupt are cut into slices; the same clocks go by.

    Parameters
    ----------
    pc
        The machine.
    slice_seconds
        Longest wait in one piece, in seconds of the machine's time.
    """

    def __init__(self, pc: PC, slice_seconds: float) -> None:
        self._pc = pc
        self._slice = slice_seconds

    @property
    def memory(self) -> Memory:
        """Physical memory."""
        return self._pc.memory

    def inb(self, port: int) -> int:
        """Read a byte from a port."""
        return self._pc.inb(port)

    def outb(self, port: int, value: int) -> None:
        """Write a byte to a port."""
        self._pc.outb(port, value)

    def delay(self, seconds: float) -> None:
        """Let time go by."""
        self._pc.delay(seconds)

    def wait_irq(self, irq: int, *, seconds: float) -> None:
        """Wait for an interrupt, slice by slice.

        Raises
        ------
        TimeoutError
            It did not come in that time.
        """
        left = seconds
        while True:
            piece = min(left, self._slice)
            left -= piece
            try:
                self._pc.wait_irq(irq, seconds=piece)
            except TimeoutError:
                self._slice_over(more=left > 0)
                if left <= 0:
                    raise
            else:
                self._slice_over(more=False)
                return

    def _slice_over(self, *, more: bool) -> None:
        """Do what is to be done after a slice; `more`: the wait goes on."""
        raise NotImplementedError


class WatchedMachine(SlicedMachine):
    """A PC as a driver sees it, with somebody looking on while the driver waits for an interrupt.

    Looking costs the machine no clock.

    Parameters
    ----------
    pc
        The machine.
    look
        Called between two slices of a wait. It may look, and must touch no port.

    Attributes
    ----------
    written : dict of int to int
        The last byte written to each port: what write-only registers hold.
    """

    def __init__(self, pc: PC, look: Callable[[], None]) -> None:
        super().__init__(pc, SLICE_SECONDS)
        self.look = look
        self.written: dict[int, int] = {}

    def outb(self, port: int, value: int) -> None:
        """Write a byte to a port, and remember it."""
        self.written[port] = value
        super().outb(port, value)

    def _slice_over(self, *, more: bool) -> None:
        self.look()

"""`isadma build` and `isadma program`: an FPGA board's bitstream, made and loaded."""

from __future__ import annotations

from pathlib import Path

from isadma_cli.buildreport import print_report
from isadma_cli.errors import CommandError, UsageError, nearest
from isadma_cli.progress import errors

__all__ = ["build_board", "program_board"]


def _check(board: str) -> None:
    from isadma_boards.tops import BOARDS, SOCKETS

    names = [*BOARDS, *SOCKETS]
    if board not in names:
        raise UsageError(f"no board is named '{board}'{nearest(board, names)}; there are {', '.join(names)}")


def build_board(
    board: str,
    *,
    output: Path,
    seeds: int,
    as_json: bool,
    mhz: int | None = None,
    wait_states: int | None = None,
) -> None:
    """Make one board's bitstream and print how it came out.

    Parameters
    ----------
    board
        A key of `isadma_boards.tops.BOARDS` or `SOCKETS`.
    output
        The folder for it.
    seeds
        Placements to choose the fastest of.
    as_json
        One JSON object on standard output in place of the table.
    mhz, wait_states
        The clock it is given, and wait states; None: its own.

    Raises
    ------
    UsageError
        An unknown board, no seed, or a clock that it cannot be given.
    CommandError
        A tool is missing or failed, or the bitstream is too slow for the board's clock.
    """
    from isadma_boards.bitstreams import build
    from isadma_boards.tops import BOARDS
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    _check(board)
    if seeds < 1:
        raise UsageError(f"--seeds {seeds}: at least 1 placement is needed")
    clock_hz = None if mhz is None else mhz * 1_000_000
    if board not in BOARDS and (clock_hz, wait_states) != (None, None):
        raise UsageError(f"{board} has a clock of its own and no wait states: leave out --mhz and --wait-states")
    try:
        if board in BOARDS:
            BOARDS[board].given(clock_hz, wait_states)
    except ValueError as error:
        raise UsageError(str(error)) from error
    try:
        with errors().status("starting") as status:
            report = build(
                board, output, seeds=seeds, clock_hz=clock_hz, wait_states=wait_states, progress=status.update
            )
    except (ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    except ImportError as error:
        raise CommandError(f"{error.name} is not installed: pip install isadma[boards]") from error
    except OSError as error:
        raise CommandError(f"cannot write '{output}': {error.strerror}; name another folder with -o") from error
    if as_json:
        print(report.json())
    else:
        print_report(report)
    if not report.meets_clock:
        raise CommandError(
            f"{board}: the bitstream makes {report.fmax_mhz:.1f} MHz and the board's clock is"
            f" {report.clock_mhz:.1f} MHz: try more --seeds"
        )


def program_board(board: str, *, bitstream: Path | None, output: Path) -> None:
    """Load a bitstream into the attached board.

    Parameters
    ----------
    board
        A key of `isadma_boards.tops.BOARDS` or `SOCKETS`.
    bitstream
        The file; None: the one that `isadma build` left in `output`.
    output
        The folder of `isadma build`.

    Raises
    ------
    UsageError
        An unknown board, or no such file.
    CommandError
        There is no programmer, or it found no board.
    """
    from isadma_boards.bitstreams import program
    from isadma_boards.tops import BOARDS, SOCKETS
    from isadma_tools.toolchain import ToolFailedError, ToolMissingError

    _check(board)
    spec = BOARDS[SOCKETS[board].board if board in SOCKETS else board]
    path = bitstream or output / f"{board}{Path(spec.family.bitstream).suffix}"
    if not path.is_file():
        way_out = "name another one" if bitstream else f"make it with 'isadma build {board}'"
        raise UsageError(f"no such file: '{path}'; {way_out}")
    try:
        program(board, path)
    except (ToolFailedError, ToolMissingError) as error:
        raise CommandError(str(error)) from error
    print(f"{board}: loaded {path}")

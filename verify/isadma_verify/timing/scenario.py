"""One run against the AC table: the part is programmed, serves every kind of transfer, and is read back."""

from collections.abc import Generator
from dataclasses import dataclass, field
from random import Random

from amaranth.lib import wiring

from .checker import Checker, Violation
from .kernel import Clk, Kernel, Process, Wait
from .part import Clocks, simulate
from .system import Board, ns
from .wires import Pads, Wires

__all__ = ["Run", "play"]

_SINGLE, _BLOCK, _DEMAND, _READ, _WRITE, _AUTOINITIALIZE = 0x40, 0x80, 0x00, 0x08, 0x04, 0x10
_COMPRESSED, _EXTENDED, _MEMORY_TO_MEMORY = 0x08, 0x20, 0x01
#: Picoseconds that a run may take; it needs some 200 us.
_BOUND = ns(2_000_000)


@dataclass
class Run:
    """
    What a run showed.

    Attributes
    ----------
    measured
        Least and greatest time by symbol, in nanoseconds and less the line's periods of CLK.
    violations
        Lines of the table that did not hold.
    wrong
        What the part did wrong, in words: a byte, an address, an edge of CLK. A slow fabric must not do that either.
    """

    measured: dict[str, tuple[float, float]]
    violations: list[Violation]
    wrong: list[str] = field(default_factory=list)


def play(
    part: wiring.Component,
    *,
    fabric_mhz: float,
    clk_mhz: float,
    seed: int,
    pads: Pads = Pads(),  # noqa: B008
    synchronizer: int = 3,
) -> Run:
    """
    Play one run.

    Parameters
    ----------
    part
        A component with the pins of the socket.
    fabric_mhz, clk_mhz
        The fabric's clock, and the chip's.
    seed
        Decides delays, jitter, duty, what each flip-flop catches, data and addresses.
    pads
        What lies between pins and flip-flops.
    synchronizer
        Fabric clocks that the part needs at least from a rising edge of CLK to a pin; one more after a falling one.

    Raises
    ------
    isadma_verify.timing.kernel.StuckError
        The part does not go on.
    """
    chance = Random(f"{fabric_mhz} {clk_mhz} {seed}")
    period, tcy = round(1e6 / fabric_mhz), round(1e6 / clk_mhz)
    high = chance.choice((ns(80), tcy // 2, tcy - ns(68)))
    checker = Checker(tcy, least_rise=synchronizer * period, least_fall=(synchronizer + 1) * period)
    wires = Wires(checker, chance, pads)
    kernel = Kernel(wires, Clk(tcy, high, ns(4), chance), period, chance)
    board = Board(kernel)
    ended: list[bool] = []

    def whole() -> Process:
        yield from _story(board)
        ended.append(True)

    def begin() -> Clocks:
        kernel.start(whole())
        return kernel.play(_BOUND, lambda: bool(ended))

    simulate(part, begin)
    return Run(checker.measured, checker.violations, board.wrong + wires.fights)


def _story(board: Board) -> Process:
    yield from board.reset()
    yield from _registers(board)
    yield from _leftover(board)
    yield from _services(board)
    yield from _memory_to_memory(board)


def _equal(board: Board, what: str, got: object, wanted: object) -> None:
    if got != wanted:
        board.wrong.append(f"{what}: {got}, not {wanted}")


def _registers(board: Board) -> Generator[Wait, None, None]:
    chance = board.kernel.chance
    words = [chance.randrange(1 << 16) for _ in range(8)]
    yield from board.write(0xD, 0)
    for port, word in enumerate(words):
        yield from board.write(port, word & 0xFF)
        yield from board.write(port, word >> 8)
    for port in chance.sample(range(8), 3):
        got: list[int] = []
        yield from board.word(port, got)
        _equal(board, f"register {port} reads", got[0], words[port])


def _program(
    board: Board, channel: int, mode: int, address: int, count: int, command: int = 0
) -> Generator[Wait, None, None]:
    yield from board.write(0x8, command)
    yield from board.write(0xB, mode | channel)
    yield from board.write(0xC, 0)
    for port, word in ((2 * channel, address), (2 * channel + 1, count)):
        yield from board.write(port, word & 0xFF)
        yield from board.write(port, word >> 8)
    yield from board.write(0xA, channel)
    checker = board.kernel.wires.checker
    checker.compressed, checker.extended = bool(command & _COMPRESSED), bool(command & _EXTENDED)
    board.compressed = checker.compressed


def _leftover(board: Board) -> Generator[Wait, None, None]:
    # Channel 1's address stands on the bus for 30 ns of a write to its count: nothing of that may be written.
    yield from _program(board, 1, _SINGLE | _READ | _AUTOINITIALIZE, 0x1234, 0)
    yield from board.write(0xC, 0)
    yield from board.write(3, 0, leftover=(2, 0xEE))
    yield from board.write(3, 0, leftover=(2, 0xEE))
    yield from board.request(1)
    yield "part", "hrq", 0
    board.kernel.wires.drive("system", board.kernel.now, "dreq", 0)
    yield from board.finished()
    got: list[int] = []
    yield from board.word(2, got)
    _equal(board, "channel 1 reloads", got[0], 0x1234)
    yield from board.read(8, got)
    _equal(board, "status", got[1] & 0xF, 2)
    yield from board.write(0xA, 5)


def _services(board: Board) -> Generator[Wait, None, None]:
    chance = board.kernel.chance
    kinds = (
        (_SINGLE | _READ, 0, 1),
        (_BLOCK | _WRITE, 0, 4),
        (_BLOCK | _READ, _COMPRESSED, 4),
        (_BLOCK | _WRITE, _COMPRESSED, 3),
        (_BLOCK | _WRITE, _EXTENDED, 2),
        (_SINGLE | _READ, _EXTENDED, 1),
        (_DEMAND | _READ, 0, 5),
        (_DEMAND | _WRITE, 0, 4),
        (_BLOCK | _READ, 0, 5),
    )
    for kind, (mode, command, length) in enumerate(kinds):
        channel = chance.randrange(4)
        # Most of them carry into A8, which makes another S1.
        address = (chance.randrange(256) << 8 | 0xFF - chance.randrange(length)) & 0xFFFF
        external = kind == len(kinds) - 1
        stop = length - 1 if mode & 0xC0 == _DEMAND else 0
        yield from _program(board, channel, mode, address, length - 1, command)
        board.waits = [chance.choice((0, 0, 1, 2)) for _ in range(length)]
        board.external_eop, board.demand = external, stop
        done = board.reads if mode & _READ else board.writes
        done.clear()
        before = board.terminal_counts
        yield from board.request(channel)
        if not stop:
            yield "part", "dack", 0xF ^ 1 << channel
            board.kernel.wires.drive("system", board.kernel.now, "dreq", 0)
        yield from board.finished()
        moved = 1 if external else stop or length
        where = f"mode {mode:02X}h, command {command:02X}h, channel {channel}"
        _equal(board, f"{where}, addresses", done, [(address + n) & 0xFFFF for n in range(moved)])
        ended = int(moved == length)
        _equal(board, f"{where}, terminal counts", board.terminal_counts - before, ended)
        status: list[int] = []
        yield from board.read(8, status)
        _equal(board, f"{where}, status", status[0] & 0xF, (ended or external) << channel)
        got: list[int] = []
        yield from board.word(2 * channel, got)
        yield from board.word(2 * channel + 1, got)
        _equal(board, f"{where}, left", got, [(address + moved) & 0xFFFF, (length - 1 - moved) & 0xFFFF])
        yield from board.write(0xA, 4 | channel)
        board.external_eop = False


def _memory_to_memory(board: Board) -> Generator[Wait, None, None]:
    chance = board.kernel.chance
    source, target = chance.randrange(0x8000) & 0xFFFE, 0x8000 | chance.randrange(0x7000)
    data = [chance.randrange(256) for _ in range(3)]
    board.memory.update({source + n: byte for n, byte in enumerate(data)})
    yield from _program(board, 0, _BLOCK | _READ, source, 2, _MEMORY_TO_MEMORY)
    yield from _program(board, 1, _BLOCK | _WRITE, target, 2, _MEMORY_TO_MEMORY)
    board.moves_memory = True
    yield from board.request(0)
    yield "part", "aen", 1
    board.kernel.wires.drive("system", board.kernel.now, "dreq", 0)
    yield from board.finished()
    board.moves_memory = False
    moved = [board.memory.get(target + n) for n in range(3)]
    _equal(board, "memory to memory", moved, data)
    last: list[int] = []
    yield from board.read(0xD, last)
    _equal(board, "temporary register", last, data[-1:])

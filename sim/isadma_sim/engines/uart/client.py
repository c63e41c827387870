"""The board's processor at the other end of the line: clocks, ports and memory as calls."""

from __future__ import annotations

from dataclasses import dataclass

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.uart.codes import LARGEST, PROTOCOL, Action, Command, Get, Set, Status
from isadma_sim.engines.uart.link import Link

__all__ = ["Access", "Client", "Shown", "commands", "set_register"]

#: Bytes of memory in one frame: what is left of it, halved by nothing but escapes, which LEN does not count.
BLOCK = LARGEST - 32
#: Clocks in one frame: N has 16 bits.
MOST_CLOCKS = 0xFFFF
#: Clocks of a port access on a free bus.
ACCESS_CLOCKS = 7

#: Bytes of a board's memory, as powers of two, that are believed.
MEMORY_BITS = range(10, 25)
#: What bit 0 of `Get.BOARD` reads; bit 1: no wait state.
_BOARDS = ("at", "xt")
#: Runs in a row without a clock: the host may have to act more than once before the next one.
_PATIENCE = 64

_LOOK = (Get.LINES, Get.DACK, Get.A0, Get.A1, Get.A2, Get.D0, Get.D1, Get.N0, Get.N1)


def set_register(register: Set, value: int) -> bytes:
    """Return the command that writes a register."""
    return bytes([Command.SET | register, value])


def _sets(low: Set, value: int) -> bytes:
    """Write a register of two bytes."""
    return set_register(low, value & 0xFF) + set_register(Set(low + 1), value >> 8)


def commands(*parts: bytes | Get | Action) -> bytes:
    """Put commands together: bytes as they are, registers to read, actions to do."""
    body = bytearray()
    for part in parts:
        if isinstance(part, Get):
            body.append(Command.GET | part)
        elif isinstance(part, Action):
            body.append(Command.DO | part)
        else:
            body += part
    return bytes(body)


@dataclass(frozen=True)
class Shown:
    """What the bus showed when an answer was made.

    Attributes
    ----------
    status : Status
        What the bridge says.
    pins : int
        LINES, DACK#, address (24 bits) and data (16 bits), lowest first: as `isadma_sim.engines.pins.Out` packs them.
    left : int
        What is left of N.
    """

    status: Status
    pins: int
    left: int

    @classmethod
    def of(cls, status: Status, answer: bytes) -> Shown:
        """Take the answer to `_LOOK` apart."""
        return cls(status, int.from_bytes(answer[:7], "little"), int.from_bytes(answer[7:9], "little"))


@dataclass(frozen=True)
class Access:
    """What became of a port access: whether it was made, the byte read, the clocks gone by, and the bus after it."""

    done: bool
    value: int
    clocks: int
    shown: Shown


class Client:
    """Calls instead of frames. A board answers in the time that its line and the clocks take.

    Parameters
    ----------
    link : Link
        The line.

    Raises
    ------
    EngineError
        Nothing answers, or it speaks another protocol.
    """

    def __init__(self, link: Link) -> None:
        self.link = link
        question, deadline = commands(Get.PROTOCOL, Get.MEMORY), link.deadline()
        # The first one's sequence number may be that of the last frame before: then the answer is to that.
        link.exchange(question, deadline)
        _, answer = link.exchange(question, deadline)
        if len(answer) != 2 or answer[0] != PROTOCOL:
            speaks = f"protocol {answer[0]}" if answer else "another protocol"
            raise EngineError(
                f"{link.name}: the board speaks {speaks}, this isadma {PROTOCOL}: `isadma program` loads the right one"
            )
        if answer[1] not in MEMORY_BITS:
            raise self._wrong(f"says that it has 2^{answer[1]} bytes of memory")
        #: Bytes of the board's memory.
        self.memory_size = 1 << answer[1]
        _, kind = link.exchange(commands(Get.BOARD, Get.DIVISOR), deadline)
        if len(kind) != 2 or kind[0] >= 2 * len(_BOARDS):
            raise self._wrong(f"says '{kind.hex(' ')}' of its kind and clock")
        #: ``"at"`` or ``"xt"``.
        self.board = _BOARDS[kind[0] & 1]
        #: Wait states of its transfers, 0 or 1.
        self.wait_states = 1 - (kind[0] >> 1)
        #: Clocks of the board per bit of the line; 0 where it does not tell.
        self.clocks_per_bit = kind[1]
        self._stuck = 0  # runs in a row without a clock

    def do(self, *parts: bytes | Get | Action) -> tuple[Status, bytes]:
        """Exchange one frame of commands.

        Raises
        ------
        EngineError
            The line does not answer.
        """
        return self.link.exchange(commands(*parts))

    def _wrong(self, does: str) -> EngineError:
        """Return what to raise for an answer that cannot be: its CRC was right, so asking again would not help."""
        return EngineError(
            f"{self.link.name}: the board {does}, and no board of this isadma does: `isadma program` loads a right one"
        )

    def _expect(self, size: int, *parts: bytes | Get | Action) -> tuple[Status, bytes]:
        """Exchange one frame whose answer has so many bytes.

        Raises
        ------
        EngineError
            The line does not answer, or the answer has another length.
        """
        status, answer = self.do(*parts)
        if len(answer) != size:
            raise self._wrong(f"answered {len(answer)} bytes where {size} were due")
        return status, answer

    def command(self, *parts: bytes) -> None:
        """Have commands carried out that answer nothing."""
        self._expect(0, *parts)

    def set(self, register: Set, value: int) -> None:
        """Write a register."""
        self.command(set_register(register, value))

    def run(self, clocks: int, *first: bytes) -> Shown:
        """Let up to `clocks` clocks go by, 1 to 65535; `first` is done before."""
        status, answer = self._expect(len(_LOOK), *first, _sets(Set.N0, clocks), Action.RUN, *_LOOK)
        return self._counted(Shown.of(status, answer), clocks)

    def _counted(self, shown: Shown, wanted: int) -> Shown:
        """Take the clocks of an answer for true, unless they cannot be: more than asked, or none, again and again."""
        if shown.left > wanted:
            raise self._wrong(f"has {shown.left} of {wanted} clocks left")
        self._stuck = self._stuck + 1 if shown.left == wanted else 0
        if self._stuck > _PATIENCE:
            raise self._wrong(f"made no clock in {self._stuck} runs")
        return shown

    def look(self) -> Shown:
        """See what the bus shows."""
        status, answer = self._expect(len(_LOOK), *_LOOK)
        return Shown.of(status, answer)

    def try_inb(self, port: int, wait: int = MOST_CLOCKS) -> Access:
        """Read a port once the bus is free, after `wait` clocks at most."""
        return self._access(wait, 1, _sets(Set.A0, port), _sets(Set.D0, 0xFFFF), bytes([Command.DO | Action.IN]))

    def try_outb(self, port: int, value: int, wait: int = MOST_CLOCKS) -> Access:
        """Write a port, likewise."""
        return self._access(
            wait, 0, _sets(Set.A0, port), _sets(Set.D0, value * 0x101), bytes([Command.DO | Action.OUT])
        )

    def _access(self, wait: int, reads: int, *then: bytes) -> Access:
        # D0 and D1 are set with the bus free: a device of the host may be giving data on them before.
        status, answer = self.do(_sets(Set.N0, wait), Action.ACQUIRE, *then, *_LOOK)
        done = not status & Status.ABORTED
        due = reads + len(_LOOK) if done else 0  # what comes after is left out when the bus was not free
        if len(answer) != due:
            raise self._wrong(f"answered {len(answer)} bytes where {due} were due")
        if not done:
            shown = self._counted(self.look(), wait)
            return Access(False, 0, wait - shown.left, shown)
        shown = Shown.of(status, answer[reads:])
        if shown.left > wait:
            raise self._wrong(f"has {shown.left} of {wait} clocks left")
        self._stuck = 0
        return Access(True, answer[0] if reads else 0, wait - shown.left + ACCESS_CLOCKS, shown)

    def inb(self, port: int) -> int:
        """Read a port of the board; the board's own DMA may hold it up.

        Raises
        ------
        EngineError
            The bus did not become free in 65535 clocks.
        """
        return self._got(port, self.try_inb(port))

    def outb(self, port: int, value: int) -> None:
        """Write a port of the board, likewise."""
        self._got(port, self.try_outb(port, value))

    @staticmethod
    def _got(port: int, access: Access) -> int:
        if not access.done:
            raise EngineError(f"the access to port {port:#x} did not get the bus: DMA has it, or waits for the host")
        return access.value

    def read(self, address: int, size: int) -> bytes:
        """Read the board's memory, in as many frames as it takes."""
        data = bytearray()
        while len(data) < size:
            count = min(BLOCK, size - len(data))
            _, piece = self._expect(count, _sets(Set.A0, address + len(data)), _sets(Set.N0, count), Action.READ)
            data += piece
        return bytes(data)

    def write(self, address: int, data: bytes) -> None:
        """Write the board's memory. D0 and D1 are lost."""
        for start in range(0, len(data), BLOCK):
            piece = bytes(data[start : start + BLOCK])
            self._expect(0, _sets(Set.A0, address + start), _sets(Set.N0, len(piece)), Action.WRITE, piece)

    def close(self) -> None:
        """Let go of the line."""
        self.link.close()

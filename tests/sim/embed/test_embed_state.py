"""The C library's saved states: taken at any clock, loaded elsewhere, the same end; and what is none is refused."""

import random
import struct

import pytest

SIZE = 1 << 17
CASCADE = ((0xD6, 0xC0), (0xD4, 0))
#: Channel 1, block mode, device to memory: 40 bytes to 1000h.
BLOCK_MODE = ((0x0C, 0), (0x02, 0), (0x02, 0x10), (0x03, 39), (0x03, 0), (0x83, 0), (0x0B, 0x85), (0x0A, 1))
#: Memory to memory: 30 bytes from 4000h to 8000h.
COPY = (
    (0x08, 0x01), (0x0C, 0), (0x00, 0), (0x00, 0x40), (0x02, 0), (0x02, 0x80), (0x01, 29), (0x01, 0), (0x03, 29),
    (0x03, 0), (0x0B, 0x88), (0x0B, 0x85), (0x0F, 0x0E), (0x09, 0x04),
)  # fmt: skip


class Bench:
    """A machine with a device that gives 0, 1, 2, ... on every channel."""

    def __init__(self, at, memory, given=0):
        binding, library = at
        self.given = given
        self.memory = memory
        self.machine = binding.Machine(library, memory, callbacks={"dma_read": self.give, "block_over": self.over})
        self.told = None

    def give(self, _, channel):
        self.given += 1
        return self.given & 0xFF

    def over(self, _, channel, moved, counted):
        self.told = channel, moved, counted

    def write(self, *writes):
        for port, value in writes:
            self.machine.outb(port, value)

    def end(self):
        """Go on, and tell what came of it."""
        machine = self.machine
        machine.run(1500 - machine.clocks)
        machine.call("set_dreq", 1, 0)
        machine.run(20)
        reads = [machine.inb(port) for port in (0x08, *range(8), 0x0D, 0x83, 0xD0, 0xDA)]
        stats = machine.stats
        told = [
            reads,
            machine.clocks,
            stats.dma_clocks,
            list(stats.bytes),
            stats.mem_to_mem,
            self.given,
            bytes(self.memory),
        ]
        machine.close()
        return told


def elsewhere(at, bench):
    """Save a machine, and load it into another one with memory of its own."""
    state = bench.machine.save()
    other = Bench(at, bytearray(bench.memory), bench.given)
    other.machine.load(state)
    return other


@pytest.mark.parametrize("writes", [BLOCK_MODE, COPY], ids=["a device's block", "memory to memory"])
def test_saved_at_any_clock_of_a_block_transfer_it_ends_alike(at, writes):
    memory = random.Random(3).randbytes(SIZE)
    whole = Bench(at, bytearray(memory))
    whole.write(*CASCADE, *writes)
    whole.machine.call("set_dreq", 1, 1)
    copies = []
    while whole.machine.clocks < 420:
        copies.append(elsewhere(at, whole))
        assert copies[-1].machine.save() == whole.machine.save()
        whole.machine.run(1)
    want = whole.end()
    for copy in copies:
        assert copy.end() == want
    assert want[-1] != memory


@pytest.mark.parametrize("channel", [1, 5])
def test_a_block_under_way_is_resumed_with_its_bytes(at, channel):
    width = 1 if channel < 4 else 2
    data = random.Random(1).randbytes(40 * width)
    base, mode, mask, clear = (0x02, 0x0B, 0x0A, 0x0C) if channel == 1 else (0xC4, 0xD6, 0xD4, 0xD8)
    page = 0x83 if channel == 1 else 0x8B
    writes = (
        (clear, 0), (base, 0), (base, 0x10), (base + width, 39), (base + width, 0), (page, 0), (mode, 0x45), (mask, 1),
    )  # fmt: skip
    whole = Bench(at, bytearray(SIZE))
    whole.write(*CASCADE, *writes)
    room = whole.machine.block(bytearray(data))
    whole.machine.call("start_block", channel, room, len(data), 1)
    copies = []
    for _ in range(0, 300, 7):
        other = elsewhere(at, whole)
        if other.machine.unresumed:
            copies.append(other)
        whole.machine.run(7)
    assert len(copies) > 20
    whole.machine.run(300)
    where = 0x1000 * width
    assert whole.memory[where : where + len(data)] == data
    code = at[0]
    for other in copies:
        assert other.machine.unresumed == 1 << channel
        with pytest.raises(code.CodeError, match="resume it first"):
            other.machine.run(1)
        with pytest.raises(code.CodeError, match="size"):
            other.machine.call("resume_block", channel, room, len(data) - width)
        other.machine.call("resume_block", channel, other.machine.block(bytearray(data)), len(data))
        other.machine.run(whole.machine.clocks - other.machine.clocks)
        assert (other.told, other.memory) == (whole.told, whole.memory)
        assert other.told == (channel, len(data), 1)
        assert other.machine.save() == whole.machine.save()
        other.machine.close()
    whole.machine.close()


def test_a_bus_masters_burst_is_resumed_with_its_bytes(at):
    binding, library = at
    data = random.Random(2).randbytes(60)

    def card(memory):
        over = []
        calls = {"burst_over": lambda _, channel, moved: over.append((channel, moved))}
        machine = binding.Machine(library, memory, callbacks=calls)
        return machine, over

    memory = bytearray(SIZE)
    whole, told = card(memory)
    for port, value in (*CASCADE, (0xD6, 0xC1), (0xD4, 1)):
        whole.outb(port, value)
    whole.call("set_dreq", 5, 1)
    whole.run(20)
    whole.call("start_burst", 5, 0x2001, whole.block(bytearray(data)), len(data), 1, 3, 2)
    copies = []
    for _ in range(80):
        room = bytearray(memory)
        other, heard = card(room)
        other.load(whole.save())
        copies.append((other, heard, room))
        whole.run(1)
    whole.run(100)
    assert memory[0x2001 : 0x2001 + 60] == data
    assert told == [(5, 60)]
    for other, heard, room in copies:
        assert other.unresumed == 1 << 8
        other.call("resume_burst", other.block(bytearray(data)), len(data))
        other.run(whole.clocks - other.clocks)
        assert (heard, room) == (told, memory)
        other.close()
    whole.close()


# ---------------------------------------------------------------- what is no state of this machine
@pytest.fixture
def bench(at):
    bench = Bench(at, bytearray(SIZE))
    bench.write(*CASCADE, *BLOCK_MODE)
    bench.machine.call("set_dreq", 1, 1)
    bench.machine.run(50)
    yield bench
    bench.machine.close()


def refused(bench, state, code, at):
    before = bench.machine.save()
    with pytest.raises(at[0].CodeError) as error:
        bench.machine.load(state)
    assert error.value.code == getattr(at[0], code)
    assert bench.machine.save() == before, "a state that was refused left something"


def resealed(state):
    """Give a changed state the checksum it would have."""
    total = 0xCBF29CE484222325
    for byte in state[:-8]:
        total = (total ^ byte) * 0x100000001B3 & (1 << 64) - 1
    return bytes(state[:-8]) + struct.pack("<Q", total)


def test_a_state_cut_short_or_with_any_byte_changed_is_refused(at, bench):
    state = bench.machine.save()
    for size in (0, 1, 8, 23, 24, len(state) - 1):
        refused(bench, state[:size], "FORMAT" if size < 24 else "DAMAGED", at)
    refused(bench, state + b"\0", "DAMAGED", at)
    for place in range(24, len(state)):
        damaged = bytearray(state)
        damaged[place] ^= 1 << place % 8
        refused(bench, bytes(damaged), "DAMAGED", at)
    refused(bench, b"PK\3\4" + state[4:], "FORMAT", at)


def test_a_state_of_another_version_or_board_is_refused(at, xt, bench):
    state = bytearray(bench.machine.save())
    assert struct.unpack_from("<II", state, 8) == (1, len(state))
    struct.pack_into("<I", state, 8, 2)
    refused(bench, resealed(state), "VERSION", at)
    binding, library = xt
    with binding.Machine(library, bytearray(SIZE)) as other:
        refused(bench, other.save(), "OTHER", at)


@pytest.mark.parametrize("seed", range(3))
def test_numbers_that_no_machine_has_are_refused_or_harmless(at, bench, seed):
    """Whoever computes the checksum anew gets no further: the machine runs on, within its memory."""
    dice = random.Random(seed)
    state = bench.machine.save()
    taken = 0
    for _ in range(150):
        changed = bytearray(state)
        for _ in range(dice.choice([1, 1, 2, 40])):
            changed[dice.randrange(24, len(changed) - 8)] = dice.choice([0, 0xFF, 0x80, dice.randrange(256)])
        machine = Bench(at, bytearray(SIZE)).machine
        sealed = resealed(changed)
        code = machine.library.load(machine.handle, sealed, len(sealed))
        assert code in (at[0].OK, at[0].DAMAGED)
        if code == at[0].OK and not machine.unresumed:
            taken += 1
            assert machine.library.run(machine.handle, 300, None) in (at[0].OK, at[0].RANGE)
            machine.save()
        machine.close()
    assert taken

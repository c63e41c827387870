"""Random steps of everything at once, against a model that knows only what must be true.

The model keeps what every program wrote, who holds which channel, and where pinned pages stood; the machine is the
simulated PC. 10,000 steps in the long run, a few hundred in the short one.
"""

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from isadma_driver import Direction, Kernel, UserBuffer
from isadma_driver.errors import ChannelBusyError, DmaError, DmaTimeoutError, OutOfMemoryError
from isadma_driver.memory.buddy import PAGE
from isadma_driver.memory.pagetable import ACCESSED

IN, OUT = Direction.FROM_DEVICE, Direction.TO_DEVICE
#: Pages left to play with, below and above 16 MB; of those below, the drivers' reserve is 128.
LOW, HIGH = 230, 12
STEPS = 50

channels = st.sampled_from([1, 5])
picks = st.integers(0, 1 << 16)
lengths = st.one_of(st.integers(1, 60), st.integers(1, 12 * PAGE))


def noise(seed, length):
    """Return bytes that differ from place to place and from seed to seed."""
    return bytes((seed * 7 + number * 13 + (number >> 8)) & 0xFF for number in range(length))


class Everything(RuleBasedStateMachine):
    """One kernel on the playground's machine."""

    playground = None
    made = 0

    def __init__(self):
        super().__init__()
        self.machine, self.pumps = self.playground
        for channel, pump in self.pumps.items():
            self.machine.outb(0x300 + channel, 0)
            pump.limit = None
        self.kernel = Kernel(self.machine, swap_pages=400)
        pages = self.kernel.pages
        small = [pages.alloc(PAGE, "x") for _ in range(LOW)]
        small += [pages.alloc(PAGE, "x", zone="normal") for _ in range(HIGH)]
        for zone, report in zip(("dma", "normal"), pages.reports(), strict=True):
            for order in range(len(report.blocks) - 1, -1, -1):
                for _ in range(report.blocks[order]):
                    pages.alloc(PAGE << order, "everyone else", zone=zone)
        for block in small:
            pages.free(block)
        self.start = [report.blocks for report in pages.reports()]
        self.programs = []  # (space, address, bytearray of what it should hold)
        self.claims = {}
        self.blocks = []
        self.held = []  # (release, {virtual page: physical}, program)
        self.locks = []  # (program, offset, length)
        for seed in range(2):
            self.begin_program(pages=40)
            self.write(pick=seed, at=0, seed=seed, length=40, fill=True)
        for channel in self.pumps:
            self.claim(channel)

    # Memory -----------------------------------------------------------------------------------------------------------

    @rule(
        size=st.integers(1, 20 * PAGE),
        zone=st.sampled_from(["dma", "normal"]),
        bound=st.sampled_from([None, 1 << 16, 1 << 17]),
    )
    def allocate(self, size, zone, bound):
        if bound and size > bound:
            return
        try:
            block = self.kernel.pages.alloc(size, "driver", zone=zone, boundary=bound)
        except OutOfMemoryError:
            return
        assert bound is None or block.address // bound == (block.end - 1) // bound
        self.blocks.append(block)

    @precondition(lambda self: self.blocks)
    @rule(pick=picks)
    def free(self, pick):
        self.kernel.pages.free(self.blocks.pop(pick % len(self.blocks)))

    # Programs ---------------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.programs) < 4)
    @rule(pages=st.integers(1, 60))
    def begin_program(self, pages):
        try:
            space = self.kernel.address_space(f"program {len(self.programs)}")
        except OutOfMemoryError:
            return
        self.programs.append((space, space.map_region(pages * PAGE), bytearray(pages * PAGE)))

    @precondition(lambda self: self.programs)
    @rule(pick=picks)
    def end_program(self, pick):
        program = self.programs[pick % len(self.programs)]
        if any(held[2] is program for held in self.held):
            with pytest.raises(DmaError, match="is pinned by a transfer"):
                program[0].close()
            return
        program[0].close()
        self.programs.remove(program)
        self.locks = [lock for lock in self.locks if lock[0] is not program]

    @precondition(lambda self: self.programs)
    @rule(pick=picks, at=picks, seed=picks, length=st.integers(1, 60), fill=st.booleans())
    def write(self, pick, at, seed, length, fill):
        space, address, model = self.programs[pick % len(self.programs)]
        for page in range(0, len(model), PAGE) if fill else [at % len(model) // PAGE * PAGE]:
            here = noise(seed + page, length)[: PAGE - at % PAGE]
            offset = page + at % PAGE
            try:
                space.write(address + offset, here)
            except OutOfMemoryError:
                return
            model[offset : offset + len(here)] = here

    @precondition(lambda self: self.programs)
    @rule(pick=picks, at=picks, length=lengths)
    def read(self, pick, at, length):
        space, address, model = self.programs[pick % len(self.programs)]
        offset = at % len(model)
        length = min(length, len(model) - offset)
        try:
            assert space.read(address + offset, length) == model[offset : offset + length]
        except OutOfMemoryError:
            return

    @rule(count=st.integers(1, 30))
    def swap(self, count):
        if self.kernel._vm is None:
            return
        vm = self.kernel.vm
        for page in vm.resident.values():
            page.space.table.set(page.address, page.space.table.get(page.address) & ~ACCESSED)
        movable = sum(not page.held for page in vm.resident.values())
        assert vm.reclaim(count) == min(count, movable)

    # Held pages -------------------------------------------------------------------------------------------------------

    def some(self, pick, at, length):
        program = self.programs[pick % len(self.programs)]
        offset = at % len(program[2])
        return program, offset, min(length, len(program[2]) - offset)

    def where(self, program, offset, length):
        first = (program[1] + offset) // PAGE * PAGE
        return {page: program[0].translate(page) for page in range(first, program[1] + offset + length, PAGE)}

    @precondition(lambda self: self.programs and len(self.held) < 6)
    @rule(pick=picks, at=picks, length=lengths, write=st.booleans())
    def pin(self, pick, at, length, write):
        program, offset, length = self.some(pick, at, length)
        try:
            pin = program[0].pin(program[1] + offset, length, write=write)
        except OutOfMemoryError:
            return
        assert sum(piece.length for piece in pin.pieces) == length
        self.held.append((pin.release, self.where(program, offset, length), program))

    @precondition(lambda self: self.programs and len(self.held) < 6)
    @rule(
        pick=picks,
        at=picks,
        length=lengths,
        channel=channels,
        direction=st.sampled_from([IN, OUT]),
        split=st.booleans(),
    )
    def map(self, pick, at, length, channel, direction, split):
        if channel not in self.claims:
            return
        program, offset, length = self.some(pick, at, length)
        buffer = UserBuffer(program[0], program[1] + offset, length)
        try:
            mapping = self.kernel.mapper.map(buffer, self.claims[channel], direction, split=split)
        except OutOfMemoryError:
            return
        assert mapping.length == length
        span = 65536 if channel == 1 else 131072
        for index in range(len(mapping.segments)):
            start, size = mapping.dma_range(index)
            assert start // span == (start + size - 1) // span
            assert start + size <= 1 << 24
            assert channel == 1 or start % 2 == size % 2 == 0
        self.held.append((partial(mapping.unmap, 0), self.where(program, offset, length), program))

    @precondition(lambda self: self.held)
    @rule(pick=picks)
    def let_go(self, pick):
        release, _, _ = self.held.pop(pick % len(self.held))
        release()
        with pytest.raises(DmaError):
            release()

    @precondition(lambda self: self.programs and len(self.locks) < 6)
    @rule(pick=picks, at=picks, length=lengths)
    def lock(self, pick, at, length):
        program, offset, length = self.some(pick, at, length)
        try:
            program[0].mlock(program[1] + offset, length)
        except OutOfMemoryError:
            return
        self.locks.append((program, offset, length))

    @precondition(lambda self: self.locks)
    @rule(pick=picks)
    def unlock(self, pick):
        program, offset, length = self.locks.pop(pick % len(self.locks))
        program[0].munlock(program[1] + offset, length)

    # Channels and transfers -------------------------------------------------------------------------------------------

    @rule(channel=channels)
    def claim(self, channel):
        if channel in self.claims:
            with pytest.raises(ChannelBusyError):
                self.kernel.dma.request_dma(channel, "second")
        else:
            self.claims[channel] = self.kernel.dma.request_dma(channel, f"driver {channel}")

    @rule(channel=channels, really=st.integers(0, 3))
    def unclaim(self, channel, really):
        if channel in self.claims and not really:
            claim = self.claims.pop(channel)
            self.kernel.dma.free_dma(claim)
            with pytest.raises(DmaError):
                self.kernel.dma.free_dma(claim)

    @precondition(lambda self: self.programs and self.claims)
    @rule(
        pick=picks,
        at=picks,
        seed=picks,
        length=st.integers(1, 90),
        near_edge=st.booleans(),
        direction=st.sampled_from([IN, OUT]),
        percent=st.sampled_from([None, None, 0, 30, 99]),
        swap=st.booleans(),
    )
    def transfer(self, pick, at, seed, length, near_edge, direction, percent, swap):
        if near_edge:  # so that it lies in two pages
            at = at // PAGE * PAGE + PAGE - 40
        program, offset, length = self.some(pick, at, length)
        channel = sorted(self.claims)[pick % len(self.claims)]
        pump, width = self.pumps[channel], 1 if channel == 1 else 2
        data, model = noise(seed, length), program[2]
        limit = None if percent is None else length * percent // 100 // width
        pump.source, pump.taken, pump.limit = data, 0, limit
        pump.sink.clear()
        transfer = self.kernel.transfer(
            self.claims[channel],
            UserBuffer(program[0], program[1] + offset, length),
            direction,
            go=lambda offset, length: self.machine.outb(0x300 + channel, 1),
        )
        with transfer:
            try:
                transfer.start()
                if swap:
                    self.swap(30)
                transfer.wait(seconds=0.002)
                whole = True
            except DmaTimeoutError:
                whole = False
            except OutOfMemoryError:
                return
        assert whole == (limit is None or limit * width >= length)
        moved = length if whole else limit * width
        assert transfer.progress == moved
        if direction is IN:
            model[offset : offset + moved] = data[:moved]
        else:
            sent = bytes(model[offset : offset + moved])
            assert bytes(pump.sink) == sent.ljust(-(-moved // width) * width, b"\0")

    # What must always be true -----------------------------------------------------------------------------------------

    @invariant()
    def a_step_was_made(self):
        type(self).made += 1

    @invariant()
    def every_page_has_one_owner_or_none(self):
        ranges = [(block.address, block.end) for block in self.kernel.pages.memory_map()]
        ranges += [(start, start + size) for start, size in self.kernel.pages.free_ranges()]
        ranges.sort()
        assert ranges[0][0] == 0
        assert ranges[-1][1] == len(self.machine.memory)
        assert all(before[1] == after[0] for before, after in pairwise(ranges))

    @invariant()
    def nothing_held_has_moved(self):
        for _, pages, program in self.held:
            for virtual, physical in pages.items():
                assert physical is not None
                assert program[0].translate(virtual) == physical

    @invariant()
    def proc_dma_lists_the_owners(self):
        lines = {4: " 4: cascade\n"} | {channel: f" {channel}: driver {channel}\n" for channel in self.claims}
        assert self.kernel.proc_dma() == "".join(lines[channel] for channel in sorted(lines))

    def teardown(self):
        for release, _, _ in self.held:
            release()
        for program, offset, length in self.locks:
            program[0].munlock(program[1] + offset, length)
        for block in self.blocks:
            self.kernel.pages.free(block)
        for space, address, model in self.programs:
            for offset in range(0, len(model), PAGE):
                assert space.read(address + offset, PAGE) == model[offset : offset + PAGE]
            space.close()
        for claim in self.claims.values():
            self.kernel.dma.free_dma(claim)
        assert [report.blocks for report in self.kernel.pages.reports()] == self.start
        if self.kernel._vm is not None:
            assert self.kernel.vm.swap.used == 0
            assert not self.kernel.vm.resident
        assert self.kernel.proc_dma() == " 4: cascade\n"
        self.kernel.close()


@pytest.mark.parametrize("steps", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_random_steps_break_no_rule(playground, steps):
    Everything.playground, Everything.made = playground, 0
    run_state_machine_as_test(
        Everything,
        settings=settings(
            max_examples=steps * 5 // 4 // STEPS,  # an example may end early
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            phases=[Phase.generate],  # shrinking a failure takes minutes: add Phase.shrink to look into one
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    assert Everything.made >= steps

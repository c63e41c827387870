"""The C library in the hands of a program that is wrong: a code and a text, and a machine that goes on."""

import ctypes as c
import threading

import pytest

SIZE = 1 << 16
FAR = (0x10000, 0xFFFFFFFF)
#: Calls with a machine, and arguments that are out of range, one by one.
OUT_OF_RANGE = [
    *(("outb", port, 0) for port in FAR), *(("inb", port, None) for port in FAR), ("outb", 0, 256),
    ("outb", 0, 1 << 31),
    ("outw", 0xFFFF, 0), ("outw", 0, 0x10000), ("inw", 0xFFFF, None), ("inw", 1 << 31, None),
    ("claim", 0x10000, 1, 1), ("claim", 0, 0, 1), ("claim", 0xFFFF, 2, 1), ("claim", 1, 0xFFFFFFFF, 1),
    ("claim", 0, 1, 3),
    ("claim", 0, 1, -1), ("run", (1 << 48) + 1, None), ("run", 1 << 63, None), ("run", (1 << 64) - 1, None),
    ("run_until", 1 << 63, 4, None, None), ("run_until", 1, 0, None, None), ("run_until", 1, 256, None, None),
    *(("set_dreq", channel, 1) for channel in (4, -1, 8, 1 << 30, -(1 << 31))), ("set_dreq", 0, 2), ("set_dreq", 0, -1),
    ("set_out1", 2), ("stop_block", 4, None), ("stop_block", 8, None), ("stop_block", -1, None), ("watch", 2),
    ("rom", SIZE, 1), ("rom", 0, SIZE + 1), ("rom", 1, SIZE), ("rom", 1 << 63, 1), ("rom", 5, (1 << 64) - 5),
    ("rom", 0, 0),
]  # fmt: skip


@pytest.fixture
def machine(at):
    binding, library = at
    with binding.Machine(library, bytearray(SIZE)) as machine:
        yield machine


def test_every_call_takes_null_for_a_machine(at):
    binding, library = at
    for name, kinds in binding.CALLS.items():
        if kinds[:1] == (c.c_void_p,):
            nothing = [None if kind is c.c_void_p else 0 for kind in kinds]
            code = getattr(library, name)(*nothing)
            assert code in (binding.NULL, binding.SIZE), name
            assert library.error_text(code)


def test_every_code_has_a_text_and_others_have_one_too(at):
    _, library = at
    texts = [library.error_text(code) for code in (*range(0, -15, -1), 1, -15, 1 << 30, -(1 << 31))]
    assert all(texts)
    assert len(set(texts)) == 16


@pytest.mark.parametrize("call", OUT_OF_RANGE, ids=str)
def test_what_is_out_of_range_is_a_code_and_no_clock_goes_by(at, machine, call):
    before = machine.save()
    name, *arguments = call
    assert getattr(machine.library, name)(machine.handle, *arguments) == at[0].RANGE
    assert machine.save() == before


def test_sizes_of_another_version_are_refused(at, machine):
    binding, library = at
    config, callbacks, handle = binding.Config(), binding.Callbacks(), c.c_void_p(1)
    room = (c.c_uint8 * 16)()
    assert library.default(c.byref(config), c.sizeof(config) - 8) == binding.SIZE
    binding_of = [
        ({"size": c.sizeof(config) + 8}, {}, binding.SIZE), ({}, {"size": 0}, binding.SIZE),
        ({"memory": None}, {}, binding.NULL),
        ({"memory_size": 0}, {}, binding.RANGE), ({"memory_size": (1 << 24) + 1}, {}, binding.RANGE),
        ({"memory_size": 1 << 63}, {}, binding.RANGE), ({"hlda_delay": 0}, {}, binding.RANGE),
        ({"hlda_delay": 1 << 33}, {}, binding.RANGE), ({"bus_timeout": 0}, {}, binding.RANGE),
        ({"decode": 11}, {}, binding.RANGE),
        ({"skip_idle": 2}, {}, binding.RANGE),
    ]  # fmt: skip
    for wrong, of_callbacks, code in binding_of:
        assert library.default(c.byref(config), c.sizeof(config)) == binding.OK
        config.memory, config.memory_size, callbacks.size = c.addressof(room), 16, c.sizeof(callbacks)
        for name, value in wrong.items():
            setattr(config, name, value)
        for name, value in of_callbacks.items():
            setattr(callbacks, name, value)
        assert library.create(c.byref(config), c.byref(callbacks), c.byref(handle)) == code, wrong
        assert handle.value is None
    stats, state = binding.Stats(), c.create_string_buffer(library.state_size())
    assert library.read_stats(machine.handle, c.byref(stats), c.sizeof(stats) - 1) == binding.SIZE
    assert library.save(machine.handle, state, library.state_size() - 1) == binding.SIZE
    assert library.save(machine.handle, None, library.state_size()) == binding.NULL


def test_blocks_and_bursts_that_do_not_fit(at, machine):
    binding, library = at
    room = machine.block(bytearray(8))
    start = [
        ((1, None, 8, 1), binding.NULL), ((4, room, 8, 1), binding.RANGE), ((-1, room, 8, 1), binding.RANGE),
        ((1, room, 0, 1), binding.RANGE), ((5, room, 7, 1), binding.RANGE), ((1, room, 1 << 63, 1), binding.RANGE),
        ((1, room, 8, 2), binding.RANGE), ((1, room, 8, 1), binding.OK), ((1, room, 8, 1), binding.OCCUPIED),
    ]  # fmt: skip
    for arguments, code in start:
        assert library.start_block(machine.handle, *arguments) == code, arguments
    assert library.stop_block(machine.handle, 1, None) == binding.OK
    assert library.stop_block(machine.handle, 1, None) == binding.NOTHING
    assert library.resume_block(machine.handle, 1, room, 8) == binding.NOTHING
    assert library.resume_burst(machine.handle, room, 8) == binding.NOTHING
    burst = [
        ((5, 1 << 24, room, 8, 1, 2, 2), binding.RANGE), ((5, 0, None, 8, 1, 2, 2), binding.NULL),
        ((4, 0, room, 8, 1, 2, 2), binding.RANGE), ((5, 0, room, 0, 1, 2, 2), binding.RANGE),
        ((5, 0, room, 1 << 31, 1, 2, 2), binding.RANGE), ((5, 0, room, 8, 1, 1, 2), binding.RANGE),
        ((5, 0, room, 8, 1, 256, 2), binding.RANGE), ((5, 0, room, 8, 1, 2, 3), binding.RANGE),
        ((5, 0, room, 8, 1, 2, 2), binding.OK), ((5, 0, room, 8, 1, 2, 2), binding.OCCUPIED),
    ]  # fmt: skip
    for arguments, code in burst:
        assert library.start_burst(machine.handle, *arguments) == code, arguments


def test_a_callback_may_not_run_the_machine_and_may_drive_its_lines(at):
    binding, library = at
    codes, room = {}, c.create_string_buffer(library.state_size())

    def answer(_, port):
        handle = machine.handle
        for name in ("outb", "inb", "run", "run_until", "reset", "destroy", "save", "load", "claim", "rom", "watch"):
            arguments = [None if kind is c.c_void_p else 1 for kind in binding.CALLS[name][1:]]
            codes[name] = getattr(library, name)(handle, *arguments)
        codes["save"] = library.save(handle, room, len(room))
        for name, *arguments in (("set_dreq", 1, 1), ("set_event", 0), ("stop",), ("set_out1", 1), ("set_out1", 0)):
            codes[name] = getattr(library, name)(handle, *arguments)
        return 0x77

    with binding.Machine(library, bytearray(SIZE), callbacks={"io_read": answer}) as machine:
        machine.call("claim", 0x300, 1, 1)
        assert machine.inb(0x300) == 0x77
        may = {"set_dreq", "set_event", "stop", "set_out1"}
        assert {name for name, code in codes.items() if code == binding.OK} == may
        assert {code for name, code in codes.items() if name not in may} == {binding.BUSY}
        assert machine.run(50) == 50


def test_another_thread_is_refused_while_the_machine_runs(at):
    binding, library = at
    codes = []

    def meanwhile():
        codes.append(library.run(machine.handle, 1, None))

    def answer(_, port):
        thread = threading.Thread(target=meanwhile)
        thread.start()
        thread.join(20)
        return 0

    with binding.Machine(library, bytearray(SIZE), callbacks={"io_read": answer}) as machine:
        machine.call("claim", 0x300, 1, 1)
        machine.inb(0x300)
        assert codes == [binding.BUSY]
        thread = threading.Thread(target=meanwhile)
        thread.start()
        thread.join(20)
        assert codes == [binding.BUSY, binding.OK]


def test_a_callback_may_run_another_machine(at):
    binding, library = at

    def pass_on(_, port):
        behind.run(10)
        return behind.inb(0x87)

    with binding.Machine(library, bytearray(SIZE)) as behind:
        behind.outb(0x87, 0x5A)
        with binding.Machine(library, bytearray(SIZE), callbacks={"io_read": pass_on}) as front:
            front.call("claim", 0x300, 1, 1)
            front.outb(0x87, 0xA5)
            assert (front.inb(0x300), front.inb(0x87)) == (0x5A, 0xA5)


def test_a_bus_that_dma_keeps_is_a_code_and_goes_on_when_it_is_let_go(at):
    binding, library = at
    with binding.Machine(library, bytearray(SIZE), bus_timeout=500) as machine:
        machine.outb(0xD6, 0xC1)
        machine.outb(0xD4, 1)
        machine.call("set_dreq", 5, 1)
        machine.run(20)
        before = machine.clocks
        with pytest.raises(binding.CodeError, match="let go of the bus") as error:
            machine.outb(0x81, 1)
        assert error.value.code == binding.TIMEOUT
        assert machine.clocks - before == 500
        machine.call("set_dreq", 5, 0)
        machine.outb(0x81, 3)
        assert machine.inb(0x81) == 3


def test_the_longest_runs_and_the_last_clock(at, machine):
    binding, library = at
    for _ in range(3):
        assert machine.run(1 << 48) == 1 << 48
    machine.call("set_event", 5)  # gone by: the next clock
    assert machine.until(10, binding.ON_EVENT) == (1, binding.ON_EVENT)
    for _ in range((1 << 14) - 3):
        code = library.run(machine.handle, 1 << 48, None)
        if code != binding.OK:
            break
    assert code == binding.RANGE
    assert machine.clocks <= 1 << 62
    assert machine.inb(0x81) in range(256)


def test_addresses_beyond_memory_float_and_swallow(at):
    """DMA to where no memory is writes nothing and reads ones, at the very end of the host's buffer too."""
    binding, library = at
    written = []
    room = bytearray(b"\x11" * 0x1008)
    size = 0x1003
    calls = {"dma_read": lambda _, channel: 0x22, "dma_write": lambda _, channel, value: written.append(value)}
    with binding.Machine(library, room, callbacks=calls, memory_size=size) as machine:
        for port, value in (
            (0xD6, 0xC0), (0xD4, 0), (0x0C, 0), (0x02, 0), (0x02, 0x10), (0x03, 7), (0x03, 0), (0x83, 0), (0x0B, 0x85),
            (0x0A, 1),
        ):  # fmt: skip
            machine.outb(port, value)
        machine.call("set_dreq", 1, 1)
        machine.until(1000, binding.ON_TC)
        machine.call("set_dreq", 1, 0)
        assert room == b"\x11" * 0x1000 + b"\x22" * 3 + b"\x11" * 5
        for port, value in ((0x0C, 0), (0x02, 0), (0x02, 0x10), (0x03, 7), (0x03, 0), (0x0B, 0x89), (0x0A, 1)):
            machine.outb(port, value)
        machine.call("set_dreq", 1, 1)
        machine.until(1000, binding.ON_TC)
        assert written == [0x22] * 3 + [0xFF] * 5


def test_rom_stays_and_what_was_written_is_told(at):
    binding, library = at
    room = bytearray(SIZE)
    with binding.Machine(library, room, callbacks={"dma_read": lambda _, channel: 0x22}) as machine:
        machine.call("rom", 0x1004, 4)
        assert library.rom(machine.handle, 0x1007, 2) == binding.OCCUPIED
        for region in range(15):
            machine.call("rom", 0x8000 + 16 * region, 8)
        assert library.rom(machine.handle, 0, 1) == binding.OCCUPIED
        machine.call("watch", 1)
        for port, value in (
            (0xD6, 0xC0), (0xD4, 0), (0x0C, 0), (0x02, 0xF0), (0x02, 0x0F), (0x03, 0x1F), (0x03, 0), (0x0B, 0x85),
            (0x0A, 1),
        ):  # fmt: skip
            machine.outb(port, value)
        machine.call("set_dreq", 1, 1)
        machine.until(1000, binding.ON_TC)
        assert room[0xFF0:0x1010] == b"\x22" * 20 + bytes(4) + b"\x22" * 8
        address, length = c.c_uint64(), c.c_uint64()
        machine.call("written", c.byref(address), c.byref(length))
        assert (address.value, length.value) == (0xFF0, 0x20)
        machine.call("written", c.byref(address), c.byref(length))
        assert length.value == 0

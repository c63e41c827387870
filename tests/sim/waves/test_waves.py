"""Waveform dumps: readable by their format's own readers, true in time, with a save file that names what exists."""

import re

import pylibfst
import pytest
from vcd.reader import TokenKind, tokenize

from isadma_sim import PC, Device


class Pump(Device):
    """Gives FFh, FEh, ... on its DMA channel until terminal count."""

    name = "pump"

    def __init__(self):
        self.value = 0x100

    def dma_read(self):
        self.value -= 1
        return self.value

    def tc(self):
        self.lines.dreq(False)
        self.lines.irq(True)


def four_bytes(pc):
    """Single mode, device to memory, channel 3, four bytes to 51200h."""
    pump = Pump()
    pc.attach(pump, dma=3, irq=1)
    for port, value in (
        (0x0C, 0), (0x0B, 0x47), (0x06, 0x00), (0x06, 0x12), (0x82, 0x05),
        (0x07, 0x03), (0x07, 0x00), (0x0A, 0x03),
    ):  # fmt: skip
        pc.outb(port, value)
    return pump


def saved_names(path):
    """Signals a GTKWave save file asks for."""
    lines = path.read_text().splitlines()
    return [line for line in lines if line and line[0] not in "[@-*" and not line.startswith("#")]


def read_vcd(path):
    """Names (with bit ranges), widths by name, and all changes as (time, name, value)."""
    scopes, by_code, names, changes, time = [], {}, {}, [], None
    timescale = None
    with open(path, "rb") as stream:
        for token in tokenize(stream):
            if token.kind is TokenKind.SCOPE:
                scopes.append(token.scope.ident)
            elif token.kind is TokenKind.UPSCOPE:
                scopes.pop()
            elif token.kind is TokenKind.TIMESCALE:
                timescale = token.timescale.magnitude.value, token.timescale.unit.value
            elif token.kind is TokenKind.VAR:
                var = token.var
                by_code[var.id_code] = name = ".".join([*scopes, var.ref_str.replace(" ", "")])
                names[name] = var.size
            elif token.kind is TokenKind.CHANGE_TIME:
                time = token.time_change
            elif token.kind in (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR, TokenKind.CHANGE_STRING):
                changes.append((time, by_code[token.data.id_code], token.data.value))
    return names, changes, timescale


def read_fst(path):
    lib, ffi = pylibfst.lib, pylibfst.ffi
    reader = lib.fstReaderOpen(str(path).encode())
    assert reader != ffi.NULL
    _, signals = pylibfst.get_scopes_signals2(reader)
    by_handle = {signal.handle: name.replace(" ", "") for name, signal in signals.by_name.items()}
    changes = []
    lib.fstReaderSetFacProcessMaskAll(reader)

    def change(_user, time, handle, value):
        changes.append((time, by_handle[handle], pylibfst.string(value)))

    def change_string(_user, time, handle, value, length):
        changes.append((time, by_handle[handle], bytes(ffi.buffer(value, length)).decode()))

    pylibfst.fstReaderIterBlocks2(reader, change, change_string)
    names = {name.replace(" ", ""): signal.length for name, signal in signals.by_name.items()}
    scale = lib.fstReaderGetTimescale(reader)
    lib.fstReaderClose(reader)
    return names, changes, scale


@pytest.fixture
def dump(engine, tmp_path):
    """A VCD of four bytes on channel 3, with the clock the dump began at."""
    path = tmp_path / "four.vcd"
    with PC(engine=engine) as pc:
        pump = four_bytes(pc)
        start = pc.clocks
        pc.waves(path)
        pump.lines.dreq(True)
        pc.run(clocks=200)
    return path, start


@pytest.mark.parametrize("ending", ["vcd", "fst"])
def test_every_signal_of_the_save_file_is_in_the_dump(engine, tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    with PC(engine=engine) as pc:
        pump = four_bytes(pc)
        pc.waves(path)
        pump.lines.dreq(True)
        pc.run(clocks=100)
    names, _, _ = (read_vcd if ending == "vcd" else read_fst)(path)
    asked = saved_names(tmp_path / "x.gtkw")
    assert len(asked) > 30
    assert set(asked) == set(names)


def test_the_save_file_groups_cpu_bus_chips_and_devices(dump):
    path, _ = dump
    groups = set(re.findall(r"^-(.+)$", path.with_suffix(".gtkw").read_text(), re.MULTILINE))
    assert {"Clock", "CPU side", "ISA bus", "DRQ and DACK#", "pump (DMA 3)", "DMA 1 (bytes)", "DMA 2 (words)"} <= groups


def test_times_are_nanoseconds_of_a_real_4_mhz_clock(dump):
    path, start = dump
    _, changes, timescale = read_vcd(path)
    assert timescale == (1, "ns")
    edges = [(time, value) for time, name, value in changes if name == "pc.clk" and value in "01"]
    assert edges[0] == (start * 250, "0")
    assert edges[1] == (start * 250 + 125, "1")
    falls = [time for time, value in edges if value == "0"]
    assert falls[1] - falls[0] == 250
    assert max(time for time, _, _ in changes) <= (start + 200) * 250


def test_an_odd_clock_is_shown_in_picoseconds(tmp_path):
    with PC(engine="reference", clock_hz=4_772_727) as pc:
        start = pc.clocks
        pc.waves(tmp_path / "x.vcd")
        pc.run(clocks=3)
    _, changes, timescale = read_vcd(tmp_path / "x.vcd")
    assert timescale == (1, "ps")
    assert min(time for time, name, value in changes if name == "pc.clk" and value == "1") // 1000 == int(
        (start + 0.5) * 1e9 / 4_772_727
    )


def test_the_bus_shows_the_four_bytes_at_their_addresses(dump):
    path, _ = dump
    _, changes, _ = read_vcd(path)
    before, now, at, written = {}, {}, None, []
    for time, name, value in changes:
        if time != at:
            before, at = dict(now), time
        if name == "pc.isa.memw_n" and value == "1" and before.get(name) == "0":
            written.append((before["pc.isa.a[23:0]"], before["pc.isa.d[15:0]"] & 0xFF))
        now[name] = value
    assert written == [(0x51200, 0xFF), (0x51201, 0xFE), (0x51202, 0xFD), (0x51203, 0xFC)]


def test_the_states_of_the_first_chip_are_named_as_in_the_data_sheet(dump):
    path, _ = dump
    _, changes, _ = read_vcd(path)
    states = [value for _, name, value in changes if name == "pc.dma1.state"]
    first = states.index("S0")
    assert states[first : first + 6] == ["S0", "S1", "S2", "S3", "SW", "S4"]


def test_skipped_clocks_are_marked_and_time_goes_on(dump):
    path, start = dump
    _, changes, _ = read_vcd(path)
    asleep = [(time, value) for time, name, value in changes if name == "pc.asleep"]
    assert asleep[-1][0] == (start + 200) * 250
    assert [value for _, value in asleep][-2:] == ["1", "0"]


def test_vcd_and_fst_hold_the_same_changes(tmp_path):
    found = []
    for ending, read in (("vcd", read_vcd), ("fst", read_fst)):
        with PC(engine="reference") as pc:
            pump = four_bytes(pc)
            pc.waves(tmp_path / f"x.{ending}")
            pump.lines.dreq(True)
            pc.run(clocks=60)
        names, changes, _ = read(tmp_path / f"x.{ending}")
        normal = set()
        for time, name, value in changes:
            if names[name] > 1 and isinstance(value, str) and "state" not in name:
                value = int(value, 2) if set(value) <= {"0", "1"} else value[0]
            normal.add((time, name, value))
        # The first values are a matter of format: what is unknown, and whether it is repeated.
        found.append({change for change in normal if change[0] > min(time for time, _, _ in normal)})
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["x.txt", "x", "x.vcd.gz"])
def test_another_ending_is_refused_in_one_line(name, tmp_path):
    with PC(engine="reference") as pc:
        with pytest.raises(ValueError, match=r"ends in \.vcd, \.fst, \.sr") as error:
            pc.waves(tmp_path / name)
        assert "\n" not in str(error.value)
        pc.run(clocks=5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["vcd", "fst"])
def test_a_folder_that_is_not_there_is_the_systems_error(ending, tmp_path):
    with PC(engine="reference") as pc, pytest.raises(FileNotFoundError):
        pc.waves(tmp_path / "nowhere" / f"x.{ending}")


def test_a_second_dump_ends_the_first(tmp_path):
    with PC(engine="reference") as pc:
        pc.waves(tmp_path / "a.vcd")
        pc.run(clocks=10)
        pc.waves(tmp_path / "b.vcd")
        pc.run(clocks=10)
        first = (tmp_path / "a.vcd").stat().st_size
        pc.waves(None)
        pc.run(clocks=10)
        second = (tmp_path / "b.vcd").stat().st_size
    assert (tmp_path / "a.vcd").stat().st_size == first
    assert (tmp_path / "b.vcd").stat().st_size == second


def test_a_window_leaves_out_the_clocks_around_it(tmp_path):
    with PC(engine="reference", skip_idle=False) as pc:
        now = pc.clocks
        pc.waves(tmp_path / "x.vcd", first=now + 10, last=now + 19)
        pc.run(clocks=100)
    _, changes, _ = read_vcd(tmp_path / "x.vcd")
    rises = [time for time, name, value in changes if name == "pc.clk" and value == "1"]
    assert rises == [(now + n) * 250 + 125 for n in range(10, 20)]


@pytest.mark.parametrize("ending", ["vcd", "fst"])
def test_the_size_limit_ends_the_dump_and_tells_where(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    with PC(engine="reference", skip_idle=False) as pc:
        start = pc.clocks
        waves = pc.waves(path, limit=100_000)
        for n in range(600):
            pc.outb(0x80, n & 0xFF)
        assert waves.full
        assert waves.ended < start + 4200
    assert path.stat().st_size <= 100_000
    assert waves.ended > start + 200


@pytest.mark.parametrize(("board", "chips"), [("at", {"DMA 1 (bytes)", "DMA 2 (words)"}), ("xt", {"DMA"})])
def test_refresh_is_named_on_either_board(engine, board, chips, tmp_path):
    path = tmp_path / "refresh.vcd"
    with PC(engine=engine, board=board, refresh=True) as pc:
        pc.waves(path)
        pc.run(clocks=150)
        assert pc.stats.refreshes
    _, changes, _ = read_vcd(path)
    assert [value for _, name, value in changes if name == "pc.isa.transfer"][:3] == ["-", "refresh", "-"]
    assert "refresh" in {value for _, name, value in changes if name == "pc.isa.master"}
    assert chips <= set(re.findall(r"^-(.+)$", path.with_suffix(".gtkw").read_text(), re.MULTILINE))

"""All 256 commands of every DSP: how many bytes each takes, which of them start DMA, and what they answer.

# Ref: github.com/schlae/sb-firmware (DSP 2.02); DOSBox-X and 86Box (DSP 4); the tables here are written out from them,
#      and never look at the card's own.
"""

import importlib.util
from pathlib import Path

import pytest

from isadma_sim.devices.sound import SoundBlaster1, SoundBlaster2, SoundBlaster16, SoundBlasterPro
from isadma_sim.devices.sound.commands import COMMANDS

CARDS = {"1.05": SoundBlaster1, "2.01": SoundBlaster2, "3.02": SoundBlasterPro, "4.05": SoundBlaster16}


def lengths(digits):
    return [int(digit) for digit in digits.replace(" ", "").replace("\n", "")]


#: Bytes after each command, a row for each high nibble.
LENGTHS = {
    "1.05": lengths(
        """
        0000000000000000 1000202200000000 0000200000000000 0000000010000000
        1000000000000000 0000000000000000 0000000000000000 0000222200000000
        2000000000000000 0000000000000000 0000000000000000 0000000000000000
        0000000000000000 0000000000000000 0010000000000000 0000000000000000
    """.replace("1000200220000000", "1000202200000000")
    ),
    "2.01": lengths(
        """
        0000000000000000 1111222200000000 0000222200000000 0000000011111111
        1111111122222222 0000000044444444 0000000000000000 0000222200000000
        2222222222222222 0000000000000000 0000000000000000 0000000000000000
        0000000000000000 0000000000000000 1011111100000000 0000000000000000
    """.replace("1111222200000000 1111222200000000", "1111222200000000 0000222200000000")
    ),
    "3.02": lengths("""
        0000000000000000 1000202200000000 0000200000000000 0000000010000000
        1111111120000000 0000000000000000 0000000000000000 0000222200000000
        2000000000000000 0000000000000000 0000000000000000 0000000000000000
        0000000000000000 0000000000000000 1010100000000000 0000000000000000
    """),
    "4.05": lengths("""
        0200120010000021 1000222200000000 0000200000000000 0000000010000000
        1220000020000000 0000000000000000 0000000000000000 0000222200000000
        2000000000000000 0000000000000000 0000000000000000 3333333333333333
        3333333333333333 0000000000000000 1010100000000000 0000000001200000
    """),
}
_AUTO_2 = {0x18, 0x19, 0x1C, 0x1D, *range(0x28, 0x30)}
#: Commands after which DREQ rises.
STARTS = {
    "1.05": {0x14, 0x24, 0xE2},
    "2.01": {0x14, 0x15, *range(0x24, 0x28), *_AUTO_2, *range(0x90, 0xA0), 0xE2, 0xE3},
    "3.02": {0x14, 0x1C, 0x24, 0x2C, 0x90, 0x91, 0x98, 0x99, 0xE2},
    "4.05": {0x14, 0x15, 0x1C, 0x24, 0x2C, 0x90, 0x91, 0x98, 0x99, *range(0xB0, 0xD0), 0xE2},
}
#: Recordings without parameters, and the pause that keeps them from their first sample.
RECORDS = {"1.05": set(), "2.01": set(range(0x28, 0x30)), "3.02": {0x2C}, "4.05": {0x2C, 0x98, 0x99}}
PAUSES = {"1.05": {0xD0}, "2.01": {0xD0, 0xD2}, "3.02": {0xD0}, "4.05": {0xD0}}
#: Commands after which a byte is no command: the next one, or every one.
ONE_BYTE = {0x30, 0x31, 0x32, 0x33}
EVERY_BYTE = {
    "1.05": set(),
    "2.01": {*range(0x34, 0x38), *range(0x08, 0x10), *range(0x58, 0x60)},
    "3.02": set(range(0x34, 0x38)),
    "4.05": {*range(0x34, 0x38), 0x01},
}


class Wires:
    """A machine's end of the wires, without a machine: time goes by as told, DREQ is remembered."""

    clock_hz = 4_000_000
    channel = 0

    def __init__(self):
        self.clock = 0
        self.calls = []
        self.requested = False

    def irq(self, level):
        pass

    def select_irq(self, irq):
        pass

    def take_dma(self, channel, end):
        return self

    def free(self):
        pass

    def dreq(self, level):
        self.requested |= level

    def after(self, clocks, fn):
        handle = [self.clock + clocks, fn]
        self.calls.append(handle)
        return handle

    def cancel(self, handle):
        if handle in self.calls:
            self.calls.remove(handle)

    def go_by(self, clocks):
        end = self.clock + clocks
        while due := min((call for call in self.calls if call[0] <= end), default=None, key=lambda call: call[0]):
            self.calls.remove(due)
            self.clock = due[0]
            due[1]()
        self.clock = end


@pytest.fixture
def bench():
    """Make a card on bare wires, its DSP awake."""

    def make(version):
        card = CARDS[version]()
        card.lines = wires = Wires()
        card.reset()
        return card, wires

    return make


def restart(card, wires):
    card.io_write(0x226, 1)
    card.io_write(0x226, 0)
    wires.go_by(500)
    card.io_read(0x22A)
    card.io_read(0x22E)
    wires.requested = False


def send(card, wires, *values):
    for value in values:
        card.io_write(0x22C, value)
        wires.go_by(10)


@pytest.mark.parametrize("version", CARDS)
def test_every_command_takes_its_bytes_and_the_next_is_understood(bench, version):
    card, wires = bench(version)
    for code in range(256):
        if code in ONE_BYTE | EVERY_BYTE[version] | {0x90, 0x91, 0x98, 0x99} or (version == "2.01" and code >> 4 == 9):
            continue
        restart(card, wires)
        send(card, wires, code, *[0] * LENGTHS[version][code])
        while card.io_read(0x22E) & 0x80:
            card.io_read(0x22A)
        send(card, wires, 0xE1)
        answer = (card.io_read(0x22A), card.io_read(0x22A))
        assert answer == tuple(map(int, version.split("."))), f"after {code:02X}h"


@pytest.mark.parametrize(
    "version",
    [pytest.param(version, marks=[] if version in ("1.05", "4.05") else pytest.mark.long) for version in CARDS],
)
def test_a_command_followed_by_any_byte_starts_no_dma_that_it_should_not(bench, version):
    card, wires = bench(version)
    length, starts = LENGTHS[version], STARTS[version]
    wrong = []
    pairs = [(code, value) for code in range(256) for value in range(256)]
    for code, value in pairs:
        restart(card, wires)
        send(card, wires, code, value)
        wires.go_by(1_200)  # more than a sample at any rate
        alone = code in starts and length[code] <= 1 and not (code in RECORDS[version] and value in PAUSES[version])
        deaf = code in ONE_BYTE | EVERY_BYTE[version]
        follows = not length[code] and not deaf and value in starts and not length[value]
        if wires.requested != (alone or follows):
            wrong.append((code, value))
    assert len(pairs) == 65_536
    assert not wrong, [f"{code:02X}h {value:02X}h" for code, value in wrong[:20]]


@pytest.mark.parametrize("version", CARDS)
def test_a_command_whose_parameters_are_any_byte_starts_dma_if_it_is_one_that_does(bench, version):
    card, wires = bench(version)
    for code in range(256):
        for value in range(0, 256, 5):
            restart(card, wires)
            send(card, wires, code, *[value] * LENGTHS[version][code])
            wires.go_by(70_000 if code in STARTS[version] and not wires.requested else 100)
            assert wires.requested == (code in STARTS[version]), f"{code:02X}h with {value:02X}h"


def test_each_version_has_all_256():
    assert {version: len(table) for version, table in COMMANDS.items()} == {
        (1, 5): 256,
        (2, 1): 256,
        (3, 2): 256,
        (4, 5): 256,
    }
    for version, table in COMMANDS.items():
        assert [entry.parameters for entry in table] == LENGTHS[f"{version[0]}.{version[1]:02}"]
        assert all(entry.what and entry.source for entry in table)


@pytest.mark.parametrize("version", ["2.01", "3.02", "4.05"])
@pytest.mark.parametrize("mode", [0x34, 0x35, 0x36, 0x37])
def test_in_a_midi_mode_no_byte_is_a_command_until_a_reset(bench, version, mode):
    card, wires = bench(version)
    restart(card, wires)
    send(card, wires, mode, 0x90, 0x3C, 0x7F, 0xE1, 0x14, 0xFF, 0xFF)
    wires.go_by(1_000)
    assert not wires.requested
    assert not card.io_read(0x22E) & 0x80
    assert card.midi_out == b"\x90\x3c\x7f\xe1\x14\xff\xff"
    restart(card, wires)
    send(card, wires, 0xE1)
    assert card.io_read(0x22A) == int(version[0])


@pytest.mark.parametrize("version", CARDS)
def test_a_byte_ends_midi_input_and_is_no_command(bench, version):
    card, wires = bench(version)
    for mode in (0x30, 0x31):
        restart(card, wires)
        send(card, wires, mode, mode, 0xE1)
        assert card.io_read(0x22A) == int(version[0])


def test_a_dsp_2_that_is_stopped_hears_nothing_until_a_reset(bench):
    card, wires = bench("2.01")
    send(card, wires, 0x08, 0xE1)
    assert card.io_read(0x22C) == 0xFF
    assert not card.io_read(0x22E) & 0x80
    restart(card, wires)
    send(card, wires, 0xE1)
    assert card.io_read(0x22A) == 2


def test_samples_and_code_that_are_loaded_are_no_commands(bench):
    card, wires = bench("2.01")
    send(card, wires, 0x58, 8, 1, 1, 0, *[0x1C] * 4, 0xE1)
    assert not wires.requested
    assert card.io_read(0x22A) == 2
    card, wires = bench("4.05")
    send(card, wires, 0x01, 2, 0, *[0x1C] * 3)
    assert not wires.requested
    assert card.io_read(0x22E) & 0x80
    assert card.io_read(0x22A) == 0
    send(card, wires, 0xE1)
    assert card.io_read(0x22A) == 4


@pytest.mark.parametrize(
    ("version", "command", "answer"),
    [
        ("4.05", (0x41, 0xAC, 0x44, 0xF9, 0x13), 0x44),
        ("4.05", (0x41, 0xAC, 0x44, 0xF9, 0x14), 0xAC),
        ("4.05", (0xF9, 0x0E), 0xFF),
        ("4.05", (0xFA, 0x77, 0x5A, 0xF9, 0x77), 0x5A),
        ("4.05", (0xD1, 0xFD), 0xD1),
        ("4.05", (0xFB,), 0x00),
        ("4.05", (0x08, 0x03), 0xFF),
        ("4.05", (0xE0, 0xA5), 0x5A),
        ("2.01", (0xE0, 0xA5), 0x5A),
        ("2.01", (0x04,), 0x00),
        ("2.01", (0xD1, 0x04), 0x01),
        ("2.01", (0x48, 255, 0, 0x1C, 0x04), 0x80),
        ("2.01", (0x48, 255, 0, 0x2C, 0x04), 0x04),
        ("2.01", (0x80, 255, 0, 0x04), 0x08),
        ("2.01", (0xE4, 0x33, 0xE8), 0x33),
        ("2.01", (0xF8,), 0x00),
    ],
)
def test_what_each_command_answers(bench, version, command, answer):
    card, wires = bench(version)
    send(card, wires, *command)
    assert card.io_read(0x22E) & 0x80
    assert card.io_read(0x22A) == answer


@pytest.mark.parametrize("engine", ["native", "reference"])
@pytest.mark.parametrize("card", [SoundBlaster1, SoundBlaster2, SoundBlaster16])
def test_the_identification_is_a_byte_by_dma_for_each_challenge(rig, engine, card):
    sb = rig(engine, card=card)
    sb.pc.memory[0x20000:0x20010] = bytes(16)
    sb.program(1, 0x20000, 16, 0x44)
    for challenge in (0x00, 0xFF, 0x5A, 0xA5):
        sb.dsp(0xE2, challenge)
        sb.pc.delay(20e-6)
    assert sb.left(1) == 11
    assert sb.pc.memory[0x20000:0x20010] == b"\x40\x9a\xcd\xcc" + bytes(12)
    sb.reset()
    sb.dsp(0xE2, 0x00)
    sb.pc.delay(20e-6)
    assert sb.pc.memory[0x20004] == 0x40
    assert (sb.left(1), sb.card.takes) == (10, [])


def test_a_stream_goes_on_when_it_has_lent_its_channel_to_the_identification(rig):
    sb = rig()
    sb.pc.memory[0x20000:0x20080] = bytes(range(128))
    sb.program(1, 0x20000, 128, 0x58)
    sb.dsp(0x41, 0x1F, 0x40, 0xC6, 0x00, 127, 0)
    sb.pc.delay(0.001)
    sb.dsp(0xE2, 0x00)
    sb.pc.delay(0.02)
    heard = bytes(sb.card.takes[0].brought)
    assert len(heard) > 120
    # The byte that the channel brought for the challenge, which asked for the other direction, went nowhere.
    assert sb.card.dropped == 1
    assert len(heard) + sb.card.waiting + 1 == sb.pc.stats.bytes[1]


def test_the_guides_table_is_that_of_the_cards():
    path = Path(__file__).parents[4] / "docs" / "make_dsp_commands.py"
    spec = importlib.util.spec_from_file_location("make_dsp_commands", path)
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    assert maker.PAGE.read_text(encoding="utf-8") == maker.page(), "write it anew: docs/make_dsp_commands.py"

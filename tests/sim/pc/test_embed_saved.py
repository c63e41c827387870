"""Saved and loaded machines: stopped at any clock, gone on with elsewhere, the same end."""

import json
import random
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from isadma_sim import PC
from isadma_sim.machine.device import Device

SIZE = 1 << 18


def copies(pc, count=60):
    """Have the board copy memory to memory, with a timer that runs on."""
    pc.memory[0x20000 : 0x20000 + count] = random.Random(5).randbytes(count)
    for port, value in (
        (0x43, 0x34), (0x40, 0x39), (0x40, 0x01), (0x08, 0x01), (0x0C, 0), (0x00, 0x00), (0x00, 0x00),
        (0x02, 0x00), (0x02, 0x80), (0x01, count - 1), (0x01, 0), (0x03, count - 1), (0x03, 0),
        (0x87, 2), (0x83, 2), (0x0B, 0x88), (0x0B, 0x85), (0x0F, 0x0E),
    ):  # fmt: skip
        pc.outb(port, value)
    pc.outb(0x09, 0x04)


def program_all(pc):
    """Put something into every register there is."""
    for port in (*range(0x00, 0x08), *range(0x81, 0x90), 0xC0, 0xC4, 0xC6, 0xC8):
        pc.outb(port, (port * 37 + 11) & 0xFF)
    pc.outb(0x0C, 0)
    pc.outb(0x05, 0x12)  # the flip-flop stands on the high byte
    pc.outb(0x21, 0x10)
    pc.outb(0x61, 0x01)
    pc.outb(0x43, 0xB6)
    pc.outb(0x42, 0x55)  # half of a count


def end(pc):
    """Go on, and tell all that can be seen."""
    seen = [pc.clocks, pc.intr, pc.next_event]
    for port in (*range(0x00, 0x10), 0x20, 0x21, 0x40, 0x42, 0x61, *range(0x80, 0x90), *range(0xC0, 0xE0, 2)):
        seen.append((port, pc.inb(port)))
    pc.outb(0x42, 0x66)
    seen += [pc.run(3000, until_intr=True), pc.inta(), pc.inb(0x42), pc.run(5000)]
    return [*seen, pc.clocks, pc.stats, pc.spurious, pc.acknowledged(0), bytes(pc.memory[0:SIZE])]


@pytest.mark.parametrize("board", ["at", "xt"])
def test_a_machine_saved_anywhere_goes_on_as_if_it_had_not_been(engine, board):
    whole = PC(engine=engine, board=board, memory=SIZE, refresh=board == "at")
    program_all(whole)
    copies(whole)
    for clocks in moments(engine, 0, 1, 62, 63, 67):
        whole.run(clocks)
        saved = whole.save()
        with PC.load(saved) as loaded:
            assert (loaded.clocks, loaded.stats) == (whole.clocks, whole.stats)
            assert loaded.save() == saved
    with PC.load(whole.save()) as loaded:
        assert end(loaded) == end(whole)
    whole.close()


def moments(engine, *clocks):
    """Fewer where a machine takes a second to make."""
    return clocks if engine != "amaranth" else clocks[-2:]


def test_in_the_middle_of_a_block_it_goes_on_with_the_same_byte(engine):
    for clocks in moments(engine, 13, 14, 15, 16, 17, 19, 250, 18):
        with PC(engine=engine, memory=SIZE) as whole:
            copies(whole)
            whole.run(clocks)
            source, copied = whole.memory[0x20000:0x2003C], whole.memory[0x28000:0x2803C]
            assert source != copied
            with PC.load(whole.save()) as loaded:
                for pc in (whole, loaded):
                    pc.run(1000)
                    assert pc.memory[0x28000:0x2803C] == source
                assert end(loaded) == end(whole)


def test_another_process_goes_on_with_it(engine, tmp_path):
    with PC(engine=engine, memory=SIZE) as pc:
        copies(pc)
        pc.run(100)
        (tmp_path / "saved").write_bytes(pc.save())
        pc.run(2000)
        want = f"{pc.clocks} {pc.stats.mem_to_mem} {pc.memory[0x28000:0x2803C].hex()}"
    program = (
        "import sys; from isadma_sim import PC\n"
        "with PC.load(open(sys.argv[1], 'rb').read()) as pc:\n"
        "    pc.run(2000); print(pc.clocks, pc.stats.mem_to_mem, pc.memory[0x28000:0x2803C].hex())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "saved")]
    out = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert out.stdout.strip() == want


class Giver(Device):
    """Gives a block by DMA, and can be saved."""

    name = "giver"
    ports = (0x300,)

    def __init__(self, data=b""):
        self.data = data
        self.told = None

    def io_write(self, port, value):
        self.lines.start_block(bytearray(self.data), to_host=True, done=self.done)
        self.lines.after(100, self.tick)

    def tick(self):
        self.lines.irq(True)

    def done(self, moved, counted):
        self.told = (moved, counted, self.lines.clock)

    def save_state(self):
        return {"data": self.data.hex(), "at": self.lines.clock}

    def load_state(self, state):
        self.data = self.lines.resume_block(self.done)
        self.lines.after(100, self.tick)


def gives(pc, channel):
    """Attach a giver of 40 bytes, and have it begin: 40 transfers of bytes, or of words on channel 5."""
    pc.outb(0x21, 0)
    pc.attach(Giver(bytes(range(40))), dma=channel, irq=5)
    address, count, page, clear, mode, mask = (
        (0x02, 0x03, 0x83, 0x0C, 0x0B, 0x0A) if channel == 1 else (0xC4, 0xC6, 0x8B, 0xD8, 0xD6, 0xD4)
    )
    for port, value in (
        (clear, 0), (address, 0), (address, 0x10), (count, 39), (count, 0), (page, 0), (mode, 0x45), (mask, 0x01),
        (0x300, 0),
    ):  # fmt: skip
        pc.outb(port, value)


@pytest.mark.parametrize("channel", [1, 5])
def test_a_cards_block_goes_on_where_it_was(engine, channel):
    """The call it ordered is its own to order again: here another 100 clocks from where it was saved."""
    for clocks in moments(engine, 0, 30, 32, 34, 35, 36, 33, 31):
        with PC(engine=engine, memory=SIZE) as whole:
            gives(whole, channel)
            whole.run(clocks)
            card = Giver()
            with PC.load(whole.save(), cards=[card]) as loaded:
                for pc in (whole, loaded):
                    pc.run(90)
                assert loaded.stats == whole.stats
                for pc in (whole, loaded):
                    pc.run(2000)
                assert loaded.memory[0:SIZE] == whole.memory[0:SIZE]
                assert loaded.stats.bytes[channel] == 40
                assert loaded.intr
                assert card.told[:2] == (40, channel == 1)
                assert loaded.clocks == whole.clocks


def test_a_card_that_cannot_be_saved_is_named():
    class Mute(Device):
        name = "mute card"

    with PC(engine="reference", memory=SIZE) as pc:
        pc.attach(Mute())
        with pytest.raises(
            RuntimeError, match=r"^mute card cannot be saved: its class has no save_state\(\) and load_state\(\)$"
        ):
            pc.save()


def test_rom_and_options_come_back(engine):
    with PC(engine=engine, memory=SIZE, decode=16, hlda_delay=3, clock_hz=5_000_000, post=False) as pc:
        pc.rom(0x3000, b"\x55\xaa")
        saved = pc.save()
    buffer = bytearray(SIZE)
    with PC.load(saved, memory=buffer) as loaded:
        assert loaded.clock_hz == 5_000_000
        loaded.memory[0x3000] = 1
        assert buffer[0x3000:0x3002] == b"\x55\xaa"
        loaded.outb(0x483, 5)
        assert loaded.inb(0x83) != 5
        loaded.reset()
        assert loaded.stats.accesses == 2


@pytest.fixture
def saved():
    with PC(engine="reference", memory=SIZE) as pc:
        return pc.save()


@pytest.mark.parametrize("cut", [0, 1, 20, 200, -1, -30])
def test_what_is_no_saved_machine_is_told_in_one_line(saved, cut):
    for bad in (saved[:cut], saved[: len(saved) // 2], b"no zip at all"):
        with pytest.raises(ValueError, match="no saved machine") as error:
            PC.load(bad)
        assert "\n" not in str(error.value)


def changed(saved, **parts):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(saved)) as old, zipfile.ZipFile(out, "w") as new:
        machine = json.loads(old.read("machine.json")) | parts
        new.writestr("machine.json", json.dumps(machine))
        new.writestr("memory.bin", old.read("memory.bin"))
    return out.getvalue()


def test_a_machine_of_another_format_or_board_is_told(saved):
    with pytest.raises(ValueError, match="format 99: this version has 2"):
        PC.load(changed(saved, format=99))
    with PC(engine="native", memory=SIZE) as pc:
        other = json.loads(zipfile.ZipFile(BytesIO(pc.save())).read("machine.json"))["engine"]
    with pytest.raises(ValueError, match="saved by engine 'native', not 'reference'"):
        PC.load(changed(saved, engine=other))
    other["board"]["rtl"] = "0"
    native = {"engine": "native", "board": "at"}
    with pytest.raises(ValueError, match="another version: its RTL is 0"):
        PC.load(changed(saved, engine=other, options=native))
    with pytest.raises(ValueError, match="no state of PicPair"):
        PC.load(changed(saved, pics=7))


def test_names_in_a_saved_machine_lead_to_nothing_but_its_own_models(saved):
    evil = {"parts": {"master": {"kind": "os:system", "value": ["true"]}}}
    with pytest.raises(ValueError, match="no state of PicPair"):
        PC.load(changed(saved, pics=evil))


def test_memory_and_cards_must_fit(saved):
    with pytest.raises(ValueError, match="memory of 4096 bytes for a saved machine with 262144"):
        PC.load(saved, memory=bytearray(4096))
    with pytest.raises(ValueError, match=r"got giver: the saved machine has none"):
        PC.load(saved, cards=[Giver()])

"""The programs for a real PC: their code does what the tables are made of, and the guide has those tables."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "docs" / "examples" / "measure" / "programs.py"


@pytest.fixture(scope="module")
def programs():
    specification = importlib.util.spec_from_file_location("measure_programs", SOURCE)
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


class Processor:
    """The few instructions of an 8088 that the programs are made of, by Intel's tables of them."""

    def __init__(self, segment):
        self.registers = {"ax": 0, "bx": 0, "cx": 0, "dx": 0}
        self.segment, self.carry, self.accesses = segment, 0, []

    NAMES = ("al", "cl", "dl", "bl", "ah", "ch", "dh", "bh")

    def get(self, number):
        name = self.NAMES[number]
        return self.registers[f"{name[0]}x"] >> 8 * (name[1] == "h") & 0xFF

    def set(self, number, value):
        name = self.NAMES[number]
        shift = 8 * (name[1] == "h")
        word = self.registers[f"{name[0]}x"]
        self.registers[f"{name[0]}x"] = word & ~(0xFF << shift) | (value & 0xFF) << shift

    def run(self, code):
        at = 0
        while True:
            opcode, low = code[at], code[at + 1]
            word = low | code[at + 2] << 8 if at + 2 < len(code) else 0
            if opcode in (0xFA, 0xFB):  # cli, sti
                at += 1
            elif opcode == 0xCD:  # int
                assert (low, self.registers["ax"]) == (0x21, 0x4C00)
                return
            elif opcode == 0x8C:
                assert low == 0xC8  # mov ax,cs
                self.registers["ax"], at = self.segment, at + 2
            elif opcode in (0xB0, 0xB1):  # mov al,byte; mov cl,byte
                self.set(opcode & 7, low)
                at += 2
            elif opcode == 0xB8:  # mov ax,word
                self.registers["ax"], at = word, at + 3
            elif opcode == 0xD3:
                assert low == 0xC0  # rol ax,cl
                count, ax = self.get(1) % 16, self.registers["ax"]
                self.registers["ax"], at = (ax << count | ax >> 16 - count) & 0xFFFF, at + 2
            elif opcode == 0x88:  # mov r8,r8
                assert low >> 6 == 3
                self.set(low & 7, self.get(low >> 3 & 7))
                at += 2
            elif opcode == 0x89:
                assert low == 0xC2  # mov dx,ax
                self.registers["dx"], at = self.registers["ax"], at + 2
            elif opcode == 0x24:  # and al,byte
                self.set(0, self.get(0) & low)
                at += 2
            elif opcode == 0x30:
                assert low == 0xC0  # xor al,al
                self.set(0, 0)
                self.carry, at = 0, at + 2
            elif opcode == 0x80:  # and bl,byte; adc bl,byte
                value = code[at + 2]
                if low == 0xE3:
                    self.set(3, self.get(3) & value)
                else:
                    assert low == 0xD3
                    total = self.get(3) + value + self.carry
                    self.set(3, total)
                    self.carry = total >> 8
                at += 3
            elif opcode == 0x05:  # add ax,word
                total = self.registers["ax"] + word
                self.registers["ax"], self.carry, at = total & 0xFFFF, total >> 16, at + 3
            elif opcode == 0xE6:  # out port,al
                self.accesses.append((low, self.get(0)))
                at += 2
            elif opcode == 0xE4:  # in al,port
                self.accesses.append(low)
                at += 2
            else:
                raise AssertionError(f"no such instruction here: {opcode:02X}h at {at:04X}h")


@pytest.mark.parametrize("segment", [0x0060, 0x0FFF, 0x1234, 0x2FE7, 0x9ABC])
@pytest.mark.parametrize("number", range(6))
def test_a_program_does_its_steps_with_the_address_of_its_own_block(programs, number, segment):
    program = programs.PROGRAMS[number]
    processor = Processor(segment)
    processor.run(programs.machine_code(program))
    block = (segment * 16 + 0xFF & ~0xFF) + programs.BLOCK + program.start
    assert block + 4 - segment * 16 < 0x10000
    parts = {"page": block >> 16, "low": block & 0xFF, "high": block >> 8 & 0xFF}
    wanted = [
        step if isinstance(step, int) else (step[0], parts.get(step[1], step[1]))
        for step in (*programs._OPEN, *program.steps, *programs._CLOSE)
    ]
    assert processor.accesses == wanted


def test_a_program_fits_below_its_block(programs):
    for program in programs.PROGRAMS:
        assert 0x100 + len(programs.machine_code(program)) < programs.BLOCK


def test_the_guide_has_the_tables_of_the_golden_model(programs):
    text = programs.GUIDE.read_text(encoding="utf-8")
    assert text.split(programs.BEGIN)[1].split(programs.END)[0] == programs.tables(), (
        "draw them anew: .venv/bin/python docs/examples/measure/programs.py"
    )


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("VERIFY", "SI S0 S1 S2 S3 S4 S2 S3 S4 S2 S3 S4 S2 S3 S4 SI"),
        ("CARRY", "SI S0 S1 S2 S3 SW S4 S2 S3 SW S4 S1 S2 S3 SW S4 S2 S3 SW S4 SI"),
        ("TCWAIT", "SI S0 S1 S2 S3 SW S4 SI"),
    ],
)
def test_the_states_are_the_data_sheets(programs, name, states):
    program = next(program for program in programs.PROGRAMS if program.name == name)
    shown = [out.state1 for _, out in programs.clocks(program)]
    assert shown in (states.split(), states.split()[:-1])


def test_the_files_are_written(programs, tmp_path):
    assert programs.main([str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{p.name}.COM" for p in programs.PROGRAMS)

"""What Unicorn leaves to its host: HLT, interrupts, exceptions, ROM, A20, code that changes behind its back."""

import itertools

import pytest

from isadma_sim.boot.errors import GuestError
from isadma_sim.boot.layout import MB, Layout


def test_a_halt_is_seen_however_the_count_falls(bench):
    bench.load("fb 40 40 f4 40 f4 ebfb")  # STI; INC AX twice; HLT; INC AX; HLT; JMP to the second HLT
    for count in (2, 1, 1):
        bench.cpu.run(count)
    assert bench.cpu.halted
    bench.cpu.run(50)
    assert bench.cpu.halted
    assert bench["EAX"] == 3
    bench.cpu.run(2)  # JMP, HLT: the second time it is known
    assert bench.cpu.halted


def test_a_jump_behind_a_byte_f4_is_no_halt_twice(bench):
    bench.load("fb b0f4 eb00 40 ebf9")  # MOV AL,F4h ends with the byte; JMP; INC AX; JMP to MOV
    halts = 0
    for _ in range(40):
        bench.cpu.run(1)
        halts += bench.cpu.halted
    assert halts <= 1  # the first time it cannot be told, and a wait does no harm


@pytest.mark.parametrize("code", ["7cf4", "b0f4", "e4f4", "3cf4"], ids=["jump", "move", "port", "compare"])
def test_what_ends_with_hlts_byte_is_none_the_first_time_either(bench, code):
    bench.load("fb" + code + "40")
    bench.cpu.run(2)
    assert not bench.cpu.halted
    bench.load("fb 40 f4", at=0x7D00)
    bench.cpu.uc.reg_write(bench.cpu._x86.UC_X86_REG_EIP, 0x7D00)
    bench.cpu.run(3)
    assert bench.cpu.halted
    assert not bench.cpu.halt_is_sure


def test_software_interrupts_and_their_return(bench):
    bench.vector(0x21, 0x600)
    bench.load("bb0700 cf", at=0x600)  # MOV BX,7; IRET
    bench.load("fb cd21 40 fa f4 ebfc")
    bench.until_halt()
    assert (bench["EBX"], bench["EAX"], bench["ESP"]) == (7, 1, 0x7000)


def test_an_interrupt_clears_the_flag_and_iret_brings_it_back(bench):
    bench.vector(8, 0x600)
    bench.load("9c 5b cf", at=0x600)  # PUSHF; POP BX; IRET
    bench.load("fb 90 90 f4 ebfd")
    bench.cpu.run(2)
    bench.cpu.interrupt(8)
    assert not bench.cpu.interrupts_on
    bench.cpu.run(3)
    assert bench.cpu.interrupts_on
    assert not bench["EBX"] & 0x200


def test_no_interrupt_comes_between_sti_or_a_new_stack_and_the_next_instruction(bench):
    bench.load("fa fb 90 8ed0 90 17 90 8ed8 90")  # CLI; STI; NOP; MOV SS,AX; NOP; POP SS; NOP; MOV DS,AX; NOP
    seen = []
    for _ in range(9):
        bench.cpu.run(1)
        seen.append(bench.cpu.shadowed)
    assert seen == [False, True, False, True, False, True, False, False, False]


@pytest.mark.parametrize(
    ("number", "code"), [(0, "31c0 f6f0"), (6, "0f0b"), (3, "cc")], ids=["divide", "undefined", "breakpoint"]
)
def test_exceptions_come_to_their_vectors(bench, number, code):
    bench.vector(number, 0x600)
    bench.load("bb3412 fa f4 ebfc", at=0x600)
    bench.load(code)
    bench.until_halt()
    assert bench["EBX"] == 0x1234


def test_rom_does_not_change_and_what_follows_sees_that(bench):
    bench.load("b800f0 8ed8 c606000055 fe060100 b95500 a00000 fa f4 ebfc")  # [F000:0] = 55h; INC [1]; CX; AL = [0]
    for _ in range(3):  # a run ends at each write
        bench.cpu.run(100)
    assert bench.cpu.halted
    assert (bench["EAX"] & 0xFF, bench["ECX"]) == (0x90, 0x55)
    assert bench.memory[0xF0000:0xF0002] == b"\x90\x90"


def test_a_string_over_the_end_of_ram_stops_at_the_rom(bench):
    bench.load("b800e0 8ec0 bffcff b90400 b077 f3aa b800f0 8ec0 31ff b90400 f3aa fa f4 ebfc")  # REP STOSB, twice
    for _ in range(20):
        bench.cpu.run(100)
    assert bench.cpu.halted
    assert bench["ECX"] == 0
    assert bench.memory[0xEFFFC:0xF0004] == b"\x77" * 4 + b"\x90" * 4


def test_with_a20_low_the_second_megabyte_is_the_first(bench_class):
    for a20, expected in [(True, 0x00), (False, 0x77)]:
        bench = bench_class(a20)
        bench.memory[0x500] = 0x77
        bench.load("b8ffff 8ed8 a01005 fa f4 ebfc")  # AL = [FFFF:0510]
        bench.until_halt()
        assert bench["EAX"] & 0xFF == expected
        bench.cpu.close()


def test_a20_changes_behind_the_instruction_that_asked(bench):
    bench.memory[0x500] = 0x77
    bench.ports.on_write = lambda port, value: setattr(bench.cpu, "a20", bool(value))
    bench.load("b8ffff 8ed8 b000 e692 a01005 88c3 b001 e692 a01005 fa f4 ebfc")
    for _ in range(10):
        bench.cpu.run(100)
        if bench.cpu.halted:
            break
    assert (bench["EBX"] & 0xFF, bench["EAX"] & 0xFF) == (0x77, 0)


def test_code_that_dma_wrote_is_executed(bench):
    bench.load("bb0000 43 ebfd")  # INC BX; JMP to it
    bench.cpu.run(20)
    bench.load("fa f4 ebfc", at=0x7C03)
    bench.cpu.forget(0x7C03, 4)
    bench.until_halt()


def test_words_and_strings_are_bytes_at_ports_that_follow_each_other(bench):
    bench.load("ba1203 66ed 66ef b90300 bf0005 f36c fa f4 ebfc")  # IN, OUT of a double word; REP INSB
    bench.until_halt()
    assert bench["EAX"] == 0x15141312
    assert bench.ports.written == [(0x312, 0x12), (0x313, 0x13), (0x314, 0x14), (0x315, 0x15)]
    assert bench.ports.asked[4:] == [0x312] * 3
    assert bench.memory[0x500:0x503] == b"\x12" * 3


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("b90400 ba9000 bf0005 f36c fa f4 ebfc", 4),  # REP INSB
        ("ba9000 bf0005 6d fa f4 ebfc", 2),  # INSW
        ("ba9000 ec fa f4 ebfc", 1),
        ("e590 fa f4 ebfc", 2),
    ],
)
def test_a_run_that_is_stopped_at_a_port_reads_it_once(bench, code, asked):
    read = bench.ports.read
    bench.ports.read = lambda port: (read(port), bench.cpu.stop())[0]
    bench.load(code)
    for _ in range(8):
        bench.cpu.run(50)
        if bench.cpu.halted:
            break
    assert bench.cpu.halted
    assert len(bench.ports.asked) == asked


def test_a_run_that_is_stopped_at_a_port_writes_it_once(bench):
    bench.ports.on_write = lambda port, value: bench.cpu.stop()
    bench.memory[0x500:0x503] = b"abc"
    bench.load("b90300 ba9000 be0005 f36e b064 ee fa f4 ebfc")  # REP OUTSB; OUT
    for _ in range(10):
        bench.cpu.run(50)
        if bench.cpu.halted:
            break
    assert [value for _, value in bench.ports.written] == [*b"abcd"]


def test_what_a_port_raises_comes_out(bench):
    def fail(port, value):
        raise ZeroDivisionError("the device's own")

    bench.ports.on_write = fail
    bench.load("e680 f4")
    with pytest.raises(ZeroDivisionError, match="the device's own"):
        bench.cpu.run(10)
    bench.cpu.run(1)  # and the processor goes on behind it


#: LGDT [7C80h]; LIDT [7C90h]; CR0.PE; a far jump to 32-bit code at 7C40h.
PROTECTED = "2e0f0116 807c 2e0f011e 907c 0f20c0 0c01 0f22c0 66ea 407c0000 0800"


def protected(bench, code, gate="0006080000 8e0000"):
    """Protected mode with flat segments 08h and 10h, a code segment of ring 3 at 18h, and `gate` for INT 21h."""
    bench.load(PROTECTED)
    bench.load("66b81000 8ed8 8ed0 bc00700000 " + code, at=0x7C40)
    bench.load("1f00 607d0000", at=0x7C80)
    bench.load("0f01 00050000", at=0x7C90)
    bench.load("0000000000000000 ffff0000009bcf00 ffff00000093cf00 ffff000000fbcf00", at=0x7D60)
    bench.load(gate, at=0x500 + 0x21 * 8)


def test_protected_mode_with_its_interrupts(bench):
    protected(bench, "fb cd21 a100002000 90 fa f4 ebfc")
    bench.load("bb78563412 cf", at=0x600)  # MOV EBX,12345678h; IRET
    for _ in range(20):
        bench.cpu.run(3)
        if bench.cpu.halted:
            break
    assert bench.cpu.where.startswith("0008:")
    assert (bench["EBX"], bench["ESP"], bench["EAX"]) == (0x12345678, 0x7000, 0xFFFFFFFF)
    bench.cpu.interrupt(0x21)
    bench.cpu.run(2)
    assert bench["ESP"] == 0x7000


def test_an_interrupt_without_an_entry_is_a_triple_fault(bench):
    bench.load("2e0f011e 207c cd21")  # LIDT with a limit of 0; INT 21h
    bench.load("0000 00000000", at=0x7C20)
    bench.cpu.run(100)
    assert not bench.cpu.halted
    assert "interrupt 21h at 0000:7C08" in bench.cpu.shutdown
    assert "triple fault" in bench.cpu.shutdown
    bench.cpu.reset()
    assert bench.cpu.where == "F000:FFF0"
    assert bench.cpu.shutdown is None


def test_what_this_processor_cannot_do_is_said(bench):
    protected(bench, "cd21 f4", gate="0006180000 8e0000")
    with pytest.raises(GuestError, match="another privilege level"):
        bench.cpu.run(100)


@pytest.mark.parametrize("a20", [True, False])
@pytest.mark.parametrize("memory", [1, 2, 5, 16])
def test_the_layout_covers_the_memory_once(memory, a20):
    ranges = Layout(memory * MB, ((0xC0000, 0x100000),), 0x20000).ranges(a20=a20)
    assert all(before.end <= after.start for before, after in itertools.pairwise(ranges))
    low = [part for part in ranges if part.end <= 16 * MB]
    assert sum(part.end - part.start for part in low) == max(memory * MB, 2 * MB if not a20 else 0)
    for part in low:
        shows = part.start if a20 or not part.start & MB else part.start - MB
        assert part.shows == shows
        assert part.writable == (not 0xC0000 <= part.shows < MB)

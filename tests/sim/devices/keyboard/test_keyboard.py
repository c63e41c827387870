"""The keyboard: its commands, its buffer, typematic, the PC/XT's port, and hands that type."""

import pytest

from isadma_sim.devices.keyboard import KeyboardController, Typist, strokes_of


def test_reset_is_acknowledged_and_the_self_test_answers_later(ready):
    ready.out(0x60, 0xFF)
    assert ready.read(0.01) == 0xFA
    assert ready.read(0.1) is None
    assert ready.read(0.5) == 0xAA


def test_echo_identity_leds_and_resend(ready):
    ready.command(0x60, 0x05)  # as they are, without translation
    ready.out(0x60, 0xEE)
    assert ready.read_all() == [0xEE]
    ready.out(0x60, 0xF2)
    assert ready.read_all() == [0xFA, 0xAB, 0x83]
    ready.out(0x60, 0xFE)
    assert ready.read_all() == [0x83]
    ready.out(0x60, 0xED)
    assert ready.read_all() == [0xFA]
    ready.out(0x60, 0x05)
    assert ready.read_all() == [0xFA]
    assert ready.keyboard.leds == 5


def test_a_command_where_its_data_should_be_is_taken_as_a_command(ready):
    ready.out(0x60, 0xED)
    assert ready.read_all() == [0xFA]
    ready.out(0x60, 0xEE)
    assert ready.read_all() == [0xEE]
    assert ready.keyboard.leds == 0


def test_an_unknown_command_and_set_3_are_asked_for_again(ready):
    ready.out(0x60, 0x10)
    assert ready.read_all() == [0xFE]
    ready.out(0x60, 0xF0)
    ready.read_all()
    ready.out(0x60, 0x03)
    assert ready.read_all() == [0xFE]


def test_the_scan_code_set_is_selected_and_told(ready):
    ready.command(0x60, 0x05)
    ready.out(0x60, 0xF0)
    ready.read_all()
    ready.out(0x60, 0x01)
    assert ready.read_all() == [0xFA]
    ready.keyboard.press("a")
    ready.keyboard.release("a")
    assert ready.read_all() == [0x1E, 0x9E]
    ready.out(0x60, 0xF0)
    ready.read_all()
    ready.out(0x60, 0x00)
    assert ready.read_all() == [0xFA, 0x01]


def test_disabled_it_sees_no_key_and_its_defaults_come_back(ready):
    ready.out(0x60, 0xF5)
    assert ready.read_all() == [0xFA]
    ready.keyboard.press("a")
    assert ready.read(0.05) is None
    ready.out(0x60, 0xF4)
    assert ready.read_all() == [0xFA]
    ready.keyboard.press("s")
    assert ready.read() == 0x1F


def test_sixteen_codes_are_kept_and_one_mark_of_an_overrun(ready):
    ready.command(0xAD)
    for _ in range(9):
        ready.keyboard.press("a")
        ready.keyboard.release("a")
    ready.command(0xAE)
    # Set 2: a make code is one byte, a break code two; five pairs and one make, then no room for a break.
    assert ready.read_all() == [0x1E, 0x9E] * 5 + [0x1E, 0xFF]


def test_a_held_key_repeats_after_its_delay_at_its_rate(ready):
    ready.out(0x60, 0xF3)
    ready.read_all()
    ready.out(0x60, 0x20)  # 500 ms, 30 a second
    ready.read_all()
    ready.keyboard.press("x")
    assert ready.read() == 0x2D
    start = ready.pc.clock
    assert ready.read(1) == 0x2D
    assert (ready.pc.clock - start) / ready.pc.clock_hz == pytest.approx(0.5, abs=0.01)
    start = ready.pc.clock
    for _ in range(30):
        assert ready.read(0.2) == 0x2D
    assert (ready.pc.clock - start) / ready.pc.clock_hz == pytest.approx(1, abs=0.02)
    ready.keyboard.release("x")
    assert ready.read_all(0.1) == [0xAD]


@pytest.mark.parametrize(("rate", "per_second"), [(0x00, 30.0), (0x0A, 10.0), (0x0B, 10.9), (0x1F, 2.0)])
def test_typematic_rates_are_those_of_the_table(at, rate, per_second):
    at.keyboard.typematic = rate
    assert 1 / at.keyboard.period == pytest.approx({0x0A: 12.0, 0x0B: 10.9}.get(rate, per_second), abs=0.05)


def test_no_such_key(ready):
    with pytest.raises(KeyError):
        ready.keyboard.press("any")


# The PC/XT -----------------------------------------------------------------------------------------------------------


def test_an_xt_keyboard_tests_itself_when_its_clock_was_low_for_20_ms(xt):
    pc = xt
    pc.outb(0x61, 0x08)
    pc.delay(0.02)
    pc.outb(0x61, 0xC8)  # clock high, cleared
    pc.outb(0x61, 0x48)
    pc.wait_irq(0.05)
    assert pc.inb(0x60) == 0xAA


def test_an_xt_reads_set_1_and_the_next_code_waits_for_the_clear_bit(xt):
    pc = xt
    pc.outb(0x61, 0x48)
    pc.delay(0.05)
    pc.outb(0x61, 0xC8)
    pc.outb(0x61, 0x48)
    pc.device.keyboard.press("a")
    pc.device.keyboard.release("a")
    pc.delay(0.05)
    assert pc.inb(0x60) == 0x1E
    pc.outb(0x61, 0xC8)
    assert pc.inb(0x60) == 0
    pc.outb(0x61, 0x48)
    pc.delay(0.05)
    assert pc.inb(0x60) == 0x9E == pc.inb(0x7C)


def test_an_xt_has_its_switches_in_two_halves_and_keeps_speaker_and_timer(xt):
    pc = xt
    pc.outb(0x61, 0x00)
    assert pc.inb(0x62) & 0x0F == 0x0D
    pc.outb(0x61, 0x08)
    assert pc.inb(0x62) & 0x0F == 0x06
    pc.outb(0x61, 0x0B)
    assert pc.inb(0x61) == 0x0B
    assert pc.inb(0x62) & 0xF0 == 0x20  # what is not the keyboard's


# Hands ----------------------------------------------------------------------------------------------------------------


def test_text_is_typed_with_shift_and_names(ready):
    typist = Typist(ready.chip, ready.keyboard)
    typist.type(strokes_of("aB{F1}{CTRL+C}\\n{{"))
    codes = ready.read_all(0.2)
    assert typist.done
    assert codes == [
        *(0x1E, 0x9E, 0x2A, 0x30, 0xB0, 0xAA, 0x3B, 0xBB),
        *(0x1D, 0x2E, 0xAE, 0x9D, 0x1C, 0x9C, 0x2A, 0x1A, 0x9A, 0xAA),
    ]


def test_nothing_is_typed_before_somebody_listens(at):
    typist = Typist(at.chip, at.keyboard)
    typist.type(strokes_of("{WAIT 0.1}q"))
    assert at.read(1) is None
    at.command(0x60, 0x45)
    assert at.read_all(0.3) == [0xAA, 0x10, 0x90]


@pytest.mark.parametrize("text", ["é", "{F13}", "{}", "{CTRL+}", "{HYPER+A}", "{WAIT}", "{WAIT x}"])
def test_a_key_that_does_not_exist_is_named(text):
    with pytest.raises(ValueError, match="no key"):
        strokes_of(text)


def test_a_keyboard_in_the_middle_of_a_byte_is_saved_and_goes_on(ready, slot):
    pc = ready.pc
    ready.keyboard.press("left")
    pc.delay(0.0015)
    twin = KeyboardController()
    other = slot(twin)
    other.run(pc.clock)
    twin.load_state(ready.chip.save_state())
    heard = []
    for machine in (pc, other):
        codes = []
        for _ in range(600):
            machine.delay(0.001)
            if machine.inb(0x64) & 1:
                codes.append((machine.clock, machine.inb(0x60)))
        heard.append(codes)
    assert heard[0] == heard[1]
    assert [code for _, code in heard[0]][:4] == [0xE0, 0x4B, 0xE0, 0x4B]  # it repeats

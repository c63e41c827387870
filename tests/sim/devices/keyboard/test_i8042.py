"""The AT's 8042 by its commands, from the processor's side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isadma_sim.devices.keyboard import KeyboardController
from isadma_sim.devices.keyboard.keys import EXTENDED, KEYS
from isadma_sim.devices.keyboard.translation import Translator


def test_reset_lets_a20_through_and_turns_the_keyboards_line_off(at):
    assert at.a20 == [True]
    assert at.pc.inb(0x64) == 0x10  # unlocked, both buffers empty
    at.command(0x20)
    assert at.read() & 0x10
    assert at.read(0.5) is None  # the keyboard's AAh has to wait


def test_self_test_answers_55h_and_the_interface_00h(at):
    at.command(0xAA)
    assert at.read() == 0x55
    at.command(0xAB)
    assert at.read() == 0x00


def test_a_written_byte_is_seen_after_a_while_and_status_says_which_it_was(at):
    at.pc.outb(0x64, 0xAA)
    assert at.pc.inb(0x64) & 0x0A == 0x0A  # input buffer full, a command
    at.pc.delay(0.001)
    assert at.pc.inb(0x64) & 0x0B == 0x09
    at.pc.outb(0x60, 0xEE)
    assert at.pc.inb(0x64) & 0x0A == 0x02


@pytest.mark.parametrize("address", [0, 1, 0x1F])
def test_its_ram_reads_back(at, address):
    at.command(0x60 | address, 0x74)
    at.command(0x20 | address)
    assert at.read() == 0x74
    assert bool(at.pc.inb(0x64) & 0x04) == (address == 0)  # the system flag is the command byte's


def test_the_output_port_drives_a20_and_reads_back(at):
    at.command(0xD1, 0xDD)
    assert at.a20 == [True, False]
    at.command(0xD0)
    assert at.read() & 0x03 == 0x01
    at.command(0xD1, 0xDF)
    assert at.a20 == [True, False, True]
    assert at.resets == 0


@pytest.mark.parametrize("how", [(0xFE,), (0xF0,), (0xD1, 0xDE)])
def test_the_processor_is_reset_by_a_pulse_or_the_output_port(at, how):
    at.command(*how)
    assert at.resets == 1


@pytest.mark.parametrize("command", [0xFF, 0xF1])
def test_a_pulse_of_other_pins_resets_nothing(at, command):
    at.command(command)
    assert at.resets == 0


def test_input_port_and_test_inputs(at):
    at.command(0xC0)
    assert at.read() & 0xC0 == 0x80  # not locked, colour
    at.command(0xE0)
    assert at.read() == 0x02  # its line is off: CLK low
    at.command(0xAE)
    at.command(0xE0)
    assert 0x03 in at.read_all()


def test_a_full_output_buffer_interrupts_and_reading_ends_it(ready):
    pc = ready.pc
    ready.keyboard.press("a")
    pc.wait_irq(0.1)
    assert pc.inb(0x60) == 0x1E
    assert not pc.level
    ready.keyboard.release("a")
    pc.wait_irq(0.1)
    assert pc.inb(0x60) == 0x9E
    assert not pc.inb(0x64) & 0x01
    assert pc.inb(0x60) == 0x9E  # the last byte stays


def test_answers_of_the_controller_interrupt_too_unless_told_not_to(ready):
    ready.pc.outb(0x64, 0xAB)
    ready.pc.wait_irq(0.1)
    assert ready.pc.inb(0x60) == 0
    ready.command(0x60, 0x44)
    ready.pc.outb(0x64, 0xAB)
    ready.pc.delay(0.01)
    assert not ready.pc.level


def test_a_disabled_line_keeps_keys_until_it_is_enabled(ready):
    ready.command(0xAD)
    ready.keyboard.press("b")
    assert ready.read(0.02) is None
    ready.command(0xAE)
    assert ready.read() == 0x30


def test_what_goes_to_the_keyboard_turns_its_line_on(ready):
    ready.command(0xAD)
    ready.out(0x60, 0xEE)
    assert ready.read() == 0xEE


def test_a_byte_on_the_line_that_is_held_comes_again_and_once(ready):
    ready.keyboard.press("c")
    ready.pc.delay(0.0005)
    ready.command(0xAD)
    ready.command(0xAE)
    assert ready.read_all() == [0x2E]


@pytest.mark.parametrize(("keys", "prefix"), [(KEYS, []), (EXTENDED, [0xE0])])
def test_translation_of_set_2_gives_set_1(keys, prefix):
    translator = Translator()
    for name, (first, second) in keys.items():
        make = [translator.take(code) for code in [*prefix, second]]
        up = [translator.take(code) for code in [*prefix, 0xF0, second]]
        assert make == [*prefix, first], name
        assert [code for code in up if code is not None] == [*prefix, first | 0x80], name


def test_the_translation_table_at_the_codes_that_no_key_has():
    translator = Translator()
    assert [translator.take(code) for code in (0x00, 0x02, 0x7F, 0x83, 0x84, 0xAA, 0xFA)] == [
        *(0xFF, 0x41, 0x54, 0x41, 0x54, 0xAA, 0xFA)
    ]


def test_without_translation_set_2_comes_through(ready):
    ready.command(0x60, 0x05)
    ready.keyboard.press("up")
    ready.keyboard.release("up")
    assert ready.read_all() == [0xE0, 0x75, 0xE0, 0xF0, 0x75]


def test_no_sequence_of_writes_hangs_it(slot):
    @given(st.lists(st.tuples(st.sampled_from([0x60, 0x64]), st.integers(0, 255), st.booleans()), max_size=12))
    def play(sequence):
        pc = slot(KeyboardController())
        for port, value, slow in sequence:
            pc.outb(port, value)
            pc.run(400 if slow else 10)
        pc.delay(1)
        for _ in range(64):  # whatever it had to say has an end
            pc.inb(0x60)
            pc.delay(0.003)
        for port, value in [(0x64, 0x60), (0x60, 0x10), (0x64, 0xAA)]:  # and it is as a new one for who begins anew
            pc.inb(0x60)
            pc.outb(port, value)
            pc.delay(0.001)
        assert pc.inb(0x64) & 0x03 == 0x01
        assert pc.inb(0x60) == 0x55

    play()

"""The serial port's registers, FIFOs and interrupts.

# Ref: National Semiconductor PC16550D data sheet, June 1995, section 8 and tables II to IV.
"""

import random

import pytest

from isadma_sim.devices.serial import SerialPort

RBR = THR = DLL = 0
IER = DLM = 1
IIR = FCR = 2
LCR, MCR, LSR, MSR, SCR = 3, 4, 5, 6, 7
#: A character of 10 bits at 9600 baud and 4 MHz lasts 4166.67 clocks.
CHARACTER = 4_166.67


def test_after_reset_the_registers_are_those_of_the_table(bench):
    machine = bench()
    machine.uart.reset()
    assert [machine.inb(reg) for reg in (IER, IIR, LCR, MCR, LSR, MSR)] == [0x00, 0x01, 0x00, 0x00, 0x60, 0x00]


def test_the_divisor_latch_hides_behind_dlab(bench):
    machine = bench(divisor=0x1234)
    machine.outb(IER, 0x05)
    machine.outb(LCR, 0x83)
    assert (machine.inb(DLL), machine.inb(DLM)) == (0x34, 0x12)
    machine.outb(LCR, 0x03)
    assert machine.inb(IER) == 0x05


def test_unused_bits_read_zero(bench):
    machine = bench()
    machine.outb(IER, 0xFF)
    machine.outb(MCR, 0xFF)
    assert machine.inb(IER) == 0x0F
    assert machine.inb(MCR) == 0x1F


@pytest.mark.parametrize(
    ("variant", "scratch", "iir"), [("8250", 0xFF, 0x01), ("16450", 0x5A, 0x01), ("16550A", 0x5A, 0xC1)]
)
def test_the_variants_tell_themselves_apart(bench, variant, scratch, iir):
    machine = bench(variant=variant)
    machine.outb(SCR, 0x5A)
    machine.outb(FCR, 0x01)
    assert machine.inb(SCR) == scratch
    assert machine.inb(IIR) == iir


def test_holding_and_shift_register_empty_one_after_the_other(bench):
    machine = bench()
    machine.outb(THR, 1)
    assert machine.inb(LSR) & 0x60 == 0x00
    machine.run(1)
    assert machine.inb(LSR) & 0x60 == 0x20
    machine.outb(THR, 2)
    machine.run(4_160)
    assert machine.inb(LSR) & 0x60 == 0x00
    machine.run(10)
    assert machine.inb(LSR) & 0x60 == 0x20
    machine.run(4_170)
    assert machine.inb(LSR) & 0x60 == 0x60


def test_a_character_arrives_in_the_middle_of_its_stop_bit(bench):
    machine = bench(ier=0x01)
    machine.uart.receive(b"U", baud=9600)
    machine.wait_irq()
    assert machine.clock == pytest.approx(9.5 * 416.667, abs=1)
    assert machine.inb(IIR) == 0x04
    assert machine.inb(LSR) == 0x61
    assert machine.inb(RBR) == ord("U")
    assert not machine.irq_level
    assert machine.inb(LSR) == 0x60


def test_every_character_arrives_when_the_cpu_is_quick(bench):
    machine = bench(ier=0x01)
    text = bytes(range(256))
    machine.uart.receive(text, baud=9600)
    got = bytearray()
    for _ in text:
        machine.wait_irq()
        machine.run(3_000)
        got.append(machine.inb(RBR))
    assert got == text
    assert machine.uart.overruns == 0


def test_a_late_cpu_loses_the_older_character_without_the_fifo(bench):
    machine = bench(ier=0x05)
    machine.run_to(machine.uart.receive(b"ab", baud=9600))
    assert machine.inb(IIR) == 0x06
    assert machine.inb(LSR) == 0x63
    assert machine.inb(LSR) == 0x61
    assert machine.inb(IIR) == 0x04
    assert machine.inb(RBR) == ord("b")
    assert machine.uart.overruns == 1


def test_a_full_fifo_loses_the_newer_character(bench):
    machine = bench(fcr=0x01)
    machine.run_to(machine.uart.receive(bytes(range(18)), baud=9600))
    assert machine.inb(LSR) & 0x03 == 0x03
    got = []
    while machine.inb(LSR) & 0x01:
        got.append(machine.inb(RBR))
    assert got == list(range(16))
    assert machine.uart.overruns == 2


@pytest.mark.parametrize(("fcr", "trigger"), [(0x01, 1), (0x41, 4), (0x81, 8), (0xC1, 14)])
def test_the_fifo_interrupts_at_its_trigger_level(bench, fcr, trigger):
    machine = bench(fcr=fcr, ier=0x01)
    machine.uart.receive(bytes(16), baud=9600)
    machine.wait_irq()
    assert machine.clock == pytest.approx((trigger - 1) * CHARACTER + 9.5 * 416.667, abs=1)
    assert machine.inb(IIR) == 0xC4
    machine.inb(RBR)
    assert machine.irq_level == (trigger == 1 and machine.inb(LSR) & 1 == 1)


def test_what_waits_below_the_trigger_level_times_out_after_four_characters(bench):
    machine = bench(fcr=0xC1, ier=0x01)
    machine.uart.receive(b"xyz", baud=9600)
    machine.wait_irq()
    assert machine.clock == pytest.approx(2 * CHARACTER + 9.5 * 416.667 + 4 * CHARACTER, abs=2)
    assert machine.inb(IIR) == 0xCC
    assert machine.inb(RBR) == ord("x")
    assert not machine.irq_level
    machine.wait_irq()  # the read began the four characters anew
    assert machine.inb(RBR) == ord("y")


def test_the_fifo_sends_sixteen_in_one_go(bench):
    machine = bench(fcr=0x01, ier=0x02)
    assert machine.inb(IIR) == 0xC2
    for value in range(16):
        machine.outb(THR, value)
    assert not machine.irq_level
    machine.wait_irq()
    assert machine.clock == pytest.approx(15 * CHARACTER, abs=17)
    machine.run(5_000)
    assert machine.uart.sent == bytes(range(16))


def test_a_single_character_in_the_fifo_delays_thre_by_a_character_less_its_stop_bit(bench):
    machine = bench(fcr=0x01)
    machine.outb(THR, 7)
    machine.run(3_740)
    assert machine.inb(LSR) & 0x60 == 0x00
    machine.run(20)
    assert machine.inb(LSR) & 0x60 == 0x20


def test_reading_iir_ends_the_interrupt_of_the_empty_holding_register(bench):
    machine = bench(ier=0x02)
    assert machine.irq_level  # enabling it while the register is empty asks at once
    assert machine.inb(IIR) == 0x02
    assert not machine.irq_level
    assert machine.inb(IIR) == 0x01
    machine.outb(THR, 0x41)
    machine.wait_irq()
    assert machine.inb(IIR) == 0x02


def test_interrupts_are_told_by_priority(bench):
    machine = bench(ier=0x0F)
    machine.uart.modem_inputs(cts=True)
    machine.run_to(machine.uart.receive(b"ab", baud=9600))
    told = [machine.inb(IIR)]
    machine.inb(LSR)
    told.append(machine.inb(IIR))
    machine.inb(RBR)
    told.append(machine.inb(IIR))
    told.append(machine.inb(IIR))
    machine.inb(MSR)
    told.append(machine.inb(IIR))
    assert told == [0x06, 0x04, 0x02, 0x00, 0x01]


def test_out2_gates_the_interrupt(bench):
    machine = bench(ier=0x02, mcr=0x03)
    assert machine.inb(IIR) == 0x02
    assert machine.irqs == 0
    machine.outb(IER, 0x00)
    machine.outb(IER, 0x02)
    machine.outb(MCR, 0x08)
    assert machine.irq_level


def test_modem_lines_tell_their_level_and_their_changes(bench):
    machine = bench(ier=0x08)
    machine.uart.modem_inputs(cts=True, dsr=True, dcd=True)
    assert machine.irq_level
    assert machine.inb(IIR) == 0x00
    assert machine.inb(MSR) == 0xBB
    assert not machine.irq_level
    assert machine.inb(MSR) == 0xB0


def test_ring_interrupts_at_its_end_only(bench):
    machine = bench(ier=0x08)
    machine.uart.modem_inputs(ri=True)
    assert not machine.irq_level
    assert machine.inb(MSR) == 0x40
    machine.uart.modem_inputs()
    assert machine.irq_level
    assert machine.inb(MSR) == 0x04


@pytest.mark.parametrize(("mcr", "msr"), [(0x11, 0x20), (0x12, 0x10), (0x14, 0x40), (0x18, 0x80), (0x1F, 0xF0)])
def test_loopback_ties_modem_outputs_to_inputs(bench, mcr, msr):
    machine = bench(mcr=0x10)
    machine.inb(MSR)
    machine.outb(MCR, mcr)
    assert machine.inb(MSR) & 0xF0 == msr


def test_without_a_divisor_nothing_moves(bench):
    machine = bench(divisor=0)
    machine.outb(THR, 0x41)
    machine.uart.receive(b"a", baud=9600)
    machine.run(1_000_000)
    assert machine.inb(LSR) == 0x00
    assert machine.uart.sent == b""


def test_clearing_the_fifos_drops_what_is_in_them(bench):
    machine = bench(fcr=0x01)
    machine.run_to(machine.uart.receive(b"abc", baud=9600))
    for value in b"xyz":
        machine.outb(THR, value)
    machine.outb(FCR, 0x07)
    assert machine.inb(LSR) & 0x21 == 0x20
    machine.run(20_000)
    assert machine.uart.sent == b"x"  # it was in the shift register already


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ten_thousand_random_writes_neither_hang_nor_crash_and_a_reset_restores_it(bench, seed):
    dice = random.Random(seed)
    machine = bench()
    for _ in range(10_000):
        reg = dice.randrange(8)
        if dice.random() < 0.7:
            machine.outb(reg, dice.randrange(256))
        else:
            assert 0 <= machine.inb(reg) <= 0xFF
        if dice.random() < 0.02:
            machine.uart.receive(dice.randbytes(3), baud=dice.choice((300, 9600, 115_200)))
        machine.run(dice.choice((1, 10, 500, 5_000)))
    machine.uart.reset()
    machine.run_to(machine.uart.receive(b"", baud=9600))  # let the far end finish what it was told to send
    machine.set_up(ier=0x01)
    machine.inb(RBR)
    machine.inb(MSR)
    machine.uart.receive(b"!", baud=9600)
    machine.wait_irq()
    assert machine.inb(RBR) == ord("!")
    before = len(machine.uart.sent)
    machine.outb(THR, 0x3F)
    machine.run(5_000)
    assert machine.uart.sent[before:] == b"?"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SerialPort(0xFFFC), "a serial port at 65532: use a port of 0 to FFF8h"),
        (lambda: SerialPort(variant="16550"), "no serial chip '16550': use 8250, 16450, 16550A"),
        (lambda: SerialPort().receive(b"", baud=0), "0 baud: use a positive rate"),
        (lambda: SerialPort().receive(b"a", baud=9600, bits=9), "9 data bits: use 5 to 8"),
        (lambda: SerialPort().receive(b"a", baud=9600, parity="X"), "parity 'X': use N, O, E, M or S"),
        (lambda: SerialPort().receive(b"a", baud=9600, stop=3), r"3 stop bits: use 1, 1\.5 or 2"),
    ],
)
def test_bad_values_are_named_with_the_way_out(make, message):
    with pytest.raises(ValueError, match=message):
        make()

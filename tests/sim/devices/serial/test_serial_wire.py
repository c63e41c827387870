"""What goes over the serial port's wire: times, framing, parity, breaks, wrong rates, loopback.

# Ref: National Semiconductor PC16550D data sheet, June 1995, sections 8.1 (LCR), 8.3 (LSR) and 8.6 (MCR, loopback).
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isadma_sim.devices.serial.frame import Frame

RBR = THR = 0
IIR, LCR, LSR = 2, 3, 5


# Divisor, LCR, clocks of a character at 4 MHz.
TIMES = [
    (12, 0x03, 4166.67),  # 9600 8N1: 10 bits
    (12, 0x1F, 5000.0),  # 8E2: 12 bits
    (12, 0x02, 3750.0),  # 7N1: 9 bits
    (12, 0x04, 3125.0),  # 5N1.5: 7.5 bits
    (1, 0x03, 347.22),  # 115200
    (0x900, 0x03, 800_000.0),  # 50 baud
]


@pytest.mark.parametrize(("divisor", "lcr", "clocks"), TIMES)
def test_a_character_takes_its_time(bench, divisor, lcr, clocks):
    machine = bench(divisor=divisor, lcr=lcr)
    out = []
    machine.uart.on_send = lambda value: out.append(machine.clock)
    machine.outb(THR, 0x15)
    machine.run(2)
    machine.outb(THR, 0x0A)
    machine.run(int(3 * clocks))
    assert out[0] == pytest.approx(clocks, abs=1.01)
    assert out[1] == pytest.approx(2 * clocks, abs=2.01)
    assert machine.uart.sent == bytes((0x15, 0x0A))


# Far end's framing, ours (LCR); LSR afterwards, character.
FRAMINGS = [
    ({"parity": "E"}, 0x1B, 0x61, 0x35),
    ({"parity": "O"}, 0x0B, 0x61, 0x35),
    ({"parity": "O"}, 0x1B, 0x65, 0x35),
    ({"parity": "M"}, 0x2B, 0x61, 0x35),
    ({"parity": "S"}, 0x3B, 0x61, 0x35),
    ({"parity": "S"}, 0x2B, 0x65, 0x35),
    ({"bits": 7}, 0x02, 0x61, 0x35),
    ({"bits": 7, "parity": "S"}, 0x03, 0x61, 0x35),
    ({"parity": "S"}, 0x03, 0x69, 0x35),  # its parity bit stands where our stop bit is awaited
]


@pytest.mark.parametrize(("far", "lcr", "lsr", "value"), FRAMINGS)
def test_framing_and_parity_errors_come_from_the_bits_on_the_wire(bench, far, lcr, lsr, value):
    machine = bench(lcr=lcr)
    machine.run_to(machine.uart.receive(b"\x35", baud=9600, **far))
    assert machine.inb(LSR) == lsr
    assert machine.inb(RBR) == value


@pytest.mark.parametrize(("baud", "good"), [(9600, True), (9800, True), (9400, True), (10_400, False), (8800, False)])
def test_a_few_per_cent_of_baud_are_borne_and_more_are_not(bench, baud, good):
    machine = bench(fcr=0xC1)
    sent = b"\x55\x00\xff\x80\x7f\x01"
    machine.run_to(machine.uart.receive(sent, baud=baud, gap=2))
    machine.run(10_000)
    got = bytearray()
    while machine.inb(LSR) & 0x01:
        got.append(machine.inb(RBR))
    assert (got == sent) == good


def test_the_error_of_a_character_shows_when_it_comes_to_the_top(bench):
    machine = bench(fcr=0x81, lcr=0x1B, ier=0x04)
    machine.uart.receive(b"a", baud=9600, parity="E")
    machine.uart.receive(b"b", baud=9600, parity="O")
    machine.run_to(machine.uart.receive(b"c", baud=9600, parity="E"))
    assert machine.inb(LSR) == 0xE1
    assert not machine.irq_level
    assert machine.inb(RBR) == ord("a")
    assert machine.irq_level
    assert machine.inb(IIR) == 0xC6
    assert machine.inb(LSR) == 0xE5
    assert machine.inb(LSR) == 0x61
    assert machine.inb(RBR) == ord("b")


def test_a_break_is_one_zero_character(bench):
    machine = bench(fcr=0x01, ier=0x04)
    machine.uart.receive_break(0.01)
    machine.uart.receive(b"k", baud=9600)
    machine.wait_irq()
    assert machine.inb(LSR) == 0xF9
    assert machine.inb(RBR) == 0x00
    machine.run(60_000)
    assert machine.inb(LSR) == 0x61
    assert machine.inb(RBR) == ord("k")


def test_loopback_sends_to_itself_and_not_outside(bench):
    machine = bench(fcr=0x01, mcr=0x1B)
    for value in b"loop":
        machine.outb(THR, value)
    machine.run(20_000)
    got = bytearray()
    while machine.inb(LSR) & 0x01:
        got.append(machine.inb(RBR))
    assert got == b"loop"
    assert machine.uart.sent == b""
    assert machine.uart.outputs == 0


def test_a_break_in_loopback_comes_back(bench):
    machine = bench(mcr=0x10)
    machine.outb(LCR, 0x43)
    machine.run(5_000)
    assert machine.inb(LSR) & 0x1D == 0x19
    assert machine.inb(RBR) == 0x00
    machine.outb(LCR, 0x03)
    machine.run(5_000)
    assert machine.inb(LSR) & 0x1F == 0x00


@settings(max_examples=40, deadline=None)
@given(
    data=st.binary(min_size=1, max_size=12),
    divisor=st.sampled_from([1, 3, 12, 96]),
    bits=st.integers(5, 8),
    parity=st.sampled_from("NOEMS"),
    stop=st.sampled_from([1, 2]),
)
def test_every_framing_decodes_what_it_encoded(data, divisor, bits, parity, stop):
    lcr = (bits - 5) | (stop == 2) << 2 | {"N": 0x00, "O": 0x08, "E": 0x18, "M": 0x28, "S": 0x38}[parity]
    from_lcr = Frame.of(lcr, divisor, 4_000_000)
    levels = [from_lcr.encode(value) for value in data]
    decoded = [from_lcr.decode([*one[1:], 1]) for one in levels]
    assert [value for value, _ in decoded] == [value & (1 << bits) - 1 for value in data]
    assert not any(errors for _, errors in decoded)

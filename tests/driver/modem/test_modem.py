"""The modem driver on a PC: 9600 baud against the clock, by interrupts, with every lost character counted.

# Ref: National Semiconductor PC16550D data sheet, June 1995, section 8.
"""

import random

import pytest

from isadma_driver import DmaError
from isadma_driver.errors import DmaTimeoutError, ModemError
from isadma_driver.modem.ring import Ring
from isadma_sim import Costs

#: A character of ten bits at 9600 baud lasts 1.0417 ms: 4166.67 clocks of 4 MHz.
CHARACTER = 4166 + 2 / 3
TEXT = bytes(random.Random("modem").randbytes(60))


@pytest.mark.parametrize("variant", ["8250", "16450", "16550A"])
def test_probe_tells_the_chips_apart(rig, variant):
    with rig(variant).modem() as modem:
        assert modem.variant == variant
        assert modem.fifo == (14 if variant == "16550A" else 0)


def test_probe_of_a_port_where_nothing_answers_says_so(rig):
    with pytest.raises(ModemError, match=r"^no serial port at 2F8h: its interrupt enable register read FFh after 00h$"):
        rig().modem(base=0x2F8)


def test_a_port_that_is_not_there_takes_no_interrupt(rig):
    bench = rig()
    with pytest.raises(ModemError):
        bench.modem(base=0x2F8)
    bench.kernel.interrupts.request_irq(4, "someone else")


def test_the_interrupt_of_another_driver_is_refused_by_name(rig):
    bench = rig()
    bench.kernel.interrupts.request_irq(4, "mouse")
    with pytest.raises(DmaError, match="interrupt 4, wanted by 'serial', is held by 'mouse'"):
        bench.modem()


def test_it_sets_9600_8n1(rig):
    bench = rig()
    with bench.modem():
        bench.pc.outb(0x3FB, 0x83)
        assert (bench.pc.inb(0x3F8), bench.pc.inb(0x3F9)) == (0x0C, 0x00)
        bench.pc.outb(0x3FB, 0x03)
        assert bench.pc.inb(0x3F9) == 0x05  # received data and line status
        assert bench.pc.inb(0x3FC) == 0x0B  # DTR, RTS, OUT2


@pytest.mark.parametrize(("variant", "fifo"), [("8250", 14), ("16550A", 0), ("16550A", 1), ("16550A", 14)])
def test_every_character_comes_in_while_the_program_does_something_else(rig, variant, fifo):
    bench = rig(variant)
    with bench.served(fifo=fifo) as modem:
        end = bench.port.receive(TEXT, baud=9600)
        bench.pc.serve(clocks=end - bench.pc.clocks + 5 * int(CHARACTER))
        assert modem.take() == TEXT
        assert modem.counters.received == 60
        assert modem.counters.overruns == bench.port.overruns == 0
        # The FIFO's trigger at 14 leaves four handlers and a timeout.
        assert modem.interrupts == (5 if modem.fifo == 14 else 60)


def test_a_program_that_waits_reads_them_as_well(rig):
    bench = rig()
    with bench.modem(fifo=0) as modem:
        start = bench.pc.clocks
        bench.port.receive(TEXT, baud=9600)
        assert modem.read(60, seconds=0.1) == TEXT
        assert bench.pc.clocks - start == pytest.approx(60 * CHARACTER, abs=CHARACTER)


def test_what_has_not_come_in_time_is_said_and_kept(rig):
    bench = rig()
    with bench.modem(fifo=1) as modem:
        bench.port.receive(b"abc", baud=9600)
        with pytest.raises(DmaTimeoutError, match=r"read of 4 characters: nothing moved for 0\.02 s, .*; 3 received"):
            modem.read(4, seconds=0.02)
        assert modem.take() == b"abc"


def test_a_read_larger_than_the_ring_is_refused(rig):
    with rig().modem(ring=16) as modem, pytest.raises(ValueError, match="the ring holds 16"):
        modem.read(17, seconds=1)


@pytest.mark.parametrize("fifo", [0, 14])
def test_characters_go_out_back_to_back(rig, fifo):
    bench = rig()
    with bench.served(fifo=fifo) as modem:
        times = []
        bench.port.on_send = lambda value: times.append(bench.pc.clocks)
        modem.write(TEXT, seconds=0.2)
        assert bytes(bench.port.sent) == TEXT
        assert times[-1] - times[0] == pytest.approx(59 * CHARACTER, abs=2)
        assert modem.counters.sent == 60
        assert not modem.unsent


def test_characters_go_both_ways_at_once(rig):
    bench = rig()
    with bench.served(fifo=0) as modem:
        modem.put(TEXT)
        end = bench.port.receive(TEXT[::-1], baud=9600)
        bench.pc.serve(clocks=end - bench.pc.clocks + 3 * int(CHARACTER))
        assert bytes(bench.port.sent) == TEXT
        assert modem.take() == TEXT[::-1]


def test_at_2_ms_latency_the_chip_without_fifo_loses_half_and_each_loss_is_counted(rig):
    bench = rig("8250")
    with bench.served() as modem:
        bench.pc.charge(Costs(latency=2e-3))
        end = bench.port.receive(TEXT, baud=9600)
        bench.pc.serve(clocks=end - bench.pc.clocks + 20_000)
        got = modem.take()
        assert modem.counters.received == len(got)
        assert len(got) + bench.port.overruns == 60
        assert 28 <= bench.port.overruns <= 31
        # One look at LSR may tell of two characters that were lost, never of none.
        assert 0 < modem.counters.overruns <= bench.port.overruns


def test_at_2_ms_latency_the_fifo_loses_nothing(rig):
    bench = rig()
    with bench.served(fifo=14) as modem:
        bench.pc.charge(Costs(latency=2e-3))
        end = bench.port.receive(TEXT, baud=9600)
        bench.pc.serve(clocks=end - bench.pc.clocks + 40_000)
        assert modem.take() == TEXT
        assert bench.port.overruns == modem.counters.overruns == 0


def test_errors_of_the_line_are_counted_by_kind(rig):
    bench = rig()
    with bench.served(fifo=0) as modem:
        bench.port.receive(b"\x55", baud=9600)
        bench.pc.serve(clocks=6000)
        bench.port.receive(b"\x01", baud=4800)  # too slow: its stop bit is not where it should be
        bench.pc.serve(clocks=20_000)
        bench.port.receive_break(0.005)
        bench.pc.serve(clocks=40_000)
        assert modem.counters.framing >= 1
        assert modem.counters.breaks == 1
        assert modem.counters.parity == modem.counters.overruns == 0


def test_a_full_ring_drops_the_newest_and_counts(rig):
    bench = rig()
    with bench.served(ring=16) as modem:
        end = bench.port.receive(TEXT[:20], baud=9600)
        bench.pc.serve(clocks=end - bench.pc.clocks + 5 * int(CHARACTER))
        assert modem.dropped == 4
        assert modem.take() == TEXT[:16]


def test_closed_it_asks_for_nothing_and_gives_its_interrupt_back(rig):
    bench = rig()
    modem = bench.modem()
    modem.close()
    modem.close()
    bench.port.receive(b"x", baud=9600)
    with pytest.raises(TimeoutError):
        bench.pc.wait_irq(4, clocks=20_000)
    bench.kernel.interrupts.request_irq(4, "mouse")
    with pytest.raises(ModemError, match="was closed: open it again"):
        modem.put(b"x")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"baud": 0}, "0 baud: use a rate"),
        ({"baud": 100_000}, "100000 baud is not 115200 over a whole number"),
        ({"baud": 1}, "1 baud is not"),
        ({"fifo": 3}, "fifo 3: use 0 for none, or 1, 4, 8, 14 characters"),
        ({"ring": 0}, "a ring of 0 bytes: use 1 or more"),
    ],
)
def test_wrong_settings_are_refused_by_name(rig, options, message):
    with pytest.raises(ValueError, match=message):
        rig().modem(**options)


def test_the_ring_is_a_queue_that_wraps():
    ring, plain, dice = Ring(7), [], random.Random(1)
    for value in range(500):
        if len(plain) < 7:
            plain.append(value & 0xFF)
            ring.put(value & 0xFF)
        count = dice.randint(0, 3)
        assert ring.take(count) == bytes(plain[:count])
        del plain[:count]
        assert len(ring) == len(plain)


@pytest.mark.parametrize("engine", ["amaranth", "native"])
def test_on_the_rtl_it_is_the_same(rig, engine):
    bench = rig(engine=engine)
    with bench.served(fifo=14) as modem:
        end = bench.port.receive(TEXT, baud=9600)
        bench.pc.serve(clocks=end - bench.pc.clocks + 5 * int(CHARACTER))
        assert modem.take() == TEXT

"""The Sound Blaster 16 withdraws its request at every clock of a transfer's life: nothing is lost, nothing made up."""

from fractions import Fraction

import pytest

from isadma_sim.devices.sound import Format, SoundBlaster2, SoundBlasterPro, Tape

AT = 0x40000
SIZE = 192
FILL = 0xEE
SEQUENCE = bytes(range(1, SIZE + 1))
RATE = 44_100
#: Name: bits, channels, DMA channel, DSP command for playing, what it adds for recording.
FORMATS = {
    "8-bit mono": (8, 1, 1),
    "8-bit stereo": (8, 2, 1),
    "16-bit mono": (16, 1, 5),
    "16-bit stereo": (16, 2, 5),
    "16-bit stereo by bytes": (16, 2, 1),
}
MODES = {"single-cycle": 0x0, "single-cycle with FIFO": 0x2, "auto-init": 0x4, "auto-init with FIFO": 0x6}


class Sequence(Tape):
    """A medium that gives one frame after the other, whatever the rate."""

    def next(self, form):
        return super().next(form.at(self.format.rate))


class Work:
    """192 bytes that all differ, through the card and one channel."""

    def __init__(self, make, engine, form, mode, to_memory):
        self.bits, self.channels, self.channel = FORMATS[form]
        self.mode = MODES[mode]
        self.to_memory = to_memory
        self.sent = SEQUENCE
        self.tape = Sequence(SEQUENCE, Format(Fraction(RATE), self.bits, self.channels, self.bits == 16))
        self.rig = make(engine, record_from=self.tape, hdma=self.channel if self.channel > 4 else None)
        self.pc, self.device = self.rig.pc, self.rig.card
        self.block = 48 if self.mode & 4 else SIZE
        self.layout = (0x10 if self.bits == 16 else 0) | (0x20 if self.channels == 2 else 0)
        self.irq = 0xF if self.bits == 16 else 0xE

    def begin(self):
        self.rig.reset()
        self.rig.inp(self.irq)
        self.tape.rewind()
        self.pc.memory[AT : AT + SIZE] = bytes([FILL]) * SIZE if self.to_memory else SEQUENCE
        self.rig.program(self.channel, AT, SIZE, 0x54 if self.to_memory else 0x58)
        self.played = len(self.brought())
        self.dropped = self.device.dropped
        self.overruns = self.device.overruns
        self.start()

    def start(self):
        samples = self.block * 8 // self.bits - 1
        code = (0xB0 if self.bits == 16 else 0xC0) | self.mode | 8 * self.to_memory
        self.rig.dsp(0x41, RATE >> 8, RATE & 0xFF, code, self.layout, samples & 0xFF, samples >> 8)

    def brought(self):
        return b"".join(take.brought for take in self.device.takes)

    def arrived(self):
        if self.to_memory:
            return self.pc.memory[AT : AT + SIZE].rstrip(bytes([FILL]))
        return self.brought()[self.played :]

    def waiting(self):
        return 0 if self.to_memory else self.device.waiting

    def lost(self):
        return self.device.dropped - self.dropped

    def skipped(self):
        return self.device.overruns - self.overruns

    def settle(self):
        self.pc.run(clocks=450)

    def command(self, *codes):
        """Send a command by the CPU."""
        self.rig.dsp(*codes)

    def transfer(self, code):
        """Return a transfer command of the same width and direction."""
        return (0xB0 if self.bits == 16 else 0xC0) | code | 8 * self.to_memory

    def either(self, codes):
        """Return the command for the width."""
        return codes[self.bits == 16]

    def mask(self, on):
        self.pc.outb(0x0A if self.channel < 4 else 0xD4, 4 * on | self.channel & 3)


class OldWork(Work):
    """The same through a card with a jumper: 1Ch, 2Ch, 90h or 98h, mono or stereo."""

    def __init__(self, make, engine, card, fast, to_memory):
        self.bits, self.channels, self.channel = 8, 1 + (card is SoundBlasterPro), 1
        self.fast, self.to_memory, self.sent = fast, to_memory, SEQUENCE
        self.tape = Sequence(SEQUENCE, Format(Fraction(20_000), 8, self.channels, False))
        self.rig = make(engine, card=card, record_from=self.tape)
        self.pc, self.device = self.rig.pc, self.rig.card
        self.irq = 0xE

    def start(self):
        if self.channels == 2:
            self.rig.mixer(0x0E, 0x02)
            self.rig.dsp(0xA8)
        self.rig.dsp(
            0x40, 0xCE, 0x48, 47, 0, (0x98 if self.fast else 0x2C) if self.to_memory else 0x90 if self.fast else 0x1C
        )


def last(code):
    """Write the last byte of a command to the DSP."""
    return lambda work, out: out(0x22C, code)


def by_width(codes):
    """Write the command for 8 or for 16 bits."""
    return lambda work, out: out(0x22C, work.either(codes))


def reset(work, out):
    out(0x226, 1)
    out(0x226, 0)


def reselect(work):
    work.rig.mixer(0x81, {1: 0x02, 5: 0x22}[work.channel])


def deselect(work, out):
    out(0x224, 0x81)
    out(0x225, {1: 0x08, 5: 0x48}[work.channel])


def disable(work, out):
    out(0x08 if work.channel < 4 else 0xD0, 4)


def enable(work):
    work.pc.outb(0x08 if work.channel < 4 else 0xD0, 0)


@pytest.fixture(scope="module")
def ways(way_to_withdraw):
    made = (
        way_to_withdraw("pause", by_width((0xD0, 0xD5)), resume=lambda work: work.command(work.either((0xD4, 0xD6)))),
        way_to_withdraw(
            "leave auto-initialize",
            by_width((0xDA, 0xD9)),
            resume=lambda work: work.command(work.either((0x45, 0x47))),
        ),
        way_to_withdraw("mask", lambda work, out: work.mask(True), resume=lambda work: work.mask(False), outside=True),
        way_to_withdraw("disable the 8237A", disable, resume=enable, outside=True),
        way_to_withdraw("reset", reset, exact=False),
        way_to_withdraw("another rate", last(0x10), prepare=lambda work: work.command(0x41, 0x56)),
        way_to_withdraw(
            "another command",
            last(0),
            prepare=lambda work: work.command(work.transfer(6), work.layout, 15),
            exact=False,
        ),
        way_to_withdraw(
            "a single block", last(0), prepare=lambda work: work.command(work.transfer(0), work.layout, 7), exact=False
        ),
        way_to_withdraw("another channel", deselect, resume=reselect),
        way_to_withdraw("mixer reset", lambda work, out: (out(0x224, 0), out(0x225, 0))),
    )
    return {str(way): way for way in made}


WAYS = (
    "pause",
    "leave auto-initialize",
    "mask",
    "disable the 8237A",
    "reset",
    "another rate",
    "another command",
    "a single block",
    "another channel",
    "mixer reset",
)


def every(step):
    """Some of the 401 clocks, others for each row."""
    return range(step % 7, 401, step)


def sweep(withdrawals, ways, work, clocks):
    for way in ways.values():
        withdrawals.sweep(work, way, clocks)
        if not way.outside:
            withdrawals.sweep(work, way, clocks, inside=True)


@pytest.mark.parametrize("to_memory", [False, True], ids=["playing", "recording"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("form", FORMATS)
def test_a_request_withdrawn_at_some_clocks_loses_nothing_and_makes_nothing_up(
    rig, withdrawals, ways, form, mode, to_memory
):
    sweep(withdrawals, ways, Work(rig, "native", form, mode, to_memory), every(67))


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("engine", ["native", "reference"])
@pytest.mark.parametrize("to_memory", [False, True], ids=["playing", "recording"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("form", FORMATS)
def test_a_request_withdrawn_at_every_clock_loses_nothing_and_makes_nothing_up(
    rig, withdrawals, ways, engine, form, mode, to_memory, way
):
    sweep(withdrawals, {way: ways[way]}, Work(rig, engine, form, mode, to_memory), range(401))


def test_every_way_is_swept(ways):
    assert tuple(ways) == WAYS


@pytest.mark.parametrize("engine", ["native", "reference"])
@pytest.mark.parametrize("to_memory", [False, True], ids=["playing", "recording"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_pause_at_every_clock_of_a_service_loses_no_sample(rig, withdrawals, ways, engine, form, to_memory):
    work = Work(rig, engine, form, "auto-init", to_memory)
    withdrawals.sweep(work, ways["pause"], range(40, 140), inside=True)


def test_the_hardware_itself_serves_a_request_that_a_pause_withdrew(rig, withdrawals, ways):
    for to_memory in (False, True):
        work = Work(rig, "amaranth", "16-bit stereo", "auto-init", to_memory)
        withdrawals.sweep(work, ways["pause"], range(60, 100, 6), inside=True)


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_stream_that_is_paused_as_it_begins_is_heard_from_its_first_word_on(rig, engine):
    # What Linux does: the play command, then at once the pause, and "go on" when all is ready.
    sb = rig(engine)
    words = b"".join(number.to_bytes(2, "little") for number in range(256))
    sb.pc.memory[AT : AT + len(words)] = words
    sb.program(5, AT, len(words), 0x58)
    sb.dsp(0x41, 0xAC, 0x44, 0xB6, 0x30, 0xFF, 0x03, 0xD5)
    sb.pc.delay(0.001)
    sb.dsp(0xD6)
    sb.pc.delay(0.002)
    heard = sb.card.takes[0].brought
    assert len(heard) > 300
    assert heard == words[: len(heard)]


#: Ways that a card with jumpers has; in high-speed mode the DSP hears no command.
OLD_WAYS = ("pause", "leave auto-initialize", "mask", "disable the 8237A", "reset", "mixer reset")
FAST_WAYS = ("mask", "disable the 8237A", "reset")


@pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("engine", ["native", "reference"])
@pytest.mark.parametrize("to_memory", [False, True], ids=["playing", "recording"])
@pytest.mark.parametrize("fast", [False, True], ids=["normal", "high-speed"])
@pytest.mark.parametrize("card", [SoundBlaster2, SoundBlasterPro])
def test_a_card_without_a_fifo_loses_nothing_either(rig, withdrawals, ways, step, engine, card, fast, to_memory):
    names = FAST_WAYS if fast else OLD_WAYS
    work = OldWork(rig, engine, card, fast, to_memory)
    sweep(withdrawals, {name: ways[name] for name in names}, work, every(step))

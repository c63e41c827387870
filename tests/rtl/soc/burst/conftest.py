"""Memory on a bus with CTI and BTE that watches the rules of bursts in every clock."""

# Ref: OpenCores, WISHBONE revision B4, chapter 4.

import pytest

CLASSIC, INCREMENTING, END = 0b000, 0b010, 0b111
WRAP_4 = 0b01


class BurstMemory:
    """
    Memory that a scenario puts in the bench's place: `soc.slave = BurstMemory()`.

    Parameters
    ----------
    wait
        Gives the clocks that a transfer waits, from the words of its burst before it; of a slave that knows no bursts
        each word waits alike.
    fails
        Whether a transfer ends in err, from its word address and CTI.
    idle
        Gives (ack, err) of a clock without STB, when they say nothing.
    """

    def __init__(self, *, wait=lambda beat: 0, fails=lambda adr, cti: False, idle=lambda: (0, 0)):
        self.wait, self.fails, self.idle = wait, fails, idle
        #: (word address, CTI, whether it was a write) of each transfer that ended, but for those of no lane.
        self.seen = []
        #: Clocks with CYC, and how long it has been low.
        self.held, self.free = 0, 0
        self._open = None  # the words that the burst under way still has to bring
        self._asked = None

    def __call__(self, soc):
        bus, get, put = soc.dma.memory, soc.ctx.get, soc.ctx.set
        cyc, stb = get(bus.cyc), get(bus.stb)
        self.held, self.free = self.held + cyc, 0 if cyc else self.free + 1
        assert cyc or not stb, "STB without CYC"
        assert cyc or not self._open, "a burst was cut"
        if not stb:
            assert self._asked is None, "a transfer was given up"
            ack, err = self.idle()
            put(bus.ack, ack)
            put(bus.err, err)
            put(bus.dat_r, 0xDEADBEEF)
            return
        put(bus.ack, 0)
        put(bus.err, 0)
        names = ("cti", "bte") if "cti" in bus.signature.members else ()
        request = [get(getattr(bus, name)) for name in ("adr", "we", "sel", "dat_w", *names)]
        request += [CLASSIC, 0][len(names) :]
        request[3] *= request[1]  # data of a read is nobody's
        if self._asked is None:
            self._begins(*request)
            self._asked, self._left = request, self.wait(4 - len(self._open) if self._open else 0)
        assert request == self._asked, "a transfer changed before its answer"
        if self._left:
            self._left -= 1
            return
        self._asked = None
        self._answer(soc, *request)

    def _begins(self, adr, we, sel, _, cti, bte):
        assert cti in (CLASSIC, INCREMENTING, END), f"CTI {cti:03b}"
        if self._open:
            assert (adr, we, sel, bte) == (self._open[0], 0, 0xF, WRAP_4), "not the word that the burst promised"
            assert cti == (END if len(self._open) == 1 else INCREMENTING)
        elif cti == INCREMENTING:
            assert (we, sel, bte) == (0, 0xF, WRAP_4)
            self._open = [adr & ~3 | adr + n & 3 for n in range(4)]
        else:
            assert cti == CLASSIC, "the end of a burst that never began"
            assert sel in (0, 1, 2, 4, 8), "more than one lane"

    def _answer(self, soc, adr, we, sel, data, cti, _):
        bus, put = soc.dma.memory, soc.ctx.set
        if self._open:
            self._open.pop(0)
        if sel:
            self.seen.append((adr, cti, we))
        if sel and self.fails(adr, cti):
            put(bus.dat_r, 0xDEADBEEF)
            put(bus.err, 1)
            return
        for lane in range(4):
            if we and sel >> lane & 1:
                soc.memory[4 * adr + lane] = data >> 8 * lane & 0xFF
        put(bus.dat_r, int.from_bytes(soc.memory[4 * adr : 4 * adr + 4], "little") if sel else 0xDEADBEEF)
        put(bus.ack, 1)


@pytest.fixture
def burst_memory():
    """Return the class `BurstMemory`."""
    return BurstMemory

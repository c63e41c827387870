"""A16-A23 stand past the rise of MEMW#, on the AT as long as A0-A15, also when HLDA falls with HRQ; half clocks."""

import pytest

SINGLE, BLOCK, WRITE, READ = 0x40, 0x80, 0x04, 0x08
RATIOS = pytest.mark.parametrize("ratio", [1, 2, 5])


class Upper:
    """What A16-A23 show in every fabric clock in which the board drives the address, by the state of a strobe."""

    def __init__(self, bench, strobe):
        self.bench, self.strobe = bench, strobe
        self.shown, self.after, self.during, self._fell = [], [], set(), False
        bench.every_clock = self

    def __call__(self):
        get, isa = self.bench.ctx.get, self.bench.isa
        if not get(isa.a.oe):
            self._fell = False
            return
        upper = get(isa.a.o) >> 16
        self.shown.append(upper)
        if self.bench.low(self.strobe):
            self._fell = True
            self.during.add(upper)
        elif self._fell:
            self.after.append(upper)


@RATIOS
@pytest.mark.parametrize("together", [True, False], ids=["with HRQ", "a state later"])
@pytest.mark.parametrize(("transfer", "strobe"), [(WRITE, "memw_n"), (READ, "memr_n")])
@pytest.mark.parametrize("command", [0x00, 0x08], ids=["normal", "compressed"])
@pytest.mark.parametrize("channel", [1, 6])
def test_on_the_at(at_board, ratio, together, transfer, strobe, command, channel):
    async def scenario(bench):
        await bench.post()
        await bench.outb(0x08 if channel < 4 else 0xD0, command)
        await bench.program(channel, mode=SINGLE | transfer, address=0x1234, count=2, page=0xA4)
        # What a lookup by the processor's address would show.
        await bench.outb(0x80, 0x5B)
        bench.device[channel].extend([0x11, 0x22, 0x33])
        bench.hold.add(channel)
        bench.together = together
        upper = Upper(bench, strobe)
        bench.drq = 1 << channel
        await bench.until(lambda: not bench.drq or any(row.tc for row in bench.rows))
        bench.drq = 0
        await bench.idle()
        assert set(upper.shown) == {0xA4}
        assert upper.after
        if ratio > 1:
            assert len(upper.after) >= 3 * ratio // 2, "the address went with the strobe"

    at_board(scenario, ratio=ratio)


@RATIOS
def test_on_the_at_in_a_refresh(at_board, ratio):
    async def scenario(bench):
        await bench.outb(0x8F, 0xC7)
        await bench.outb(0x80, 0x5B)
        bench.together = True
        upper = Upper(bench, "memr_n")
        bench.ctx.set(bench.board.out1, 1)
        await bench.until(lambda: upper.after)
        await bench.idle()
        assert set(upper.shown) == {0xC7}

    at_board(scenario, ratio=ratio, refresh=True)


@RATIOS
@pytest.mark.parametrize("together", [True, False], ids=["with HRQ", "a state later"])
@pytest.mark.parametrize(("transfer", "strobe"), [(WRITE, "memw_n"), (READ, "memr_n")])
def test_on_the_xt(xt_board, ratio, together, transfer, strobe):
    async def scenario(bench):
        for port, value in ((0x81, 0x3), (0x82, 0x5), (0x83, 0xC)):
            await bench.outb(port, value)
        await bench.outb(0x0C, 0)
        await bench.outb(0x0B, SINGLE | transfer | 2)
        for port, value in ((4, 0x34), (4, 0x12), (5, 2), (5, 0)):
            await bench.outb(port, value)
        await bench.outb(0x0A, 2)
        bench.device[2].extend([0x11, 0x22, 0x33])
        bench.hold.add(2)
        bench.together = together
        upper = Upper(bench, strobe)
        bench.drq = 0b100
        await bench.until(lambda: any(row.tc for row in bench.rows))
        bench.drq = 0
        await bench.idle()
        # The page goes with DACK, as the board's 74LS670 is wired, and that is half a state after the strobe.
        assert upper.during == {0x3}
        assert set(upper.after[: ratio - (ratio + 1) // 2]) <= {0x3}

    xt_board(scenario, ratio=ratio)

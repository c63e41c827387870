"""Every pin in every half of every state, against literal tables."""

# Ref: Intel 8237A data sheet, order no. 231466-005, figures 11 to 14; the clock contract's tables.
import pytest

DEMAND, SINGLE, BLOCK = 0x00, 0x40, 0x80
WRITE, READ, DECREMENT = 0x04, 0x08, 0x20
COMPRESSED, EXTENDED, CHAINED = 0x08, 0x20, 0x01

# The second SI, S0 and S1 are the same in every transfer: first half, second half.
START = [
    ("", "hrq"),
    ("hrq", "hrq"),
    ("hrq aen", "hrq aen adstb drive a=34 db=12"),
]

TABLES = {
    "read": (
        READ,
        0,
        [
            ("hrq aen adstb drive dack1 a=34 db=12", "hrq aen drive memr dack1 a=34"),
            ("hrq aen drive memr dack1 a=34", "hrq aen drive iow memr dack1 eop a=34"),
            ("hrq aen drive iow memr dack1 eop a=34", "aen drive dack1 a=34"),
        ],
    ),
    "write": (
        WRITE,
        0,
        [
            ("hrq aen adstb drive dack1 a=34 db=12", "hrq aen drive ior dack1 a=34"),
            ("hrq aen drive ior dack1 a=34", "hrq aen drive ior memw dack1 eop a=34"),
            ("hrq aen drive ior memw dack1 eop a=34", "aen drive dack1 a=34"),
        ],
    ),
    "verify": (
        0,
        0,
        [
            ("hrq aen adstb drive dack1 a=34 db=12", "hrq aen drive dack1 a=34"),
            ("hrq aen drive dack1 a=34", "hrq aen drive dack1 eop a=34"),
            ("hrq aen drive dack1 eop a=34", "aen drive dack1 a=34"),
        ],
    ),
    "extended write": (
        WRITE,
        EXTENDED,
        [
            ("hrq aen adstb drive dack1 a=34 db=12", "hrq aen drive ior memw dack1 a=34"),
            ("hrq aen drive ior memw dack1 a=34", "hrq aen drive ior memw dack1 eop a=34"),
            ("hrq aen drive ior memw dack1 eop a=34", "aen drive dack1 a=34"),
        ],
    ),
    "compressed": (
        READ,
        COMPRESSED,
        [
            ("hrq aen adstb drive dack1 a=34 db=12", "hrq aen drive iow memr dack1 eop a=34"),
            ("hrq aen drive iow memr dack1 eop a=34", "aen drive dack1 a=34"),
        ],
    ),
}


async def observe(bench, states):
    """Collect (first half, second half) of the next states."""
    seen = []
    for _ in range(states):
        second = await bench.step()
        seen.append((bench.first_half, second))
    return seen


async def start(bench, mode, command, address, count, channel=1):
    await bench.program(channel, mode, address, count)
    await bench.write(8, command)
    await bench.write(0xA, channel)
    bench.set(dreq=1 << channel)


@pytest.mark.parametrize("name", TABLES)
def test_a_last_single_transfer_shows_what_the_figures_draw_in_each_half(run_halves, name):
    transfer, command, table = TABLES[name]

    async def body(bench):
        await start(bench, SINGLE | transfer, command, 0x1234, 0)
        assert await observe(bench, 3) == START
        bench.set(dreq=0)
        assert await observe(bench, len(table)) == table
        assert await observe(bench, 2) == [("aen drive a=34", ""), ("", "")]

    run_halves(body)


@pytest.mark.parametrize("name", TABLES)
def test_one_fabric_clock_per_state_shows_the_second_halves(run, name):
    transfer, command, table = TABLES[name]

    async def body(bench):
        await start(bench, SINGLE | transfer, command, 0x1234, 0)
        assert await bench.steps(3) == [second for _, second in START]
        bench.set(dreq=0)
        assert await bench.steps(len(table)) == [second for _, second in table]
        assert await bench.steps(2) == ["", ""]

    run(body)


def test_without_s1_a0_to_a7_change_in_the_middle_of_s2(run_halves):
    async def body(bench):
        await start(bench, BLOCK | READ, 0, 0x1234, 1)
        await bench.steps(6)
        assert bench.show() == "hrq aen drive dack1 a=34"  # S4
        bench.set(dreq=0)
        assert await observe(bench, 4) == [
            ("hrq aen drive dack1 a=34", "hrq aen drive memr dack1 a=35"),
            ("hrq aen drive memr dack1 a=35", "hrq aen drive iow memr dack1 eop a=35"),
            ("hrq aen drive iow memr dack1 eop a=35", "aen drive dack1 a=35"),
            ("aen drive a=35", ""),
        ]

    run_halves(body)


def test_compressed_without_s1_moves_everything_in_the_middle_of_s2_and_s4(run_halves):
    async def body(bench):
        await start(bench, BLOCK | WRITE | DECREMENT, COMPRESSED, 0x1234, 2)
        await bench.steps(5)
        assert bench.show() == "hrq aen drive dack1 a=34"  # S4
        bench.set(dreq=0)
        assert await observe(bench, 5) == [
            ("hrq aen drive dack1 a=34", "hrq aen drive ior memw dack1 a=33"),
            ("hrq aen drive ior memw dack1 a=33", "hrq aen drive dack1 a=33"),
            ("hrq aen drive dack1 a=33", "hrq aen drive ior memw dack1 eop a=32"),
            ("hrq aen drive ior memw dack1 eop a=32", "aen drive dack1 a=32"),
            ("aen drive a=32", ""),
        ]

    run_halves(body)


@pytest.mark.parametrize(
    ("mode", "first", "page", "low", "high"),
    [(BLOCK | READ, 0x12FF, "a=FF", "00", "13"), (BLOCK | READ | DECREMENT, 0x1200, "a=00", "FF", "11")],
)
def test_a_carry_or_borrow_out_of_a7_brings_s1_back_with_dack_on(run_halves, mode, first, page, low, high):
    async def body(bench):
        await start(bench, mode, 0, first, 1)
        await bench.steps(6)
        assert bench.show() == f"hrq aen drive dack1 {page}"  # S4
        bench.set(dreq=0)
        assert await observe(bench, 2) == [
            (f"hrq aen drive dack1 {page}", f"hrq aen adstb drive dack1 a={low} db={high}"),
            (f"hrq aen adstb drive dack1 a={low} db={high}", f"hrq aen drive memr dack1 a={low}"),
        ]

    run_halves(body)


def test_wait_states_hold_every_pin_and_eop_too(run_halves):
    async def body(bench):
        await start(bench, SINGLE | READ, 0, 0x1234, 0)
        await bench.steps(5)
        low = "hrq aen drive iow memr dack1 eop a=34"
        assert bench.show() == low  # S3
        bench.set(dreq=0, ready=0)
        assert await observe(bench, 2) == [(low, low), (low, low)]
        bench.set(ready=1)
        assert await observe(bench, 2) == [(low, "aen drive dack1 a=34"), ("aen drive a=34", "")]

    run_halves(body)


def test_a_compressed_wait_follows_s2(run_halves):
    async def body(bench):
        await start(bench, SINGLE | READ, COMPRESSED, 0x1234, 0)
        await bench.steps(4)
        low = "hrq aen drive iow memr dack1 eop a=34"
        assert bench.show() == low  # S2
        bench.set(dreq=0, ready=0)
        assert await observe(bench, 1) == [(low, low)]
        bench.set(ready=1)
        assert await observe(bench, 1) == [(low, "aen drive dack1 a=34")]

    run_halves(body)


@pytest.mark.parametrize("extended", [0, EXTENDED])
def test_memory_to_memory_shows_figure_12_in_each_half(run_halves, extended):
    early = " memw" if extended else ""

    async def body(bench):
        await bench.program(0, BLOCK, 0x1234, 9)
        await bench.program(1, BLOCK, 0x5678, 0)
        await bench.write(8, CHAINED | extended)
        await bench.write(9, 0x04)
        await bench.until("adstb")
        assert bench.first_half == "hrq aen"
        assert bench.show() == "hrq aen adstb drive a=34 db=12"  # S11
        assert await observe(bench, 2) == [
            ("hrq aen adstb drive a=34 db=12", "hrq aen drive memr a=34"),
            ("hrq aen drive memr a=34", "hrq aen drive memr a=34"),
        ]
        bench.set(db=0xC3)
        assert await observe(bench, 5) == [
            ("hrq aen drive memr a=34", "hrq aen drive a=34"),
            ("hrq aen drive a=34", "hrq aen adstb drive a=78 db=56"),
            ("hrq aen adstb drive a=78 db=56", f"hrq aen drive{early} a=78 db=C3"),
            (f"hrq aen drive{early} a=78 db=C3", "hrq aen drive memw eop a=78 db=C3"),
            ("hrq aen drive memw eop a=78 db=C3", "aen drive a=78 db=C3"),
        ]
        assert await observe(bench, 2) == [("aen drive a=78", ""), ("", "")]

    run_halves(body)


def test_dack_can_be_active_high(run):
    async def body(bench):
        await start(bench, SINGLE | READ, 0x80, 0x1234, 0)
        assert await bench.step() == "hrq dack0 dack1 dack2 dack3"
        await bench.steps(3)
        assert bench.show() == "hrq aen drive memr dack0 dack2 dack3 a=34"

    run(body)


def test_cascade_shows_dack_and_nothing_else(run_halves):
    async def body(bench):
        await start(bench, 0xC0, 0, 0x1234, 0)
        bench.set(ready=0, eop_n=0)
        assert await observe(bench, 4) == [("", "hrq"), ("hrq", "hrq"), ("hrq dack1", "hrq dack1"), ("hrq dack1",) * 2]
        bench.set(dreq=0)
        assert await observe(bench, 2) == [("", ""), ("", "")]
        bench.set(eop_n=1)
        assert await bench.read_word(2) == 0x1234
        assert await bench.read_word(3) == 0x0000
        assert await bench.read(8) == 0x00

    run_halves(body)

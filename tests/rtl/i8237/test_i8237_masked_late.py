"""A channel masked between HRQ and HLDA: what is still served, in each service mode; decision 1's choice."""

import pytest

DEMAND, SINGLE, BLOCK, CASCADE = 0x00, 0x40, 0x80, 0xC0
WRITE, READ, AUTOINITIALIZE = 0x04, 0x08, 0x10


async def masked_late(bench, mode, *, dreq=0b0010, port=0xA, value=0x05, soft=False):
    """Program ten transfers on channel 1, mask it while HRQ waits for HLDA, and grant; return with HRQ still high."""
    await bench.program(1, mode, 0x2000, 9)
    await bench.write(0xA, 1)
    bench.grant = False
    bench.set(dreq=dreq)
    if soft:
        await bench.write(9, 0x05)
    await bench.until("hrq")
    await bench.write(port, value)
    assert bench.show() == "hrq"
    bench.grant = True
    bench.set(hlda=1)


@pytest.mark.parametrize(("port", "value"), [(0xA, 0x05), (0xF, 0x0F), (0xF, 0x02)])
@pytest.mark.parametrize(
    ("mode", "transfers"),
    [(DEMAND | WRITE, 1), (DEMAND | READ | AUTOINITIALIZE, 1), (SINGLE | WRITE, 1), (BLOCK | READ, 10), (BLOCK, 10)],
)
def test_demand_and_single_get_one_transfer_and_block_its_block(run, mode, transfers, port, value):
    async def body(bench):
        await masked_late(bench, mode, port=port, value=value)
        await bench.until("aen")
        await bench.idle()
        assert await bench.read_word(3) == (9 - transfers) & 0xFFFF
        assert await bench.read_word(2) == 0x2000 + transfers
        assert await bench.read(8) == (0x22 if transfers == 10 else 0x20)
        assert await bench.steps(20) == [""] * 20, "a masked channel was served again"

    run(body)


def test_what_demand_mode_shows_state_by_state(run):
    async def body(bench):
        await masked_late(bench, DEMAND | WRITE)
        await bench.until("adstb")
        assert [bench.show(), *await bench.steps(5)] == [
            "hrq aen adstb drive a=00 db=20",
            "hrq aen drive ior dack1 a=00",
            "hrq aen drive ior memw dack1 a=00",
            "aen drive dack1 a=00",
            "",
            "",
        ]

    run(body)


def test_a_demand_burst_goes_on_when_the_mask_is_cleared_again_in_time(run):
    async def body(bench):
        await masked_late(bench, DEMAND | WRITE)
        bench.grant = False
        bench.set(hlda=0)
        await bench.write(0xA, 0x01)
        bench.grant = True
        await bench.until("aen")
        await bench.idle()
        assert await bench.read_word(3) == 0xFFFF

    run(body)


def test_a_request_bit_is_not_maskable(run):
    async def body(bench):
        await masked_late(bench, DEMAND | WRITE, dreq=0, soft=True)
        await bench.until("aen")
        await bench.idle()
        assert await bench.read_word(3) == 0xFFFF

    run(body)


def test_a_cascade_keeps_the_bus_as_long_as_its_line(run):
    async def body(bench):
        await masked_late(bench, CASCADE)
        await bench.until("dack1")
        assert await bench.steps(9) == ["hrq dack1"] * 9
        assert await bench.steps(3, dreq=0) == [""] * 3
        assert await bench.steps(20, dreq=0b0010) == [""] * 20

    run(body)


def test_memory_to_memory_copies_its_block(run):
    async def body(bench):
        await bench.program(0, BLOCK | READ, 0x1000, 3)
        await bench.program(1, BLOCK | WRITE, 0x2000, 3)
        await bench.write(8, 0x01)
        await bench.write(0xA, 0)
        bench.grant = False
        bench.set(dreq=1)
        await bench.until("hrq")
        await bench.write(0xA, 0x04)
        bench.grant = True
        bench.set(hlda=1)
        await bench.until("aen")
        await bench.idle()
        assert [await bench.read_word(word) for word in range(4)] == [0x1004, 0xFFFF, 0x2004, 0xFFFF]

    run(body)

"""External EOP# and memory-to-memory: where they end, and what they leave."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 3, 5 to 7, figures 11, 12 and 14.
import pytest

SINGLE, BLOCK = 0x40, 0x80
READ, AUTOINITIALIZE, DECREMENT = 0x08, 0x10, 0x20
CHAINED, HOLD, COMPRESSED = 0x01, 0x02, 0x08


async def block(bench, mode, command=0):
    await bench.write(8, command)
    await bench.program(1, BLOCK | READ | mode, 0x1000, 0x0009)
    await bench.write(0xA, 1)
    bench.set(dreq=2)
    await bench.until("adstb")
    bench.set(dreq=0)


@pytest.mark.parametrize("command", [0, COMPRESSED])
def test_eop_at_the_end_of_s1_ends_the_service_with_the_transfer_that_starts(run, command):
    async def body(bench):
        await block(bench, 0, command)
        await bench.step(eop_n=0)
        bench.set(eop_n=1)
        assert await bench.idle() == (2 if command else 3)
        assert await bench.read_word(2) == 0x1001
        assert await bench.read_word(3) == 0x0008
        assert await bench.read(8) == 0x02
        assert await bench.read(0xF) == 0xFF

    run(body, variant="cmos")


def test_eop_at_the_end_of_s4_ends_the_service_with_the_next_transfer(run):
    async def body(bench):
        await block(bench, 0)
        await bench.steps(3)
        await bench.step(eop_n=0)
        bench.set(eop_n=1)
        assert await bench.idle() == 3
        assert await bench.read_word(2) == 0x1002

    run(body)


def test_eop_in_s2_and_s3_is_not_seen(run):
    async def body(bench):
        await block(bench, 0)
        await bench.step()
        await bench.steps(2, eop_n=0)
        bench.set(eop_n=1)
        assert await bench.idle(60) == 31 - 3
        assert await bench.read_word(3) == 0xFFFF

    run(body)


def test_eop_reloads_a_channel_that_autoinitializes_and_leaves_its_mask(run):
    async def body(bench):
        await block(bench, AUTOINITIALIZE)
        await bench.steps(6)
        assert bench.show() == "hrq aen drive dack1 a=01"
        await bench.step(eop_n=0)
        bench.set(eop_n=1)
        await bench.idle()
        assert await bench.read_word(2) == 0x1000
        assert await bench.read_word(3) == 0x0009
        assert await bench.read(0xF) == 0xFD
        assert await bench.read(8) == 0x02

    run(body, variant="cmos")


async def chain(bench, *, command=CHAINED, mode0=0, mode1=0, count0=2, count1=2, address0=0x12FE):
    await bench.program(0, BLOCK | mode0, address0, count0)
    await bench.program(1, BLOCK | mode1, 0x5601, count1)
    await bench.write(8, command)
    await bench.write(9, 0x04)
    await bench.until("aen")


async def trace(bench, limit=100):
    """Feed rising bytes and list (address, byte) of every memory write; return it with the states on the bus."""
    moved, high, byte, states = [], {}, 0x80, 0
    while "aen" in (words := bench.show().split()):
        values = dict(word.split("=") for word in words if "=" in word)
        if "adstb" in words:
            high = values["db"]
            byte += 1
            bench.set(db=byte)
        if "memw" in words:
            moved.append((high + values["a"], values["db"]))
        await bench.step()
        states += 1
        assert states < limit
    return moved, states


def test_memory_to_memory_takes_eight_clocks_a_byte_and_ends_with_channel_1s_count(run):
    async def body(bench):
        await chain(bench)
        moved, states = await trace(bench)
        assert moved == [("5601", "81"), ("5602", "83"), ("5603", "85")]
        assert states == 24
        assert await bench.read(0xD) == 0x85
        assert [await bench.read_word(port) for port in range(4)] == [0x1301, 0xFFFF, 0x5604, 0xFFFF]
        assert await bench.read(8) == 0x02
        assert await bench.read(0xF) == 0xFF
        assert await bench.read(9) == 0xF0

    run(body, variant="cmos")


def test_channel_0_is_not_masked_by_memory_to_memory(run):
    async def body(bench):
        await bench.write(0xA, 0)
        await chain(bench)
        await bench.idle()
        assert await bench.read(0xF) == 0xFE

    run(body, variant="cmos")


def test_address_hold_fills_memory_with_one_byte(run):
    async def body(bench):
        await chain(bench, command=CHAINED | HOLD, mode1=DECREMENT)
        moved, _ = await trace(bench)
        assert [address for address, _ in moved] == ["5601", "5600", "55FF"]
        assert await bench.read_word(0) == 0x12FE
        assert await bench.read_word(1) == 0xFFFF

    run(body)


def test_channel_0s_own_count_reloads_it_in_the_middle_and_ends_nothing(run):
    async def body(bench):
        await chain(bench, mode0=AUTOINITIALIZE, count0=0, count1=2)
        _, states = await trace(bench)
        assert states == 24
        assert await bench.read_word(0) == 0x12FE
        assert await bench.read_word(1) == 0x0000
        assert await bench.read(8) == 0x02

    run(body)


def test_both_channels_autoinitialize(run):
    async def body(bench):
        await chain(bench, mode0=AUTOINITIALIZE, mode1=AUTOINITIALIZE)
        await bench.idle()
        assert [await bench.read_word(port) for port in range(4)] == [0x12FE, 0x0002, 0x5601, 0x0002]
        assert await bench.steps(5) == [""] * 5

    run(body)


@pytest.mark.parametrize(("at", "status"), [(0, 0x01), (4, 0x02)])
def test_eop_in_either_half_ends_the_service_after_s24_and_touches_its_own_channel(run, at, status):
    async def body(bench):
        await bench.write(0xE, 0)
        await chain(bench)
        await bench.steps(at)
        await bench.step(eop_n=0)
        bench.set(eop_n=1)
        assert await bench.idle() == 8 - at - 1
        assert await bench.read(8) == status
        assert await bench.read(0xF) == 0xF0 | status
        assert await bench.read(9) == 0xF0

    run(body, variant="cmos")


def test_memory_to_memory_waits_for_ready_in_both_halves(run):
    async def body(bench):
        await chain(bench, count1=0)
        await bench.steps(2)
        await bench.step(ready=0)
        assert bench.show() == "hrq aen drive memr a=FE"  # SW
        await bench.step(ready=1)
        await bench.steps(3)
        await bench.step(ready=0)
        assert bench.show() == "hrq aen drive memw eop a=01 db=5A"
        assert await bench.step(ready=1) == "aen drive a=01 db=5A"

    run(body)


def test_memory_to_memory_is_never_compressed(run):
    async def body(bench):
        await chain(bench, command=CHAINED | COMPRESSED)
        _, states = await trace(bench)
        assert states == 24

    run(body)


def test_channel_1_serves_its_own_dreq_as_usual(run):
    async def body(bench):
        await bench.program(1, SINGLE | READ, 0x5601, 5)
        await bench.write(8, CHAINED)
        await bench.write(0xA, 1)
        bench.set(dreq=2)
        await bench.until("dack1")
        bench.set(dreq=0)
        await bench.idle()
        assert await bench.read_word(2) == 0x5602

    run(body)


def test_address_hold_without_memory_to_memory_means_nothing(run):
    async def body(bench):
        await bench.write(8, HOLD)
        await bench.program(0, BLOCK | READ, 0x1000, 0x0002)
        await bench.write(9, 0x04)
        await bench.until("dack0")
        await bench.idle()
        assert await bench.read_word(0) == 0x1003

    run(body)


def test_master_clear_empties_the_temporary_register(run):
    async def body(bench):
        await chain(bench)
        await trace(bench)
        assert await bench.read(0xD) == 0x85
        await bench.write(0xD, 0)
        assert await bench.read(0xD) == 0x00

    run(body)

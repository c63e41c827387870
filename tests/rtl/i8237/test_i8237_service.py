"""What a service moves, when it ends and what it leaves in the registers."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7.
import pytest

DEMAND, SINGLE, BLOCK, CASCADE = 0x00, 0x40, 0x80, 0xC0
WRITE, READ, AUTOINITIALIZE, DECREMENT = 0x04, 0x08, 0x10, 0x20
COMPRESSED = 0x08


async def load(bench, channel, mode, address, count):
    await bench.program(channel, mode, address, count)
    await bench.write(0xA, channel)


@pytest.mark.parametrize(
    ("mode", "command", "address", "count", "states"),
    [
        (BLOCK | READ, 0, 0x1200, 0x00FF, 769),
        (BLOCK | READ, COMPRESSED, 0x1200, 0x00FF, 513),
        (DEMAND | WRITE, 0, 0x1200, 0x00FF, 769),
        (BLOCK | WRITE, 0, 0x12F0, 0x001F, 98),
        (BLOCK | WRITE | DECREMENT, COMPRESSED, 0x120F, 0x001F, 66),
        (BLOCK, 0, 0x1200, 0x0003, 13),
    ],
)
def test_clocks_on_the_bus_are_the_data_sheets(run, mode, command, address, count, states):
    async def body(bench):
        await bench.write(8, command)
        await load(bench, 2, mode, address, count)
        bench.set(dreq=4)
        await bench.until("aen")
        bench.set(dreq=4 if mode & 0xC0 == DEMAND else 0)
        assert await bench.idle(1000) == states

    run(body)


def test_single_mode_with_dreq_held_repeats_every_seven_clocks(run):
    async def body(bench):
        await load(bench, 0, SINGLE | READ, 0x1000, 0x0009)
        bench.set(dreq=1)
        await bench.until("adstb")
        starts = [state for state in range(22) if "adstb" in (bench.show() if state == 0 else await bench.step())]
        assert starts == [0, 7, 14, 21]

    run(body)


def test_after_a_service_hrq_waits_for_hlda_to_fall(run):
    async def body(bench):
        await load(bench, 0, SINGLE | READ, 0x1000, 0x0009)
        bench.grant = False
        bench.set(dreq=1)
        await bench.until("hrq")
        bench.set(hlda=1)
        await bench.until("aen")
        await bench.idle()
        assert await bench.steps(6) == [""] * 6
        assert await bench.steps(2, hlda=0) == ["hrq", "hrq"]

    run(body)


def test_word_count_reads_ffff_and_address_is_past_the_end_after_terminal_count(run):
    async def body(bench):
        await load(bench, 3, BLOCK | WRITE, 0x10FE, 0x0003)
        bench.set(dreq=8)
        await bench.until("aen")
        bench.set(dreq=0)
        await bench.idle()
        assert await bench.read_word(6) == 0x1102
        assert await bench.read_word(7) == 0xFFFF
        assert await bench.read(8) == 0x08
        assert await bench.read(8) == 0x00

    run(body)


def test_addresses_wrap_at_the_ends(run):
    async def body(bench):
        await load(bench, 1, BLOCK | WRITE, 0xFFFF, 0x0001)
        await load(bench, 2, BLOCK | WRITE | DECREMENT, 0x0000, 0x0001)
        bench.set(dreq=6)
        for _ in range(2):
            await bench.until("aen")
            await bench.idle()
        bench.set(dreq=0)
        assert await bench.read_word(2) == 0x0001
        assert await bench.read_word(4) == 0xFFFE

    run(body)


def test_terminal_count_masks_the_channel(run):
    async def body(bench):
        await load(bench, 1, SINGLE | READ, 0x1000, 0x0000)
        bench.set(dreq=2)
        await bench.until("aen")
        await bench.idle()
        assert await bench.steps(10) == [""] * 10

    run(body)


@pytest.mark.parametrize("command", [0, COMPRESSED])
@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("kind", [SINGLE, BLOCK, DEMAND])
def test_autoinitialize_reloads_at_terminal_count_and_leaves_the_mask(run, command, count, kind):
    async def body(bench):
        await bench.write(8, command)
        await load(bench, 1, kind | READ | AUTOINITIALIZE, 0x20FF, count)
        bench.set(dreq=2)
        for _ in range(count + 1 if kind == SINGLE else 1):
            await bench.until("aen")
            await bench.idle()
        bench.set(dreq=0)
        await bench.idle()
        assert await bench.read(8) == 0x02
        assert await bench.read_word(2) == 0x20FF
        assert await bench.read_word(3) == count
        bench.set(dreq=2)
        assert await bench.until("aen") <= 4

    run(body)


def test_demand_stops_when_dreq_goes_and_goes_on_where_it_stopped(run):
    async def body(bench):
        await load(bench, 0, DEMAND | WRITE | AUTOINITIALIZE, 0x1000, 0x0005)
        bench.set(dreq=1)
        await bench.until("aen")
        await bench.steps(5)
        assert bench.show() == "hrq aen drive ior memw dack0 a=01"  # S3 of the second transfer
        bench.set(dreq=0)
        assert await bench.steps(2) == ["aen drive dack0 a=01", ""]
        assert await bench.read_word(0) == 0x1002
        assert await bench.read_word(1) == 0x0003
        assert await bench.read(8) == 0x00
        bench.set(dreq=1)
        await bench.until("adstb")
        assert bench.show() == "hrq aen adstb drive a=02 db=10"

    run(body)


def test_dreq_gone_in_s2_and_back_at_the_end_of_s3_does_not_stop_demand(run):
    async def body(bench):
        await load(bench, 0, DEMAND | WRITE, 0x1000, 0x0005)
        bench.set(dreq=1)
        await bench.until("adstb")
        await bench.step(dreq=0)
        await bench.step()
        assert await bench.step(dreq=1) == "hrq aen drive dack0 a=00"

    run(body)


def test_hrq_stays_until_hlda_even_when_dreq_goes(run):
    async def body(bench):
        await load(bench, 0, BLOCK | READ, 0x1000, 0x0000)
        bench.grant = False
        bench.set(dreq=1)
        await bench.until("hrq")
        bench.set(dreq=0)
        assert await bench.steps(5) == ["hrq"] * 5
        bench.set(hlda=1)
        assert await bench.until("dack0") <= 3

    run(body)


def test_a_program_write_is_taken_while_hrq_waits_for_hlda(run):
    async def body(bench):
        await load(bench, 0, BLOCK | READ, 0x1000, 0x0000)
        bench.grant = False
        bench.set(dreq=1)
        await bench.until("hrq")
        await bench.write(0xC, 0)
        await bench.write(0, 0x99)
        bench.set(hlda=1)
        await bench.until("adstb")
        assert bench.show() == "hrq aen adstb drive a=99 db=10"

    run(body)


def test_verify_ignores_ready_and_reaches_terminal_count(run):
    async def body(bench):
        await load(bench, 2, SINGLE, 0x1000, 0x0001)
        bench.set(dreq=4, ready=0)
        for _ in range(2):
            await bench.until("aen")
            assert await bench.idle() == 4
        bench.set(dreq=0)
        assert await bench.read(8) == 0x04
        assert await bench.read_word(4) == 0x1002

    run(body)


def test_illegal_transfer_type_behaves_as_verify(run):
    async def body(bench):
        await load(bench, 2, SINGLE | WRITE | READ, 0x1000, 0x0000)
        bench.set(dreq=4, ready=0)
        await bench.until("adstb")
        assert await bench.steps(2) == ["hrq aen drive dack2 a=00", "hrq aen drive dack2 eop a=00"]

    run(body)


def test_the_disable_bit_stops_requests_and_not_a_service(run):
    async def body(bench):
        await bench.write(8, 0x04)
        await load(bench, 0, BLOCK | READ, 0x1000, 0x0000)
        bench.set(dreq=1)
        assert await bench.steps(5) == [""] * 5
        await bench.write(9, 0x04)
        assert await bench.steps(5) == [""] * 5
        await bench.write(8, 0x00)
        assert await bench.until("aen") <= 4

    run(body)


@pytest.mark.parametrize("kind", [DEMAND, SINGLE, BLOCK])
def test_a_software_request_is_not_maskable_and_goes_at_terminal_count(run, kind):
    async def body(bench):
        await bench.program(2, kind | READ, 0x1000, 0x0002)
        await bench.write(9, 0x06)
        for _ in range(3 if kind == SINGLE else 1):
            await bench.until("aen")
            await bench.idle()
        assert await bench.steps(8) == [""] * 8
        assert await bench.read_word(5) == 0xFFFF
        assert await bench.read(8) == 0x04
        assert await bench.read(9) == 0xF0

    run(body, variant="cmos")


def test_a_software_request_on_a_cascaded_channel_is_ignored(run):
    async def body(bench):
        await bench.write(0xB, CASCADE | 1)
        await bench.write(9, 0x05)
        assert await bench.steps(10) == [""] * 10
        await bench.write(0xB, SINGLE | 1)
        assert await bench.until("aen") <= 4

    run(body)


def test_cascade_ends_when_hlda_falls(run):
    async def body(bench):
        await bench.write(0xB, CASCADE | 1)
        await bench.write(0xA, 1)
        bench.set(dreq=2)
        await bench.until("dack1")
        assert await bench.steps(20) == ["hrq dack1"] * 20
        assert await bench.step(hlda=0) == ""

    run(body)


def test_only_dreq_keeps_a_cascade_going(run):
    async def body(bench):
        await bench.write(0xB, CASCADE | 1)
        await bench.write(9, 0x05)
        await bench.write(0xA, 1)
        bench.set(dreq=2)
        await bench.until("dack1")
        assert await bench.step(dreq=0) == ""

    run(body)


def test_terminal_count_clears_the_software_request_of_its_own_channel_only(run):
    async def body(bench):
        await bench.program(2, BLOCK | READ, 0x1000, 0x0001)
        await bench.program(3, BLOCK | READ, 0x2000, 0x0001)
        await bench.write(8, 0x04)
        await bench.write(9, 0x06)
        await bench.write(9, 0x07)
        await bench.write(8, 0x00)
        await bench.until("dack2")
        await bench.idle()
        await bench.until("dack3")

    run(body)

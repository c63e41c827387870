"""The AT's services, state by state: the cascade, wait states, IOCHRDY, AEN, TC, verify."""

import pytest

# Columns: HRQ HLDA AEN DACK strobes TC address. Strobes R, W: IOR#, IOW#; r, w: MEMR#, MEMW#; -: driven high;
# .: floating.
# The processor acknowledges at once, and the request is there in the first row.
CHANNEL_2_WRITES = [
    "0 0 0 - .  0 ......",  # DMA 1: SI, samples DREQ2
    "0 0 0 - .  0 ......",  # DMA 1: SI, HRQ high; DMA 2: SI, samples DREQ0
    "1 0 0 - .  0 ......",  # DMA 1: S0; DMA 2: SI, HRQ high
    "1 1 0 - .  0 ......",  # DMA 2: S0, samples HLDA
    "1 1 0 - .  0 ......",  # DMA 2: SC, DACK0#; the flip-flop between the chips
    "1 1 0 - .  0 ......",  # DMA 1: S0, samples HLDA
    "1 1 1 - -  0 345678",  # S1
    "1 1 1 2 R  0 345678",  # S2
    "1 1 1 2 Rw 1 345678",  # S3
    "1 1 1 2 Rw 1 345678",  # SW, the board's
    "1 1 1 2 -  0 345678",  # S4: DMA 1's HRQ is low
    "0 1 0 - .  0 ......",  # DMA 2: SI, HRQ low
    "0 0 0 - .  0 ......",
]
CHANNEL_5_READS = [
    "0 0 0 - .  0 ......",  # DMA 2: SI, samples DREQ1
    "1 0 0 - .  0 ......",  # SI, HRQ high
    "1 1 0 - .  0 ......",  # S0
    "1 1 1 - -  0 34ACF0",  # S1
    "1 1 1 5 r  0 34ACF0",  # S2
    "1 1 1 5 Wr 1 34ACF0",  # S3
    "1 1 1 5 Wr 1 34ACF0",  # SW, the board's
    "0 1 1 5 -  0 34ACF0",  # S4: HRQ low
    "0 0 0 - .  0 ......",  # SI
]


def strobes(pc):
    """Return what the strobes did while the board drove them, without the addresses."""
    return [row.strobes for row in pc.rows if row.strobes != "."]


@pytest.mark.parametrize("ratio", [1, 2, 4])
def test_a_byte_from_a_device_goes_through_both_controllers(at_board, ratio):
    async def scenario(pc):
        await pc.post()
        await pc.program(2, mode=0x44, address=0x5678, count=0, page=0x34)
        pc.device[2].append(0x9C)
        pc.mark()
        pc.drq = 0x04
        await pc.clock(13)
        assert pc.table() == CHANNEL_2_WRITES
        assert pc.written == [(0x345678, 0x9C)]
        assert await pc.inb(0x08) == 0x04  # TC of channel 2, and no request
        assert await pc.inb(0xD0) == 0x00  # the cascade counts nothing

    at_board(scenario, ratio=ratio)


@pytest.mark.parametrize("ratio", [1, 2, 4])
def test_a_word_from_memory_goes_through_the_second_controller_alone(at_board, ratio):
    async def scenario(pc):
        await pc.post()
        await pc.program(5, mode=0x48, address=0x5678, count=0, page=0x35)
        pc.memory[0x34ACF0], pc.memory[0x34ACF1] = 0x34, 0x12
        pc.mark()
        pc.drq = 0x20
        await pc.clock(9)
        assert pc.table() == CHANNEL_5_READS
        assert pc.taken[5] == [0x1234]
        assert await pc.inb(0xD0) == 0x02

    at_board(scenario, ratio=ratio)


def test_a_held_request_is_served_again_after_the_processor_had_the_bus(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.program(1, mode=0x44, address=0x0000, count=9, page=0x01)
        pc.device[1].extend(range(10))
        pc.hold = {1}
        pc.mark()
        pc.drq = 0x02
        await pc.clock(36)
        starts = [i for i, row in enumerate(pc.rows) if row.hrq and not pc.rows[i - 1].hrq]
        assert starts == [2, 14, 26]

    at_board(scenario)


def test_demand_mode_on_the_first_controller_keeps_the_bus(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.program(3, mode=0x04, address=0x00FE, count=3, page=0x77)
        pc.device[3].extend([1, 2, 3, 4])
        pc.hold = {3}
        pc.mark()
        pc.drq = 0x08
        await pc.until(lambda: len(pc.written) == 4)
        # S1 again where A8 changes; S2 S3 SW S4 for each byte
        assert "".join(f"{s} " for s in strobes(pc)) == "- R Rw Rw - R Rw Rw - - R Rw Rw - R Rw Rw - "
        assert [a for a, _ in pc.written] == [0x7700FE, 0x7700FF, 0x770100, 0x770101]

    at_board(scenario)


@pytest.mark.parametrize(
    ("wait_states", "expected"),
    [
        (0, ["-", "R", "Rw", "-"]),
        (1, ["-", "R", "Rw", "Rw", "-"]),
        (2, ["-", "R", "Rw", "Rw", "Rw", "-"]),
        (3, ["-", "R", "Rw", "Rw", "Rw", "Rw", "-"]),
    ],
)
@pytest.mark.parametrize("channel", [0, 7])
@pytest.mark.parametrize("ratio", [1, 2])
def test_every_transfer_gets_the_boards_wait_states(at_board, channel, wait_states, expected, ratio):
    async def scenario(pc):
        await pc.post()
        await pc.program(channel, mode=0x44, address=0, count=5, page=0)
        for _ in range(2):
            pc.device[channel].append(0x5A)
            pc.mark()
            pc.drq = 1 << channel
            await pc.idle()
            assert strobes(pc) == expected

    at_board(scenario, wait_states=wait_states, ratio=ratio)


def test_the_wait_state_does_not_depend_on_the_direction_or_the_write_strobe(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.program(6, mode=0x48, address=0, count=5, page=0)
        for command, expected in ((0x00, ["-", "r", "Wr", "Wr", "-"]), (0x20, ["-", "Wr", "Wr", "Wr", "-"])):
            await pc.outb(0xD0, command)
            pc.mark()
            pc.drq = 0x40
            await pc.idle()
            assert strobes(pc) == expected

    at_board(scenario)


def test_compressed_timing_meets_both_flip_flops(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.outb(0x08, 0x08)
        await pc.program(1, mode=0x44, address=0, count=5, page=0)
        pc.device[1].append(0x5A)
        pc.mark()
        pc.drq = 0x02
        await pc.idle()
        assert strobes(pc) == ["-", "Rw", "Rw", "Rw", "-"]  # S1 S2 SW SW S4

    at_board(scenario)


@pytest.mark.parametrize("low", [0, 1, 2, 5, 40])
@pytest.mark.parametrize("ratio", [1, 2])
def test_iochrdy_holds_the_transfer_as_long_as_it_is_low(at_board, low, ratio):
    async def scenario(pc):
        await pc.post()
        await pc.program(2, mode=0x44, address=0x1000, count=5, page=0)
        pc.device[2].append(0x5A)
        pc.drq = 0x04
        pc.mark()
        await pc.until(lambda: strobes(pc) == ["-", "R", "Rw"])  # the next state is the board's SW
        pc.ctx.set(pc.isa.iochrdy, 0)
        await pc.clock(low)
        pc.ctx.set(pc.isa.iochrdy, 1)
        await pc.idle()
        assert strobes(pc) == ["-", "R", "Rw"] + ["Rw"] * (1 + low) + ["-"]
        assert pc.written == [(0x001000, 0x5A)]

    at_board(scenario, ratio=ratio)


def test_iochrdy_low_before_the_board_is_ready_adds_nothing(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.program(2, mode=0x44, address=0x1000, count=5, page=0)
        pc.device[2].append(0x5A)
        pc.ctx.set(pc.isa.iochrdy, 0)
        pc.drq = 0x04
        pc.mark()
        await pc.until(lambda: strobes(pc) == ["-", "R", "Rw"])
        pc.ctx.set(pc.isa.iochrdy, 1)
        await pc.idle()
        assert strobes(pc) == ["-", "R", "Rw", "Rw", "-"]

    at_board(scenario)


def test_a_processor_slow_to_let_go_delays_the_service_and_nothing_else(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.program(2, mode=0x44, address=0x5678, count=0, page=0x34)
        pc.device[2].append(0x9C)
        pc.grant_delay = 7
        pc.mark()
        pc.drq = 0x04
        await pc.clock(20)
        assert pc.table() == [*CHANNEL_2_WRITES[:3], *["1 0 0 - .  0 ......"] * 7, *CHANNEL_2_WRITES[3:]]

    at_board(scenario)


def test_verify_reaches_tc_with_no_strobe_and_no_wait_state(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.program(2, mode=0x42, address=0x2000, count=1, page=0x01)  # mode 42h: the BIOS's verify
        pc.mark()
        for _ in range(2):
            pc.drq = 0x04
            await pc.idle()
        assert strobes(pc) == ["-"] * 8
        assert [row.address for row in pc.rows if row.tc] == [0x012001]
        assert await pc.inb(0x08) == 0x04

    at_board(scenario)


@pytest.mark.parametrize(("channel", "controller"), [(1, 0x08), (6, 0xD0)])
def test_tc_comes_once_with_the_last_transfer_of_its_channel(at_board, channel, controller):
    async def scenario(pc):
        await pc.post()
        await pc.program(channel, mode=0x84, address=0x0000, count=2, page=0x02)
        pc.device[channel].extend([1, 2, 3])
        pc.mark()
        pc.drq = 1 << channel
        await pc.idle()
        step = 1 if channel < 4 else 2
        assert [(row.address, row.dack) for row in pc.rows if row.tc] == [(0x020000 + 2 * step, str(channel))] * 2
        assert await pc.inb(controller) == 1 << (channel & 3)
        pc.mark()
        pc.drq = 1 << channel  # masked by TC
        await pc.clock(20)
        assert not any(row.hrq for row in pc.rows[-16:]) or channel < 4
        assert not any(row.aen for row in pc.rows)

    at_board(scenario)


def test_aen_is_high_exactly_while_the_board_drives_the_address(at_board):
    async def scenario(pc):
        await pc.post()
        for channel in (0, 5):
            await pc.program(channel, mode=0x84, address=0xFFF0, count=30, page=0x02)
            pc.device[channel].extend(range(31))
        pc.drq = 0x21
        await pc.idle()
        assert len(pc.written) == 62
        assert all(row.aen == (row.address is not None) == (row.sbhe_n is not None) for row in pc.rows)
        assert all(row.aen == (row.strobes != ".") for row in pc.rows)

    at_board(scenario)


def test_the_upper_address_on_db_stays_off_the_data_bus(at_board):
    async def scenario(pc):
        await pc.post()
        for channel in (1, 6):
            await pc.program(channel, mode=0x84, address=0xA5F0, count=30, page=0x02)
            pc.device[channel].extend(range(31))
        pc.mark()
        pc.drq = 0x42
        await pc.idle()
        assert len(pc.written) == 62
        assert {row.data for row in pc.rows} == {None}

    at_board(scenario)


def test_a_transfer_of_one_controller_is_no_access_to_the_other(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.outb(0x00, 0x11)
        await pc.outb(0x00, 0x22)
        await pc.outb(0x8A, 0x00)
        # A word channel sweeps memory 00000h-001FEh with I/O strobes: on A0-A9 DMA 1's ports and the page registers.
        await pc.program(7, mode=0x88, address=0x0000, count=0xFF, page=0x00)
        for address in range(0x200):
            pc.memory[address] = 0x5A
        pc.mark()
        pc.drq = 0x80
        await pc.idle(2000)
        assert pc.taken[7] == [0x5A5A] * 256
        assert all(row.data is None for row in pc.rows)
        assert await pc.inw2(0x00) == 0x2211
        assert await pc.inb(0x8A) == 0x00

    at_board(scenario)


def test_the_first_controller_waits_while_the_cascade_is_masked(at_board):
    async def scenario(pc):
        await pc.post()
        await pc.outb(0xD4, 0x04)
        await pc.program(2, mode=0x44, address=0, count=0, page=0)
        pc.device[2].append(0x66)
        pc.drq = 0x04
        pc.mark()
        await pc.clock(30)
        assert not any(row.hrq for row in pc.rows)
        await pc.outb(0xD4, 0x00)
        await pc.idle()
        assert pc.written == [(0, 0x66)]

    at_board(scenario)

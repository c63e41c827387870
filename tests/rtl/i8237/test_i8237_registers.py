"""The program side: every register, the flip-flop, what RESET and Master Clear touch, and the 82C37A's reads."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 10.
import pytest


@pytest.mark.parametrize("port", range(8))
def test_each_word_register_reads_back_low_byte_first(run, port):
    async def body(bench):
        await bench.write(port, 0x34)
        await bench.write(port, 0x12)
        assert await bench.read(port) == 0x34
        assert await bench.read(port) == 0x12

    run(body)


def test_the_eight_words_do_not_disturb_each_other(run):
    async def body(bench):
        for port in range(8):
            await bench.write(port, 0x10 + port)
            await bench.write(port, 0xA0 + port)
        words = [await bench.read_word(port) for port in range(8)]
        assert words == [0xA010, 0xA111, 0xA212, 0xA313, 0xA414, 0xA515, 0xA616, 0xA717]

    run(body)


def test_a_second_write_replaces_the_first_and_does_not_add_to_it(run):
    async def body(bench):
        for value in (0xFF, 0xFF, 0x01, 0x02, 0x00, 0x00, 0x55, 0xAA):
            await bench.write(0, value)
        assert await bench.read_word(0) == 0xAA55

    run(body)


def test_the_flip_flop_is_one_for_the_whole_chip_and_not_toggled_by_the_ports_above_7(run):
    async def body(bench):
        await bench.write(0, 0x11)
        for port in (8, 9, 0xA, 0xB, 0xE, 0xF):
            await bench.write(port, 0)
        await bench.read(8)
        await bench.read(0xD)
        await bench.write(3, 0x22)
        await bench.write(0xC, 0xFF)
        assert await bench.read(0) == 0x11
        assert await bench.read(3) == 0x22

    run(body)


def test_strobes_without_chip_select_or_with_hlda_do_nothing(run):
    async def body(bench):
        bench.grant = False
        await bench.write(0, 0x11)
        await bench.write(0, 0x22)
        await bench.step(cs_n=1, a=0, db=0x99)
        await bench.steps(2, iow_n=0)
        await bench.steps(2, iow_n=1)
        await bench.step(cs_n=0, hlda=1)
        await bench.steps(2, iow_n=0)
        assert bench.show() == ""
        await bench.steps(2, iow_n=1, ior_n=0)
        assert bench.show() == ""
        await bench.step(ior_n=1)
        await bench.steps(2, cs_n=1, hlda=0)
        assert await bench.read_word(0) == 0x2211

    run(body)


def test_one_long_write_strobe_is_one_access_with_the_data_at_its_end(run):
    async def body(bench):
        await bench.step(cs_n=0, a=2, db=0x01)
        await bench.steps(3, iow_n=0)
        await bench.steps(3, db=0x77)
        await bench.step(iow_n=1)
        await bench.step(cs_n=1, db=0)
        await bench.write(2, 0x88)
        assert await bench.read_word(2) == 0x8877

    run(body)


def test_status_shows_dreq_after_polarity_and_the_mask_does_not_hide_it(run):
    async def body(bench):
        bench.set(dreq=0b0101)
        assert await bench.read(8) == 0x50
        await bench.write(8, 0x40)
        assert await bench.read(8) == 0xA0

    run(body)


def test_a_software_request_is_not_shown_in_status(run):
    async def body(bench):
        await bench.write(8, 0x04)
        await bench.write(9, 0x06)
        assert await bench.read(8) == 0x00

    run(body)


def test_a_status_read_clears_the_terminal_count_bits_and_no_other_access_does(run):
    async def body(bench):
        await bench.program(1, 0x84, 0x1000, 0x0000)
        await bench.write(9, 0x05)
        await bench.until("dack1")
        await bench.idle()
        for port, value in ((0x8, 0), (0x9, 1), (0xA, 5), (0xB, 0x85), (0xC, 0), (0xE, 0), (0xF, 15), (2, 0), (3, 0)):
            await bench.write(port, value)
        assert await bench.read_word(3) == 0x00FF
        assert await bench.read(8) == 0x02
        assert await bench.read(8) == 0x00

    run(body)


def test_port_c_clears_the_flip_flop(run):
    async def body(bench):
        for value in (0xAA, 0xBB, 0x11):
            await bench.write(0, value)
        await bench.write(0xC, 0)
        assert await bench.read_word(0) == 0xBB11

    run(body)


@pytest.mark.parametrize("port", [9, 0xA, 0xB, 0xC, 0xE, 0xF])
@pytest.mark.parametrize("value", [0xFF, 0x00, 0x5A])
def test_illegal_reads_of_the_nmos_part_return_the_parameter(run, port, value):
    async def body(bench):
        assert await bench.read(port) == value

    run(body, undefined_read=value)


def test_an_illegal_read_has_no_side_effect_on_the_nmos_part(run):
    async def body(bench):
        await bench.write(0, 0x11)
        for port in (9, 0xA, 0xB, 0xC, 0xE, 0xF):
            await bench.read(port)
        await bench.write(0, 0x22)
        assert await bench.read_word(0) == 0x2211

    run(body)


def test_the_cmos_part_reads_back_command_request_and_mask(run):
    async def body(bench):
        await bench.write(8, 0xA5 & ~1)
        await bench.write(9, 0x06)
        await bench.write(0xF, 0x05)
        assert await bench.read(0xA) == 0xA4
        assert await bench.read(9) == 0xF4
        assert await bench.read(0xF) == 0xF5

    run(body, variant="cmos")


def test_the_cmos_part_lists_the_modes_one_read_after_the_other(run):
    async def body(bench):
        for mode in (0x58, 0x45, 0x8A, 0xC3):
            await bench.write(0xB, mode)
        assert [await bench.read(0xB) for _ in range(5)] == [0x5B, 0x47, 0x8B, 0xC3, 0x5B]
        await bench.read(0xE)
        assert await bench.read(0xB) == 0x5B

    run(body, variant="cmos")


def test_the_cmos_part_sets_the_flip_flop_by_a_read_of_port_c(run):
    async def body(bench):
        await bench.write(0, 0x11)
        await bench.write(0, 0x22)
        await bench.read(0xC)
        assert await bench.read(0) == 0x22

    run(body, variant="cmos")


async def _everything_set(bench):
    await bench.program(1, 0x58, 0x1234, 0x0005)
    await bench.write(0xB, 0x00)
    await bench.write(8, 0xE4)
    await bench.write(9, 0x07)
    await bench.write(0xE, 0)
    await bench.write(0, 0x77)


def test_master_clear_clears_what_the_data_sheet_lists_and_nothing_else(run):
    async def body(bench):
        await _everything_set(bench)
        await bench.write(0xD, 0)
        assert await bench.read(0xA) == 0x00
        assert await bench.read(9) == 0xF0
        assert await bench.read(0xF) == 0xFF
        assert await bench.read(8) == 0x00
        assert [await bench.read(0xB) & 0xFC for _ in range(2)] == [0x00, 0x58]
        assert await bench.read_word(2) == 0x1234
        assert await bench.read_word(3) == 0x0005

    run(body, variant="cmos")


def test_reset_clears_what_master_clear_clears(run):
    async def body(bench):
        await _everything_set(bench)
        await bench.reset()
        assert await bench.read(0xA) == 0x00
        assert await bench.read(9) == 0xF0
        assert await bench.read(0xF) == 0xFF
        assert [await bench.read(0xB) & 0xFC for _ in range(2)] == [0x00, 0x58]
        assert await bench.read_word(2) == 0x1234

    run(body, variant="cmos")


def test_single_mask_and_request_writes_change_one_bit(run):
    async def body(bench):
        await bench.write(8, 0x04)
        await bench.write(0xA, 0xF9)
        assert await bench.read(0xF) == 0xFD
        await bench.write(0xA, 0x05)
        assert await bench.read(0xF) == 0xFF
        await bench.write(9, 0xFF)
        await bench.write(9, 0x04)
        assert await bench.read(9) == 0xF9
        await bench.write(9, 0x03)
        assert await bench.read(9) == 0xF1

    run(body, variant="cmos")


def test_clear_mask_clears_and_all_mask_writes_all_four(run):
    async def body(bench):
        await bench.write(0xE, 0xFF)
        assert await bench.read(0xF) == 0xF0
        await bench.write(0xF, 0xFA)
        assert await bench.read(0xF) == 0xFA

    run(body, variant="cmos")

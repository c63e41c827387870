"""The adapter's ports: resets, status, adapter commands, interrupts, and which channel and line it takes."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapters 4 and 5.

import pytest

from isadma_sim import PC, Device
from isadma_sim.devices.scsi import HostAdapter


def test_a_hard_reset_runs_the_self_test_and_asks_for_mailboxes(make_rig):
    rig = make_rig()
    assert rig.status == 0xA0  # STST, INIT
    rig.until(lambda: rig.status == 0x30, "INIT and IDLE")
    rig.control(0x80)
    assert rig.status == 0xA0


def test_a_soft_reset_has_no_self_test_and_forgets_the_mailboxes(rig):
    assert rig.status == 0x10
    rig.control(0x40)
    assert rig.status & 0x80 == 0
    rig.until(lambda: rig.status == 0x30, "INIT and IDLE")


def test_a_byte_written_keeps_cdf_high_until_it_is_taken(rig):
    rig.pc.outb(0x331, 0x00)
    assert rig.status & 0x08
    rig.until(lambda: not rig.status & 0x08, "CDF low")
    assert rig.flags == 0x84


def test_echo_comes_back_through_the_data_port_with_hacc_behind_it(rig):
    rig.send(0x1F, 0xA5)
    assert rig.status & 0x04
    assert rig.flags == 0
    assert rig.pc.inb(0x331) == 0xA5
    assert rig.flags == 0x84
    assert rig.status == 0x10
    rig.control(0x20)
    assert rig.flags == 0


def test_inquiry_names_a_1542_of_the_kind_that_software_configures(rig):
    assert rig.command(0x04, reply=4) == b"\x45\x3010"


def test_an_unknown_command_sets_invdcmd_with_hacc_and_the_next_one_clears_it(rig):
    rig.send(0x77)
    assert rig.flags == 0x84
    assert rig.status == 0x11
    rig.control(0x20)
    rig.command(0x00)
    assert rig.status == 0x10


@pytest.mark.parametrize(
    "given",
    [
        (0x01, 0, 0x02, 0, 0),  # no mailboxes
        (0x05, 2),
        (0x06, 2, 0, 0, 250),
        (0x06, 1, 1, 0, 250),
        (0x07, 1),
        (0x07, 16),
        (0x08, 65),
        (0x09, 5),
        (0x23, 0, 32, 1),
    ],
    ids=lambda given: bytes(given).hex(),
)
def test_a_parameter_out_of_range_is_an_invalid_command(rig, given):
    rig.command(*given)
    assert rig.status & 0x01


def test_start_scsi_before_mailbox_init_is_an_invalid_command(make_rig):
    rig = make_rig()
    rig.reset()
    rig.command(0x02)
    assert rig.status == 0x31


def test_enable_mailbox_out_interrupt_ends_without_hacc(rig):
    rig.send(0x05, 1)
    rig.pc.run(clocks=1000)
    assert rig.flags == 0
    assert rig.status == 0x10


@pytest.mark.parametrize(
    ("dma", "irq", "answer"),
    [(0, 9, b"\x01\x01\x07"), (5, 11, b"\x20\x04\x07"), (6, 12, b"\x40\x08\x07"), (7, 15, b"\x80\x40\x07")],
)
def test_return_configuration_has_a_bit_for_the_channel_and_one_for_the_interrupt(make_rig, dma, irq, answer):
    rig = make_rig(dma=dma, irq=irq)
    rig.reset()
    assert rig.command(0x0B, reply=3) == answer


def test_installed_devices_has_a_bit_for_logical_unit_0_of_each_target(rig):
    assert rig.command(0x0A, reply=8) == bytes((1, 0, 0, 0, 0, 0, 0, 0))


def test_setup_data_tells_times_and_mailboxes_and_is_padded_with_zeros(rig):
    rig.command(0x07, 8)
    rig.command(0x08, 12)
    rig.command(0x09, 2)
    assert rig.command(0x0D, 20, reply=20) == bytes((2, 2, 8, 12, 2, 2, 0, 0)) + bytes(12)
    assert len(rig.command(0x0D, 0, reply=256)) == 256


@pytest.mark.parametrize(("write", "read", "size"), [(0x1A, 0x1B, 64), (0x1C, 0x1D, 54)])
def test_the_test_buffers_are_filled_and_emptied_by_bus_mastering(rig, write, read, size):
    data = bytes(range(100, 100 + size))
    rig.pc.memory[0x40001 : 0x40001 + size] = data
    before = rig.pc.stats.bytes[5]
    rig.command(write, 0x04, 0x00, 0x01)
    rig.command(read, 0x05, 0x00, 0x00)
    assert rig.pc.memory[0x50000 : 0x50000 + size + 1] == data + b"\0"
    assert rig.pc.stats.bytes[5] - before == 2 * size


def test_a_test_buffer_without_cascade_mode_is_an_invalid_command_and_a_counted_conflict(rig):
    rig.pc.outb(0xD6, 0x45)  # channel 5: single, write
    rig.command(0x1B, 0x05, 0x00, 0x00)
    assert rig.status & 0x01
    assert rig.pc.stats.conflicts[5] == 1
    assert rig.pc.stats.master_clocks == 0


def test_the_adapter_is_on_the_bus_no_longer_than_its_bus_on_time_and_off_it_as_long_as_told(rig):
    rig.command(0x07, 5)
    rig.command(0x08, 8)
    frames = []

    class Watch:
        def clock(self, clock, inputs, out, inner):
            frames.append(inputs >> 7 & 1)  # MASTER#

        def idle(self, clock, until):
            frames.extend([1] * (until - clock))

    rig.pc._engine.observe(Watch())
    rig.command(0x1B, 0x05, 0x00, 0x00)
    runs = "".join(map(str, frames)).strip("1").split("1")
    on = [len(run) for run in runs if run]
    off = [len(run) for run in "".join(map(str, frames)).strip("1").split("0") if run]
    # 5 us are 20 clocks, ten words; 64 bytes take 32 of them. 8 us are 32 clocks, and asking again adds some.
    assert on == [20, 20, 20, 4]
    assert all(32 <= clocks < 50 for clocks in off)


def test_a_slower_transfer_speed_makes_longer_cycles(rig):
    rig.command(0x09, 0xFF)  # 3.3 Mbyte/s: 600 ns are three clocks
    before = rig.pc.stats.master_clocks
    rig.command(0x1B, 0x05, 0x00, 0x00)
    assert rig.pc.stats.master_clocks - before == 32 * 3


def test_mailbox_interrupts_wait_for_hacc_to_be_cleared_and_come_with_an_edge_of_their_own(rig):
    rig.ready()
    rig.ccb(bytes(6))
    rig.post()
    rig.send(0x00)  # NOP: HACC is shown first
    rig.pc.run(clocks=8000)
    assert rig.flags == 0x84
    rig.control(0x20)
    rig.pc.run(clocks=2)
    assert rig.flags == 0x81


def test_software_moves_the_adapter_to_another_channel_and_interrupt_at_the_next_hard_reset(rig):
    eeprom = rig.command(0x23, 0, 32, 0, reply=32)
    assert eeprom[1] == 5 << 4 | 2
    rig.command(0x22, 0, 1, 1, 7 << 4 | 3, *bytes(31))
    assert rig.command(0x0B, reply=3) == b"\x80\x08\x07"
    rig.start()
    before = rig.pc.stats.bytes[7]
    rig.command(0x1B, 0x05, 0x00, 0x00)
    assert rig.pc.stats.bytes[7] - before == 64
    rig.pc.attach(Device(), dma=5, irq=11)  # both are free now


def test_an_eeprom_that_names_no_channel_is_refused(rig):
    rig.command(0x22, 0, 1, 1, 4 << 4, *bytes(31))
    assert rig.status & 0x01
    assert rig.command(0x0B, reply=3)[0] == 0x20


def test_a_channel_chosen_that_another_card_has_is_a_diagnostic_failure(rig):
    other = Device()
    rig.pc.attach(other, dma=6)
    rig.command(0x22, 0, 1, 1, 6 << 4 | 2, *bytes(31))
    rig.control(0x80)
    rig.pc.run(clocks=30_000)
    assert rig.status & 0xD0 == 0x50  # DIAGF, IDLE
    rig.command(0x1B, 0x05, 0x00, 0x00)
    assert rig.status & 0x01


def test_a_taken_channel_is_named_when_the_adapter_is_plugged_in(image):
    with PC("reference") as pc:
        pc.attach(Device(), dma=5)
        adapter = HostAdapter(image)
        with pytest.raises(ValueError, match="DMA channel 5 for scsi is taken by device"):
            pc.attach(adapter)
        adapter.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base": 0x300}, "base 768"),
        ({"dma": 3}, "dma 3"),
        ({"irq": 5}, "irq 5"),
        ({"scsi_id": 8}, "scsi_id 8"),
        ({"targets": {7: None}}, "target 7"),
        ({"scsi_id": 0}, "target 0 is taken"),
    ],
)
def test_what_the_board_has_no_jumper_for_is_refused_in_one_line(options, message):
    with pytest.raises(ValueError, match=message):
        HostAdapter("no.img", **options)


def test_a_board_without_extended_translation_is_not_locked(rig):
    assert rig.command(0x28, reply=2) == b"\x00\x00"


def test_extended_translation_locks_the_mailboxes_until_the_code_is_repeated(make_rig):
    rig = make_rig(extended=True)
    rig.reset()
    init = (0x01, 2, 0x02, 0x00, 0x00)
    flags, code = rig.command(0x28, reply=2)
    assert flags == 0x08
    assert code & 0x03
    rig.command(*init)
    assert rig.status & 0x21 == 0x21  # INVDCMD, and INIT still
    rig.command(0x29, 0x00, code ^ 0xFF)
    assert rig.status & 0x01
    assert rig.command(0x28, reply=2) == bytes((0x08, code))
    rig.command(0x29, 0x00, code)
    assert rig.command(0x28, reply=2) == b"\x08\x00"
    rig.command(*init)
    assert rig.status & 0x21 == 0x00


def test_mailboxes_can_be_locked_again_and_a_reset_locks_them(make_rig):
    rig = make_rig(extended=True)
    rig.reset()
    code = rig.command(0x28, reply=2)[1]
    rig.command(0x29, 0x00, code)
    rig.command(0x29, 0x01, 0x00)
    assert rig.command(0x28, reply=2)[1] == code
    rig.command(0x29, 0x00, code)
    rig.reset()
    assert rig.command(0x28, reply=2)[1] == code

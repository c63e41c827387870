"""Mailboxes, CCBs and the disk behind them: data, residues, status, sense."""

# Ref: SCSI-2, X3.131-1994; Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 5.

import random

import pytest

from isadma_sim.devices.scsi import ScsiDisk

BLOCKS, CCB, LIST, DATA, MAILBOXES = 256, 0x20100, 0x20200, 0x30000, 0x20000
GOOD, CHECK = (1, 0, 0), (4, 0, 2)


def read10(block, count):
    return bytes((0x28, 0)) + block.to_bytes(4, "big") + b"\0" + count.to_bytes(2, "big") + b"\0"


def write10(block, count):
    return b"\x2a" + read10(block, count)[1:]


def residue(rig):
    return int.from_bytes(rig.pc.memory[CCB + 4 : CCB + 7], "big")


def test_the_first_command_after_a_reset_is_told_of_it_and_the_next_one_runs(rig):
    rig.ready()
    assert rig.run(bytes(6)) == GOOD


def test_inquiry_and_request_sense_do_not_wait_for_the_unit_attention_to_be_taken(rig):
    assert rig.run(bytes((0x12, 0, 0, 0, 36, 0)), length=36) == GOOD
    assert rig.pc.memory[DATA : DATA + 16] == b"\x00\x00\x02\x02\x1f\0\0\0ISADMA  "
    assert rig.run(bytes((0x03, 0, 0, 0, 18, 0)), length=18) == GOOD
    assert rig.pc.memory[DATA : DATA + 14] == b"\x70\0\x06\0\0\0\0\x0a\0\0\0\0\x29\0"
    assert rig.run(bytes(6)) == GOOD


def test_an_inquiry_with_vital_product_data_is_an_invalid_field(rig):
    assert rig.run(bytes((0x12, 1, 0x80, 0, 36, 0)), length=36) == CHECK
    assert rig.sense(6) == (0x5, 0x24)


def test_read_capacity_tells_the_last_block_and_its_size(rig):
    rig.ready()
    assert rig.run(bytes((0x25,)) + bytes(9), length=8) == GOOD
    assert rig.pc.memory[DATA : DATA + 8] == (255).to_bytes(4, "big") + (512).to_bytes(4, "big")


@pytest.mark.parametrize("cdb", [bytes((0x08, 0, 0, 7, 3, 0)), read10(7, 3)])
def test_a_read_brings_the_images_blocks_to_memory(rig, cdb):
    rig.ready()
    assert rig.run(cdb, length=1536) == GOOD
    assert rig.pc.memory[DATA : DATA + 1537] == rig.image[7 * 512 : 10 * 512] + b"\0"


@pytest.mark.parametrize("cdb", [bytes((0x0A, 0, 0, 9, 2, 0)), write10(9, 2)])
def test_a_write_takes_memorys_bytes_to_the_image_and_touches_no_others(rig, cdb):
    rig.ready()
    before, data = rig.image, bytes(range(256)) * 4
    rig.pc.memory[DATA : DATA + 1024] = data
    assert rig.run(cdb, length=1024) == GOOD
    assert rig.image == before[: 9 * 512] + data + before[11 * 512 :]


def test_a_six_byte_read_of_0_blocks_is_256_and_a_ten_byte_one_is_none(rig):
    rig.ready()
    assert rig.run(bytes((0x08, 0, 0, 0, 0, 0)), length=256 * 512) == GOOD
    assert rig.pc.memory[DATA : DATA + 256 * 512] == rig.image
    assert rig.run(read10(0, 0)) == GOOD


def test_scatter_gather_fills_pieces_in_order_also_at_odd_addresses(rig):
    rig.ready()
    pieces = [(0x41001, 101), (0x42000, 700), (0x43333, 223)]
    table = b"".join(length.to_bytes(3, "big") + address.to_bytes(3, "big") for address, length in pieces)
    rig.pc.memory[LIST : LIST + len(table)] = table
    assert rig.run(read10(4, 2), opcode=2, pointer=LIST, length=18, direction=0x08) == GOOD
    got = b"".join(rig.pc.memory[address : address + length] for address, length in pieces)
    assert got == rig.image[4 * 512 : 6 * 512]
    assert rig.pc.memory[0x41000] == rig.pc.memory[0x41001 + 101] == 0


def test_scatter_gather_collects_pieces_for_a_write(rig):
    rig.ready()
    data = random.Random(5).randbytes(1024)
    pieces = [(0x41003, 13), (0x42000, 1000), (0x43001, 11)]
    table, at = b"", 0
    for address, length in pieces:
        rig.pc.memory[address : address + length] = data[at : at + length]
        table += length.to_bytes(3, "big") + address.to_bytes(3, "big")
        at += length
    rig.pc.memory[LIST : LIST + len(table)] = table
    assert rig.run(write10(100, 2), opcode=4, pointer=LIST, length=18, direction=0x10) == GOOD
    assert rig.image[100 * 512 : 102 * 512] == data
    assert residue(rig) == 0


@pytest.mark.parametrize("length", [0, 5, 7, 18 * 6])
def test_a_scatter_gather_list_that_cannot_be_is_an_invalid_ccb(rig, length):
    assert rig.run(read10(0, 1), opcode=2, pointer=LIST, length=length) == (4, 0x1A, 0)


def test_fewer_bytes_than_the_ccb_has_room_for_are_an_error_only_where_length_is_checked(rig):
    rig.ready()
    assert rig.run(read10(0, 1), length=600, direction=0x08) == (4, 0x12, 0)
    assert rig.run(read10(0, 1), length=600) == GOOD
    assert rig.run(read10(0, 1), length=600, direction=0x08, opcode=3) == GOOD
    assert residue(rig) == 88


def test_more_bytes_than_the_ccb_has_room_for_are_cut_off_and_reported(rig):
    rig.ready()
    assert rig.run(read10(0, 1), length=100, opcode=3) == (4, 0x12, 0)
    assert rig.pc.memory[DATA : DATA + 101] == rig.image[:100] + b"\0"
    assert residue(rig) == 0


def test_a_write_with_too_few_bytes_writes_whole_blocks_only(rig):
    rig.ready()
    before = rig.image
    rig.pc.memory[DATA : DATA + 700] = bytes(700)
    assert rig.run(write10(0, 2), length=700, direction=0x10) == (4, 0x12, 0)
    assert rig.image == bytes(512) + before[512:]


def test_both_direction_bits_mean_no_data(rig):
    rig.ready()
    assert rig.run(read10(0, 1), length=512, direction=0x18) == (4, 0x12, 0)
    assert rig.pc.memory[DATA : DATA + 512] == bytes(512)
    assert rig.run(bytes(6), length=512, direction=0x18) == GOOD


@pytest.mark.parametrize(("cdb", "direction"), [(read10(0, 1), 0x10), (write10(0, 1), 0x08)])
def test_a_transfer_against_the_ccbs_direction_is_a_phase_failure_and_moves_nothing(rig, cdb, direction):
    rig.ready()
    before = rig.image
    rig.pc.memory[DATA : DATA + 512] = b"\x99" * 512
    assert rig.run(cdb, length=512, direction=direction) == (4, 0x14, 0)
    assert rig.pc.memory[DATA : DATA + 512] == b"\x99" * 512
    assert rig.image == before


def test_blocks_beyond_the_end_are_refused_with_the_first_of_them(rig):
    rig.ready()
    assert rig.run(read10(250, 10), length=5120, sense=18) == CHECK
    assert rig.sense(10) == (0x5, 0x21)
    data = rig.pc.memory[CCB + 28 : CCB + 28 + 18]
    assert data[0] == 0xF0
    assert int.from_bytes(data[3:7], "big") == 256


def test_a_write_protected_disk_refuses_writes_and_says_so_in_mode_sense(make_rig):
    rig = make_rig(write_protected=True)
    rig.start()
    rig.ready()
    before = rig.image
    assert rig.run(write10(0, 1), length=512) == CHECK
    assert rig.sense(10) == (0x7, 0x27)
    assert rig.image == before
    assert rig.run(bytes((0x1A, 0, 0x3F, 0, 255, 0)), length=255, opcode=3) == GOOD
    assert rig.pc.memory[DATA + 2] & 0x80


def test_mode_sense_gives_pages_3_and_4_and_refuses_others(rig):
    rig.ready()
    assert rig.run(bytes((0x1A, 0x08, 4, 0, 255, 0)), length=255, opcode=3) == GOOD
    assert rig.pc.memory[DATA : DATA + 10] == bytes((27, 0, 0, 0, 4, 22, 0, 0, 1, 64))
    assert rig.run(bytes((0x1A, 0, 0x20, 0, 255, 0)), length=255) == CHECK
    assert rig.sense(6) == (0x5, 0x24)


def test_verify_compares_with_memory_and_names_the_block_that_differs(rig):
    rig.ready()
    assert rig.run(b"\x2f\0" + read10(3, 4)[2:]) == GOOD
    rig.pc.memory[DATA : DATA + 2048] = rig.image[3 * 512 : 7 * 512]
    cdb = b"\x2f\x02" + read10(3, 4)[2:]
    assert rig.run(cdb, length=2048) == GOOD
    rig.pc.memory[DATA + 1100] ^= 1
    assert rig.run(cdb, length=2048) == CHECK
    assert rig.sense(10) == (0xE, 0x1D)
    assert rig.pc.memory[CCB + 28 + 6] == 5


@pytest.mark.parametrize("code", [0x04, 0x15, 0x1F, 0x3B])
def test_commands_the_disk_does_not_know_format_among_them_are_refused(rig, code):
    rig.ready()
    before = rig.image
    assert rig.run(bytes((code,)) + bytes(5 if code < 0x20 else 9)) == CHECK
    assert rig.sense(6 if code < 0x20 else 10) == (0x5, 0x20)
    assert rig.image == before


def test_another_logical_unit_is_not_there(rig):
    rig.ready()
    assert rig.run(bytes(6), lun=3) == CHECK
    assert rig.sense(6) == (0x5, 0x25)
    assert rig.run(bytes((0x12, 0, 0, 0, 36, 0)), length=36, lun=3) == GOOD
    assert rig.pc.memory[DATA] == 0x7F


def test_sense_length_1_leaves_the_sense_data_with_the_disk(rig):
    assert rig.run(bytes(6), sense=1) == CHECK
    assert rig.pc.memory[CCB + 24] == 0x77
    assert rig.run(bytes((0x03, 0, 0, 0, 18, 0)), length=18) == GOOD
    assert rig.pc.memory[DATA + 12] == 0x29


def test_a_silent_target_is_given_up_after_the_selection_time_out(rig):
    rig.command(0x06, 1, 0, 0, 20)
    start = rig.pc.clocks
    assert rig.run(bytes(6), target=3) == (4, 0x11, 0)
    assert 20e-3 <= (rig.pc.clocks - start) / 4e6 < 25e-3


def test_without_a_time_out_a_silent_target_is_waited_for_until_a_reset(rig):
    rig.command(0x06, 0, 0, 0, 0)
    rig.ccb(bytes(6), target=3)
    rig.post()
    rig.pc.run(clocks=12_000_000)
    assert rig.flags == 0
    assert not rig.status & 0x10
    rig.start()
    rig.ready()


@pytest.mark.parametrize(
    ("options", "host"),
    [({"opcode": 0x01}, 0x16), ({"opcode": 0x77}, 0x16), ({"cdb": bytes(7)}, 0x1A), ({"cdb": bytes(10)}, 0x14)],
)
def test_a_ccb_that_cannot_be_ends_with_its_host_status(rig, options, host):
    assert rig.run(options.pop("cdb", bytes(6)), **options) == (4, host, 0)


def test_bus_device_reset_brings_the_unit_attention_back(rig):
    rig.ready()
    assert rig.run(bytes(6), opcode=0x81) == GOOD
    rig.ready()


def test_a_scsi_bus_reset_is_reported_and_leaves_the_mailboxes(rig):
    rig.ready()
    rig.control(0x10)
    assert rig.flags == 0x88
    rig.control(0x20)
    assert rig.status == 0x10
    rig.ready()


def test_an_abort_finds_nothing_and_a_mailbox_command_that_is_none_is_an_error(rig):
    rig.ccb(bytes(6))
    rig.post(command=2)
    assert rig.finish()[0] == 3
    rig.post(command=9)
    assert rig.finish()[:2] == (4, 0x15)


def test_two_commands_posted_at_once_are_both_done_and_their_mailboxes_freed(rig):
    rig.ready()
    rig.ccb(read10(0, 1), length=512)
    for box in range(2):
        rig.pc.memory[MAILBOXES + 4 * box : MAILBOXES + 4 * box + 4] = b"\x01" + CCB.to_bytes(3, "big")
    rig.send(0x02)
    assert rig.finish() == GOOD
    assert rig.finish() == GOOD
    assert rig.pc.memory[MAILBOXES] == rig.pc.memory[MAILBOXES + 4] == 0


def test_an_incoming_mailbox_that_is_still_full_is_left_alone_until_the_host_empties_one(rig):
    rig.pc.memory[MAILBOXES + 8 : MAILBOXES + 16] = b"\x01\xaa\xbb\xcc" * 2
    rig.ccb(bytes(6))
    rig.post()
    rig.pc.run(clocks=20_000)
    assert rig.flags == 0
    rig.pc.memory[MAILBOXES + 8 : MAILBOXES + 9] = b"\0"
    rig.until(lambda: rig.flags & 1, "MBIF")
    assert rig.pc.memory[MAILBOXES + 8 : MAILBOXES + 16] == b"\x04" + CCB.to_bytes(3, "big") + b"\x01\xaa\xbb\xcc"


def test_the_mailbox_out_interrupt_tells_that_a_mailbox_is_free(rig):
    rig.ready()
    rig.send(0x05, 1)
    rig.ccb(bytes(6))
    rig.post()
    rig.until(lambda: rig.flags & 1, "MBIF")
    assert rig.flags == 0x83


def test_a_channel_that_is_no_cascade_leaves_memory_and_mailboxes_alone(rig):
    rig.pc.outb(0xD6, 0x45)
    rig.ccb(bytes(6))
    rig.post()
    rig.pc.run(clocks=10_000)
    assert rig.flags == 0
    assert rig.pc.memory[MAILBOXES] == 1
    assert rig.pc.stats.conflicts[5] == 1


@pytest.mark.parametrize("engine", ["native", "amaranth"])
def test_a_read_and_a_write_take_the_same_clocks_on_the_rtl_as_on_the_model(engine, make_rig):
    stories = []
    for name in ("reference", engine):
        rig = make_rig(name)
        rig.start()
        rig.ready()
        assert rig.run(read10(3, 2), length=1024) == GOOD
        assert rig.run(write10(200, 2), length=1024) == GOOD
        stats = rig.pc.stats
        stories.append((rig.pc.clocks, stats.master_clocks, stats.dma_clocks, stats.transfers, rig.image))
    assert stories[0] == stories[1]


def test_an_image_that_is_no_whole_number_of_blocks_is_refused(tmp_path):
    path = tmp_path / "odd.img"
    path.write_bytes(bytes(513))
    with pytest.raises(ValueError, match="has 513 bytes"):
        ScsiDisk(path)
    with pytest.raises(FileNotFoundError, match="no disk image"):
        ScsiDisk(tmp_path / "none.img")
    with pytest.raises(IsADirectoryError, match="is a directory"):
        ScsiDisk(tmp_path)


def test_an_image_that_shrank_is_an_unrecovered_read_error(rig):
    rig.ready()
    with rig.disk.image.path.open("r+b") as stream:
        stream.truncate(512)
    assert rig.run(read10(5, 1), length=512) == CHECK
    assert rig.sense(10) == (0x3, 0x11)

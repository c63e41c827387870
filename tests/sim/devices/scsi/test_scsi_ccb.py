"""Mailboxes and CCBs: scatter/gather, residues, directions, time-outs, host status."""

# Ref: SCSI-2, X3.131-1994; Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 5.

import random

import pytest

CCB, LIST, DATA, MAILBOXES = 0x20100, 0x20200, 0x30000, 0x20000
GOOD, CHECK = (1, 0, 0), (4, 0, 2)


def read10(block, count):
    return bytes((0x28, 0)) + block.to_bytes(4, "big") + b"\0" + count.to_bytes(2, "big") + b"\0"


def write10(block, count):
    return b"\x2a" + read10(block, count)[1:]


def residue(rig):
    return int.from_bytes(rig.pc.memory[CCB + 4 : CCB + 7], "big")


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

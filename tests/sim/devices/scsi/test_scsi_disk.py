"""The disk behind the adapter: its commands, data, status and sense."""

# Ref: SCSI-2, X3.131-1994; Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 5.

import pytest

from isadma_sim.devices.scsi import ScsiDisk

CCB, DATA = 0x20100, 0x30000
GOOD, CHECK = (1, 0, 0), (4, 0, 2)


def read10(block, count):
    return bytes((0x28, 0)) + block.to_bytes(4, "big") + b"\0" + count.to_bytes(2, "big") + b"\0"


def write10(block, count):
    return b"\x2a" + read10(block, count)[1:]


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


def test_a_six_byte_read_of_0_blocks_is_256_and_a_ten_byte_one_is_none(make_rig):
    rig = make_rig("native")
    rig.start()
    rig.ready()
    assert rig.run(bytes((0x08, 0, 0, 0, 0, 0)), length=256 * 512) == GOOD
    assert rig.pc.memory[DATA : DATA + 256 * 512] == rig.image
    assert rig.run(read10(0, 0)) == GOOD


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
        rig.pc.close()  # the next machine has the same disk
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

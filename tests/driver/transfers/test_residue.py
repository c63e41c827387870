"""How far a transfer is: torn reads of a running count, terminal counts kept, done told from not begun."""

import pytest

from isadma_driver import DMA_AUTOINIT, DMA_MODE_READ, Dma, Phase, RecordingMachine


def prepared(channel, length, answers, *, mode=DMA_MODE_READ, start=True):
    machine = RecordingMachine(answers=answers)
    dma = Dma(machine)
    claim = dma.request_dma(channel, "x")
    with dma.claim_dma_lock():
        dma.set_dma_mode(claim, mode)
        dma.set_dma_addr(claim, 0x20000)
        dma.set_dma_count(claim, length)
        if start:
            dma.enable_dma(claim)
    machine.clear()
    return machine, dma, claim


@pytest.mark.parametrize(
    ("count_bytes", "expected"),
    [
        ([0xFF, 0x01, 0xFF, 0x01], 512),  # quiet
        ([0x10, 0x01, 0x0E, 0x01], 0x10F),  # moved on, same high byte: the later low byte counts
        ([0x00, 0x00, 0xFF, 0x00], 0x100),  # torn: 0100h became 00FFh between the bytes; 0000h was never there
        ([0x00, 0x01, 0xFF, 0x00, 0xFE, 0x00], 0xFF),  # the high byte changed between two reads: read on
    ],
)
def test_a_count_torn_between_its_bytes_is_read_again(count_bytes, expected):
    _, dma, claim = prepared(2, 512, {0x08: [0] * 9, 0x05: count_bytes})
    assert dma.get_dma_residue(claim) == expected


def test_the_flip_flop_is_cleared_before_the_count_is_read():
    machine, dma, claim = prepared(2, 512, {0x08: [0] * 9, 0x05: [0xFF, 0x01] * 2})
    dma.get_dma_residue(claim)
    assert machine.trace() == "08>00 0c<00 05>ff 05>01 05>ff 05>01"


def test_a_channel_too_fast_to_read_is_masked_for_one_read():
    running = [byte for high in range(9, 4, -1) for byte in (0x00, high)]
    machine, dma, claim = prepared(2, 4096, {0x08: [0] * 9, 0x05: [*running, 0x34, 0x02]})
    assert dma.get_dma_residue(claim) == 0x235
    assert machine.trace().endswith("0a<06 05>34 05>02 08>00 0a<02")


def test_a_channel_that_ends_while_masked_for_reading_is_not_unmasked_again():
    running = [byte for high in range(9, 4, -1) for byte in (0x00, high)]
    machine, dma, claim = prepared(2, 4096, {0x08: [0, 0, 0x04], 0x05: [*running, 0xFF, 0xFF]})
    assert dma.get_dma_residue(claim) == 0
    assert machine.trace().endswith("0a<06 05>ff 05>ff 08>04")


def test_a_residue_of_a_16_bit_channel_is_in_bytes():
    _, dma, claim = prepared(5, 1024, {0xD0: [0] * 9, 0xC6: [0xFF, 0x00] * 2})
    assert dma.get_dma_residue(claim) == 512


def test_64k_not_begun_and_64k_done_are_told_apart():
    answers = {0x08: [0, 0, 0, 0x04], 0x05: [0xFF, 0xFF] * 4}
    _, dma, claim = prepared(2, 65536, answers)
    assert dma.get_dma_residue(claim) == 65536
    assert dma.get_dma_residue(claim) == 0


def test_the_residue_before_the_start_is_the_whole_count():
    _, dma, claim = prepared(2, 512, {0x08: [0] * 9, 0x05: [0xFF, 0x01] * 2}, start=False)
    assert dma.dma_phase(claim) is Phase.READY
    assert dma.get_dma_residue(claim) == 512


def test_a_count_past_its_end_is_done_also_when_the_status_was_read_too_early():
    _, dma, claim = prepared(2, 512, {0x08: [0] * 9, 0x05: [0xFF, 0xFF] * 2})
    assert dma.get_dma_residue(claim) == 0


def test_an_autoinitializing_channel_reports_what_is_left_of_its_lap():
    answers = {0x08: [0, 0x04], 0x05: [0x3F, 0x00] * 2}
    _, dma, claim = prepared(2, 256, answers, mode=DMA_MODE_READ | DMA_AUTOINIT)
    assert dma.get_dma_residue(claim) == 64


def test_one_status_read_keeps_the_terminal_counts_of_all_four_channels():
    machine = RecordingMachine(answers={0x08: [0, 0, 0x06, 0, 0]})
    dma = Dma(machine)
    claims = [dma.request_dma(channel, "x") for channel in (1, 2)]
    with dma.claim_dma_lock():
        for claim in claims:
            dma.set_dma_addr(claim, 0x1000)
            dma.set_dma_count(claim, 16)
            dma.enable_dma(claim)
    assert [dma.dma_finished(claim) for claim in claims] == [True, True]
    assert machine.accesses.count("08>06") == 1
    assert dma.dma_finished(claims[0])  # and stays so


def test_a_terminal_count_left_from_before_does_not_end_the_next_transfer():
    _, dma, claim = prepared(2, 16, {0x08: [0x04, 0x00, 0x00]})
    assert not dma.dma_finished(claim)
    assert dma.dma_phase(claim) is Phase.RUNNING


def test_a_finished_transfer_is_ready_again_once_reprogrammed():
    _, dma, claim = prepared(2, 16, {0x08: [0x00, 0x04]})
    assert dma.dma_phase(claim) is Phase.DONE
    with dma.claim_dma_lock():
        dma.set_dma_count(claim, 16)
    assert dma.dma_phase(claim) is Phase.READY

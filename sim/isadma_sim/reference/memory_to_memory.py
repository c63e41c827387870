"""S11 to S14 and S21 to S24: one byte from channel 0's address through the temporary register to channel 1's."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 6, figure 12.

from __future__ import annotations

from isadma_sim.reference.inside import Inside
from isadma_sim.reference.pins import ChipInputs

SOURCE, DESTINATION = 0, 1
"""Channel 0 is read from, channel 1 written to."""


def enter_s11(chip: Inside) -> None:
    """AEN on, ADSTB with channel 0's A8-A15 on DB, strobes driven high; no DACK."""
    out = chip.pins
    out.aen = out.a_oe = out.strobes_oe = 1
    _put_address(chip, "S11", SOURCE)
    chip.end_state = s11


def _put_address(chip: Inside, state: str, channel: int) -> None:
    out = chip.pins
    address = chip.registers.channels[channel].address
    out.state = state
    out.adstb = out.db_oe = 1
    out.db = address >> 8
    out.a = address & 0xFF


def s11(chip: Inside, pins: ChipInputs) -> None:
    """External EOP# of the source half is sampled; MEMR# falls."""
    out = chip.pins
    chip.source_eop = not pins.eop_n
    out.state = "S12"
    out.adstb = out.db_oe = 0
    out.memr_n = 0
    chip.end_state = s12


def s12(chip: Inside, _pins: ChipInputs) -> None:
    """Give memory another clock."""
    chip.pins.state = "S13"
    chip.end_state = s13_or_sw


def s13_or_sw(chip: Inside, pins: ChipInputs) -> None:
    """READY is sampled; when it is high the byte is taken and MEMR# rises."""
    if not pins.ready:
        chip.pins.state = "SW"
        return
    chip.registers.temporary = pins.db
    chip.pins.state = "S14"
    chip.pins.memr_n = 1
    _step_source(chip)
    chip.end_state = s14


def _step_source(chip: Inside) -> None:
    # A0-A7 stay as they were put: only the registers step here.
    registers = chip.registers
    source = registers.channels[SOURCE]
    passed_zero = source.count == 0
    source.step(hold=registers.hold_source)
    if chip.source_eop:
        registers.end_of_process(SOURCE)
    elif passed_zero and source.autoinitialize:
        source.reload()  # all that channel 0's own count ever does


def s14(chip: Inside, _pins: ChipInputs) -> None:
    """Put channel 1's address out."""
    _put_address(chip, "S21", DESTINATION)
    chip.end_state = s21


def s21(chip: Inside, pins: ChipInputs) -> None:
    """External EOP# of the destination half is sampled; the temporary register goes out on DB."""
    out = chip.pins
    chip.external_eop = not pins.eop_n
    chip.terminal = chip.registers.channels[DESTINATION].count == 0
    out.state = "S22"
    out.adstb = 0
    out.db = chip.registers.temporary
    if chip.registers.early_write:
        out.memw_n = 0
    chip.end_state = s22


def s22(chip: Inside, _pins: ChipInputs) -> None:
    """MEMW# falls at the latest now, EOP# with channel 1's last byte."""
    out = chip.pins
    out.state = "S23"
    out.memw_n = 0
    out.eop_oe = int(chip.terminal)
    chip.end_state = s23_or_sw


def s23_or_sw(chip: Inside, pins: ChipInputs) -> None:
    """READY is sampled; when it is high MEMW# rises, with data held."""
    if not pins.ready:
        chip.pins.state = "SW"
        return
    out, registers = chip.pins, chip.registers
    out.state = "S24"
    out.memw_n = 1
    out.eop_oe = 0
    registers.channels[DESTINATION].step()
    ends = chip.terminal or chip.external_eop
    if ends:
        registers.end_of_process(DESTINATION)
    if ends or chip.source_eop:
        registers.request &= ~(1 << SOURCE | 1 << DESTINATION)
        out.hrq = 0
        chip.end_state = s24_last
    else:
        chip.end_state = s24


def s24(chip: Inside, _pins: ChipInputs) -> None:
    """Move the next byte."""
    enter_s11(chip)


def s24_last(chip: Inside, _pins: ChipInputs) -> None:
    """End the service: HRQ went low in this S24."""
    chip.end_service()

"""S1 S2 S3 SW S4: one transfer between a device and memory, what moves at each state and what is sampled at its end.

`enter_…` sets the pins that move when the state begins; the function named after the state runs at the edge that ends
it, samples the inputs and enters the next.
"""

# Ref: Intel 8237A data sheet, order no. 231466-005, figures 11, 13 and 14.

from __future__ import annotations

from isadma_sim.reference.inside import Inside
from isadma_sim.reference.pins import ChipInputs
from isadma_sim.reference.regs import Service, Transfer

_WRITE, _READ = int(Transfer.WRITE), int(Transfer.READ)
_DEMAND, _SINGLE = int(Service.DEMAND), int(Service.SINGLE)


def enter_s1(chip: Inside) -> None:
    """AEN on, ADSTB with A8-A15 on DB, A0-A7 out, strobes driven high."""
    out = chip.pins
    address = chip.served.address
    out.state = "S1"
    out.aen = out.adstb = out.db_oe = out.a_oe = out.strobes_oe = 1
    out.db = address >> 8
    out.a = address & 0xFF
    chip.end_state = s1


def s1(chip: Inside, pins: ChipInputs) -> None:
    """External EOP# is sampled at the edge that enters S2."""
    chip.external_eop = not pins.eop_n
    _enter_s2(chip)


def _enter_s2(chip: Inside) -> None:
    out, registers, channel = chip.pins, chip.registers, chip.served
    out.state = "S2"
    out.adstb = out.db_oe = 0
    out.a = channel.address & 0xFF
    out.dack = registers.dack_idle ^ 1 << chip.channel
    chip.terminal = channel.count == 0
    if channel.transfer == _WRITE:
        out.ior_n = 0
    elif channel.transfer == _READ:
        out.memr_n = 0
    if registers.early_write:
        _write_strobe(chip)
    if registers.compressed:
        out.eop_oe = int(chip.terminal)
        chip.end_state = s3_or_sw
    else:
        chip.end_state = s2


def _write_strobe(chip: Inside) -> None:
    if chip.served.transfer == _WRITE:
        chip.pins.memw_n = 0
    elif chip.served.transfer == _READ:
        chip.pins.iow_n = 0


def s2(chip: Inside, _pins: ChipInputs) -> None:
    """Enter S3: the late write strobe falls, and EOP# with the last transfer."""
    chip.pins.state = "S3"
    _write_strobe(chip)
    chip.pins.eop_oe = int(chip.terminal)
    chip.end_state = s3_or_sw


def s3_or_sw(chip: Inside, pins: ChipInputs) -> None:
    """READY, and DREQ in demand mode, are sampled; S2 ends like this too when compressed."""
    channel = chip.served
    if not pins.ready and channel.transfer in (_WRITE, _READ):
        chip.pins.state = "SW"
        return
    service = channel.service
    _enter_s4(
        chip,
        service == _SINGLE or (service == _DEMAND and not chip.registers.active(chip.channel, pins.dreq)),
    )


def _enter_s4(chip: Inside, pause: bool) -> None:
    out, channel = chip.pins, chip.served
    out.state = "S4"
    out.ior_n = out.iow_n = out.memr_n = out.memw_n = 1
    out.eop_oe = 0
    page = channel.address >> 8
    channel.step()
    chip.carry = channel.address >> 8 != page
    if chip.terminal or chip.external_eop:
        chip.registers.end_of_process(chip.channel)
        pause = True
    if pause:
        out.hrq = 0
        chip.end_state = s4_last
    else:
        chip.end_state = s4


def s4(chip: Inside, pins: ChipInputs) -> None:
    """Another transfer of this service: through S1 only when A8-A15 change."""
    if chip.carry:
        enter_s1(chip)
    else:
        chip.external_eop = not pins.eop_n
        _enter_s2(chip)


def s4_last(chip: Inside, _pins: ChipInputs) -> None:
    """End the service: HRQ went low in this S4."""
    chip.end_service()

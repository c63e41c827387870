"""The rules of what an 82C37A reads back beside an 8237A, and the benches that judge each."""

# Ref: Harris 82C37A data sheet (HS).
from isadma_verify.conform.rules.catalogue import Rule

_CMOS = frozenset({"read-back"})

CMOS: tuple[tuple[Rule, dict[str, tuple[str, ...]]], ...] = (
    (
        Rule("read-back", "Command, request, mask and modes read back.", "HS, register read-back", _CMOS),
        {
            "cmos": (
                "the_command_register_reads_back",
                "the_mask_reads_back_in_the_low_nibble_under_ones",
                "the_requests_read_back_and_one_write_changes_one_bit",
                "row_14_tc_leaves_the_requests_of_other_channels",
                "modes_read_back_in_turn_under_two_ones_and_port_e_starts_over",
            )
        },
    ),
    (
        Rule("set-flip-flop", "A read of port C selects the high byte.", "HS, software commands", _CMOS),
        {"cmos": ("a_read_of_port_c_selects_the_high_byte",)},
    ),
)

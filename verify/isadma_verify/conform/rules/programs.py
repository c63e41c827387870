"""The rules of what a program writes to an 8237A and reads from it, and the benches that judge each."""

# Ref: Intel 8237A data sheet, order no. 231466-005 (DS; p. its pages, F its figures); Harris 82C37A data sheet (HS).
from isadma_verify.conform.rules.catalogue import Rule

_NMOS = frozenset({"illegal-reads"})

PROGRAMS: tuple[tuple[Rule, dict[str, tuple[str, ...]]], ...] = (
    (
        Rule(
            "register-access",
            "Every byte of address and word count reads back, at the shortest strobes too.",
            "DS p.4, p.14, F9, F10",
        ),
        {
            "program_side": (
                "figures_9_and_10_slave_write_and_read_at_the_shortest",
                "every_address_and_count_byte_reads_back",
                "one_long_strobe_is_one_access",
                "a_strobe_without_cs_writes_nothing",
            )
        },
    ),
    (
        Rule(
            "flip-flop",
            "One first/last flip-flop toggles with ports 0 to 7, and port C clears it.",
            "DS p.4, p.9, p.10",
        ),
        {
            "program_side": (
                "the_flip_flop_ignores_accesses_above_port_7",
                "a_write_to_port_c_clears_the_flip_flop",
                "all_channels_share_one_flip_flop",
            )
        },
    ),
    (
        Rule("byte-writes", "Each byte goes at once to its half of base and current.", "DS p.7, p.11"),
        {"rows_program": ("row_17_each_byte_goes_at_once_to_its_half_of_base_and_current",)},
    ),
    (
        Rule("late-programming", "Programming is accepted while HRQ waits for HLDA.", "DS p.11"),
        {
            "program_side": (
                "programming_is_accepted_while_hrq_waits_for_hlda",
                "a_mode_written_right_before_hlda_counts",
                "a_count_read_races_with_transfers_because_the_chip_has_no_latch",
            )
        },
    ),
    (
        Rule("reset", "RESET idles the chip, and masks every channel.", "DS p.2, p.9, F15"),
        {
            "figures": ("figure_15_reset_idles_the_chip_and_masks_every_channel",),
            "rows_program": ("row_16_reset_masks_every_channel",),
        },
    ),
    (
        Rule(
            "master-clear",
            "Master Clear clears the registers that the data sheet lists, sets the masks, and leaves all others.",
            "DS p.9",
        ),
        {
            "rows_program": (
                "row_15_master_clear_clears_the_listed_registers_and_no_others",
                "row_15_master_clear_clears_tc_bits_and_the_temporary_register",
            ),
            "program_side": ("master_clear_masks_every_channel", "master_clear_clears_the_command_register"),
        },
    ),
    (
        Rule("clear-mask", "A write to port E lets every channel request.", "DS p.9"),
        {"rows_program": ("row_2_clear_mask_lets_every_channel_request",)},
    ),
    (
        Rule("command", "Command bits 6 and 7 set the polarities, bit 2 disables.", "DS p.8"),
        {
            "rows_program": ("rows_22_and_27_command_bits_6_and_7_set_the_polarities_and_bit_2_disables",),
            "elements": ("command_bit_6_is_the_sense_of_dreq", "command_bit_7_is_the_sense_of_dack"),
        },
    ),
    (
        Rule("status-requests", "Status bits 4 to 7 show DREQ after its polarity, masked or not.", "DS p.9; HS p.10"),
        {
            "rows_program": (
                "row_10_status_shows_dreq_after_polarity_whatever_the_mask",
                "row_10_status_shows_no_software_request",
            )
        },
    ),
    (
        Rule("status-tc", "TC bits go by RESET, Master Clear and a status read, and by nothing else.", "DS p.9"),
        {
            "rows_program": (
                "row_11_no_write_but_master_clear_clears_tc_bits",
                "a_status_read_clears_tc_bits_at_its_end_and_returns_the_old_value",
            )
        },
    ),
    (
        Rule("illegal-reads", "A read that the data sheet calls illegal changes nothing.", "DS p.9", _NMOS),
        {"rows_program": ("row_21_illegal_reads_return_what_the_core_was_told_and_change_nothing",)},
    ),
)

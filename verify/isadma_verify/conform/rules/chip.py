"""The rules of an 8237A, and the benches that judge each."""

# Ref: Intel 8237A data sheet, order no. 231466-005 (DS; p. its pages, F its figures); Harris 82C37A data sheet (HS).
from isadma_verify.conform.rules.catalogue import ALWAYS, CHIP_SELECT, EOP_IN, READY, WHOLE_STATES, Rule
from isadma_verify.conform.rules.cmos import CMOS
from isadma_verify.conform.rules.copies import COPIES
from isadma_verify.conform.rules.elements import ELEMENTS
from isadma_verify.conform.rules.programs import PROGRAMS

_M2M, _CASCADE, _COMPRESSED, _AEN, _READY, _EOP_IN = (
    frozenset({name})
    for name in (
        *("memory-to-memory", "cascade", "compressed", "aen"),
        *(READY, EOP_IN),
    )
)

#: A rule and the benches, by module, that judge it; a bench's parameters are of no matter here.
_JUDGED: tuple[tuple[Rule, dict[str, tuple[str, ...]]], ...] = (
    (
        Rule("figure-11", "A transfer shows figure 11, pin for pin in every half clock.", "F11"),
        {
            "figures": (
                "figure_11_dma_read_of_two_bytes_skips_s1_and_ends_with_tc",
                "figure_11_extended_write_takes_s1_on_carry_and_pauses_when_dreq_goes",
            )
        },
    ),
    (
        Rule("figure-13", "Wait states show figure 13: READY counts at the end of S3 and SW.", "F13", _READY),
        {"figures": ("figure_13_ready_counts_only_at_the_end_of_s3_and_sw",)},
    ),
    (
        Rule("figure-14", "Compressed transfers show figure 14.", "F14", _COMPRESSED),
        {
            "figures": (
                "figure_14_compressed_read_of_three_bytes_with_one_wait",
                "figure_14_external_eop_counts_only_on_the_edge_that_enters_s2",
            )
        },
    ),
    (
        Rule("figure-12", "Memory-to-memory shows figure 12.", "F12", _M2M),
        {
            "memory_to_memory": (
                "figure_12_two_bytes_with_waits_end_with_tc_of_channel_1",
                "figure_12_extended_write_lowers_memw_in_s22_and_compressed_timing_does_not_apply",
            )
        },
    ),
    (
        Rule(
            "clocks",
            "A transfer takes 3 clocks, and one more where S1 comes: first, and where A8 carries.",
            "DS p.4, p.7",
            _AEN,
        ),
        {
            "clocks": ("a_page_of_256_bytes_takes_769_clocks", "s1_comes_first_and_where_a8_carries"),
            "rows_services": ("row_4_a_normal_transfer_has_no_wait_state_of_its_own",),
        },
    ),
    (
        Rule("clocks-single", "Single mode holds the bus for 4 clocks and returns every 7.", "DS p.5, F11", _AEN),
        {"clocks": ("single_mode_holds_the_bus_for_4_clocks_and_returns_every_7",)},
    ),
    (
        Rule("clocks-compressed", "Compressed timing takes 2 clocks a transfer.", "DS p.7, F14", _COMPRESSED | _AEN),
        {
            "elements": ("compressed_timing_saves_clocks",),
            "clocks": ("a_page_of_256_bytes_takes_513_clocks_compressed",),
        },
    ),
    (
        Rule("wait-states", "Each state with READY low adds one clock, and loses no TC.", "DS p.4, F13", _AEN | _READY),
        {"elements": ("tc_comes_though_ready_rises_late",), "clocks": ("each_wait_state_adds_one_clock",)},
    ),
    (
        Rule(
            "single",
            "Single mode gives the bus back after each transfer, and repeats while DREQ stays.",
            "DS p.5",
            _AEN,
        ),
        {"rows_services": ("row_3_single_mode_repeats_while_dreq_stays_and_gives_the_bus_back_each_time",)},
    ),
    (
        Rule(
            "demand",
            "Demand mode goes on while DREQ stays, and stops where it is low on the edge between S3 and S4.",
            "DS p.5, F11",
        ),
        {
            "rows_services": ("row_8_demand_stops_when_dreq_is_low_on_the_edge_between_s3_and_s4",),
            "elements": ("demand_stops_though_another_channel_asks", "demand_goes_on_while_dreq_stays"),
        },
    ),
    (
        Rule("verify", "Verify moves nothing, ignores READY, and reaches TC.", "DS p.6", _AEN),
        {"rows_services": ("row_1_verify_moves_nothing_ignores_ready_and_reaches_tc",)},
    ),
    (
        Rule(
            "compressed-ready", "Compressed timing obeys READY at the end of S2.", "DS p.4, F14", _COMPRESSED | _READY
        ),
        {"rows_services": ("row_5_compressed_timing_obeys_ready_at_the_end_of_s2",)},
    ),
    (
        Rule("hrq-release", "HRQ stays low until HLDA has gone.", "DS p.6"),
        {"rows_services": ("row_6_hrq_stays_low_until_hlda_has_gone",)},
    ),
    (
        Rule("dreq-gone", "DREQ that goes before HLDA leaves HRQ and the channel as they are.", "DS p.5, p.19"),
        {
            "rows_services": ("row_7_dreq_gone_before_hlda_keeps_hrq_and_the_channel",),
            "priority": ("hrq_stays_until_hlda_however_short_dreq_was",),
        },
    ),
    (
        Rule(
            "external-eop",
            "EOP# from outside ends the service after the transfer that starts.",
            "DS p.3, p.13, F11",
            _EOP_IN,
        ),
        {
            "rows_services": (
                "row_9_external_eop_lets_the_transfer_that_starts_finish_and_ends_the_service",
                "row_9_external_eop_in_s1_ends_the_service_after_its_first_byte",
            )
        },
    ),
    (
        Rule(
            "external-eop-copy", "EOP# in either half ends memory-to-memory after S24.", "DS p.6, F12", _M2M | _EOP_IN
        ),
        {"memory_to_memory": ("row_9_external_eop_in_either_half_ends_memory_to_memory_after_s24",)},
    ),
    (
        Rule("software-request", "A software request runs a masked channel.", "DS p.7"),
        {"rows_services": ("rows_12_and_13_a_software_request_runs_a_masked_channel_in_every_mode",)},
    ),
    (
        Rule("request-cleared", "TC clears the request of its own channel only.", "DS p.6, p.7"),
        {"rows_services": ("row_14_tc_clears_the_request_of_its_own_channel_only",)},
    ),
    (
        Rule("after-tc", "After TC the count reads FFFF and the address has stepped.", "DS p.7"),
        {"rows_program": ("row_18_after_tc_the_count_is_ffff_and_the_address_has_stepped",)},
    ),
    (
        Rule("cascade", "Cascade shows DACK alone, and counts nothing.", "DS p.5, p.6", _CASCADE),
        {
            "rows_services": ("row_23_cascade_drives_dack_alone_and_counts_nothing",),
            "priority": ("a_cascaded_channel_takes_part_in_rotation",),
        },
    ),
    (
        Rule("wrap", "The address wraps at 64 KiB.", "DS p.7"),
        {"rows_services": ("row_26_the_address_wraps_at_64_kib",)},
    ),
    (
        Rule(
            "fixed-priority",
            "Fixed priority serves the lowest channel first, and never interrupts a service.",
            "DS p.6",
        ),
        {
            "priority": (
                "fixed_priority_serves_the_lowest_channel_again_and_again",
                "a_higher_request_does_not_interrupt_a_service",
                "software_requests_go_through_the_same_encoder",
            )
        },
    ),
    (
        Rule("rotating-priority", "Rotating priority puts the last served channel last.", "DS p.6, p.7"),
        {
            "priority": (
                "rotating_priority_serves_all_four_in_turn_from_channel_0",
                "rotating_priority_puts_the_last_served_channel_last",
                "a_switch_to_rotating_starts_from_the_last_service_in_fixed_priority",
            )
        },
    ),
    (
        Rule(
            "every-byte",
            "Random programs on all channels move every byte to its place, and nothing else.",
            "DS p.5 to p.9",
        ),
        {"random_services": ("random_programs_move_every_byte_to_its_place_and_nothing_else",)},
    ),
)

RULES: tuple[Rule, ...] = (*ALWAYS, *(rule for rule, _ in (*ELEMENTS, *PROGRAMS, *_JUDGED, *CMOS, *COPIES)))

PACKAGE = "isadma_verify.cosim.chip.benches"

#: Module and bench to the rule that it judges.
JUDGES: dict[tuple[str, str], str] = {
    (f"{PACKAGE}.{module}", bench): rule.name
    for rule, benches in (*ELEMENTS, *PROGRAMS, *_JUDGED, *CMOS, *COPIES)
    for module, names in benches.items()
    for bench in names
}

#: Benches of which some parameters need a feature that the rule itself does not: words of the test's name.
NEEDS: dict[str, str] = {
    r"/command=8(/|$)": "compressed",
    r"row_14_tc_leaves": "cascade",
    r"\.(a_higher_request|row_19_|row_23_)": "aen",
    r"\.what_an_8237a_cannot_read": "illegal-reads",
    r"\.figure_14_external_eop": EOP_IN,
    r"\.(figure_14_compressed_read|figure_12_two_bytes)": READY,
    r"\.a_strobe_without_cs": CHIP_SELECT,
    r"\.iochrdy_": READY,
    r"\.(figures_9_and_10_|a_mode_written_right_before|every_address_and_count_byte.*/shortest=True)": WHOLE_STATES,
}

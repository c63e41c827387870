"""The rules of a PC/AT's DMA board, and the benches that judge each."""

# Ref: Intel 8237A data sheet, order no. 231466-005 (DS); IBM PC AT Technical Reference (AT); Ralf Brown's port list
# (RBIL); Intel 6-series chipset data sheet, January 2011, page 135 (ICH).
from isadma_verify.conform.rules.catalogue import AEN_PIN, ALWAYS, Rule

_M2M, _COMPRESSED = frozenset({"memory-to-memory"}), frozenset({"compressed"})

#: Rules of the chip's pins that a board does not bring out.
_INSIDE = ("adstb-with-data",)

_ALWAYS = (
    Rule("tc-with-aen", "TC comes only with AEN.", "AT, I/O channel", frozenset({AEN_PIN})),
    Rule(
        "off-the-bus", "DACK4# is not on the bus, and REFRESH# stays high where nobody asks for it.", "AT, I/O channel"
    ),
)

_JUDGED: tuple[tuple[Rule, dict[str, tuple[str, ...]]], ...] = (
    (
        Rule(
            "ports", "Every address, count and page reads back at its port, and no other port answers.", "RBIL; DS p.10"
        ),
        {
            "program_side": (
                "every_address_count_and_page_reads_back",
                "the_power_on_test_of_the_pc_at_passes",
                "every_register_of_dma_2_answers_at_two_ports",
                "no_other_port_is_answered_or_written",
                "ports_repeat_each_400h",
                "what_an_8237a_cannot_read_reads_as_told",
            )
        },
    ),
    (
        Rule("flip-flops", "Each chip has a flip-flop of its own.", "DS p.4, p.9"),
        {"program_side": ("each_chip_has_a_flip_flop_of_its_own", "dma_1s_flip_flop_ignores_every_other_port")},
    ),
    (
        Rule("status", "Status keeps TC until its own chip is read, and shows every request.", "DS p.9"),
        {"program_side": ("status_keeps_tc_until_its_own_chip_is_read", "status_shows_the_requests_whatever_the_mask")},
    ),
    (
        Rule("clears", "Master Clear reaches one chip, RESET both, and no page.", "DS p.2, p.9"),
        {
            "program_side": (
                "master_clear_reaches_one_chip_and_no_address_count_mode_or_page",
                "reset_masks_both_chips_and_clears_commands_and_tc",
            )
        },
    ),
    (
        Rule("byte-channels", "A byte of channels 0 to 3 goes through the cascade as figure 11 has it.", "DS F11; AT"),
        {
            "figures": (
                "a_byte_of_channel_2_goes_through_the_cascade_with_one_wait_state",
                "iochrdy_counts_from_the_boards_wait_state_on",
            )
        },
    ),
    (
        Rule("word-channels", "Words of channels 5 to 7 are shifted, lose page bit 0 and wrap at 128K.", "RBIL; ICH"),
        {
            "figures": (
                "words_of_channel_5_are_shifted_lose_page_bit_0_and_wrap_at_128_k",
                "extended_words_of_channel_7_write_from_s2_on_and_count_down",
            )
        },
    ),
    (
        Rule("compressed", "Compressed bytes meet two wait states.", "DS F14", _COMPRESSED),
        {"figures": ("compressed_bytes_of_channel_1_meet_two_wait_states",)},
    ),
    (
        Rule("clocks", "A page of 256 transfers has one S1, and each transfer the board's wait state.", "DS p.7; AT"),
        {
            "clocks": (
                "a_page_of_256_transfers_has_one_s1",
                "s1_comes_again_where_the_chips_a8_carries",
                "single_mode_gives_the_bus_back_each_time",
                "verify_has_no_wait_state",
                "iochrdy_low_from_s3_on_overlaps_the_boards_own_wait_state",
            )
        },
    ),
    (
        Rule("priority", "0 to 3 come before 5 to 7; rotation is each chip's own.", "DS p.6, p.7; ICH"),
        {
            "priority": (
                "fixed_priority_is_0_to_3_before_5_to_7",
                "a_processor_that_takes_the_bus_back_at_once_lets_5_to_7_in_between",
                "rotating_in_dma_1_leaves_5_to_7_behind",
                "rotating_in_dma_2_takes_0_to_3_as_one",
                "rotating_in_both_serves_all_seven",
                "the_last_served_channel_becomes_the_last",
                "a_service_under_way_is_not_interrupted",
            )
        },
    ),
    (
        Rule("cascade", "Channel 4 passes DMA 1's requests on, and no DACK but one channel's.", "DS p.5; AT"),
        {
            "priority": (
                "dma_1_waits_while_the_cascade_is_masked",
                "one_request_has_the_dack_of_its_channel_and_no_other",
            )
        },
    ),
    (
        Rule("copy", "Copies go through the cascade byte by byte, without DACK.", "DS p.6", _M2M),
        {
            "memory_to_memory": (
                "a_copy_goes_through_the_cascade_byte_by_byte_without_dack",
                "address_hold_fills_a_block_downwards_with_one_byte",
                "drq_0_starts_a_copy_and_drq_5_waits_until_it_is_done",
                "random_copies_move_every_byte_to_its_place_and_nothing_else",
            )
        },
    ),
    (
        Rule(
            "every-item",
            "Every mode, direction and channel moves every item to its place, and nothing else.",
            "DS p.5 to p.9; ICH",
        ),
        {
            "services": (
                "every_mode_moves_every_item_both_ways_on_every_channel",
                "verify_on_every_channel_counts_to_tc_and_moves_nothing",
                "bytes_wrap_in_64_k_and_words_in_128_k",
                "autoinitialize_starts_over_lap_after_lap_without_the_processor",
                "random_programs_on_all_channels_move_every_item_to_its_place_and_nothing_else",
            )
        },
    ),
    (
        Rule(
            "golden-model", "Board and golden model show the same in every state of random programs.", "the whole of it"
        ),
        {"lockstep": ("board_and_model_show_the_same_in_every_state",)},
    ),
)

#: Rules that a checker holds at a board's pins in every fabric clock, whatever the bench.
PINS_ALWAYS: tuple[Rule, ...] = (*(rule for rule in ALWAYS if rule.name not in _INSIDE), *_ALWAYS)

RULES: tuple[Rule, ...] = (
    *PINS_ALWAYS,
    *(rule for rule, _ in _JUDGED),
)

PACKAGE = "isadma_verify.cosim.board.benches"

#: Module and bench to the rule that it judges.
JUDGES: dict[tuple[str, str], str] = {
    (f"{PACKAGE}.{module}", bench): rule.name
    for rule, benches in _JUDGED
    for module, names in benches.items()
    for bench in names
}

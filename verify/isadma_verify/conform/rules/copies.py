"""The rules of memory-to-memory transfers, and the benches that judge each."""

# Ref: Intel 8237A data sheet, order no. 231466-005 (DS; p. its pages, F its figures).
from isadma_verify.conform.rules.catalogue import Rule

_M2M = frozenset({"memory-to-memory"})

COPIES: tuple[tuple[Rule, dict[str, tuple[str, ...]]], ...] = (
    (
        Rule("copy", "A copy takes 8 clocks a byte, without DACK, and moves every byte.", "DS p.4, p.6", _M2M),
        {
            "memory_to_memory": (
                "row_19_a_copy_takes_eight_clocks_per_byte_with_adstb_in_both_halves_and_no_dack",
                "dreq_0_starts_a_copy_too",
            ),
            "random_services": ("random_copies_move_every_byte_to_its_place_and_nothing_else",),
        },
    ),
    (
        Rule("copy-hold", "Channel 0 address hold fills a block with one byte.", "DS p.6, p.8", _M2M),
        {"memory_to_memory": ("channel_0_address_hold_fills_a_block_with_one_byte",)},
    ),
    (
        Rule("copy-tc", "Only channel 1's count ends a copy, masks it and sets its TC bit.", "DS p.6", _M2M),
        {
            "memory_to_memory": (
                "tc_masks_channel_1_but_not_channel_0_and_clears_the_request",
                "channel_0_count_passing_zero_reloads_it_and_nothing_else",
            ),
            "rows_program": ("row_20_memory_to_memory_sets_the_tc_bit_of_channel_1_only",),
        },
    ),
)

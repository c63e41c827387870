"""The rules of a PC/XT's DMA board, and the benches that judge each."""

# Ref: Intel 8237A data sheet, order no. 231466-005 (DS); IBM PC/XT Technical Reference, system board (XT).
from isadma_verify.conform.rules.board import PINS_ALWAYS
from isadma_verify.conform.rules.catalogue import Rule

_JUDGED: tuple[tuple[Rule, dict[str, tuple[str, ...]]], ...] = (
    (
        Rule("ports", "Every address and count reads back at its port, and no other port answers.", "XT; DS p.10"),
        {"program_side": ("every_address_and_count_reads_back", "no_other_port_is_answered")},
    ),
    (
        Rule("status", "Status keeps TC until it is read, and shows every request.", "DS p.9"),
        {"program_side": ("status_keeps_tc_until_it_is_read_and_shows_every_request",)},
    ),
    (
        Rule("reset", "RESET masks every channel, and clears TC.", "DS p.2, p.9"),
        {"program_side": ("reset_masks_every_channel_and_clears_tc",)},
    ),
    (
        Rule("clocks", "Each transfer has the board's wait state, and S1 comes where A8 carries.", "DS p.7; XT"),
        {
            "clocks": (
                "each_transfer_of_a_block_has_the_boards_wait_state",
                "s1_comes_again_where_a8_carries",
                "iochrdy_low_from_s3_on_overlaps_the_boards_own_wait_state",
            )
        },
    ),
    (
        Rule("single", "Single mode gives the bus back after each byte.", "DS p.5"),
        {"clocks": ("single_mode_gives_the_bus_back_each_time",)},
    ),
    (
        Rule("verify", "Verify moves nothing, and reaches TC.", "DS p.6"),
        {"clocks": ("verify_moves_nothing_and_reaches_tc",)},
    ),
    (
        Rule("pages", "A page has four bits, and nothing carries into it.", "XT"),
        {"services": ("a_page_has_four_bits", "bytes_wrap_in_64_k")},
    ),
    (
        Rule(
            "copy",
            "Copies go byte by byte, without DACK, in one page.",
            "DS p.6; XT",
            frozenset({"memory-to-memory"}),
        ),
        {"services": ("a_copy_goes_byte_by_byte_without_dack_in_the_page_of_channel_1",)},
    ),
    (
        Rule("priority", "The lowest channel comes first, or the one after the last served.", "DS p.6, p.7"),
        {"services": ("the_lowest_channel_comes_first_unless_priority_rotates",)},
    ),
    (
        Rule("every-byte", "Every mode and channel moves every byte to its place, and nothing else.", "DS p.5 to p.9"),
        {
            "services": (
                "every_mode_moves_every_byte_both_ways_on_every_channel",
                "random_programs_move_every_byte_to_its_place_and_nothing_else",
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

RULES: tuple[Rule, ...] = (*PINS_ALWAYS, *(rule for rule, _ in _JUDGED))

PACKAGE = "isadma_verify.cosim.xt.benches"

#: Module and bench to the rule that it judges.
JUDGES: dict[tuple[str, str], str] = {
    (f"{PACKAGE}.{module}", bench): rule.name
    for rule, benches in _JUDGED
    for module, names in benches.items()
    for bench in names
}

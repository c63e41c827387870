"""Rules of an 8237A that say one thing each: where one breaks, the rules of whole services may break with it."""

# Ref: Intel 8237A data sheet, order no. 231466-005 (DS; p. its pages, F its figures).
from isadma_verify.conform.rules.catalogue import Rule

_M2M = frozenset({"memory-to-memory"})

ELEMENTS: tuple[tuple[Rule, dict[str, tuple[str, ...]]], ...] = (
    (
        Rule("count", "A word count of N moves N + 1 bytes.", "DS p.4, p.7"),
        {"elements": ("a_word_count_moves_one_byte_more",)},
    ),
    (
        Rule("address-steps", "The address steps by one, up or down, all sixteen bits.", "DS p.5, p.9"),
        {"elements": ("the_address_steps_by_one_through_all_its_bits",)},
    ),
    (
        Rule("request-ends", "TC ends a software request.", "DS p.7"),
        {"elements": ("tc_ends_a_software_request",)},
    ),
    (
        Rule("tc-masks", "TC masks a channel that does not autoinitialize.", "DS p.5, p.9"),
        {"elements": ("tc_masks_a_channel_that_does_not_autoinitialize",)},
    ),
    (
        Rule("autoinitialize", "Autoinitialize starts over from base.", "DS p.6"),
        {"elements": ("autoinitialize_starts_over_from_base",)},
    ),
    (
        Rule("autoinitialize-mask", "TC of a channel that autoinitializes leaves its mask.", "DS p.6"),
        {"elements": ("autoinitialize_does_not_mask_its_channel", "autoinitialize_leaves_a_channel_masked")},
    ),
    (
        Rule("request-bits", "A write to port 9 leaves the requests of other channels.", "DS p.7, p.8"),
        {"elements": ("a_request_leaves_those_of_other_channels",)},
    ),
    (
        Rule("block", "A block goes on to TC, whatever becomes of DREQ.", "DS p.5"),
        {"elements": ("a_block_goes_on_without_dreq",)},
    ),
    (
        Rule("extended-write", "Command bit 5 begins the write with the read.", "DS p.7, F11"),
        {"elements": ("extended_write_begins_with_the_read",)},
    ),
    (
        Rule("temporary", "The temporary register keeps the last byte of a copy.", "DS p.9", _M2M),
        {"memory_to_memory": ("the_temporary_register_keeps_the_last_byte_of_a_copy",)},
    ),
)

#: Rules of whole services that a broken rule may break too: those in which the worked example with such a fault is
#: seen to fail (`tests/verify/conform/faults.toml`), and their like in copies. Others break for a cause of their own.
REACHES: dict[str, frozenset[str]] = {
    "count": frozenset(
        {
            "byte-writes",
            "late-programming",
            "status-tc",
            "figure-11",
            "figure-12",
            "figure-13",
            "figure-14",
            "clocks",
            "clocks-single",
            "clocks-compressed",
            "wait-states",
            "single",
            "verify",
            "compressed-ready",
            "hrq-release",
            "software-request",
            "request-cleared",
            "after-tc",
            "wrap",
            "fixed-priority",
            "rotating-priority",
            "every-byte",
            "copy",
            "copy-hold",
            "copy-tc",
        }
    ),
    "address-steps": frozenset(
        {
            "late-programming",
            "figure-11",
            "figure-12",
            "figure-13",
            "figure-14",
            "clocks",
            "after-tc",
            "wrap",
            "every-byte",
            "copy",
            "copy-tc",
            "external-eop",
            "external-eop-copy",
            "single",
            "verify",
            "wait-states",
            "copy-hold",
        }
    ),
    "request-ends": frozenset(
        {
            "byte-writes",
            "late-programming",
            "status-tc",
            "software-request",
            "request-cleared",
            "after-tc",
            "fixed-priority",
            "rotating-priority",
            "every-byte",
            "copy",
            "copy-tc",
        }
    ),
    "request-bits": frozenset({"fixed-priority", "every-byte"}),
    "tc-masks": frozenset({"external-eop", "copy-tc", "every-byte"}),
    "autoinitialize": frozenset({"hrq-release", "every-byte", "copy-tc"}),
    "autoinitialize-mask": frozenset({"hrq-release", "every-byte"}),
    "block": frozenset({"late-programming", "figure-11", "clocks", "fixed-priority", "request-cleared", "every-byte"}),
    "extended-write": frozenset({"figure-11", "figure-12"}),
    "temporary": frozenset({"master-clear", "copy", "figure-12"}),
    # The same is seen at the pins and in a bench, or in one figure and in those that are drawn after it.
    "hrq-waits-for-hlda": frozenset({"hrq-release"}),
    "compressed-ready": frozenset({"ready-holds-strobes", "figure-14", "wait-states"}),
    "figure-11": frozenset({"figure-12", "figure-13", "figure-14"}),
    "verify": frozenset({"ready-holds-strobes"}),
    # What the benches of others need of a core before they come to their own.
    "command": frozenset(
        {"one-dack", "strobe-pairs", "bus-after-hlda", "status-requests", "master-clear", "every-byte"}
    ),
    "flip-flop": frozenset({"byte-writes", "late-programming", "master-clear", "every-byte"}),
    "clocks": frozenset({"clocks-single", "clocks-compressed", "wait-states", "demand", "figure-11", "figure-13"}),
    "copy": frozenset({"copy-hold", "copy-tc", "external-eop-copy", "temporary", "figure-12", "master-clear"}),
    "reset": frozenset({"status-requests"}),
    "single": frozenset(
        {"clocks-single", "hrq-release", "fixed-priority", "rotating-priority", "cascade", "master-clear", "every-byte"}
    ),
    "late-programming": frozenset({"request-cleared", "fixed-priority"}),
    "software-request": frozenset(
        {"request-cleared", "fixed-priority", "copy", "copy-hold", "copy-tc", "external-eop-copy", "figure-12"}
    ),
}

#: What a broken rule may be seen by, where that is not all that a bench can see.
SHOWS: dict[str, str] = {
    "clocks": r"^(clocks|states) |pins differ|in demand mode where DREQ",
    # More bytes than there should be, and never fewer.
    "tc-masks": r"^(?!four bytes, EOP# low)",
}

#: The names of those that say one thing each.
NAMES = frozenset(rule.name for rule, _ in ELEMENTS)

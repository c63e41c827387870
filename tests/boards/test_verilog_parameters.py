"""A core's parameters: set by words, checked, seen in the module's name, its header and its hardware."""

import gc
import re

import pytest

from isadma_boards.verilog import VERILOG_CORES, export, read_settings


@pytest.mark.parametrize("core", VERILOG_CORES)
def test_every_parameter_of_the_header_can_be_set_to_what_the_header_says(exported, core):
    text = exported(core).verilog
    listed = re.search(r"^// Parameters: (.*)$", text, re.MULTILINE)[1].split(", ")
    settings = read_settings(core, [one.replace(" = ", "=") for one in listed])
    assert "variant" in settings
    assert export(core, **settings) == exported(core)


def test_words_become_switches_numbers_names_and_attributes():
    words = ["high_pages=1", "refresh=off", "wait_states=0", "undefined_read=0x7F", "variant=cmos"]
    assert read_settings("at", [*words, "memory=ram_style:block,keep:1"]) == {
        "high_pages": True,
        "refresh": False,
        "wait_states": 0,
        "undefined_read": 127,
        "variant": "cmos",
        "memory": {"ram_style": "block", "keep": "1"},
    }


def test_the_socket_takes_the_chips_parameters_too(exported):
    assert read_settings("socket", ["stages=3", "variant=cmos"]) == {"stages": 3, "variant": "cmos"}
    text = exported("socket", stages=3, variant="cmos").verilog
    assert (
        "// Parameters: stages = 3, fabric_mhz = 100, variant = cmos, undefined_read = 255, uninitialized_memory = 0\n"
        in text
    )
    assert len(re.findall(r"stage\d", text)) > len(re.findall(r"stage\d", exported("socket").verilog))


@pytest.mark.parametrize(
    "core", [pytest.param(core, marks=[] if core in ("i8237", "at") else pytest.mark.long) for core in VERILOG_CORES]
)
def test_the_header_says_what_the_memories_may_hold_at_power_up(exported, core):
    zero, anything = "the register memory is zero at power-up", "may hold anything at power-up; nothing is read"
    for parameters, said, unsaid in (
        ({}, zero, anything),
        ({"uninitialized_memory": True}, anything, zero),
        ({"memory": {"ram_style": "distributed"}}, anything, zero),
    ):
        made = exported(core, **parameters)
        for text in (made.verilog, made.vhdl):
            assert said in text
            assert unsaid not in text


@pytest.mark.parametrize(
    ("core", "parameters", "name"),
    [
        ("at", {}, "isadma_at"),
        ("at", {"wait_states": 1, "high_pages": False}, "isadma_at"),
        ("at", {"high_pages": True}, "isadma_at_high_pages"),
        ("at", {"wait_states": 0, "high_pages": True, "variant": "cmos"}, "isadma_at_wait_states_0_cmos_high_pages"),
        ("i8237", {"undefined_read": 0}, "isadma_i8237_undefined_read_0"),
        ("xt", {"memory": {"ram_style": "block"}}, "isadma_xt_memory_ram_style_block"),
        ("socket", {"name": "my_dma"}, "my_dma"),
    ],
)
def test_a_module_is_named_after_what_is_not_as_usual(exported, core, parameters, name):
    made = exported(core, **parameters)
    assert made.name == name
    assert re.findall(r"^module (\w+)\(", made.verilog, re.MULTILINE) == [name]
    assert re.findall(r"^  component (\w+) is$", made.vhdl, re.MULTILINE) == [name]


def test_the_command_in_the_header_writes_the_same_file_again(exported):
    made = exported("at", high_pages=True, wait_states=0, name="eisa_dma")
    command = "isadma verilog --core at --set wait_states=0 --set high_pages=1 --name eisa_dma"
    assert f"// Written by `{command}`, isadma" in made.verilog


def test_high_pages_make_a_wider_address(exported):
    assert "output [31:0] isa_a_o;" in exported("at", high_pages=True).verilog
    assert "output [23:0] isa_a_o;" in exported("at").verilog


@pytest.mark.parametrize(
    ("core", "parameters", "message"),
    [
        ("8237", {}, r"no core is named '8237'; there are i8237, at, xt, wishbone, socket"),
        ("at", {"variant": "hmos"}, r"variant is 'hmos': there are nmos and cmos"),
        (
            "at",
            {"hi_pages": 1},
            r"at has no parameter named 'hi_pages' \(did you mean 'high_pages'\?\); there are wait_s",
        ),
        (
            "xt",
            {"high_pages": 1},
            r"xt has no parameter named 'high_pages'.*; there are wait_states, variant, undefined",
        ),
        ("at", {"wait_states": 8}, r"wait_states is 8: give 0 to 7; the AT has 1"),
        ("at", {"wait_states": "1"}, r"wait_states is '1': give a whole number like 1"),
        ("at", {"wait_states": True}, r"wait_states is True: give a whole number like 1"),
        ("at", {"refresh": 2}, r"refresh is 2: it is on or off, give 0 or 1"),
        ("socket", {"stages": 1}, r"stages=1 is too few: an asynchronous input needs 2 flip-flops"),
        ("socket", {"stages": 10**6}, r"stages=1000000 is too many: give 2 to 8 flip-flops"),
        ("at", {"undefined_read": 256}, r"undefined_read=256 is no byte: give a value from 0 to 0xFF"),
        (
            "at",
            {"name": "dma__at"},
            r"the module cannot be named 'dma__at': a letter, then letters, digits and single u",
        ),
        ("at", {"name": "dma_"}, r"the module cannot be named 'dma_'"),
        ("at", {"name": ""}, r"the module cannot be named ''"),
        ("at", {"name": "Entity"}, r"the module cannot be named 'Entity': it is a reserved word of"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(core, parameters, message, recwarn):
    with pytest.raises(ValueError, match=f"^{message}"):
        export(core, **parameters)
    gc.collect()
    assert [str(warning.message) for warning in recwarn] == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["high_pages"], "'high_pages' sets nothing: give a parameter and its value, like wait_states="),
        (["high_pages=maybe"], "high_pages='maybe' is neither on nor off: give 0 or 1"),
        (["wait_states=2.5"], "wait_states='2.5' is no whole number: give one like 1 or 0x1"),
        (["wait_states="], "wait_states='' is no whole number"),
        (["wait_states=1", "wait_states=2"], "wait_states is set twice: 'wait_states=2' comes second"),
        (["memory=block"], "memory='block' is no list of attributes: give them like ram_style:distributed"),
        (["=1"], "at has no parameter named ''; there are wait_states"),
    ],
)
def test_words_that_set_nothing_are_refused(settings, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        read_settings("at", settings)

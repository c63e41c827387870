"""Rules of the RTL broken one by one: fuzzing finds each, and the reproducer is short and plays again."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from isadma_sim.engines.native.compiler import missing

HOUSE = Path(__file__).resolve().parents[3]
MUTANTS = tomllib.loads((HOUSE / "tests/verify/mutation/mutants.toml").read_text())
SECONDS, STEPS = 60, 30

#: Ten kinds of faults, and those that only show in one half of a state.
TEN = (
    "the_last_transfer_has_count_zero",
    "a_status_read_clears_the_tc_bits",
    "verify_ignores_ready",
    "hrq_waits_for_hlda_to_fall",
    "eop_reloads_a_channel_that_autoinitializes",
    "the_channel_served_last_comes_last",
    "s1_comes_back_where_a8_carries",
    "channel_0s_count_ends_no_copy",
    "compressed_timing_obeys_ready",
    "tc_clears_its_own_request_only",
)
HALVES = ("hrq_falls_in_the_middle_of_the_last_s4", "adstb_falls_in_the_middle_of_s2")

#: Of the boards' ports, the Wishbone DMA and the socket: target, file under rtl/isadma, a line, what it becomes.
BUSES = {
    "dma_1_answers_at_10h": ("at", "pc/at.py", "port[4:] == Window.DMA1 >> 4", "port[5:] == Window.DMA1 >> 5"),
    "dma_2_is_not_there_at_odd_ports": (
        "at",
        "pc/at.py",
        "(port[5:] == Window.DMA2 >> 5)",
        "(port[5:] == Window.DMA2 >> 5) & ~port[0]",
    ),
    "a_card_that_holds_master_reaches_no_port": (
        "at",
        "pc/at.py",
        "others = ~(self.hlda & isa.master_n)",
        "others = ~self.hlda",
    ),
    "page_registers_are_there_again_at_180h": (
        "xt",
        "pc/xt.py",
        "port[BLOCK:] == Window.PAGES >> BLOCK",
        "port[BLOCK:8] == Window.PAGES >> BLOCK",
    ),
    "an_error_bit_cleared_as_a_transfer_fails_stays_off": (
        "wishbone",
        "soc/registers.py",
        "errors.eq((errors & ~clears) | fails)",
        "errors.eq((errors | fails) & ~clears)",
    ),
    "a_read_given_up_late_counts": ("wishbone", "soc/registers.py", 'fsm.ongoing("CANCEL"))', 'fsm.ongoing("IDLE"))'),
    "the_page_follows_a_program_during_a_transfer": (
        "wishbone",
        "soc/memory.py",
        "bus.adr.eq(Cat(self.address[LANE_BITS:], self.page)),",
        "",
    ),
    "an_empty_transfer_that_fails_is_an_error": (
        "wishbone",
        "soc/memory.py",
        "self.failed.eq(transferring & bus.err)",
        "self.failed.eq(bus.stb & bus.err)",
    ),
    "a_copy_writes_with_its_sources_page": (
        "wishbone",
        "soc/dma.py",
        "Mux(copying, DESTINATION, chip.served)",
        "chip.served",
    ),
    "a_word_that_was_written_stays_in_the_line": (
        "wishbone-bursts",
        "soc/burst.py",
        "there.bit_select(wanted, 1).eq(0)",
        "there.eq(there)",
    ),
    "a_burst_does_not_wrap": (
        "wishbone-bursts",
        "soc/burst.py",
        "bus.adr.eq(Cat(word, line))",
        "bus.adr.eq(Cat(word, line) + (word + left != 3) * 4)",
    ),
    "a_burst_ends_with_its_service": (
        "wishbone-bursts",
        "soc/burst.py",
        "streaming.eq(left != 0)",
        "streaming.eq((left != 0) & standard.cyc)",
    ),
    "a_word_that_nobody_asked_for_fails_the_service": (
        "wishbone-bursts",
        "soc/burst.py",
        "standard.err.eq(alone & bus.err)",
        "standard.err.eq(bus.err)",
    ),
    "hlda_rises_within_an_access": ("bridge", "soc/bridge.py", "with m.Elif(~self._holding):", "with m.Else():"),
    "a_frame_sent_again_is_done_again": ("bridge", "soc/bridge_link.py", "again.eq(value == sequence)", "again.eq(0)"),
    "the_clock_goes_on_where_the_host_has_to_act": (
        "bridge",
        "soc/pace.py",
        "resting & (~self.attention | self.fresh)",
        "resting",
    ),
    "an_escape_in_an_answer_flips_another_bit": (
        "bridge",
        "soc/bridge_link.py",
        "outgoing ^ Mux(escaped, ESCAPE_FLIP, 0)",
        "outgoing ^ Mux(escaped, 0x10, 0)",
    ),
    "ready_counts_a_clock_late": ("socket", "i8237/socket.py", "init=1, later=2)", "init=1, later=1)"),
    "what_is_written_is_taken_as_iow_falls": (
        "socket",
        "i8237/socket.py",
        "with m.If(~iow_n):",
        "with m.If(~iow_n & iow_was_n):",
    ),
    "dreq_needs_set_up_time": ("socket", "i8237/socket.py", '"dreq", self.dreq)', '"dreq", self.dreq, later=2)'),
    "a8_a15_go_with_adstb": ("socket", "i8237/socket.py", "~chip.adstb & adstb.any()", "~chip.adstb & adstb[0]"),
    "the_read_strobe_ends_first": ("socket", "i8237/socket.py", "if name in ends else inner)", "if False else inner)"),
}

pytestmark = pytest.mark.skipif(missing() is not None, reason="no C++ compiler")


def fuzz(arguments, rtl, folder):
    environment = dict(os.environ, PYTHONPATH=str(rtl), ISADMA_CACHE=str(folder / "cache"))
    command = [sys.executable, "-m", "isadma_cli", "fuzz", "--json", *arguments]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )


def broken(name, folder):
    mutant = MUTANTS.get(name)
    _, file, line, instead = BUSES.get(name) or (None, f"i8237/{mutant['file']}", mutant["line"], mutant["broken"])
    shutil.copytree(HOUSE / "rtl", folder / "rtl", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "rtl" / "isadma" / file
    text = path.read_text()
    assert text.count(line) == 1, f"the RTL has changed, and {name} must follow"
    path.write_text(text.replace(line, instead))
    return folder / "rtl"


def find(name, folder, *more):
    rtl = broken(name, folder)
    done = fuzz(["--clocks", "50M", "--time", str(SECONDS), "-j", "1", *more], rtl, folder)
    assert done.returncode == 1, f"{name}: {done.stdout[-300:]}{done.stderr[-300:]}"
    told = json.loads(done.stdout)
    assert told["steps"] < STEPS, f"{name}: {told['steps']} steps"
    reproducer, waves, words = map(Path, told["reproducer"])
    assert (folder / waves).stat().st_size
    assert "the golden model has" in (folder / words).read_text()
    again = fuzz(["--replay", str(reproducer)], rtl, folder)
    assert again.returncode == 1
    assert (
        json.loads(again.stdout)["difference"]["clock"] == json.loads((folder / reproducer).read_text())["clocks"] - 1
    )
    whole = fuzz(["--replay", str(reproducer)], HOUSE / "rtl", folder)
    assert (whole.returncode, json.loads(whole.stdout)["difference"]) == (0, None)


def test_a_broken_rule_is_found_shrunk_told_and_played_again(tmp_path):
    find(TEN[0], tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", TEN[1:])
def test_ten_kinds_of_faults_are_found(tmp_path, name):
    find(name, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", HALVES)
def test_faults_of_half_a_clock_are_found(tmp_path, name):
    find(name, tmp_path, "--per-state", "2")


@pytest.mark.long
@pytest.mark.parametrize("name", BUSES)
def test_faults_of_boards_and_buses_are_found(tmp_path, name):
    find(name, tmp_path, "--target", BUSES[name][0])

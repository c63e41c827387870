"""The promises that proofs assume of the chip's surroundings: random programs keep them, and they forbid things."""

import shutil
import subprocess

import pytest

from isadma_sim.engines.native.compiler import missing
from isadma_verify.fuzz.library import load
from isadma_verify.fuzz.targets import target
from isadma_verify.mutate.contract import MODULE

pytestmark = [
    pytest.mark.skipif(missing() is not None, reason="no C++ compiler"),
    pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed"),
]

#: The contract's pins, by the names of a trace, with their bits.
INPUTS = {"RESET": 1, "CS#": 1, "HLDA": 1, "IOR# in": 1, "IOW# in": 1, "DB in": 8, "A0-A3": 4}
OUTPUTS = {"HRQ": 1, "AEN": 1, "DACK": 4}
#: Plays rows of pins, and prints the numbers of those with which a promise is broken.
BENCH = """
module bench;
    reg [22:0] rows [0:{last}];
    reg clk = 0;
    reg [22:0] row;
    wire lawful;
    integer n;
    contract contract(.clk(clk), .i_reset(row[22]), .i_cs_n(row[21]), .i_hlda(row[20]), .i_ior_n(row[19]),
        .i_iow_n(row[18]), .i_db(row[17:10]), .i_a(row[9:6]), .hrq(row[5]), .aen(row[4]), .dack(row[3:0]),
        .lawful(lawful));
    initial begin
        $readmemb("rows.txt", rows);
        for (n = 0; n <= {last}; n = n + 1) begin
            row = rows[n];
            #1 if (lawful !== 1) $display("%0d", n);
            clk = 1;
            #1 clk = 0;
            #1;
        end
    end
endmodule
"""


def broken(rows, folder):
    (folder / "rows.txt").write_text("".join(f"{row}\n" for row in rows))
    (folder / "bench.v").write_text(MODULE + BENCH.format(last=len(rows) - 1))
    subprocess.run(["iverilog", "-g2012", "-o", "bench", "bench.v"], cwd=folder, check=True, timeout=60)
    done = subprocess.run(["vvp", "-n", "bench"], cwd=folder, check=True, capture_output=True, text=True, timeout=60)
    return [int(line) for line in done.stdout.splitlines() if line.isdigit()]


def row(pins):
    return "".join(f"{pins[name]:0{bits}b}" for name, bits in {**INPUTS, **OUTPUTS}.items())


def played(per_state, seed, clocks=1500):
    compiled = load(target("i8237"), per_state)
    return [{**clock.inputs, **clock.expected} for clock in compiled.trace(compiled.scenario(seed, clocks))]


@pytest.mark.parametrize(
    "per_state", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(4, marks=pytest.mark.long)]
)
def test_random_programs_keep_every_promise(per_state, tmp_path):
    for seed in range(1, 5 if per_state == 1 else 60):
        assert broken([row(pins) for pins in played(per_state, seed)], tmp_path) == [], f"seed {seed}"


def test_what_moves_in_an_access_breaks_one(tmp_path):
    pins = played(1, 1)
    low = [n for n, each in enumerate(pins) if not each["CS#"] | each["IOW# in"] | each["HLDA"]]
    assert len(low) > 20
    for name, flip in (("A0-A3", 1), ("DB in", 0x80), ("RESET", 1), ("HLDA", 1), ("IOR# in", 1)):
        changed = [{**each, name: each[name] ^ flip} if n == low[5] else each for n, each in enumerate(pins)]
        assert low[5] in broken([row(each) for each in changed], tmp_path), name

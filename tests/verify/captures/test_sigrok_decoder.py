"""The protocol decoder for sigrok sees what the simulator did, in Debian's sigrok-cli."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from isadma_sim import PC

DECODERS = Path(__file__).parents[3] / "docs" / "examples" / "sigrok"
ONE = {"ior": "IOR#", "iow": "IOW#", "memr": "MEMR#", "memw": "MEMW#", "aen": "AEN", "tc": "TC", "dack1": "DACK1#"}
BUSES = {f"a{bit}": f"A{bit}" for bit in range(20)} | {f"d{bit}": f"D{bit}" for bit in range(8)}


@pytest.mark.skipif(shutil.which("sigrok-cli") is None, reason="sigrok-cli is not installed (Debian: sigrok-cli)")
def test_the_decoder_says_what_the_machine_did(tmp_path):
    path = tmp_path / "t.sr"
    with PC(engine="reference", board="xt") as pc:
        pc.memory[0x51234:0x51236] = b"\x11\x22"
        pc.waves(path)
        for port, value in ((0x0B, 0x89), (0x0C, 0), (2, 0x34), (2, 0x12), (3, 1), (3, 0), (0x83, 5), (0x09, 5)):
            pc.outb(port, value)
        pc.run(clocks=100)
    pins = ":".join(f"{channel}={probe}" for channel, probe in (ONE | BUSES).items())
    done = subprocess.run(
        ["sigrok-cli", "-i", path, "-P", f"isa_dma:{pins}", "-A", "isa_dma"],
        env={**os.environ, "SIGROKDECODE_DIR": str(DECODERS)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said = [line.partition(": ")[2] for line in done.stdout.splitlines()]
    assert said == [
        *("out 0000Bh 89h", "out 0000Ch 00h", "out 00002h 34h", "out 00002h 12h"),
        *("out 00003h 01h", "out 00003h 00h", "out 00083h 05h", "out 00009h 05h"),
        *("read 51234h 11h", "read 51235h 22h", "terminal count", "channel 1 served"),
    ]

"""A stranger's path: from the README to the waveform of a device of one's own on channel 3, as it is written there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from xml.etree import ElementTree

PAGE = "docs/guide/your-device.md"


def test_the_path_from_the_readme_ends_with_a_waveform(documents, tmp_path):
    assert PAGE in documents.links("README.md")
    blocks = documents.blocks(PAGE)
    (program,) = [block.text for block in blocks if block.language == "python"]
    name = re.search(r"Save it as `(\w+\.py)`", " ".join((documents.root / PAGE).read_text().split()))
    assert name
    (tmp_path / name[1]).write_text(program)
    commands = [shlex.split(command) for block in blocks for command in block.commands]
    assert [command[0] for command in commands] == ["python", "isadma"]
    for first, *words in commands:
        start = [sys.executable] if first == "python" else [sys.executable, "-m", "isadma_cli"]
        done = subprocess.run([*start, *words], cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr
    words = list(ElementTree.parse(tmp_path / "counter.svg").getroot().itertext())
    assert {"DRQ3", "HRQ", "HLDA", "DACK3#", "S1", "S2", "S3", "SW", "S4", "IOR#", "MEMW#"} <= {
        w.strip() for w in words
    }
    # Address and data of the first two bytes, and what the processor wrote to start it.
    assert [w.strip() for w in words if w.strip().endswith("h")] == [
        "000300h",
        "020000h",
        "020001h",
        "00h",
        "00h",
        "01h",
    ]
    kept = (documents.root / "docs/guide/figures/own-device.svg").read_text()
    assert all(f">{word}<" in kept for word in ("DRQ3", "DACK3#", "020000h", "020001h", "01h"))

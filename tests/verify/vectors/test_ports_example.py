"""The example of a model without transfers: all that it is asked holds, and a fault in it is named by its register."""

import subprocess
from pathlib import Path

import pytest

from isadma_verify.vectors.run import run
from isadma_verify.vectors.shim import Shim

SOURCE = Path(__file__).resolve().parents[3] / "docs/examples/vectors/ports.c"

#: A line of the example, what it becomes, and what then fails first.
FAULTS = {
    "nothing": ("", "", None),
    "clear mask sets": ("r->mask = 0; break;", "r->mask = 15; break;", "mask after the last clock"),
    "a byte clears the other half": ("(*word & 0xFF00) | value", "value", "read of address"),
    "command bit 6 ignored": ("0x40 ? ~chip->dreq", "0x40 ? chip->dreq", "read of status, bits 7-4"),
    "a read leaves the flip-flop": ("if (port < 8) chip->r.flip_flop ^= 1;", "", "read of count"),
    "a status read clears nothing": ("if (port == 8) chip->r.status = 0;", "", None),
    "an illegal read returns zeros": ("return 0xFF; /*", "return 0x00; /*", "read of illegal port Eh"),
    "Master Clear clears modes": (
        "r->mask = 15;\n",
        "r->mask = 15, r->mode[0] = r->mode[1] = 0;\n",
        "mode after the last clock",
    ),
}

#: The port whose write is told, of a register that is wrong after the last clock.
WRITTEN = {"mask after the last clock": "E", "mode after the last clock": "D"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_its_pin_or_register(name: str, pack, vectors, tmp_path: Path):
    line, broken, what = FAULTS[name]
    text = SOURCE.read_text()
    assert line in text
    (tmp_path / "ports.c").write_text(text.replace(line, broken, 1) if line else text)
    options = ["-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-I", str(pack.folder)]
    subprocess.run(["cc", *options, "-o", "ports.so", "ports.c"], cwd=tmp_path, check=True)
    result = run(Shim(str(tmp_path / "ports.so")), [vector for vector in vectors if not vector.transfers])
    assert result.total.run > 30
    assert {name: one.wrong for name, one in result.registers.items() if one.wrong}.keys() >= {what} - {None}
    assert what in result.causes if what else not result.causes, result.causes.keys()
    if what is not None and what.endswith("after the last clock"):
        assert f"port {WRITTEN[what]}h" in result.causes[what].failure.event, result.causes[what].failure.event

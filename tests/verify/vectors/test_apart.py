"""A model in a process of its own: what crashes, hangs or ends the process is one line, and names the place."""

import subprocess
from pathlib import Path

import pytest

from isadma_verify.vectors.apart import ModelError, Wanted, run_apart

SOURCE = Path(__file__).resolve().parents[3] / "docs/examples/vectors/ports.c"
CLOCK = "    struct chip *chip = model;\n    int reads ="
DESCRIBE = "    about->abi ="
STORE = "    *registers ="

#: Before what the example gets which line, and what is then said.
FAULTS = {
    "crash": (CLOCK, "if (in->a == 13) abort();", r"crashes \(SIGABRT\) in i8237_clock of vector"),
    "end": (CLOCK, "if (in->a == 13) exit(3);", r"ends the process \(status 3\) in i8237_clock of vector"),
    "loop": (CLOCK, "while (in->a == 13) ;", r"does not come back: i8237_clock of vector [a-z]+-\d+, clock \d+"),
    "loop at once": (DESCRIBE, "for (volatile int on = 1; on;) ;", "does not come back: i8237_describe"),
    "crash at the end": (STORE, "*(volatile int *)0 = 1;", r"crashes \(SIGSEGV\) in i8237_store of vector"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_come_back_is_one_line(name, pack, tmp_path):
    place, line, words = FAULTS[name]
    text = SOURCE.read_text()
    assert place in text
    (tmp_path / "ports.c").write_text(text.replace(place, f"{line}\n{place}"))
    options = ["-shared", "-fPIC", "-I", str(pack.folder), "-o", "ports.so", "ports.c"]
    subprocess.run(["cc", *options], cwd=tmp_path, check=True)
    with pytest.raises(ModelError, match=words) as told:
        run_apart(str(tmp_path / "ports.so"), "my.so", Wanted(pack.folder, transfers=False), patience=0.5)
    assert "\n" not in str(told.value)

"""The programs of the guide's chapter for emulators, as one program, on each engine."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/guide/17-emulator.md"


def test_the_programs_of_the_page_run(engine):
    in_python = PAGE.read_text().partition("\n## In C\n")[0]
    programs = re.findall(r"^```python\n(.*?)^```", in_python, re.MULTILINE | re.DOTALL)
    assert len(programs) == 6
    exec(compile("\n".join(programs), PAGE.name, "exec"), {"engine": engine, "__name__": "__main__"})

"""Writes cores of whatever RTL is imported as RTLIL: a program of its own, so that each tree is imported by itself."""

import importlib
import json
import sys
from pathlib import Path

from amaranth.back import rtlil

#: The name of the top module in each file.
TOP = "core"


def main() -> None:
    """Read ``{name: [component, options]}`` from standard input; write name.il, or name.txt with why it cannot be."""
    folder = Path(sys.argv[1])
    for name, (component, options) in json.load(sys.stdin).items():
        module, _, made_by = component.partition(":")
        try:
            core = getattr(importlib.import_module(module), made_by)(**options)
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            # A tree from before this component or this option was there.
            (folder / f"{name}.txt").write_text(f"{type(error).__name__}: {error}")
            continue
        (folder / f"{name}.il").write_text(rtlil.convert(core, name=TOP, emit_src=False))


if __name__ == "__main__":
    main()

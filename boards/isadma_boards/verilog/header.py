"""What stands on top of an exported file."""

from importlib.metadata import version

from isadma_boards.verilog.parameters import Configuration
from isadma_boards.verilog.ports import ports_of

__all__ = ["header"]


def header(configuration: Configuration, *, comment: str = "//") -> str:
    """
    Say what a file has in it: which core, by which command, its parameters, and every port with its meaning.

    Parameters
    ----------
    configuration
        What was asked for.
    comment
        What begins a comment in the file's language.
    """
    rows = [
        (port.name, "in" if port.is_input else "out", str(port.width), port.meaning)
        for port in ports_of(configuration.component)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        f"{configuration.name}: {configuration.summary}.",
        f"Written by `{configuration.command}`, isadma {version('isadma')}.",
        "SPDX-License-Identifier: BSD-2-Clause",
        "",
        "Parameters: " + ", ".join(setting.replace("=", " = ") for setting in configuration.settings),
        "",
        "Ports:",
    ]
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
        lines.append(f"  {'  '.join([*cells, row[3]])}")
    return "".join(f"{comment} {line}".rstrip() + "\n" for line in lines) + "\n"

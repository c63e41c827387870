"""What stands on top of an exported file."""

from importlib.metadata import version

from isadma_boards.verilog.parameters import Configuration
from isadma_boards.verilog.ports import ports_of

__all__ = ["header"]

#: What the memories may hold at power-up, by whether that is anything.
_MEMORIES = {
    True: ["Memories: may hold anything at power-up; nothing is read from them that was not written."],
    False: [
        "Memories: the register memory is zero at power-up, as `initial` says and an FPGA's is. Where it may hold",
        "anything (an ASIC, a RAM without initial contents), take --set uninitialized_memory=1.",
    ],
}


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
        *_MEMORIES[_any_contents(configuration)],
        "",
        "Ports:",
    ]
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
        lines.append(f"  {'  '.join([*cells, row[3]])}")
    return "".join(f"{comment} {line}".rstrip() + "\n" for line in lines) + "\n"


def _any_contents(configuration: Configuration) -> bool:
    """Tell whether the register memory may hold anything: told so, or its output is in flip-flops that are cleared."""
    memory = configuration.parameters["memory"] or {}
    return bool(configuration.parameters["uninitialized_memory"]) or memory.get("ram_style") == "distributed"

"""Yosys as a program, run by ``pyosys``: the part of its command line that this project and sby use."""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["main"]

#: Runs its one argument. An error of Yosys ends the process that it is in, and a quiet Yosys would not say it.
_RUN = """
import sys
from pyosys import libyosys
libyosys.run_pass(sys.argv[1], libyosys.Design())
"""


def main(arguments: Sequence[str]) -> int:
    """
    Do what Yosys' command line says.

    Parameters
    ----------
    arguments
        ``-q`` (print warnings and errors only), ``-l FILE`` (keep the log), and one of ``-p COMMANDS`` and a file of
        commands.

    Returns
    -------
    int
        Yosys' own status: 0, or 1 after an error.

    Raises
    ------
    SystemExit
        Another option, or nothing to do.
    """
    parser = argparse.ArgumentParser("yosys")
    parser.add_argument("-q", action="store_true", help="print warnings and errors only")
    parser.add_argument("-l", metavar="FILE", help="keep the log in a file")
    commands = parser.add_mutually_exclusive_group(required=True)
    commands.add_argument("-p", metavar="COMMANDS", help="commands, divided by ';'")
    commands.add_argument("script", nargs="?", help="a file of commands")
    given = parser.parse_args(arguments)
    command = [sys.executable, "-P", "-c", _RUN, given.p or f"script {given.script}"]
    if not given.q and not given.l:
        return subprocess.run(command).returncode
    with tempfile.TemporaryFile("w+", errors="replace") if given.l is None else Path(given.l).open("w+") as log:
        status = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT).returncode
        log.seek(0)
        for line in log:
            if not given.q or re.match(r"([^ ].*:\d+(:\d+)?: )?(Warning|ERROR|error): ", line):
                print(line, end="")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

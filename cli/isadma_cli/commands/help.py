"""What every help page has: examples, the exit statuses, and the page itself for a group named alone."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperOption

from isadma_cli.errors import ExitStatus

__all__ = ["FPGA", "JUDGE", "LOOK", "MACHINE", "examples", "flags_without_type", "help_when_alone"]

MACHINE, LOOK, JUDGE, FPGA = "The machine", "Look at it", "Judge an 8237", "FPGA, and other people's designs"
"""Panels of the help page: whom a command serves."""


def examples(*lines: str) -> str:
    """Lay out examples for the foot of a help page: Rich folds lines that no blank line parts."""
    return "\n\n".join(["Examples:", *lines, "Exit status: 0 success, 1 failure, 2 wrong usage."])


def help_when_alone(context: typer.Context) -> None:
    """Show the help of a group that was named without a command: nothing was done, so the status says usage."""
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(ExitStatus.USAGE)


def flags_without_type() -> None:
    """Keep "<bool>" out of the help pages: a flag takes nothing."""
    shown = TyperOption.display_type_rich

    def display(self: TyperOption, ctx: Any) -> str | None:
        return None if self.is_flag else shown(self, ctx=ctx)

    TyperOption.display_type_rich = display  # type: ignore[method-assign]

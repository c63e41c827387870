"""What every help page has: examples, the exit statuses, and the page itself for a group named alone."""

from __future__ import annotations

import typer

from isadma_cli.errors import ExitStatus

__all__ = ["examples", "help_when_alone"]


def examples(*lines: str) -> str:
    """Lay out examples for the foot of a help page: Rich folds lines that no blank line parts."""
    return "\n\n".join(["Examples:", *lines, "Exit status: 0 success, 1 failure, 2 wrong usage."])


def help_when_alone(context: typer.Context) -> None:
    """Show the help of a group that was named without a command: nothing was done, so the status says usage."""
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(ExitStatus.USAGE)

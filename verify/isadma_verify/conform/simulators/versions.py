"""The simulator for a core's language, and Verilator as a reader of Verilog."""

from isadma_verify.conform.errors import ConformError
from isadma_verify.cosim.common.simulators import KINDS, Found, SimulatorError, find_simulator

#: Which are tried for a language, the quickest first.
_OF = {"verilog": ("verilator", "icarus"), "vhdl": ("ghdl", "nvc")}


def choose(language: str, wanted: str | None) -> Found:
    """
    Return the simulator to use.

    Parameters
    ----------
    language
        ``"verilog"`` or ``"vhdl"``.
    wanted
        Its name, or None for the first that is there.

    Raises
    ------
    ConformError
        It is not there, too old, or of the other language.
    """
    if wanted is not None:
        if wanted not in KINDS:
            raise ConformError(f"simulator {wanted!r} is unknown; take one of {', '.join(KINDS)}")
        if KINDS[wanted].language != language:
            raise ConformError(f"{wanted} does not read {language}; take one of {', '.join(_OF[language])}")
    reasons = []
    for name in (wanted,) if wanted is not None else _OF[language]:
        try:
            return find_simulator(name)
        except SimulatorError as error:
            reasons.append(str(error))
    raise ConformError("; ".join(reasons))


def verilator_command() -> tuple[str, dict[str, str]]:
    """
    Return Verilator's program and the variables that it needs.

    Raises
    ------
    ConformError
        It is not there, or too old.
    """
    try:
        found = find_simulator("verilator")
    except SimulatorError as error:
        raise ConformError(f"{error}; ports are read with it, whatever simulates") from error
    return found.program, found.environment

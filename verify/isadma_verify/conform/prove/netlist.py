"""GHDL's Verilog, written so that readers of hardware take it."""

import re

#: A choice as GHDL writes each: what is chosen by, and a value for every case of it.
_CHOICE = re.compile(
    r"^ *always @\*\s+case \((?P<by>\w+)\)\n(?P<cases>(?: *\S+: \w+ <= [^;\n]*;\n)+) *endcase\n", re.MULTILINE
)
_CASE = re.compile(r"(\S+): (\w+) <= ([^;\n]*);")
_FLOATING = re.compile(r"(?:\d+'b|')[zZ]+$")
_MODULE = re.compile(r"^module\b.*?^endmodule", re.MULTILINE | re.DOTALL)


def plain(text: str) -> str:
    """Return a netlist without what simulators alone take."""
    # What the core asserts of itself is the simulator's affair: no reader of hardware takes $fatal.
    text = re.sub(r"^ *always @\*\s+if \([^\n]*\)\s+\$fatal\([^;]*\);\n", "", text, flags=re.MULTILINE)
    # The initial value of what is no register is repeated for the wire that shows one.
    combinational = set(re.findall(r"always @\*\s+(\w+) = ", text))
    text = re.sub(
        r"^ *initial\s+(\w+) <= ([^;]*);\n",
        lambda found: "" if found[1] in combinational else f"  initial {found[1]} = {found[2]};\n",
        text,
        flags=re.MULTILINE,
    )
    return _MODULE.sub(lambda module: _with_choices(module[0]), text)


def _with_choices(module: str) -> str:
    outward = _outward(module)
    return _CHOICE.sub(lambda found: _choice(found, outward), module)


def _outward(module: str) -> set[str]:
    """Return the wires that a module's bidirectional ports show as they are."""
    shown = set(re.findall(r"\binout\s+(?:\[[^\]]*\]\s*)?(\w+)", module))
    aliases = re.findall(r"^ *assign (\w+) = (\w+);", module, re.MULTILINE)
    while more := {of for name, of in aliases if name in shown} - shown:
        shown |= more
    return shown


def _choice(found: re.Match[str], outward: set[str]) -> str:
    """Return a choice that has a value for each case, and Z, which a process would read as X, as an enable."""
    cases = [one.groups() for one in _CASE.finditer(found["cases"])]
    name, by = cases[0][1], found["by"]
    values = {label: value for label, _, value in cases}
    if "default" not in values:
        # A choice has a bit for each of its branches. GHDL leaves out what stands for all others where it is X or Z:
        # at a port that goes both ways it may be Z; elsewhere a reader of hardware would have the last value kept.
        last = values[cases[-1][0]]
        values["default"] = "'z" if name in outward and not any(map(_FLOATING.match, values.values())) else last
    floating = {label for label, value in values.items() if _FLOATING.match(value)}
    if not floating or floating == set(values):
        rows = "".join(f"      {label}: {name} <= {value};\n" for label, value in values.items())
        return f"  always @*\n    case ({by})\n{rows}    endcase\n"
    labels = [label for label in values if label != "default"]
    picked = [f"{by} == {label}" for label in labels if ("default" in floating) != (label in floating)]
    drives = " || ".join(picked) if "default" in floating else f"!({' || '.join(picked)})"
    driven = [label for label in values if label not in floating]
    value = values[driven[-1]]
    for label in reversed(driven[:-1]):
        value = f"({by} == {label}) ? {values[label]} : {value}"
    return f"  assign {name} = ({drives}) ? ({value}) : 'z;\n"

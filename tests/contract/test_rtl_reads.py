"""How the RTL reads: every port has its line, every signal its own, and what is wired is named."""

import ast

import pytest

DIRECTIONS = {"In", "Out"}
#: Names of functions whose result Amaranth names after the variable that it is assigned to.
NAMED_BY_THEIR_VARIABLE = {"Signal", "like", "read_port", "write_port"}


def called(node):
    """Return the name of the function that a call calls, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def ports(tree):
    """Yield class, name and line of every port that a class declares, as an annotation or in a dictionary."""
    for owner in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for node in ast.walk(owner):
            if isinstance(node, ast.AnnAssign) and called(node.annotation) in DIRECTIONS:
                yield owner.name, node.target.id, node.lineno
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Call) and said_direction(value):
                        yield owner.name, key.value, key.lineno


def said_direction(value):
    """Tell whether a call gives a port: ``In(…)``, ``Out(…)``, or an array of one."""
    return called(value) in DIRECTIONS or (called(value) == "array" and said_direction(value.func.value))


def bare_ports(source):
    """Return the ports of a source without a line of their own that says what they are, as a sentence."""
    lines = source.splitlines()
    above = {line: lines[line - 2].strip() for _, _, line in ports(ast.parse(source))}
    return [
        f"{o}.{name}"
        for o, name, line in ports(ast.parse(source))
        if not above[line].startswith("#: ") or above[line][-1] != "."
    ]


def by_name_at_run_time(source):
    """Return the lines on which a source reaches for attributes by names that it computes."""
    names = {"getattr", "setattr", "vars", "__dict__", "__getattribute__"}
    return [node.lineno for node in ast.walk(ast.parse(source)) if called(node) in names]


def several_in_one(source):
    """Return the lines on which several things that Amaranth names are made in one assignment."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Tuple, ast.List)):
            made = [part for part in node.value.elts if called(part) in NAMED_BY_THEIR_VARIABLE]
            found += [node.lineno for part in made if not any(word.arg == "name" for word in part.keywords)]
    return sorted(set(found))


def rtl(house):
    return {str(path.relative_to(house.root)): path.read_text() for path in house.files("rtl")}


def test_every_port_has_a_line_that_says_what_it_is(house):
    sources = rtl(house)
    assert sum(len(list(ports(ast.parse(source)))) for source in sources.values()) > 250
    bare = {path: found for path, source in sources.items() if (found := bare_ports(source))}
    assert not bare, bare


def test_no_wiring_by_names_that_are_computed(house):
    found = {path: lines for path, source in rtl(house).items() if (lines := by_name_at_run_time(source))}
    assert not found, found


@pytest.mark.parametrize("folder", ["rtl", "boards"])
def test_each_signal_and_each_port_of_a_memory_has_an_assignment_of_its_own(house, folder):
    sources = {str(path.relative_to(house.root)): path.read_text() for path in house.files(folder)}
    found = {path: lines for path, source in sources.items() if (lines := several_in_one(source))}
    assert not found, found


@pytest.mark.parametrize(
    ("check", "source", "found"),
    [
        (bare_ports, "class A(C):\n    #: High: yes.\n    a: In(1)\n    b: Out(1)\n", ["A.b"]),
        (
            bare_ports,
            "class A(C):\n    # Why.\n    a: In(1)\n    #:\n    b: In(2)\n    #: No sentence\n    c: In(3)\n",
            ["A.a", "A.b", "A.c"],
        ),
        (
            bare_ports,
            'class A(C):\n    def __init__(self):\n        super().__init__({\n"a": Out(B()).array(2)\n})\n',
            ["A.a"],
        ),
        (by_name_at_run_time, "x = 1\ngetattr(a, n).eq(b)\n", [2]),
        (several_in_one, "a = Signal()\nb, c = Signal(), m.read_port()\nd, e = Signal(name='d'), 1\n", [2]),
    ],
)
def test_what_reads_otherwise_is_seen(check, source, found):
    assert check(source) == found

"""Levels as a map writes them: names, bits of them, not, and, or, and the first clock of one."""

import re
from dataclasses import dataclass

from isadma_verify.conform.errors import ConformError

#: An escaped name of Verilog ends at white space, as it does there.
_TOKEN = re.compile(
    r"\s*(?:(?P<escaped>\\\S+(?=\s|$))|(?P<name>[A-Za-z_][\w$.]*)|(?P<number>[01])\b|(?P<sign>[!~&|()\[\]:])|(?P<digits>\d+))"
)


#: Names and signs of an expression, at most.
_LONGEST = 200


@dataclass(frozen=True)
class Name:
    """A port or a pin, or bits of it from `high` down to `low`; None for all."""

    name: str
    high: int | None = None
    low: int | None = None


@dataclass(frozen=True)
class Level:
    """A constant: 0 or 1."""

    level: int


@dataclass(frozen=True)
class Not:
    """The other polarity."""

    of: "Expression"


@dataclass(frozen=True)
class Both:
    """Two levels with ``&`` or ``|`` between them."""

    sign: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class First:
    """The first fabric clock of a level, each time that it comes."""

    of: "Expression"


Expression = Name | Level | Not | Both | First


def names(expression: Expression) -> set[str]:
    """Return every name in an expression."""
    if isinstance(expression, Name):
        return {expression.name}
    if isinstance(expression, Not | First):
        return names(expression.of)
    if isinstance(expression, Both):
        return names(expression.left) | names(expression.right)
    return set()


def has_first(expression: Expression) -> bool:
    """Tell whether an expression has the first clock of a level in it."""
    if isinstance(expression, Both):
        return has_first(expression.left) or has_first(expression.right)
    return isinstance(expression, First) or (isinstance(expression, Not) and has_first(expression.of))


def leaves(part: Expression) -> list[Name]:
    """Return every name in an expression, each with its bits."""
    if isinstance(part, Name):
        return [part]
    if isinstance(part, Not | First):
        return leaves(part.of)
    return [*leaves(part.left), *leaves(part.right)] if isinstance(part, Both) else []


class _Parser:
    def __init__(self, text: str, where: str) -> None:
        self._where, self._text = where, text
        self._tokens: list[str] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._wrong(f"nothing begins with {text[at:].strip()[:1]!r}")
            self._tokens.append(found.group().strip())
            at = found.end()
            if len(self._tokens) > _LONGEST:
                raise ConformError(f"{where} has more than {_LONGEST} names and signs: say less with it")

    def _wrong(self, why: str) -> ConformError:
        return ConformError(f"{self._where} = {self._text!r}: {why}; write names, NAME[7:4], !, &, |, (, ), 0 and 1")

    def _next(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self, *wanted: str) -> str:
        if not self._tokens or (wanted and self._tokens[0] not in wanted):
            raise self._wrong(f"{' or '.join(wanted) or 'a name'} is missing")
        return self._tokens.pop(0)

    def whole(self) -> Expression:
        found = self._any("|", lambda: self._any("&", self._one))
        if self._tokens:
            raise self._wrong(f"{self._tokens[0]!r} is left over")
        return found

    def _any(self, sign: str, part: object) -> Expression:
        left: Expression = part()  # type: ignore[operator]
        while self._next() == sign:
            self._take(sign)
            left = Both(sign, left, part())  # type: ignore[operator]
        return left

    def _one(self) -> Expression:
        token = self._take()
        if token in ("!", "~"):
            return Not(self._one())
        if token == "first" and self._next() == "(":
            return First(self._one())
        if token == "(":
            found = self._any("|", lambda: self._any("&", self._one))
            self._take(")")
            return found
        if token in ("0", "1"):
            return Level(int(token))
        if not re.match(r"[A-Za-z_\\]", token):
            raise self._wrong(f"{token!r} is no name")
        if self._next() != "[":
            return Name(token)
        self._take("[")
        high = low = self._number()
        if self._next() == ":":
            self._take(":")
            low = self._number()
        self._take("]")
        return Name(token, high, low)

    def _number(self) -> int:
        token = self._take()
        if not token.isdigit():
            raise self._wrong(f"{token!r} is no bit's number")
        return int(token)


def parse(text: str, where: str) -> Expression:
    """
    Read an expression.

    Parameters
    ----------
    text
        ``"AEN"``, ``"!A[7:4]"``, ``"!cs_n & !ior_n | adstb"``.
    where
        Its place in the map, for messages.

    Raises
    ------
    ConformError
        It is none; the message has it and what may stand there.
    """
    return _Parser(text, where).whole()

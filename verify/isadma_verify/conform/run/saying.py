"""What a bench that failed says, in the words of the pins and registers, and not of its source."""

import re

__all__ = ["own_words"]

#: What benches look at, as they write it, and what it is.
_WORDS = (
    (r"^_?(block)\(.*\)$", "clocks that each service takes"),
    (r"^(log\.)?services\(\)$", "clocks that each service takes"),
    (r"^_requests\(.*\)( & \w+)?$", "channels that ask for the bus, a bit each"),
    (r"^_serve[ds]\w*\(.*\)$|^_services\(.*\)$", "channels in the order served"),
    (r"^(sorted|set)?\(?log\.order\(\)\)?(\[.*\])?$", "channels in the order served"),
    (r"^len\(log\.(order|services)\(\)\)$", "number of services"),
    (r"^len\(log\.(falls|rises)\[\"(\w+)\"\]\)( == len\(.*)?$", r"number of times that {\2} \1"),
    (r"^len\(memory\.writes\)$", "number of bytes written"),
    (r"^not any\(log\.falls\[\w+\] for \w+ in \(.*\)\)$", "a strobe that must not come"),
    (r"^log\.rises\[\"(\w+)\"\]$", r"states in which {\1} rises"),
    (r"^set\(memory\.reads\)$|^memory\.reads(\[.*\])?$", "addresses read"),
    (r"^memory\.reads\.count\(\w+\)$", "number of reads of one address"),
    (r"^memory\.writes(\[.*\])?$|^moved$", "addresses written"),
    (r"^memory\.data(\[(.*)\])?$", "memory's bytes"),
    (r"^(device|card)\.moved$", "bytes that the device moved"),
    (r"^bytes\(device\.received\)$", "bytes that the device got"),
    (r"^(device|card)\.terminal_counts$", "terminal counts that the device saw"),
    (r"^shows\(\"(\w+)\"\)$|^(?:bench\.)?last\.chip\.(\w+)$", r"{\1\2}"),
    (r"^gaps$|^\{?\[?later - earlier for .*\]?\}?$|^\[end - begin for .*\]$", "states between one and the next"),
    (r"^drops$|^len\(drops\)$", "number of services"),
    (r"^len\(moved\)$", "number of transfers"),
    (r"^log\.falls\[strobe\]\[0\] - log\.falls\[read\]\[0\]$", "states from the read strobe to the write strobe"),
)

#: Registers that benches read, in lists too.
_READS = (
    (r"\bread\(ReadPort\.(\w+)\)", lambda found: f"{found[1].lower()} register"),
    (r"\bread\(CmosPort\.(\w+)\)", lambda found: f"{found[1].lower()} register"),
    (r"\bread\((0x[0-9A-Fa-f]+)\)", lambda found: f"a read of port {int(found[1], 16):X}h"),
    (r"\bread_word\((?:\d, )?(0x[0-9A-Fa-f]+)\)", lambda found: f"both bytes of port {int(found[1], 16):X}h"),
    (r"\bstatus\(\)( & \w+)?", lambda found: "status register"),
    (r"\bstatus\((\w)\)", lambda found: f"status register of DMA {found[1]}"),
    (r"\baddress\((\d)\)", lambda found: f"current address of channel {found[1]}"),
    (r"\bcount\((\d)\)", lambda found: f"current word count of channel {found[1]}"),
    (r"\baddress\([\w.]+\)", lambda found: "current address"),
    (r"\bcount\([\w.]+\)", lambda found: "current word count"),
    (r"\bread(_word)?\(\w+\)", lambda found: "what the port reads"),
    (r"\bshows\(\"(\w+)\"\)", lambda found: _pin(found[1])),
)

#: Counts and clocks are decimal; levels, addresses and registers hexadecimal.
_DECIMAL = re.compile(r"^(clocks|number|states|bytes|terminal|channels in|services)|so many times$")
_COMPARED = re.compile(r"assert (.+?) (==|<=|>=|<|>|in) (.+)$")


def _pin(name: str) -> str:
    """Return a pin as the data sheet writes it."""
    return f"{name.removesuffix('_n').upper()}#" if name.endswith("_n") else name.upper()


def _plain(source: str) -> str:
    """Return in words what a bench's source looks at."""
    bare = re.sub(r"\bawait ", "", source)
    bare = re.sub(r"\b(?:self\.)?(?:stand|cpu|bench)\.(?:(?:cpu|bench)\.)?", "", bare).strip()
    for pattern, words in _WORDS:
        if re.match(pattern, bare):
            said = re.sub(pattern, words, bare)
            return re.sub(r"\{(\w+)\}", lambda found: _pin(found[1]), said)
    for pattern, told in _READS:
        bare = re.sub(pattern, told, bare)
    return re.sub(r"^\[(.*)\]$", r"\1", bare)


def _hex(text: str) -> str:
    """Write whole numbers of two digits and more in hexadecimal."""
    return re.sub(r"(?<![\w.])\d{2,}(?![\w.])", lambda found: f"{int(found.group()):X}h", text)


def own_words(failure: str) -> tuple[str, str, str]:
    """
    Return what a failed bench says, in one line, with what it expected and got where it compared two values.

    Parameters
    ----------
    failure
        A result's, of any length.
    """
    lines = [line.strip() for line in failure.splitlines() if line.strip()]
    first = re.sub(r"^\w*(Error|Exception):\s*", "", lines[0]) if lines else "it failed"
    asked = [line.removeprefix("assert ") for line in lines[1:] if line.startswith("assert ") and line not in lines[:2]]
    if "differ from the figure" in first and len(lines) > 1:
        return f"{first.rstrip(':')}, first {lines[1]}", "", ""
    compared = _COMPARED.match(first)
    if compared is None:
        said = _plain(asked[-1]) if first.startswith("assert ") and asked else first
        compared = _COMPARED.match(lines[1]) if len(lines) > 1 else None
    else:
        source = asked[-1] if asked else first.removeprefix("assert ")
        left, sign, _ = source.rpartition(" == ")
        said = _plain(left if sign else re.split(r" (?:<=|>=|<|>|in) ", source, maxsplit=1)[0])
    # A random program's job says what it was; its bytes are no help.
    said = re.sub(r", data=(b|bytearray\().*", ")", said)
    if compared is None:
        return said[:300], "", ""
    write = str if _DECIMAL.search(said) else _hex
    sign = "" if compared[2] == "==" else f"{compared[2]} "
    expected, got = (write(re.sub(r"bytearray\((.*)\)", r"\1", value)) for value in (compared[3], compared[1]))
    expected = re.sub(r"^range\((\w+), (\w+)\)$", r"\1 to below \2", expected)
    sign = sign.replace("<=", "of") if expected.startswith("{") else sign
    return said[:300], (sign + re.sub(r"^\((.*)\)$", r"\1", expected))[:120], got[:120]

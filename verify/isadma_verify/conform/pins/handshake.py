"""Ports of a core with a handshake in place of pins: a request for each device, a master of the memory's bus."""

import re
from collections.abc import Mapping

from isadma_verify.conform.sources.ports import Port

#: The channel that a PC gives a device.
_CHANNEL = {"mem": 0, "memory": 0, "refresh": 0, "sound": 1, "soundblaster": 1, "sb": 1, "sdlc": 1} | {
    "floppy": 2, "fdc": 2, "fdd": 2, "disk": 3, "hdd": 3, "xta": 3, "ecp": 3,
}  # fmt: skip

#: Bits of an address that has A8-A15 too.
_WORD = 16

#: The level of an input that says: wait.
WAITS = '"!ready"'

_REQUEST = re.compile(r"(?:dma_)?(\w+?)_(?:d?req|request)", re.IGNORECASE)
_ANSWER = re.compile(r"(?:dma_)?(\w+?)_(?:d?ack|acknowledge)", re.IGNORECASE)


def devices(rest: list[Port]) -> dict[str, str]:
    """Return lines for DREQ and DACK where each device has a port of its own, by the channel that a PC gives it."""
    lines = {}
    for pin, pattern, direction, idle in (("dreq", _REQUEST, "in", "0"), ("dack", _ANSWER, "out", "1")):
        places = [idle] * 4
        for port in rest:
            found = pattern.fullmatch(port.member)
            name = found.group(1).lower() if found else ""
            channel = int(name[-1]) if re.fullmatch(r"(ch|channel)?_?[0-3]", name) else _CHANNEL.get(name)
            if channel is not None and port.direction == direction and port.width == 1:
                places[3 - channel] = f'"{port.name}"' if pin == "dreq" else f'"!{port.name}"'
        if places != [idle] * 4:
            lines[pin] = f"[{', '.join(places)}]  # by the channel that a PC gives each device"
    return lines


def waits(rest: list[Port]) -> bool:
    """Tell whether an input says that a memory is not ready, as a master of its bus has one."""
    found = re.compile(r"(avm|mem|memory|m|master|dma)_(waitrequest|readdatavalid|busy|ack)", re.IGNORECASE)
    return any(port.direction == "in" and found.fullmatch(port.member) for port in rest)


def master(rest: list[Port], inward: Mapping[str, list[Port]], outward: Mapping[str, list[Port]]) -> dict[str, str]:
    """Return lines for the pins that a master of a memory's bus has in their place."""
    ports = {port.member.lower(): port for port in rest}

    def named(what: str, direction: str) -> Port | None:
        found = [port for name, port in ports.items() if re.fullmatch(rf"(avm|mem|memory|m|master)_{what}", name)]
        return next((port for port in found if port.direction == direction), None)

    read, write = named("read", "out"), named("write", "out")
    if read is None or write is None:
        return {}
    lines = {
        "hrq": f'"{read.name} | {write.name}"  # nothing asks for the bus: a master that reads or writes has it',
        "memr_n": f'{{ out = "!{read.name}" }}',
        "memw_n": f'{{ out = "!{write.name}" }}',
    }
    waits = named("waitrequest", "in")
    if waits is not None:
        lines["hlda"] = f'"!{waits.name}"'
    address, data = named("addr(ess)?", "out"), named("writedata", "out")
    if address is not None and address.width >= _WORD:
        own = f'in = "{inward["a"][0].name}", ' if inward.get("a") else ""
        lines["a"] = f'{{ {own}out = "{address.name}[7:0]" }}'
        lines["ah"] = f'"{address.name}[15:8]"'
    if data is not None and outward.get("db") and inward.get("db"):
        shown = f"({write.name} & {data.name}) | (!{write.name} & {outward['db'][0].name})"
        lines["db"] = f'{{ in = "{inward["db"][0].name}", out = "{shown}" }}'
    return lines


def data_inputs(rest: list[Port]) -> list[Port]:
    """Return inputs of a byte that a memory or a device drives: they are DB as well."""
    pattern = re.compile(r"\w+_(read|write)data", re.IGNORECASE)
    return [port for port in rest if port.direction == "in" and port.width == 8 and pattern.fullmatch(port.member)]


def driven(port: Port, level: str) -> str:
    """Return the line that drives an input."""
    return f"{port.name} = {level}" if re.fullmatch(r"[\w-]+", port.name) else f'"{port.name}" = {level}'


def answered(port: Port, outputs: list[Port]) -> str | None:
    """
    Return a level for an acknowledge of strobes, which are outputs of one bit that are called like it; None for others.

    Where READY holds a memory's strobe, its acknowledge comes with READY: a core that waits for it obeys the pin so.
    """
    found = re.fullmatch(r"(\w+?)_?ack", port.member, re.IGNORECASE)
    named = re.compile(rf"{re.escape(found[1])}_?(rd|wr|read|write)", re.IGNORECASE) if found else None
    names = [one.name for one in outputs if named and one.width == 1 and named.fullmatch(one.member)]
    return f'"({" | ".join(names)}) & ready"  # it answers these, when READY is high' if names else None


def idle_level(port: Port) -> str:
    """Return the level of an input that is no pin: what lets a core go on, where its name says that it waits for it."""
    if port.width == 1 and re.search(r"wait", port.member, re.IGNORECASE):
        return WAITS
    return "1" if port.width == 1 and re.search(r"(ack|valid|_ce|_cen|enable)$", port.member, re.IGNORECASE) else "0"

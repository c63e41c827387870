"""A core's parameters as words: read from ``key=value``, checked, and written into the module's name and its header."""

import gc
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from amaranth import UnusedElaboratable
from amaranth.lib import wiring

from isadma.naming import check_name
from isadma_boards.verilog.cores import VERILOG_CORES

__all__ = ["VARIANTS", "Configuration", "configure", "read_settings"]

VARIANTS = ("nmos", "cmos")

_SWITCHES = {"0": False, "1": True, "no": False, "yes": True, "off": False, "on": True, "false": False, "true": True}
#: An attribute and its value, as synthesis tools have them: words.
_ATTRIBUTE = re.compile(r"(\w+):(\w+)")


@dataclass(frozen=True)
class Configuration:
    """One core as it is to be written.

    Attributes
    ----------
    core, name
        Its key in `VERILOG_CORES`, and its module's name.
    parameters
        Every parameter's value.
    component
        What that made. It has to be elaborated, once: Amaranth warns of one that is not.
    """

    core: str
    name: str
    parameters: Mapping[str, object]
    component: wiring.Component

    @property
    def summary(self) -> str:
        """What the core is, in one line."""
        return VERILOG_CORES[self.core].summary

    @property
    def changed(self) -> Mapping[str, object]:
        """The parameters that differ from their defaults."""
        defaults = VERILOG_CORES[self.core].parameters
        return {key: value for key, value in self.parameters.items() if value != defaults[key]}

    @property
    def settings(self) -> list[str]:
        """Every parameter that has a value, as ``key=value``."""
        return [f"{key}={_written(value)}" for key, value in self.parameters.items() if value is not None]

    @property
    def command(self) -> str:
        """The command that writes it."""
        words = [f"isadma verilog --core {self.core}"]
        words += [f"--set {key}={_written(value)}" for key, value in self.changed.items()]
        return " ".join(
            words if self.name == _default_name(self.core, self.changed) else [*words, f"--name {self.name}"]
        )


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{key}:{text}" for key, text in value.items())
    return str(int(value) if isinstance(value, bool) else value)


def _default_name(core: str, changed: Mapping[str, object]) -> str:
    """Return the module's name: variants of a core must not meet in one design under the same one."""
    words = ["isadma", core]
    for key, value in changed.items():
        if value is True or key == "variant":
            words.append(key if value is True else str(value))
        elif isinstance(value, Mapping):
            words += [key, *(word for pair in value.items() for word in pair)]
        else:
            words += [key, _written(value)]
    return "_".join(words)


def _checked_core(core: str) -> str:
    if core not in VERILOG_CORES:
        raise ValueError(f"no core is named {core!r}; there are {', '.join(VERILOG_CORES)}")
    return core


def _checked_key(core: str, key: str) -> str:
    known = list(VERILOG_CORES[core].parameters)
    if key not in known:
        near = get_close_matches(key.lower(), known, n=1, cutoff=0.5)
        meant = f" (did you mean {near[0]!r}?)" if near else ""
        raise ValueError(f"{core} has no parameter named {key!r}{meant}; there are {', '.join(known)}")
    return key


def _read(key: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() not in _SWITCHES:
            raise ValueError(f"{key}={text!r} is neither on nor off: give 0 or 1")
        return _SWITCHES[text.lower()]
    if isinstance(default, int):
        try:
            return int(text, 0)
        except ValueError:
            raise ValueError(f"{key}={text!r} is no whole number: give one like {default} or {default:#x}") from None
    if isinstance(default, str):
        return text
    pairs = [_ATTRIBUTE.fullmatch(pair) for pair in text.split(",")]
    if None in pairs:
        raise ValueError(f"{key}={text!r} is no list of attributes: give them like ram_style:distributed")
    return dict(pair.groups() for pair in pairs if pair)


def _of_its_kind(key: str, value: object, default: object) -> object:
    if isinstance(default, bool):
        if value not in (0, 1):
            raise ValueError(f"{key} is {value!r}: it is on or off, give 0 or 1")
        return bool(value)
    if isinstance(default, int) and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError(f"{key} is {value!r}: give a whole number like {default}")
    return value


def read_settings(core: str, settings: Iterable[str]) -> dict[str, object]:
    """
    Read parameters from words.

    Parameters
    ----------
    core
        A key of `VERILOG_CORES`.
    settings
        Each ``key=value``. A switch takes 0 or 1; a number may be hexadecimal (``0xFF``); synthesis attributes of a
        memory are ``attribute:value``, with commas between several.

    Returns
    -------
    dict
        Value by parameter, for `configure`.

    Raises
    ------
    ValueError
        An unknown core or parameter, one that is given twice, or a value that cannot be one of its kind.
    """
    defaults = VERILOG_CORES[_checked_core(core)].parameters
    found: dict[str, object] = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise ValueError(f"{setting!r} sets nothing: give a parameter and its value, like {next(iter(defaults))}=…")
        if _checked_key(core, key) in found:
            raise ValueError(f"{key} is set twice: {setting!r} comes second")
        found[key] = _read(key, text, defaults[key])
    return found


def configure(core: str, *, name: str | None = None, **parameters: object) -> Configuration:
    """
    Check what is asked of a core.

    Parameters
    ----------
    core
        A key of `VERILOG_CORES`.
    name
        The module's name. Unless told it is ``isadma_`` and the core's, and then each parameter that is not at its
        default: ``isadma_at_cmos_high_pages``.
    **parameters
        The core's own; those not given are at their defaults.

    Raises
    ------
    ValueError
        An unknown core or parameter, a value that the core refuses, or a name that not every language can write.
    """
    defaults = VERILOG_CORES[_checked_core(core)].parameters
    for key in parameters:
        _checked_key(core, key)
    if (variant := parameters.get("variant", VARIANTS[0])) not in VARIANTS:
        raise ValueError(f"variant is {variant!r}: there are {' and '.join(VARIANTS)}")
    chosen = {key: _of_its_kind(key, parameters.get(key, default), default) for key, default in defaults.items()}
    changed = {key: value for key, value in chosen.items() if value != defaults[key]}
    refused = ""
    # Amaranth warns of parts that were made and never used: those of a core that refuses a value are meant to be lost.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusedElaboratable)
        try:
            component = VERILOG_CORES[core].make(**chosen)
            name = check_name(_default_name(core, changed) if name is None else name, "the module")
        except ValueError as error:
            refused = str(error)
        if refused:
            component = None
            gc.collect()  # parts know each other: they go now, or warn later
    if refused:
        raise ValueError(refused)
    return Configuration(core, name, chosen, component)

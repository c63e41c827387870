"""Every scene, played to its end on the RTL in a browser, pin by pin as the golden model has it in each half clock."""

# Ref: Intel 8237A data sheet 231466-005, figures 11 to 13: what moves with CLK's falling edge, and what in mid-state.

from __future__ import annotations

import re
from importlib import resources

import pytest

from isadma_sim.engines.states import STATES

from .conftest import Played, golden_clocks

PAGE = resources.files("isadma_sim.lab") / "page"
#: Machine by scene, as the modules say it.
SCENES = {
    name: machine
    for file in sorted((PAGE / "scenes").iterdir(), key=lambda each: each.name)
    for name, machine in re.findall(r'^  id: "([\w-]+)",\s+machine: "(\w+)"', file.read_text(), re.MULTILINE)
}
STROBES = ("memr_n", "memw_n", "ior_n", "iow_n")
#: Scenes that do nothing by themselves.
FREE = ("board", "chip")
#: Clocks of RESET at power-up: what the chip shows before is anything.
RESET = 2
#: Halves of IOR# low from which on read data stands: two fabric clocks, by the clock contract.
DATA_VALID = 3
SERVING = {name for name in STATES if name not in ("SI", "S0", "SC")}


def chip_half(now, before, second):
    """What the chip shows in a half: AEN rises and DACK moves as a state begins, all else in its middle."""
    if second:
        return now
    shown = dict(before)
    shown["hrq"] = int(now["state"] != "SI")
    shown["aen"] = int(now["state"] in SERVING or before["aen"])
    shown["dack"] = now["dack"]
    data_out = now["state"] in ("S22", "S23", "S24") and before["db_oe"]
    shown["db_oe"] = int(before["adstb"] or data_out)
    shown["state"] = now["state"]
    return shown


def at_half(now, before, second):
    """What the board shows in a half: refresh, and its HRQ, move as a state begins, the chips as they do alone."""
    if second or now["refresh_asks"]:
        return now
    shown = dict(before)
    shown["hrq"] = int(now["state2"] != "SI")
    shown["aen"] = int(now["state1"] in SERVING or now["state2"] in SERVING or before["aen"])
    for name in ("dack_n", "state1", "state2"):
        shown[name] = now[name]
    data_out = now["d_oe"] and now["aen"] and before["d_oe"]
    shown["d_oe"] = int(bool(data_out))
    return shown


def compared(machine, want, seen, reading):
    """Return pins that differ, as text. Lines that nobody drives have no level."""
    address, data, acknowledges = ("a", "db", "dack") if machine != "at" else ("a", "d", "dack_n")
    names = ["hrq", "aen", acknowledges, f"{data}_oe", "a_oe", "strobes_oe"]
    names += ["adstb", "eop_oe"] if machine != "at" else ["tc", "refresh_n"]
    if want["strobes_oe"]:
        names += STROBES
    if want["a_oe"]:
        names.append(address)
    found = [f"{name} is {seen[name]:X}, not {want[name]:X}" for name in names if seen[name] != want[name]]
    valid = reading == 0 or reading > DATA_VALID
    if want[f"{data}_oe"] and seen[f"{data}_oe"] and valid and seen[data] & 0xFF != want[data] & 0xFF:
        found.append(f"{data} is {seen[data]:X}, not {want[data]:X}")
    return found


def differences(played):
    half_of = at_half if played.machine == "at" else chip_half
    clocks = golden_clocks(played)
    found, reading = [], 0
    for half, seen in enumerate(played.outputs):
        clock, second = divmod(half, 2)
        reading = 0 if played.inputs[half]["ior_n"] else reading + 1
        if clock < RESET + 1:
            continue
        want = dict(half_of(clocks[clock], clocks[clock - 1], second))
        data = "d_oe" if played.machine == "at" else "db_oe"
        if reading and not second:
            want[data] = seen[data]  # a read drives DB with the strobe, whichever half that is
        names = ("state1", "state2") if played.machine == "at" else ("state",)
        states = [STATES[played.states[half] >> 5 * chip & 31] for chip in range(len(names))]
        wrong = compared(played.machine, want, seen, reading)
        wrong += [
            f"{name} is {state}, not {want[name]}"
            for name, state in zip(names, states, strict=True)
            if state != want[name]
        ]
        if wrong:
            found.append(f"clock {clock}, half {second + 1}: {'; '.join(wrong)}")
    return found


def test_every_scene_of_the_page_is_played(lab):
    assert set(SCENES) == set(lab.evaluate("lab.SCENES.map((scene) => scene.id)"))


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_the_golden_models_at_each_half_clock(lab, name):
    played = Played(lab, name, SCENES[name])
    told = played.told
    assert told["came"], f"the scene never ends: {told}"
    assert told["failed"] == ""
    assert told["notes"] == told["wanted"] > 1
    assert told["begin"] == 0, "the scene is longer than the trace"
    assert len(played.outputs) > (100 if name not in FREE else 20)
    found = differences(played)
    assert not found, f"{len(found)} halves of {len(played.outputs)} differ:\n" + "\n".join(found[:8])
    assert told["checks"] == [], told["checks"]
    assert not lab.troubles

"""The lab's page in a headless Chromium, one for all tests; and the golden model, played with a scene's pins."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from isadma_sim.lab.build import machine_wasm
from isadma_sim.lab.page import lab_page
from isadma_sim.lab.pins import MACHINES
from isadma_sim.reference import AtBoard, Chip
from isadma_sim.reference.pins import BoardInputs, ChipInputs

#: Plays a scene to its end as fast as it goes, and returns what every pin was in every half.
PLAY = """async (name) => {
    const scene = lab.SCENES.find((each) => each.id === name);
    const session = new lab.Session(await lab.systemFor(scene.machine), scene);
    const { system, program } = session;
    const came = session.until(() => program.over && !system.bus.hrq && !system.cpu.busy, 200000);
    session.step(8);
    const { trace } = system;
    const letter = (byte) => String.fromCharCode(byte);
    const words = (array) => btoa(Array.from(new Uint8Array(array.slice(0, trace.end).buffer), letter).join(""));
    const notes = scene.script(system).filter((operation) => operation.kind === "note");
    return { came, failed: program.failed, notes: program.notes + 1, wanted: notes.length, begin: trace.begin,
             checks: scene.checks(system), i0: words(trace.i0), i1: words(trace.i1), o0: words(trace.o0),
             o1: words(trace.o1), states: words(trace.states) };
}"""


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lab") / "lab.html"
    path.write_text(lab_page({name: machine_wasm(name) for name in MACHINES}), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def opened(browser: Any, page_file: Path) -> Callable[..., Any]:
    """Return a function that opens the lab, and lets nothing pass that the console says."""

    def open_page(hash_: str = "", **options: Any) -> Any:
        page = browser.new_page(**options)
        page.set_default_timeout(60_000)
        page.troubles = []
        page.on("console", lambda said: page.troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(("file:", "data:")) else page.troubles.append(asked.url),
        )
        page.goto(page_file.as_uri() + hash_)
        page.wait_for_selector("body.ready")
        return page

    return open_page


@pytest.fixture(scope="session")
def lab(opened: Callable[..., Any]) -> Any:
    return opened()


def fields(machine: str, direction: str) -> dict[str, tuple[int, int]]:
    return {name: tuple(place) for name, place in MACHINES[machine].layout()[direction].items()}  # type: ignore[misc]


def unpacked(word: int, places: dict[str, tuple[int, int]]) -> dict[str, int]:
    return {name: word >> low & (1 << width) - 1 for name, (low, width) in places.items()}


class Played:
    """A scene as it was played.

    Attributes
    ----------
    inputs, outputs : list of dict
        Levels of every pin in each half.
    states : list of int
        Codes of the chips' states, five bits each.
    """

    def __init__(self, lab: Any, name: str, machine: str) -> None:
        self.name, self.machine = name, machine
        self.told = lab.evaluate(PLAY, name)
        words = {}
        for key in ("i0", "i1", "o0", "o1", "states"):
            raw = base64.b64decode(self.told[key])
            words[key] = struct.unpack(f"<{len(raw) // 4}I", raw)
        into, out = fields(machine, "inputs"), fields(machine, "outputs")
        pairs = zip(words["i0"], words["i1"], strict=True)
        self.inputs = [unpacked(low | high << 32, into) for low, high in pairs]
        pairs = zip(words["o0"], words["o1"], strict=True)
        self.outputs = [unpacked(low | high << 32, out) for low, high in pairs]
        self.states = [states & 0x3FF for states in words["states"]]


#: Golden model and inputs of each machine.
GOLDEN: dict[str, Callable[[], tuple[Any, Any]]] = {
    "chip": lambda: (Chip(), ChipInputs()),
    "cmos": lambda: (Chip(variant="cmos"), ChipInputs()),
    "at": lambda: (AtBoard(refresh=True), BoardInputs()),
}


def golden_clocks(played: Played) -> list[dict[str, Any]]:
    """Play the golden model with the pins of a scene, a clock for two halves, and return what each clock shows."""
    model, pins = GOLDEN[played.machine]()
    shown = []
    for inputs in played.inputs[1::2]:
        for name, level in inputs.items():
            setattr(pins, name, level)
        seen = asdict(model.outputs(pins))
        # Whose HRQ it is, says no pin.
        seen["refresh_asks"] = played.machine == "at" and not model.refresh.dma_may
        shown.append(seen)
        model.clock(pins)
    return shown

"""Write docs/guide/dsp-commands.md: the Sound Blasters' 256 commands, from the table that the cards obey.

Usage: .venv/bin/python docs/make_dsp_commands.py
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from isadma_sim.devices.sound.commands import COMMANDS, UNKNOWN, Does, Entry
from isadma_sim.devices.sound.models import SOUND_BLASTER, SOUND_BLASTER_2, SOUND_BLASTER_16, SOUND_BLASTER_PRO

PAGE = Path(__file__).parent / "guide" / "dsp-commands.md"
HEAD = """# The DSP's commands

What each of the 256 commands does on each Sound Blaster here, how many bytes follow it, and where that is from. This
page is made from the table that the cards obey, `isadma_sim.devices.sound.commands`, by `docs/make_dsp_commands.py`,
and a test holds them together.

- *Bytes* follow the command and are never commands themselves. *To reset*: no byte is one until the DSP is reset.
- *DMA*: the card requests DMA after it. Nothing else does.
- Sources: *guide*, Creative's Sound Blaster Series Hardware Programming Guide, chapter 6; *firmware*, that of DSP 2.02
  as disassembled in `schlae/sb-firmware`, which tells every code from few of its bits; *DOSBox-X* and *86Box*, those
  emulators' sources, for what the guide leaves out; *list*, TFM's list of DSP commands; *choice*, where nothing tells:
  a code without meaning takes no byte and does nothing.
"""
_FOLLOWED = {
    Does.MIDI_READ: "1, any",
    Does.MIDI_UART: "to reset",
    Does.HALT: "to reset",
    Does.DOWNLOAD: "2, and as many as they say",
    Does.LOAD_SAMPLES: "4, and half as many as the first says; odd: to reset",
}
_ANSWERS = {
    Does.DIRECT_IN: "1",
    Does.SPEAKER_STATUS: "1",
    Does.INVERT: "1",
    Does.VERSION: "2",
    Does.COPYRIGHT: "45",
    Does.READ_TEST: "1",
    Does.STATUS: "1",
    Does.LAST_COMMAND: "1",
    Does.READ_RAM: "1",
}


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for model in (SOUND_BLASTER_16, SOUND_BLASTER_PRO, SOUND_BLASTER_2, SOUND_BLASTER):
        major, minor = model.version
        parts.append(f"\n## {model.name}: DSP {major}.{minor:02}\n")
        parts.append("| Command | Bytes | What it does | Answers | DMA | Source |\n|---|---|---|---|---|---|\n")
        parts += rows(COMMANDS[model.version])
    return "".join(parts)


def rows(table: tuple[Entry, ...]) -> list[str]:
    """Return the lines of a table; codes in a row that are alike share one."""
    lines = []
    for entry, group in groupby(range(256), key=lambda code: table[code]):
        codes = list(group)
        name = f"{codes[0]:02X}h" if len(codes) == 1 else f"{codes[0]:02X}h to {codes[-1]:02X}h"
        bytes_after = _FOLLOWED.get(entry.does, str(entry.parameters))
        answer = _ANSWERS.get(entry.does, str(len(entry.answer)) if entry.answer else "")
        if entry is UNKNOWN:
            bytes_after = "0"
        dma = "yes" if entry.starts_dma else ""
        lines.append(f"| {name} | {bytes_after} | {entry.what} | {answer} | {dma} | {entry.source} |\n")
    return lines


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: {len(page().splitlines())} lines")

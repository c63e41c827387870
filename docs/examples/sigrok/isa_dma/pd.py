##
## This file is part of the isadma project.
##
## Copyright (C) 2026 the isadma authors
##
## This program is free software; you can redistribute it and/or modify
## it under the terms of the GNU General Public License as published by
## the Free Software Foundation; either version 3 of the License, or
## (at your option) any later version.
##
## This program is distributed in the hope that it will be useful,
## but WITHOUT ANY WARRANTY; without even the implied warranty of
## MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
## GNU General Public License for more details.
##
## You should have received a copy of the GNU General Public License
## along with this program; if not, see <http://www.gnu.org/licenses/>.
##


"""A protocol decoder for libsigrokdecode: the DMA of a PC's ISA slot."""

# Ref: sigrok wiki, "Protocol decoder API" (sigrok.org/wiki/Protocol_decoder_API), version 3.

import sigrokdecode as srd

_CHANNELS = (0, 1, 2, 3, 5, 6, 7)
_STROBES = ("ior", "iow", "memr", "memw")
_ADDRESS, _DATA = 24, 16
_REQUEST, _SERVICE, _READ, _WRITE, _REFRESH, _TC, _PORT, _BROKEN = range(8)


def _channel(name, text, number):
    return {"id": f"{name}{number}", "name": text.format(number), "desc": text.format(number)}


class Decoder(srd.Decoder):
    """Follows DACK, the strobes and TC."""

    api_version = 3
    id = "isa_dma"
    name = "ISA DMA"
    longname = "DMA on the ISA bus"
    desc = "8237A services on a PC's slot: requests, transfers, refreshes, terminal counts."
    license = "gplv3+"
    inputs = ["logic"]  # noqa: RUF012 - the API asks for lists
    outputs = []  # noqa: RUF012
    tags = ["PC", "Retro computing"]  # noqa: RUF012
    channels = tuple({"id": name, "name": name.upper() + "#", "desc": name.upper() + " strobe"} for name in _STROBES)
    optional_channels = (
        {"id": "aen", "name": "AEN", "desc": "Address enable"},
        {"id": "tc", "name": "TC", "desc": "Terminal count"},
        *(_channel("dack", "DACK{}#", number) for number in _CHANNELS),
        *(_channel("drq", "DRQ{}", number) for number in _CHANNELS),
        *(_channel("a", "A{}", number) for number in range(_ADDRESS)),
        *(_channel("d", "D{}", number) for number in range(_DATA)),
    )
    annotations = (
        ("request", "Request"),
        ("service", "Service"),
        ("read", "Memory to device"),
        ("write", "Device to memory"),
        ("refresh", "Refresh"),
        ("tc", "Terminal count"),
        ("port", "Processor's port"),
        ("broken", "Rule broken"),
    )
    annotation_rows = (
        ("requests", "Requests", (_REQUEST,)),
        ("services", "Services", (_SERVICE, _TC)),
        ("cycles", "Cycles", (_READ, _WRITE, _REFRESH, _PORT)),
        ("warnings", "Rules broken", (_BROKEN,)),
    )

    def __init__(self):
        self.reset()

    def reset(self):
        self.places = {}

    def start(self):
        self.out = self.register(srd.OUTPUT_ANN)

    def say(self, start, end, kind, *texts):
        self.put(start, end, self.out, [kind, list(texts)])

    def bus(self, pins, stem, width):
        """Return a bus as a number, and None where it has no probe."""
        bits = [(bit, self.places[f"{stem}{bit}"]) for bit in range(width) if f"{stem}{bit}" in self.places]
        return sum(pins[place] << bit for bit, place in bits) if bits else None

    def decode(self):
        # A channel without a probe shows neither 0 nor 1. (`has_channel` loses references in some versions.)
        first = self.wait({"skip": 0})
        names = [channel["id"] for channel in (*self.channels, *self.optional_channels)]
        self.places = {name: place for place, name in enumerate(names) if first[place] in (0, 1)}
        watched = [name for name in self.places if not name[1:].isdigit()]  # not the buses: they change all the time
        level = {name: first[self.places[name]] for name in watched}
        since = {}
        last = first
        while True:
            pins = self.wait([{self.places[name]: "e"} for name in watched])
            sample = self.samplenum
            now = {name: pins[self.places[name]] for name in watched}
            for name in watched:
                if now[name] != level[name]:
                    self.moved(name, now, level, last, since, sample)
            level, last = now, pins
            # Address and data are taken while the strobe is low: look at each sample of it.
            while any(not level[name] for name in _STROBES):
                pins = self.wait({"skip": 1})
                sample = self.samplenum
                now = {name: pins[self.places[name]] for name in watched}
                for name in watched:
                    if now[name] != level[name]:
                        self.moved(name, now, level, last, since, sample)
                level, last = now, pins

    def moved(self, name, now, before, last, since, sample):
        """Say what it means that a line moved; `last` are the pins of the sample before."""
        active = [n for n in _CHANNELS if before.get(f"dack{n}") == 0]
        begun = since.pop(name, sample)
        if now[name] == (0 if name in _STROBES or name.startswith("dack") else 1):
            since[name] = sample
        if name.startswith("drq") and not now[name]:
            self.say(begun, sample, _REQUEST, f"DRQ{name[3:]}", name[3:])
        elif name.startswith("dack"):
            if now[name]:
                self.say(begun, sample, _SERVICE, f"channel {name[4:]} served", f"channel {name[4:]}", name[4:])
            elif active:
                self.say(sample, sample + 1, _BROKEN, f"DACK{name[4:]}# with DACK{active[0]}#", "two DACKs")
        elif name == "tc" and not now[name]:
            self.say(begun, sample, _TC, "terminal count", "TC")
        elif name in _STROBES and now[name]:
            self.cycle(name, before, last, active, begun, sample)

    def cycle(self, strobe, before, last, active, begun, sample):
        """Say what a strobe that ends has moved."""
        low = {name for name in _STROBES if not before[name]}
        address, data = self.bus(last, "a", _ADDRESS), self.bus(last, "d", _DATA)
        where = "" if address is None else f" {address:05X}h"
        what = "" if data is None else f" {data if active and active[0] > 4 else data & 0xFF:02X}h"
        if not active and not before.get("aen"):
            if strobe in ("ior", "iow"):
                self.say(begun, sample, _PORT, f"{'in' if strobe == 'ior' else 'out'}{where}{what}", strobe)
        elif strobe == "memr" and active == [0]:
            self.say(begun, sample, _REFRESH, f"refresh{where}", "refresh", "R")
        elif strobe == "memr" and active:
            self.say(begun, sample, _READ, f"read{where}{what}", "read", "r")
        elif strobe == "memw" and active:
            self.say(begun, sample, _WRITE, f"write{where}{what}", "write", "w")
        if {"ior", "iow"} <= low or {"memr", "memw"} <= low:
            self.say(begun, sample, _BROKEN, "two strobes of one side", "strobes")

"""A capture decoded without a model: what the simulator did is what is seen, and broken rules are named."""

import pytest

from isadma_sim import PC
from isadma_verify.captures.clocks import clocks_of
from isadma_verify.captures.decode.decoder import decode
from isadma_verify.captures.pins import guessed
from isadma_verify.captures.readers import open_capture


def seen(path, edge="fall"):
    reader = open_capture(path)
    return list(decode(clocks_of(reader, guessed(reader.probes), edge=edge)))


def kinds(events, *wanted):
    return [(e.kind, e.channel, e.address, e.data) for e in events if e.kind in wanted]


def test_transfers_of_a_machine_with_channel_address_and_data(tmp_path):
    with PC(engine="reference", board="xt") as pc:
        pc.memory[0x51234:0x51238] = bytes([1, 2, 3, 4])
        pc.waves(tmp_path / "t.sr")
        for port, value in ((0x0B, 0x89), (0x0C, 0), (2, 0x34), (2, 0x12), (3, 3), (3, 0), (0x83, 5), (0x09, 5)):
            pc.outb(port, value)
        pc.run(clocks=100)
        assert pc.inb(0x08) == 0x02
    events = seen(tmp_path / "t.sr")
    assert kinds(events, "read") == [("read", 1, 0x51234 + n, n + 1) for n in range(4)]
    assert kinds(events, "tc") == [("tc", 1, None, None)]
    assert kinds(events, "out")[-1] == ("out", None, 0x09, 0x05)
    assert kinds(events, "in") == [("in", None, 0x08, 0x02)]
    service = next(event for event in events if event.kind == "service")
    assert (service.channel, service.text) == (1, "16 clocks, 4 transfers, terminal count")
    assert [event.kind for event in events if event.kind in ("request", "grant", "release")] == [
        "request",
        "grant",
        "release",
    ]
    assert not [event for event in events if event.kind == "broken"]


def test_refreshes_and_port_accesses_of_a_processor(refresh_capture, sigrok_file, tmp_path):
    made = refresh_capture(2000)
    events = seen(sigrok_file(tmp_path / "c.sr", *made.probes()), edge="rise")
    assert [event.clock for event in events if event.kind == "refresh"] == [
        clock + 4 - 1 for clock in made.grants if clock + 4 < 2000
    ]
    assert sum(event.kind == "request" for event in events) == len(made.requests)
    assert any(event.kind == "out" for event in events)


HEAD = "CLK,HRQ,HLDA,AEN,TC,DACK1#,DACK2#,IOR#,IOW#,MEMR#,MEMW#,A0"
IDLE = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0]
NAMES = HEAD.split(",")[1:]


def with_clocks(path, *clocks):
    rows = [HEAD]
    for clock in (IDLE, IDLE, *clocks, IDLE, IDLE):
        rows += [f"{level}," + ",".join(map(str, clock)) for level in (0, 1)]
    path.write_text("\n".join(rows) + "\n")
    return [event.text for event in seen(path) if event.kind == "broken"]


def levels(**changes):
    names = {"dack1": "DACK1#", "dack2": "DACK2#", "ior": "IOR#", "iow": "IOW#", "memr": "MEMR#", "memw": "MEMW#"}
    row = list(IDLE)
    for name, level in changes.items():
        row[NAMES.index(names.get(name, name.upper()))] = level
    return row


LENT = {"hrq": 1, "hlda": 1, "aen": 1}


@pytest.mark.parametrize(
    ("clocks", "said"),
    [
        ([levels(**LENT), levels(**LENT, dack1=0, dack2=0), levels(**LENT)], "OneDack: DACK of channels [1, 2]"),
        ([levels(hrq=1), levels()], "Handshake: HRQ falls before HLDA came"),
        ([levels(hlda=1), levels(hlda=1, hrq=1), levels(**LENT)], "Handshake: HRQ rises again while HLDA"),
        ([levels(hrq=1), levels(hrq=1, dack1=0), levels(**LENT)], "BusLent: DACK1# begins without HLDA"),
        ([levels(tc=1)], "BusLent: TC with AEN low"),
        ([levels(hrq=1, hlda=1), levels(hrq=1, hlda=1, dack1=0, ior=0)], "BusLent: IOR# low under DACK1#"),
        ([levels(**LENT), levels(**LENT, ior=0, iow=0)], "StrobePair: IOR# and IOW# low together"),
        ([levels(**LENT), levels(**LENT, memr=0), levels(**LENT, memr=0, a0=1)], "SteadyIsa: the address moves"),
        ([levels(**LENT, dack1=0), levels(**LENT, dack1=0, memr=0), levels(**LENT, memr=0)], "SteadyIsa: DACK# moves"),
    ],
)
def test_a_broken_rule_is_named(tmp_path, clocks, said):
    found = with_clocks(tmp_path / "c.csv", *clocks)
    assert any(text.startswith(said) for text in found), found


def test_a_lawful_service_breaks_none(tmp_path):
    service = [levels(hrq=1), levels(hrq=1, hlda=1), levels(**LENT), levels(**LENT, dack1=0, ior=0)]
    service += [levels(**LENT, dack1=0, ior=0, memw=0), levels(hlda=1, aen=1, dack1=0), levels(hlda=1, aen=0)]
    assert with_clocks(tmp_path / "c.csv", *service) == []

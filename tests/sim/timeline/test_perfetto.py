"""Perfetto's trace of a run: read back by Perfetto's own messages, every event is there once, on its track."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from isadma_sim.timeline.decode import decode
from isadma_sim.timeline.files import read_trace
from isadma_sim.timeline.perfetto import MissingPerfettoError, perfetto_trace

BEGIN, END = 1, 2
NS = 250  # a clock of 4 MHz


@pytest.fixture(scope="module")
def line(busy):
    return decode(read_trace(busy("native").path))


class Read:
    """A trace, read back as a viewer reads it: slices by the path of their track."""

    def __init__(self, data):
        proto = pytest.importorskip("perfetto.protos.perfetto.trace.perfetto_trace_pb2")
        trace = proto.Trace()
        trace.ParseFromString(data)
        self.tracks, self.slices, self.flows = {}, {}, {}
        names, notes, under_way = {}, {}, {}
        last = 0
        for packet in trace.packet:
            assert packet.trusted_packet_sequence_id == 1
            if packet.HasField("track_descriptor"):
                each = packet.track_descriptor
                above = self.tracks[each.parent_uuid] if each.parent_uuid else ()
                assert each.uuid not in self.tracks
                self.tracks[each.uuid] = (*above, each.name)
                continue
            assert packet.timestamp >= last
            last = packet.timestamp
            names |= {entry.iid: entry.name for entry in packet.interned_data.event_names}
            notes |= {entry.iid: entry.name for entry in packet.interned_data.debug_annotation_names}
            event = packet.track_event
            stack = under_way.setdefault(event.track_uuid, [])
            if event.type == BEGIN:
                said = {
                    notes[note.name_iid]: getattr(note, note.WhichOneof("value")) for note in event.debug_annotations
                }
                stack.append((names[event.name_iid], packet.timestamp, said))
                for flow in event.flow_ids:
                    self.flows.setdefault(flow, []).append((self.tracks[event.track_uuid], packet.timestamp))
            else:
                assert event.type == END
                name, begin, said = stack.pop()
                path = self.tracks[event.track_uuid][1:]
                self.slices.setdefault(path, []).append((name, begin // NS, packet.timestamp // NS, said))
        assert not any(under_way.values())
        events = [packet for packet in trace.packet if packet.HasField("track_event")]
        assert [packet.sequence_flags for packet in events] == [3] + [2] * (len(events) - 1)


@pytest.fixture(scope="module")
def read(line):
    return Read(b"".join(perfetto_trace(line)))


def test_every_transfer_is_on_its_track_with_address_and_data(line, read):
    for channel in (1, 2, 3, 5, 6):
        shown = read.slices[f"DMA {channel} (card{channel})", "transfers"]
        assert [(b, e, s["address"], s["data"], s["bytes"], name.endswith(", TC")) for name, b, e, s in shown] == [
            (t.begin, t.end, t.address, t.data, t.size, t.tc) for t in line.transfers if t.channel == channel
        ]
    kinds = Counter(t.kind for t in line.transfers)
    assert len(read.slices["Refresh",]) == kinds["refresh"]
    assert len(read.slices["Bus master",]) == kinds["master_write"]


def test_the_bus_has_its_owners_and_ports_their_names(line, read):
    held = Counter()
    for name, begin, end, _ in read.slices["Bus",]:
        held[name] += end - begin
    assert sum(held.values()) == sum(g.end - g.begin for g in line.grants)
    assert {"channel 1", "channel 6", "refresh", "bus master", "hand-over"} <= set(held)
    shown = [(begin, said["port"], said["data"]) for _, begin, _, said in read.slices["CPU ports",]]
    assert shown == [(a.begin, a.port, a.data) for a in line.accesses]
    assert {said["register"] for *_, said in read.slices["CPU ports",]} >= {"DMA 1, mode", "DMA 2, mode"}


def test_a_flow_leads_from_dreq_to_its_dack(line, read):
    pairs = list(read.flows.values())
    assert len(pairs) > 200
    for (asked, begin), (served, end) in pairs:
        assert asked[1:] == (served[1], "DREQ")
        assert served[2] == "DACK#"
        assert begin <= end
    waits = {(s.channel, s.begin): s.wait for s in line.services if s.wait is not None}
    for channel in (1, 5):
        for _, begin, _, said in read.slices[f"DMA {channel} (card{channel})", "DACK#"]:
            assert said["waited, clocks"] == waits[channel, begin]


def test_without_the_library_it_says_what_to_install(line, monkeypatch):
    monkeypatch.setitem(sys.modules, "perfetto.protos.perfetto.trace", None)
    with pytest.raises(MissingPerfettoError, match=r"pip install 'isadma\[perfetto\]'"):
        next(perfetto_trace(line))

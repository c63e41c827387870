"""A timeline in Perfetto's trace format, which ui.perfetto.dev and its tools read: tracks of slices, as protobuf."""

# Ref: Perfetto documentation, "Synthetic Track Event"; perfetto_trace.proto: TrackDescriptor, TrackEvent, InternedData.

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isadma_sim.timeline.columns import owner_title
from isadma_sim.timeline.events import Timeline, Transfer
from isadma_sim.timeline.registers import name_of

__all__ = ["MissingPerfettoError", "perfetto_trace"]

#: Packets that are written at a time.
_BATCH = 512
_SEQUENCE = 1
_NS = 10**9
#: `TracePacket.SequenceFlags`: nothing is known by number yet; what is, is needed.
_CLEARED, _NEEDS = 1, 2
#: A slice: its track, name, clocks, what is noted of it, and the flow that begins or ends with it.
_Slice = tuple[int, str, int, int, dict[str, Any], int]


class MissingPerfettoError(RuntimeError):
    """The library that knows the format is not here."""


def perfetto_trace(line: Timeline) -> Iterator[bytes]:
    """Yield the trace, piece by piece.

    Each lane of the timeline is a track. Its slices carry address, data and channel as annotations; the wait of a
    request is a flow from DREQ to DACK#. Times are nanoseconds of the machine.

    Raises
    ------
    MissingPerfettoError
        Without the library.
    """
    try:
        from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as proto
    except ImportError:
        raise MissingPerfettoError("Perfetto's format needs its library: pip install 'isadma[perfetto]'") from None
    tracks = _Tracks(line)
    slices = list(tracks.slices())
    packets = _Packets(proto, line.clock_hz)
    made = [packets.track(uuid, parent, title, number) for number, (uuid, parent, title) in enumerate(tracks.titles)]
    # An end comes before a begin of the same time: slices of a track follow each other, or lie in each other.
    marks = [(end, 0, number) for number, (_, _, _, end, _, _) in enumerate(slices)]
    marks += [(begin, 1, number) for number, (_, _, begin, _, _, _) in enumerate(slices)]
    for clock, begins, number in sorted(marks):
        made.append(packets.begin(clock, slices[number]) if begins else packets.end(clock, slices[number]))
        if len(made) >= _BATCH:
            yield proto.Trace(packet=made).SerializeToString()
            made = []
    yield proto.Trace(packet=made).SerializeToString()


class _Tracks:
    """The tracks that a timeline has, and what is on them."""

    def __init__(self, line: Timeline) -> None:
        self._line = line
        self.root = 1
        #: Of each track: number, that of the one it belongs to, and title.
        self.titles: list[tuple[int, int, str]] = [(self.root, 0, f"PC/{line.board.upper()} ({line.engine})")]
        self._known: dict[tuple[int, str], int] = {}
        self._cards = {channel: card for card, channel in line.cards if channel is not None}

    def _track(self, title: str, parent: int = 1) -> int:
        key = (parent, title)
        if key not in self._known:
            self._known[key] = len(self.titles) + 1
            self.titles.append((self._known[key], parent, title))
        return self._known[key]

    def _channel(self, channel: int) -> int:
        card = self._cards.get(channel)
        return self._track(f"DMA {channel}" + (f" ({card})" if card else ""))

    def slices(self) -> Iterator[_Slice]:
        """Yield every event as a slice; `titles` is complete when it is over."""
        line = self._line
        bus, ports = self._track("Bus"), self._track("CPU ports")
        for grant in line.grants:
            yield bus, owner_title(grant), grant.begin, grant.end, {}, 0
        for access in line.accesses:
            way = "out" if access.write else "in"
            noted: dict[str, Any] = {"port": access.port, "data": access.data}
            if name := name_of(line.board, access.port, write=access.write):
                noted["register"] = name
            yield ports, f"{way} {access.port:03X}h", access.begin, access.end, noted, 0
        # A flow goes from the request to the first service it waited for, where it waited from its rise on.
        joined = set()
        flows = {(s.channel, s.asked): number for number, s in enumerate(line.services, 1) if s.asked is not None}
        for request in sorted(line.requests):
            track = self._track("DREQ", self._channel(request.channel))
            joined.add(flow := flows.get((request.channel, request.begin), 0))
            yield track, f"DREQ {request.channel}", request.begin, request.end, {}, flow
        for number, service in enumerate(line.services, 1):
            track = self._track("DACK#", self._channel(service.channel))
            noted = {} if service.wait is None else {"waited, clocks": service.wait}
            yield (
                track,
                f"DACK {service.channel}#",
                service.begin,
                service.end,
                noted,
                number if number in joined else 0,
            )
        for transfer in line.transfers:
            yield self._place(transfer), self._called(transfer), transfer.begin, transfer.end, _noted(transfer), 0
        for level in sorted(line.levels):
            title = "INT" if level.irq < 0 else f"IRQ {level.irq}"
            track = self._track(title)
            if level.irq >= 0:
                track = self._track("in service" if level.what == "service" else "request", track)
            yield track, title, level.begin, level.end, {}, 0

    def _place(self, transfer: Transfer) -> int:
        if transfer.kind == "refresh":
            return self._track("Refresh")
        if transfer.kind.startswith("master"):
            return self._track("Bus master")
        if transfer.channel is None:
            return self._track("Memory to memory")
        return self._track("transfers", self._channel(transfer.channel))

    @staticmethod
    def _called(transfer: Transfer) -> str:
        return transfer.kind.replace("_", " ") + (", TC" if transfer.tc else "")


def _noted(transfer: Transfer) -> dict[str, Any]:
    noted: dict[str, Any] = {"address": transfer.address}
    if transfer.data is not None:
        noted["data"] = transfer.data
        noted["bytes"] = transfer.size
    if transfer.channel is not None:
        noted["channel"] = transfer.channel
    return noted


class _Packets:
    """Makes packets of one sequence; names are written once, and referred to by number from then on."""

    def __init__(self, proto: Any, clock_hz: int) -> None:
        self._proto, self._hz = proto, clock_hz
        self._names: dict[str, int] = {}
        self._notes: dict[str, int] = {}
        self._first = True

    def _packet(self, clock: int) -> Any:
        packet = self._proto.TracePacket(
            timestamp=clock * _NS // self._hz, trusted_packet_sequence_id=_SEQUENCE, sequence_flags=_NEEDS
        )
        if self._first:
            packet.sequence_flags = _CLEARED | _NEEDS
            self._first = False
        return packet

    def track(self, uuid: int, parent: int, title: str, rank: int) -> Any:
        """Return the packet of a track."""
        packet = self._proto.TracePacket(trusted_packet_sequence_id=_SEQUENCE)
        descriptor = packet.track_descriptor
        descriptor.uuid, descriptor.name, descriptor.sibling_order_rank = uuid, title, rank
        descriptor.child_ordering = self._proto.TrackDescriptor.EXPLICIT
        if parent:
            descriptor.parent_uuid = parent
        return packet

    def begin(self, clock: int, slice_: _Slice) -> Any:
        """Return the packet of a slice's begin."""
        track, name, _, _, noted, flow = slice_
        packet = self._packet(clock)
        event = packet.track_event
        event.type, event.track_uuid = self._proto.TrackEvent.TYPE_SLICE_BEGIN, track
        event.name_iid = self._number(self._names, name, packet.interned_data.event_names)
        if flow:
            event.flow_ids.append(flow)
        for title, value in noted.items():
            note = event.debug_annotations.add()
            note.name_iid = self._number(self._notes, title, packet.interned_data.debug_annotation_names)
            if isinstance(value, str):
                note.string_value = value
            elif title in ("address", "data", "port"):
                note.pointer_value = value  # shown in hexadecimal
            else:
                note.uint_value = value
        if not packet.interned_data.ByteSize():
            packet.ClearField("interned_data")
        return packet

    @staticmethod
    def _number(known: dict[str, int], name: str, written: Any) -> int:
        if name not in known:
            known[name] = len(known) + 1
            entry = written.add()
            entry.iid, entry.name = known[name], name
        return known[name]

    def end(self, clock: int, slice_: _Slice) -> Any:
        """Return the packet of a slice's end."""
        packet = self._packet(clock)
        packet.track_event.type, packet.track_event.track_uuid = self._proto.TrackEvent.TYPE_SLICE_END, slice_[0]
        return packet

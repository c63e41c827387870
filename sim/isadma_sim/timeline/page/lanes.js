// The lanes of the picture: who they belong to, and what is drawn in them.
import { Spans } from "./data.js";

const NO_CHANNEL = 255;
const REQUEST = 0, SERVICE = 1;
const REFRESH = 5, MASTERS = [6, 7];

// A lane: `asks`, `holds` and `moves` are Spans or null; `hue` is the number of its colour.
export function lanesOf(layout, tables) {
  const { grants, services, requests, transfers, accesses, levels } = tables;
  const cards = new Map(layout.cards.filter(([, channel]) => channel !== null).map(([card, channel]) => [channel, card]));
  const lanes = [{ id: "bus", title: "Bus", about: "who drives it", owners: ownersOf(layout, grants), table: "grants" }];
  lanes.push({ id: "cpu", title: "CPU", about: "port accesses", hue: "cpu", moves: Spans.of(accesses), table: "accesses" });
  for (let channel = 0; channel < 8; channel++) {
    const lane = {
      id: `ch${channel}`, title: `DMA ${channel}`, about: cards.get(channel) ?? "", hue: `ch${channel}`, channel,
      asks: Spans.of(requests, (row) => requests.channel[row] === channel),
      holds: Spans.of(services, (row) => services.channel[row] === channel),
      moves: Spans.of(transfers, (row) => transfers.channel[row] === channel && transfers.kind[row] < REFRESH),
      ends: Spans.of(transfers, (row) => transfers.channel[row] === channel && transfers.tc[row] === 1),
      table: "transfers",
    };
    if (lane.asks.length + lane.holds.length + lane.moves.length) lanes.push(lane);
  }
  const others = [
    { id: "copy", title: "Memory", about: "to memory", hue: "copy", pick: (row) => transfers.channel[row] === NO_CHANNEL && transfers.kind[row] < REFRESH },
    { id: "refresh", title: "Refresh", about: "rows", hue: "refresh", pick: (row) => transfers.kind[row] === REFRESH },
    { id: "master", title: "Master", about: "a card's own cycles", hue: "master", pick: (row) => MASTERS.includes(transfers.kind[row]) },
  ];
  for (const { pick, ...lane } of others) {
    const moves = Spans.of(transfers, pick);
    if (moves.length) lanes.push({ ...lane, moves, table: "transfers" });
  }
  for (let irq = 0; irq < 16; irq++) {
    const asks = Spans.of(levels, (row) => levels.irq[row] === irq && levels.what[row] === REQUEST);
    const moves = Spans.of(levels, (row) => levels.irq[row] === irq && levels.what[row] === SERVICE);
    if (asks.length + moves.length) lanes.push({ id: `irq${irq}`, title: `IRQ ${irq}`, about: irq === 2 && layout.board === "at" ? "cascade" : "in service", hue: "irq", asks, moves, irq, table: "levels" });
  }
  return lanes;
}

const HUES = ["hand", ...Array.from({ length: 8 }, (_, channel) => `ch${channel}`), "refresh", "master", "copy"];

function ownersOf(layout, grants) {
  return layout.owners
    .map((title, owner) => ({ title, hue: HUES[owner], spans: Spans.of(grants, (row) => grants.owner[row] === owner) }))
    .filter(({ spans }) => spans.length);
}

export const hueOf = (title, layout) => HUES[layout.owners.indexOf(title)] ?? "free";

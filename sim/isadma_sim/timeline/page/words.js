// What an event is, in words: for the tip, for a reader, and for the room inside it.
import { NOTHING } from "./data.js";
import { timeWords } from "./view.js";

const hex = (value, digits) => `${value.toString(16).toUpperCase().padStart(digits, "0")}h`;
const MODES = ["demand", "single", "block", "cascade"];
const TYPES = ["verify", "write to memory", "read of memory", "no type"];
const TITLES = {
  verify: "verify", to_memory: "device to memory", to_device: "memory to device", mem_to_mem_read: "copy, read", mem_to_mem_write: "copy, write",
  refresh: "refresh", master_read: "bus master reads", master_write: "bus master writes",
};

export class Words {
  constructor(layout, tables) {
    this.layout = layout;
    this.tables = tables;
    this.scale = 1 / layout.clockHz;
    this.programs = new Map();
    const { programs } = tables;
    for (let row = 0; row < programs.rows; row++) {
      const channel = programs.channel[row];
      if (!this.programs.has(channel)) this.programs.set(channel, []);
      this.programs.get(channel).push(row);
    }
  }

  clocks(count) {
    return `${count.toLocaleString("en")} ${count === 1 ? "clock" : "clocks"} (${timeWords(count * this.scale, Math.max(count, 1) * this.scale)})`;
  }

  data(value, size) {
    return value === NOTHING ? "" : hex(value, 2 * size);
  }

  // Into an event with room for it.
  short(lane, index) {
    const row = lane.moves.rows[index];
    const { transfers, accesses } = this.tables;
    if (lane.table === "accesses") return `${accesses.write[row] ? "out" : "in"} ${hex(accesses.port[row], 3)} ${hex(accesses.data[row], 2)}`;
    if (lane.table === "levels") return "in service";
    return `${hex(transfers.address[row], 6)} ${this.data(transfers.data[row], transfers.size[row])}`;
  }

  // Lines of text about an event of a lane; `kind` is "moves", "holds" or "asks".
  lines(lane, kind, index) {
    const spans = lane[kind];
    const row = spans.rows[index];
    const begin = spans.begin[index], end = spans.end[index];
    const when = `clock ${begin.toLocaleString("en")}, ${this.clocks(end - begin)}`;
    if (kind === "asks") return [lane.irq === undefined ? `DREQ ${lane.channel} is high` : `IRQ ${lane.irq} is asked for`, when];
    if (kind === "holds") {
      const wait = this.tables.services.wait[row];
      const waited = wait === NOTHING ? [] : [`DREQ to DACK#: ${this.clocks(wait)}`];
      return [`DACK ${lane.channel}# is active`, when, ...waited, ...this.registers(lane.channel, begin)];
    }
    if (lane.table === "levels") return [`IRQ ${lane.irq} is in service`, when];
    if (lane.table === "accesses") return [...this.#access(row), when];
    return [...this.#transfer(lane, row, begin), when, ...(lane.channel === undefined ? [] : this.registers(lane.channel, begin))];
  }

  #access(row) {
    const { accesses } = this.tables;
    const { [row]: write } = accesses.write;
    const port = accesses.port[row];
    const name = this.layout.ports[`${port}${write ? "w" : "r"}`];
    return [`${write ? "out" : "in"} ${hex(port, 3)}${name ? `: ${name}` : ""}`, `data ${hex(accesses.data[row], 2)}`];
  }

  #transfer(lane, row, begin) {
    const { transfers } = this.tables;
    const kind = this.layout.kinds[transfers.kind[row]];
    const size = transfers.size[row];
    const data = this.data(transfers.data[row], size);
    const lines = [`${TITLES[kind]}${lane.channel === undefined ? "" : `, channel ${lane.channel}`}${transfers.tc[row] ? ", terminal count" : ""}`];
    lines.push(`address ${hex(transfers.address[row], 6)}${data ? `, ${size === 2 ? "word" : "byte"} ${data}` : ""}`);
    const service = lane.holds ? lane.holds.at(begin) : -1;
    const wait = service < 0 ? NOTHING : this.tables.services.wait[lane.holds.rows[service]];
    if (wait !== NOTHING) lines.push(`DREQ to DACK#: ${this.clocks(wait)}`);
    return lines;
  }

  // What the channel had been told by then.
  registers(channel, clock) {
    const rows = this.programs.get(channel) ?? [];
    const { programs } = this.tables;
    let low = 0, high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (programs.begin[rows[middle]] <= clock) low = middle + 1;
      else high = middle;
    }
    if (!low) return ["registers: written before this run was recorded"];
    const row = rows[low - 1];
    const known = (name, digits) => (programs[name][row] === NOTHING ? "-" : hex(programs[name][row], digits));
    const mode = programs.mode[row];
    const words = mode === NOTHING ? "-" : `${MODES[mode >> 6]}, ${TYPES[(mode >> 2) & 3]}${mode & 0x20 ? ", down" : ""}${mode & 0x10 ? ", autoinitialize" : ""}`;
    const masked = { 0: "no", 1: "yes" }[programs.masked[row]] ?? "-";
    return [`mode ${words}`, `page ${known("page", 2)}, base address ${known("address", 4)}, base count ${known("count", 4)}, masked ${masked}`];
  }

  // What is around a clock of a lane where no single event is to be seen.
  summary(lane, from, to) {
    const spans = lane.moves ?? lane.holds;
    if (!spans) return this.owners(lane, from, to);
    const many = spans.count(to) - spans.count(from);
    const part = (spans.filled(to, spans.count(to)) - spans.filled(from, spans.count(from))) / Math.max(to - from, 1e-9);
    const what = { accesses: "port accesses", levels: "interrupts", transfers: "transfers" }[lane.table];
    return [`${lane.title}: ${many.toLocaleString("en")} ${what} in ${this.clocks(Math.round(to - from))}`, `${(100 * part).toPrecision(3)} % of the time`];
  }

  owners(lane, from, to) {
    const lines = lane.owners
      .map(({ title, spans }) => [title, spans.filled(to, spans.count(to)) - spans.filled(from, spans.count(from))])
      .filter(([, clocks]) => clocks > 0)
      .sort((one, other) => other[1] - one[1]);
    const held = lines.reduce((sum, [, clocks]) => sum + clocks, 0);
    const all = Math.max(to - from, 1e-9);
    const part = (clocks) => `${((100 * clocks) / all).toFixed(clocks / all < 0.0995 ? 1 : 0)} %`;
    const cpu = all - held > 1e-6 ? [["CPU", all - held]] : [];
    return [`who has the bus in ${this.clocks(Math.round(all))}`, ...[...cpu, ...lines].map(([title, clocks]) => `${title} ${part(clocks)}`)];
  }
}

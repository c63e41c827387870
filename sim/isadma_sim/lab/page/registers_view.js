// The registers of each controller, live, and the page registers of the board.
import { hex } from "./bits.js";
import { el, say, toggle } from "./dom.js";

const KINDS = ["demand", "single", "block", "cascade"];
const MOVES = ["verify", "write", "read", "illegal"];

// "single write, auto": what a mode register says.
export function modeWords(mode) {
  const kind = KINDS[mode >> 6];
  if (kind === "cascade") return kind;
  const extras = `${mode & 0x20 ? ", down" : ""}${mode & 0x10 ? ", auto" : ""}`;
  return `${kind} ${MOVES[(mode >> 2) & 3]}${extras}`;
}

const COMMANDS = ["mem to mem", "ch 0 holds", "disabled", "compressed", "rotating", "ext. write", "DREQ low", "DACK high"];

export const commandWords = (command) => COMMANDS.filter((_, bit) => (command >> bit) & 1).join(", ") || "as after RESET";

const HEADS = ["ch", "address", "count", "mode", "mask", "req", "TC"];
// Of the columns, those with a base register below the current one.
const BASED = 2;

export class RegistersView {
  constructor(host, wiring, titles) {
    this.wiring = wiring;
    this.tables = titles.map((title, chip) => this.#table(title, wiring.bases[chip].channels));
    host.replaceChildren(...this.tables.map((table) => table.root));
    this.pages = null;
    if (wiring.pages) {
      this.pages = Object.entries(wiring.pages).map(([channel, port]) => {
        const value = el("dd");
        const name = channel === "refresh" ? "refresh" : `channel ${channel}`;
        return { port, value, pair: el("div", {}, el("dt", {}, `${name} `, el("small", {}, hex(port, 2))), value) };
      });
      host.append(el("h3", {}, "Page registers, A23 to A16"), el("dl", { class: "pages" }, ...this.pages.map((page) => page.pair)));
    }
  }

  #table(title, channels) {
    const rows = channels.map((channel) => {
      const cells = HEADS.slice(1).map(() => el("span"));
      const bases = cells.slice(0, BASED).map(() => el("small", { title: "base register" }));
      const row = cells.map((cell, at) => el("td", { class: "num" }, cell, bases[at]));
      return { cells, bases, row: el("tr", {}, el("th", { scope: "row" }, String(channel)), ...row) };
    });
    const foot = ["command", "temporary", "next byte"].map((name) => {
      const value = el("dd");
      return { name, value, pair: el("div", {}, el("dt", {}, name), value) };
    });
    const head = el("tr", {}, ...HEADS.map((text) => el("th", { scope: "col" }, text)));
    const table = el("table", { class: "regs" }, el("caption", {}, title), el("thead", {}, head), el("tbody", {}, ...rows.map((row) => row.row)));
    const root = el("div", { class: "chip-regs" }, el("div", { class: "scrolls" }, table), el("dl", { class: "regs-foot" }, ...foot.map((each) => each.pair)));
    return { root, rows, foot };
  }

  draw(system) {
    this.tables.forEach((table, number) => {
      const chip = system.core.registers(number);
      const serving = chip.stateName !== "SI";
      table.rows.forEach(({ cells, bases, row }, index) => {
        const channel = chip.channels[index];
        const values = [
          hex(channel.address, 4), hex(channel.count, 4),
          modeWords(channel.mode), bitOf(chip.mask, index), bitOf(chip.request, index), bitOf(chip.reached, index),
        ];
        cells.forEach((cell, at) => put(cell, values[at]));
        put(bases[0], hex(channel.baseAddress, 4));
        put(bases[1], hex(channel.baseCount, 4));
        toggle(row, "served", serving && chip.channel === index);
      });
      put(table.foot[0].value, `${hex(chip.command, 2)} · ${commandWords(chip.command)}`);
      put(table.foot[1].value, hex(chip.temporary, 2));
      put(table.foot[2].value, chip.flipFlop ? "high" : "low");
    });
    for (const page of this.pages ?? []) put(page.value, hex(system.core.page(page.port & 15), 2));
  }
}

const bitOf = (bits, number) => ((bits >> number) & 1 ? "1" : "·");

// A value that changed is marked for a moment.
function put(cell, text) {
  const changed = cell.textContent !== text;
  if (changed) {
    const fresh = cell.textContent !== "";
    say(cell, text);
    toggle(cell, "changed", fresh);
  } else if (cell.classList.contains("changed")) toggle(cell, "changed", false);
}

// The registers of each controller, live, and the page registers of the board.
import { hex } from "./bits.js";
import { el, say, toggle } from "./dom.js";

const KINDS = ["demand", "single", "block", "cascade"];
const MOVES = ["verify", "write", "read", "illegal"];

// "single write ↑ auto": what a mode register says.
export function modeWords(mode) {
  const kind = KINDS[mode >> 6];
  if (kind === "cascade") return kind;
  const step = mode & 0x20 ? "down" : "up";
  return `${kind}, ${MOVES[(mode >> 2) & 3]}, ${step}${mode & 0x10 ? ", auto" : ""}`;
}

const COMMANDS = ["mem to mem", "ch 0 holds", "disabled", "compressed", "rotating", "ext. write", "DREQ low", "DACK high"];

export const commandWords = (command) => COMMANDS.filter((_, bit) => (command >> bit) & 1).join(", ") || "as after RESET";

const HEADS = ["ch", "address", "count", "base", "mode", "mask", "req", "TC"];

export class RegistersView {
  constructor(host, wiring, titles) {
    this.wiring = wiring;
    this.tables = titles.map((title, chip) => this.#table(title, wiring.bases[chip].channels));
    host.replaceChildren(...this.tables.map((table) => table.root));
    this.pages = null;
    if (wiring.pages) {
      this.pages = Object.entries(wiring.pages).map(([channel, port]) => {
        const value = el("td", { class: "num" });
        return { port, value, row: el("tr", {}, el("th", { scope: "row" }, channel === "refresh" ? "refresh" : `ch ${channel}`), el("td", { class: "num" }, hex(port, 2)), value) };
      });
      const head = el("tr", {}, ...["page of", "port", "A23–A16"].map((text) => el("th", { scope: "col" }, text)));
      host.append(el("div", { class: "scrolls" }, el("table", { class: "regs pages" }, el("caption", {}, "Page registers"), el("thead", {}, head), el("tbody", {}, ...this.pages.map((page) => page.row)))));
    }
  }

  #table(title, channels) {
    const rows = channels.map((channel) => {
      const cells = HEADS.slice(1).map(() => el("td", { class: "num" }));
      return { cells, row: el("tr", {}, el("th", { scope: "row" }, String(channel)), ...cells) };
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
      table.rows.forEach(({ cells, row }, index) => {
        const channel = chip.channels[index];
        const values = [
          hex(channel.address, 4), hex(channel.count, 4), `${hex(channel.baseAddress, 4)} ${hex(channel.baseCount, 4)}`,
          modeWords(channel.mode), bitOf(chip.mask, index), bitOf(chip.request, index), bitOf(chip.reached, index),
        ];
        cells.forEach((cell, at) => put(cell, values[at]));
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

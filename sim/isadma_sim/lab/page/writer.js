// The programmer's panel: any register by its name and bits, or any port by its number.
import { hex, number } from "./bits.js";
import { el } from "./dom.js";

const CHANNELS = { name: "channel", options: (base) => base.channels.map((channel) => [channel & 3, `channel ${channel}`]), low: 0 };
const flags = (...names) => names.map(([low, name]) => ({ name, low, flag: true }));

// Registers by name: what a write is made of. `word` is sixteen bits in two writes.
const REGISTERS = [
  { name: "Mode", register: 0xb, fields: [
    CHANNELS,
    { name: "transfer", low: 2, options: () => [[1, "write (to memory)"], [2, "read (from memory)"], [0, "verify"], [3, "illegal"]] },
    { name: "kind", low: 6, options: () => [[1, "single"], [0, "demand"], [2, "block"], [3, "cascade"]] },
    ...flags([4, "autoinitialize"], [5, "addresses go down"]),
  ] },
  { name: "Command", register: 8, fields: flags(
    [0, "memory to memory"], [1, "channel 0 holds its address"], [2, "controller disabled"], [3, "compressed timing"],
    [4, "rotating priority"], [5, "extended write"], [6, "DREQ active low"], [7, "DACK active high"]) },
  { name: "Single mask", register: 0xa, fields: [CHANNELS, ...flags([2, "masked"])] },
  { name: "All masks", register: 0xf, fields: (base) => flags(...base.channels.map((channel) => [channel & 3, `channel ${channel} masked`])) },
  { name: "Request", register: 9, fields: [CHANNELS, ...flags([2, "request"])] },
  { name: "Address", word: 0, fields: [CHANNELS] },
  { name: "Count", word: 1, fields: [CHANNELS] },
  { name: "Clear flip-flop", register: 0xc, fields: [] },
  { name: "Clear masks", register: 0xe, fields: [] },
  { name: "Master clear", register: 0xd, fields: [] },
];

const code = (port, value) => `o${port.toString(16).padStart(3, "0")}${value.toString(16).padStart(2, "0")}`;

export class Writer {
  // `act(codes)` does them; `complain(text)` tells the visitor.
  constructor(host, wiring, titles, act, complain) {
    this.wiring = wiring;
    this.act = act;
    this.complain = complain;
    this.titles = titles;
    this.kinds = [];
    wiring.bases.forEach((base, chip) => REGISTERS.forEach((kind) => this.kinds.push({ ...kind, base, chip })));
    if (wiring.pages) this.kinds.push({ name: "Page register", page: true, chip: -1, fields: [] });
    this.which = el("select", { "aria-label": "Register", on: { change: () => this.#fields() } });
    const groups = titles.map((title) => el("optgroup", { label: title }));
    this.kinds.forEach((kind, index) => {
      const option = el("option", { value: index }, kind.name);
      if (kind.chip < 0) this.which.append(el("optgroup", { label: "Board" }, option));
      else {
        groups[kind.chip].append(option);
        if (!groups[kind.chip].parentNode) this.which.append(groups[kind.chip]);
      }
    });
    this.where = el("div", { class: "fields" });
    this.result = el("output", { class: "num" });
    const byName = el("form", { class: "by-name", "aria-label": "Write a register by name", on: { submit: (event) => this.#submit(event) } },
      this.which, this.where, el("div", { class: "row" }, this.result, el("button", { type: "submit" }, "Write")));
    this.port = el("input", { "aria-label": "Port, hexadecimal", value: "0B", size: 4, maxlength: 5, spellcheck: "false", autocomplete: "off" });
    this.value = el("input", { "aria-label": "Value, hexadecimal", value: "46", size: 4, maxlength: 10, spellcheck: "false", autocomplete: "off" });
    const byPort = el("form", { class: "by-port", "aria-label": "Write or read a port", on: { submit: (event) => this.#port(event, true) } },
      el("label", {}, "port ", this.port), el("label", {}, "value ", this.value),
      el("button", { type: "submit" }, "OUT"), el("button", { type: "button", on: { click: (event) => this.#port(event, false) } }, "IN"));
    host.replaceChildren(byName, byPort);
    this.#fields();
  }

  #fields() {
    const kind = this.kinds[this.which.value];
    const fields = typeof kind.fields === "function" ? kind.fields(kind.base) : kind.fields;
    this.inputs = fields.map((field) => {
      if (field.flag) {
        const box = el("input", { type: "checkbox", on: { change: () => this.#show() } });
        return { field, get: () => Number(box.checked), node: el("label", { class: "flag" }, box, ` ${field.low}: ${field.name}`) };
      }
      const select = el("select", { "aria-label": field.name, on: { change: () => this.#show() } },
        ...field.options(kind.base).map(([value, text]) => el("option", { value }, text)));
      return { field, get: () => Number(select.value), node: select };
    });
    this.wide = null;
    if (kind.word !== undefined || kind.page) {
      this.wide = el("input", { "aria-label": "Value, hexadecimal", value: kind.page ? "12" : "1234", size: 6, maxlength: 8, spellcheck: "false", autocomplete: "off", on: { input: () => this.#show() } });
    }
    this.pageOf = kind.page
      ? el("select", { "aria-label": "Page register of", on: { change: () => this.#show() } }, ...Object.entries(this.wiring.pages).map(([channel, port]) => el("option", { value: port }, channel === "refresh" ? "refresh" : `channel ${channel}`)))
      : null;
    this.where.replaceChildren(...[this.pageOf, ...this.inputs.map((input) => input.node), this.wide].filter(Boolean));
    this.#show();
  }

  // The port accesses that the form stands for; null where its number is none.
  #writes() {
    const kind = this.kinds[this.which.value];
    let value = 0;
    for (const { field, get } of this.inputs) value |= get() << field.low;
    if (kind.page) {
      const page = number(this.wide.value, 8);
      return page === null ? null : [[Number(this.pageOf.value), page]];
    }
    if (kind.word !== undefined) {
      const word = number(this.wide.value, 16);
      const port = kind.base.port(2 * value + kind.word);
      return word === null ? null : [[kind.base.port(0xc), 0], [port, word & 0xff], [port, word >> 8]];
    }
    return [[kind.base.port(kind.register), value]];
  }

  #show() {
    const writes = this.#writes();
    this.result.textContent = writes ? writes.map(([port, value]) => `${hex(port, 2)} ← ${hex(value, 2)}`).join(", ") : "no such number";
  }

  #submit(event) {
    event.preventDefault();
    const writes = this.#writes();
    if (writes) this.act(writes.map(([port, value]) => code(port, value)));
    else this.complain(`“${this.wide.value}” is no number that fits: write 1234 or 1234h.`);
  }

  #port(event, write) {
    event.preventDefault();
    const port = number(this.port.value, 10);
    const value = number(this.value.value, 8);
    if (port === null) this.complain(`“${this.port.value}” is no port: write 0 to 3FF, hexadecimal.`);
    else if (write && value === null) this.complain(`“${this.value.value}” is no byte: write 0 to FF, hexadecimal.`);
    else this.act([write ? code(port, value) : `i${port.toString(16).padStart(3, "0")}`]);
  }
}

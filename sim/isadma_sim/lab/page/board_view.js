// The AT's DMA, drawn as it is wired: who has the bus, and which way a byte goes.
import { hex } from "./bits.js";
import { pulled } from "./chip_view.js";
import { STATES } from "./core.js";
import { say, svg, toggle } from "./dom.js";

// [x, y, width, height]; a stub goes from a box to a band: [x, from y, to y].
const WIDE = {
  width: 920, height: 318,
  cpu: [14, 22, 128, 92], dma2: [214, 22, 150, 92], pages: [396, 22, 112, 92], memory: [540, 22, 150, 92],
  dma1: [214, 216, 150, 86], info: [396, 216, 294, 86],
  address: [14, 138, 676], data: [14, 182, 676],
  hrq: "M214 50H142", hlda: "M142 84H214", hrq1: "M240 216V114", hlda1: "M338 114V216",
  stubs: {
    cpuA: [52, 114, 138], cpuD: [104, 114, 182], dma2A: [289, 114, 138], pagesA: [452, 114, 138],
    memoryA: [590, 114, 138], memoryD: [640, 114, 182], dma1A: [289, 216, 160],
  },
  card: (row) => [730, 22 + row * 41.5, 176, 34], spine: "M690 193H712M712 39V288", joint: (y) => `M712 ${y}H730`,
};
const NARROW = {
  width: 360, height: 636,
  cpu: [8, 4, 124, 88], dma2: [206, 4, 146, 88], dma1: [206, 124, 146, 88], pages: [8, 124, 124, 88],
  address: [8, 238, 344], data: [8, 278, 344], memory: [8, 326, 124, 88], info: [8, 430, 124, 160],
  hrq: "M206 34H132", hlda: "M132 66H206", hrq1: "M232 124V92", hlda1: "M326 92V124",
  stubs: {
    pagesA: [70, 212, 238], memoryA: [40, 326, 260], memoryD: [100, 326, 300], dma1A: [279, 212, 238],
  },
  card: (row) => [176, 326 + row * 43, 176, 36], spine: "M156 300V602", joint: (y) => `M156 ${y}H176`,
};
const LINES = { memr: "MEMR#", memw: "MEMW#", ior: "IOR#", iow: "IOW#" };

export class BoardView {
  constructor(host, press, wide) {
    const form = wide ? WIDE : NARROW;
    this.form = form;
    this.root = svg("svg", {
      class: "board", viewBox: `0 0 ${form.width} ${form.height}`, role: "group",
      "aria-label": "The AT's DMA: processor, two controllers, page registers, memory and cards",
    });
    this.stubs = {};
    for (const [name, at] of Object.entries(form.stubs)) this.stubs[name] = this.#add("path", { class: "stub", d: `M${at[0]} ${at[1]}V${at[2]}` });
    this.spine = this.#add("path", { class: "stub", d: form.spine });
    this.wires = {};
    for (const name of ["hrq", "hlda", "hrq1", "hlda1"]) this.wires[name] = this.#add("path", { class: "line", d: form[name] });
    this.address = this.#band(form.address, "A23–A0");
    this.data = this.#band(form.data, "D15–D0");
    this.#names(wide);
    this.cpu = this.#box(form.cpu, "processor", 3);
    this.dma2 = this.#box(form.dma2, "DMA 2 · words", 3);
    this.dma1 = this.#box(form.dma1, "DMA 1 · bytes", 3);
    this.pages = this.#box(form.pages, "page register", 2);
    this.memory = this.#box(form.memory, wide ? "memory · 16 Mbyte" : "memory", 2);
    this.info = this.#strobes(form.info, wide);
    this.cards = [];
    host.replaceChildren(this.root);
    this.press = press;
  }

  #add(tag, attributes, ...children) {
    const node = svg(tag, attributes, ...children);
    this.root.append(node);
    return node;
  }

  #band([x, y, width], name) {
    const rect = svg("rect", { x, y, width, height: 22, rx: 4 });
    const label = svg("text", { class: "band-name", x: x + 8, y: y + 15 }, name);
    const value = svg("text", { class: "band-value", x: x + width / 2, y: y + 15, "text-anchor": "middle" });
    return { node: this.#add("g", { class: "band" }, rect, label, value), value };
  }

  #names(wide) {
    const put = (x, y, text, anchor = "middle") => this.#add("text", { class: "line-name", x, y, "text-anchor": anchor }, text);
    if (wide) {
      put(178, 44, "HRQ");
      put(178, 78, "HLDA");
      put(234, 176 - 4, "HRQ", "end");
      put(344, 176 - 4, "HLDA", "start");
    } else {
      put(169, 28, "HRQ");
      put(169, 60, "HLDA");
      put(238, 114, "HRQ", "start");
      put(320, 114, "HLDA", "end");
    }
  }

  #box([x, y, width, height], title, rows) {
    const lines = Array.from({ length: rows }, (_, row) =>
      svg("text", { class: row ? "box-line" : "box-main", x: x + 10, y: y + 44 + row * 17 }));
    const node = this.#add("g", { class: "box" },
      svg("rect", { x, y, width, height, rx: 5 }), svg("text", { class: "box-title", x: x + 10, y: y + 18 }, title), ...lines);
    return { node, lines };
  }

  // The four strobes and what else the cards see, as lamps.
  #strobes([x, y, width, height], wide) {
    const names = [...Object.keys(LINES), "aen", "tc", "refresh"];
    const titles = { ...LINES, aen: "AEN", tc: "TC", refresh: "REFRESH#" };
    const columns = wide ? 4 : 1;
    const lamps = {};
    const group = this.#add("g", { class: "box lamps" }, svg("rect", { x, y, width, height, rx: 5 }));
    names.forEach((name, number) => {
      const left = x + 12 + (number % columns) * ((width - 12) / columns);
      const top = y + (wide ? 22 : 16) + Math.floor(number / columns) * (wide ? 34 : 21);
      const lamp = svg("rect", { class: "lamp", x: left, y: top - 4, width: 12, height: 12, rx: 2 });
      group.append(svg("g", { class: "light" }, lamp, svg("text", { class: "box-line", x: left + 17, y: top + 6 }, titles[name])));
      lamps[name] = lamp.parentNode;
    });
    return lamps;
  }

  // A card's row is a button: it presses the request.
  #card(channel, row) {
    const [x, y, width, height] = this.form.card(row);
    const middle = y + height / 2;
    const joint = this.#add("path", { class: "stub", d: this.form.joint(middle) });
    const name = svg("text", { class: "card-name", x: x + 32, y: middle + 4 });
    const request = svg("rect", { class: "lamp drq", x: x + width - 44, y: middle - 6, width: 12, height: 12, rx: 2 });
    const answer = svg("rect", { class: "lamp dack", x: x + width - 22, y: middle - 6, width: 12, height: 12, rx: 2 });
    const node = this.#add("g", { class: "card", role: "button", tabindex: "0", "aria-pressed": "false", "aria-label": `Request on channel ${channel}` },
      svg("rect", { class: "hit", x, y, width, height, rx: 5 }),
      svg("text", { class: "card-number", x: x + 15, y: middle + 5, "text-anchor": "middle" }, String(channel)), name, request, answer);
    const go = (event) => {
      event.preventDefault();
      this.press("dreq", channel);
    };
    node.addEventListener("click", go);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.stopPropagation();
      go(event);
    });
    return { channel, node, name, request, answer, joint };
  }

  draw(system) {
    const { core, bus, cpu, wiring } = system;
    if (!this.cards.length) this.cards = wiring.channels.map((channel, row) => this.#card(channel, row));
    const chips = [core.registers(0), core.registers(1)];
    const own = [active(chips[0]), active(chips[1])];
    const byCpu = cpu.addressing;
    say(this.cpu.lines[0], cpu.hlda ? "bus lent" : byCpu ? (cpu.access.write ? "OUT" : "IN") : "computes");
    say(this.cpu.lines[1], byCpu ? `port ${hex(cpu.access.port, 3)}` : cpu.hlda ? "HLDA is high" : "");
    say(this.cpu.lines[2], byCpu && cpu.access.write ? `value ${hex(cpu.access.value, 2)}` : "");
    toggle(this.cpu.node, "off", cpu.hlda);
    [this.dma1, this.dma2].forEach((box, number) => this.#controller(box, chips[number], number));
    const channel = bus.refresh ? "refresh" : own[0] ? chips[0].channel : own[1] ? chips[1].channel + 4 : null;
    const port = channel === null ? null : wiring.pages[channel];
    say(this.pages.lines[0], port === null || port === undefined ? "–" : hex(core.page(port & 15), 2));
    say(this.pages.lines[1], port === null || port === undefined ? "A23–A16" : `port ${hex(port, 2)}`);
    const memory = bus.driven && (bus.memr || bus.memw);
    say(this.memory.lines[0], memory ? (bus.refresh ? "row read" : bus.memr ? "is read" : "is written") : "–");
    say(this.memory.lines[1], memory ? hex(bus.address, 6) : "");
    toggle(this.memory.node, "busy", memory);
    this.#bands(system, byCpu, own, memory);
    for (const [name, light] of Object.entries(this.info)) toggle(light, "on", bus[name]);
    for (const card of this.cards) this.#drawCard(card, system);
    const dack0 = (chips[1].stateName === "SC" && chips[1].channel === 0) || false;
    toggle(this.wires.hrq, "on", bus.hrq);
    toggle(this.wires.hlda, "on", cpu.hlda);
    toggle(this.wires.hrq1, "on", chips[0].stateName !== "SI" || chips[0].requesting);
    toggle(this.wires.hlda1, "on", dack0);
  }

  #controller(box, chip, number) {
    say(box.lines[0], chip.stateName);
    const busy = chip.stateName !== "SI" || chip.requesting;
    const channel = chip.channel + 4 * number;
    say(box.lines[1], !busy ? "waits" : chip.stateName === "SC" ? "passes the bus on" : `channel ${channel}`);
    const registers = chip.channels[chip.channel];
    say(box.lines[2], busy && chip.stateName !== "SC" ? `${hex(registers.address, 4)}  ${hex(registers.count, 4)}` : "");
    toggle(box.node, "owner", active(chip) || chip.stateName === "SC");
  }

  #bands(system, byCpu, own, memory) {
    const { bus, cpu } = system;
    const dma = bus.driven;
    for (const [band, on] of [[this.address, dma || byCpu], [this.data, system.drives]]) {
      toggle(band.node, "dma", dma && on);
      toggle(band.node, "cpu", !dma && on);
    }
    say(this.address.value, dma ? hex(bus.address, 6) : byCpu ? hex(cpu.access.port, 3) : "");
    const wide = bus.wide ? 4 : 2;
    const way = dma ? (bus.memw && bus.ior ? "card to memory" : bus.memr && bus.iow ? "memory to card" : bus.ior ? "from the card" : bus.memr ? "from memory" : "") : byCpu ? (cpu.access.write ? "from the processor" : "to the processor") : "";
    say(this.data.value, system.drives ? `${hex(system.data, wide)}${way ? `  ${way}` : ""}` : "");
    const live = {
      cpuA: byCpu, cpuD: byCpu && system.drives, dma1A: own[0] && dma, dma2A: own[1] && dma, pagesA: dma,
      memoryA: memory, memoryD: memory && !bus.refresh,
    };
    for (const [name, stub] of Object.entries(this.stubs)) {
      toggle(stub, "dma", live[name] && dma);
      toggle(stub, "cpu", live[name] && !dma);
    }
    toggle(this.spine, "dma", dma && bus.dack && (bus.ior || bus.iow));
  }

  #drawCard({ channel, node, name, request, answer, joint }, system) {
    const { bus } = system;
    const device = system.devices.find((each) => each.channel === channel);
    const asks = (system.core.readInput.drq(system.core.inputs[0], 0) >> channel) & 1;
    const answered = (bus.dack >> channel) & 1;
    say(name, device ? device.name : "free");
    toggle(request, "on", asks);
    toggle(answer, "on", answered);
    toggle(node, "served", answered);
    toggle(joint, "dma", answered && (bus.ior || bus.iow));
    const held = pulled(system, "dreq", channel);
    toggle(node, "held", held);
    node.setAttribute("aria-pressed", String(held));
  }
}

// Whether a controller drives the bus in this state.
const active = (chip) => !["SI", "S0", "SC"].includes(STATES[chip.state]);

// The 8237A as it lies on a board: forty pins, each with its level; inputs can be pressed.
import { barred, say, svg, toggle } from "./dom.js";
import { STATES } from "./core.js";

// Pins 1 to 20 down the left side, 40 to 21 down the right one.
const LEFT = [
  "IOR#", "IOW#", "MEMR#", "MEMW#", "PIN 5", "READY", "HLDA", "ADSTB", "AEN", "HRQ",
  "CS#", "CLK", "RESET", "DACK2#", "DACK3#", "DREQ3", "DREQ2", "DREQ1", "DREQ0", "GND",
];
const RIGHT = [
  "A7", "A6", "A5", "A4", "EOP#", "A3", "A2", "A1", "A0", "VCC",
  "DB0", "DB1", "DB2", "DB3", "DB4", "DACK0#", "DACK1#", "DB5", "DB6", "DB7",
];
// Across a wide page the part lies on its side, pin 1 at the lower left; on a phone it stands.
const ACROSS = {
  width: 920, height: 232, body: [14, 62, 892, 108], notch: "M14 102a14 14 0 0 1 0 28",
  at: (row, first) => ({ x: 36 + 44.6 * row, y: first ? 170 : 62 }),
  wire: (first) => `v${first ? 22 : -22}`,
  lamp: (first) => [0, first ? 30 : -30], digit: (first) => [11, first ? 14 : -7],
  name: (first) => [0, first ? -9 : 17, "middle"], hit: (first) => [-22, first ? 0 : -44, 44, 44],
  state: [460, 128], who: [560, 112], part: [170, 128], address: [560, 128], count: [676, 128], anchors: "start",
};
const UPRIGHT = {
  width: 360, height: 482, body: [74, 14, 212, 462], notch: "M166 14a14 14 0 0 0 28 0",
  at: (row, first) => ({ x: first ? 74 : 286, y: 38 + 22 * row }),
  wire: (first) => `h${first ? -24 : 24}`,
  lamp: (first) => [first ? -32 : 32, 0], digit: (first) => [first ? -12 : 12, -4],
  name: (first) => [first ? 8 : -8, 4, first ? "start" : "end"], hit: (first) => [first ? -74 : 0, -11, 74, 22],
  state: [180, 210], who: [180, 232], part: [180, 90], address: [180, 262], count: [180, 280], anchors: "middle",
};

// Level of a pin: 0, 1, or null where nothing drives it.
function level(name, system) {
  const { core, bus, cpu } = system;
  const driven = core.get("strobes_oe");
  const strobe = (pin, own) => (driven ? core.get(pin) : own ? core.readInput[pin](core.inputs[0], core.inputs[1]) : null);
  const input = (pin) => core.readInput[pin](core.inputs[0], core.inputs[1]);
  const digit = Number(/\d+/.exec(name)?.[0] ?? 0);
  if (name.startsWith("DREQ")) return (input("dreq") >> digit) & 1;
  if (name.startsWith("DACK")) return (core.get("dack") >> digit) & 1;
  if (name.startsWith("DB")) return system.drives ? (system.data >> digit) & 1 : null;
  if (/^A\d$/.test(name)) {
    if (core.get("a_oe")) return (bus.address >> digit) & 1;
    return digit < 4 && cpu.addressing ? (input("a") >> digit) & 1 : null;
  }
  switch (name) {
    case "IOR#": return strobe("ior_n", true);
    case "IOW#": return strobe("iow_n", true);
    case "MEMR#": return strobe("memr_n", false);
    case "MEMW#": return strobe("memw_n", false);
    case "PIN 5": case "VCC": return 1;
    case "GND": return 0;
    case "CLK": return (system.now - 1) & 1;
    case "READY": return input("ready");
    case "HLDA": return input("hlda");
    case "CS#": return input("cs_n");
    case "RESET": return input("reset");
    case "EOP#": return input("eop_n");
    default: return core.get(name.toLowerCase());
  }
}

// Pins that a visitor may pull at, and how the page calls them.
const PRESSED = {
  DREQ0: ["dreq", 0], DREQ1: ["dreq", 1], DREQ2: ["dreq", 2], DREQ3: ["dreq", 3],
  READY: ["ready"], "EOP#": ["eop"], RESET: ["reset"], HLDA: ["hlda"],
};

function label(name, x, y, anchor) {
  const { text, bar } = barred(name);
  const node = svg("text", { x, y, class: "pin-name", "text-anchor": anchor });
  node.append(svg("tspan", bar ? { "text-decoration": "overline" } : {}, text));
  return node;
}

export class ChipView {
  constructor(host, press, wide, part) {
    const form = wide ? ACROSS : UPRIGHT;
    this.pins = [];
    this.root = svg("svg", {
      class: `chip ${wide ? "across" : "upright"}`, viewBox: `0 0 ${form.width} ${form.height}`,
      role: "group", "aria-label": `The ${part} and the levels of its pins`,
    });
    const [x, y, width, height] = form.body;
    this.root.append(svg("rect", { class: "body", x, y, width, height, rx: 6 }), svg("path", { class: "notch", d: form.notch }));
    LEFT.forEach((name, row) => this.#pin(form, name, row + 1, row, true, press));
    RIGHT.forEach((name, row) => this.#pin(form, name, 40 - row, row, false, press));
    const line = ([atX, atY], cls, anchor) => svg("text", { class: cls, x: atX, y: atY, "text-anchor": anchor });
    this.part = line(form.part, "part-name", "middle");
    this.part.textContent = part;
    this.state = line(form.state, "state-name", "middle");
    this.who = line(form.who, "state-who", form.anchors);
    this.address = line(form.address, "state-who", form.anchors);
    this.count = line(form.count, "state-who", form.anchors);
    this.root.append(this.part, this.state, this.who, this.address, this.count);
    host.replaceChildren(this.root);
  }

  #pin(form, name, number, row, first, press) {
    const { x, y } = form.at(row, first);
    const [lampX, lampY] = form.lamp(first), [digitX, digitY] = form.digit(first), [nameX, nameY, anchor] = form.name(first);
    const group = svg("g", { class: "pin" });
    const pressed = PRESSED[name];
    if (pressed) {
      const [hitX, hitY, width, height] = form.hit(first);
      group.append(svg("rect", { class: "hit", x: x + hitX, y: y + hitY, width, height, rx: 4 }));
      group.classList.add("press");
      const spoken = { role: "button", tabindex: "0", "aria-pressed": "false", "aria-label": `Pull ${name}` };
      for (const [key, set] of Object.entries(spoken)) group.setAttribute(key, set);
      const go = (event) => {
        event.preventDefault();
        press(...pressed);
      };
      group.addEventListener("click", go);
      group.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.stopPropagation();
          go(event);
        }
      });
    }
    group.append(
      svg("path", { class: "wire", d: `M${x} ${y}${form.wire(first)}` }),
      svg("rect", { class: "lamp", x: x + lampX - 6, y: y + lampY - 6, width: 12, height: 12, rx: 2 }),
      svg("text", { class: "pin-number", x: x + digitX, y: y + digitY, "text-anchor": "middle" }, String(number)),
      label(name, x + nameX, y + nameY, anchor));
    this.root.append(group);
    this.pins.push({ name, group, pressed });
  }

  draw(system) {
    for (const { name, group, pressed } of this.pins) {
      const now = level(name, system);
      toggle(group, "high", now === 1);
      toggle(group, "float", now === null);
      if (pressed) {
        const held = pulled(system, ...pressed);
        toggle(group, "held", held);
        group.setAttribute("aria-pressed", String(held));
      }
    }
    const chip = system.core.registers(0);
    const state = STATES[chip.state];
    say(this.state, state);
    const busy = state !== "SI" || chip.requesting;
    say(this.who, busy ? `channel ${chip.channel}` : "waits for DREQ");
    say(this.address, `address ${chip.channels[chip.channel].address.toString(16).toUpperCase().padStart(4, "0")}h`);
    say(this.count, `count ${chip.channels[chip.channel].count.toString(16).toUpperCase().padStart(4, "0")}h`);
    toggle(this.root, "serving", state !== "SI" && state !== "S0");
  }
}

// Whether the visitor holds a pin.
export function pulled(system, pin, channel) {
  const { user, cpu } = system;
  if (pin === "dreq") return Boolean((user.dreq >> channel) & 1);
  if (pin === "hlda") return cpu.refuses;
  if (pin === "reset") return Boolean(user.reset);
  return !user[pin];
}

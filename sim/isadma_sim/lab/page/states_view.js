// The state machine of the data sheet, with the state of this half clock lit.
import { say, svg, toggle } from "./dom.js";
import { STATES } from "./core.js";

const PLACES = {
  SI: [40, 60], S0: [120, 60], S1: [200, 60], S2: [280, 60], S3: [360, 60], SW: [440, 24], S4: [440, 96], SC: [120, 132],
  S11: [200, 168], S12: [260, 168], S13: [320, 168], S14: [380, 168], S21: [200, 212], S22: [260, 212], S23: [320, 212], S24: [380, 212],
};
// From, to, and how the line goes where it is not straight.
const ARROWS = [
  ["SI", "S0"], ["S0", "S1"], ["S1", "S2"], ["S2", "S3"], ["S3", "SW"], ["S3", "S4"], ["SW", "S4"],
  ["S0", "SC"], ["S11", "S12"], ["S12", "S13"], ["S13", "S14"], ["S21", "S22"], ["S22", "S23"], ["S23", "S24"],
  ["S0", "S11", "M120 60M134 72L186 156"],
  ["S14", "S21", "M380 182V190H200V196"],
  ["S24", "S11", "M398 212H420V146H200V152"],
  ["S4", "S1", "M424 104L216 104V76"],
  ["S4", "S2", "M424 92L296 76"],
  ["S4", "SI", "M440 112V122H40V76"],
];
const NAMES = {
  SI: "idle", S0: "asks the processor", S1: "address out", S2: "DACK and read", S3: "write", SW: "waits for READY",
  S4: "strobes end", SC: "cascade", S11: "source address", S12: "source read", S13: "source read", S14: "byte taken",
  S21: "destination address", S22: "byte out", S23: "destination write", S24: "strobes end",
};

export class StatesView {
  constructor(host, chips) {
    this.machines = chips.map((title, chip) => this.#machine(title, chip));
    host.replaceChildren(...this.machines.map((machine) => machine.root));
  }

  #machine(title, chip) {
    const root = svg("svg", { class: "states", viewBox: "0 0 480 236", role: "img", "aria-label": `State machine of ${title}` });
    const now = svg("tspan", { class: "states-now", dx: 10 });
    const head = svg("text", { class: "states-title", x: 12, y: 18 }, title, now);
    const marker = svg("marker", { id: `tip${chip}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" },
      svg("path", { class: "tip", d: "M0 0L8 4L0 8Z" }));
    root.append(svg("defs", {}, marker), head);
    for (const [from, to, way] of ARROWS) root.append(svg("path", { class: "arrow", d: way ?? straight(from, to), "marker-end": `url(#tip${chip})` }));
    const nodes = {};
    for (const [name, [x, y]] of Object.entries(PLACES)) {
      nodes[name] = svg("g", { class: "node" }, svg("circle", { cx: x, cy: y, r: 16 }), svg("text", { x, y: y + 4, "text-anchor": "middle" }, name));
      root.append(nodes[name]);
    }
    root.append(svg("text", { class: "states-hint", x: 20, y: 172 }, "memory"), svg("text", { class: "states-hint", x: 20, y: 188 }, "to memory"));
    return { root, nodes, now, lit: null };
  }

  draw(system) {
    this.machines.forEach((machine, chip) => {
      const name = STATES[system.core.inside(chip, "state")];
      if (machine.lit !== name) {
        if (machine.lit) toggle(machine.nodes[machine.lit], "lit", false);
        toggle(machine.nodes[name], "lit", true);
        machine.lit = name;
      }
      const asked = name === "SI" && system.core.inside(chip, "requesting");
      say(machine.now, `${name}: ${asked ? "a request is latched" : NAMES[name]}`);
    });
  }
}

function straight(from, to) {
  const [x0, y0] = PLACES[from], [x1, y1] = PLACES[to];
  const far = Math.hypot(x1 - x0, y1 - y0), r = 17;
  const dx = ((x1 - x0) / far) * r, dy = ((y1 - y0) / far) * r;
  return `M${x0 + dx} ${y0 + dy}L${x1 - dx} ${y1 - dy}`;
}

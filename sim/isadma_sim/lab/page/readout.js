// What stands in words: the notes, the ports, the time, and what just happened.
import { hex } from "./bits.js";
import { el, id, say, toggle } from "./dom.js";

const PORTS = 12; // accesses listed

export function buildStory(scene, system) {
  say(id("story-title"), scene.title);
  say(id("summary"), scene.summary);
  const notes = scene.script(system).filter((each) => each.kind === "note");
  id("notes").replaceChildren(...notes.map(({ title, text }) => el("li", {}, el("h3", {}, title), el("p", {}, text))));
}

// The first note counts from the beginning.
export const read = (program) => Math.max(0, program.notes);

export function showNotes(program) {
  [...id("notes").children].forEach((note, number) => {
    const now = number === read(program);
    toggle(note, "now", now);
    toggle(note, "later", number > read(program));
    if (now) note.setAttribute("aria-current", "step");
    else note.removeAttribute("aria-current");
  });
}

export function showPorts(program) {
  const wanted = program.said.slice(-PORTS).reverse().map(({ write, port, value, what }) =>
    `${write ? "OUT" : "IN"} ${hex(port, 2)}, ${hex(value, 2)}${what ? ` · ${what}` : ""}`);
  const list = id("said");
  while (list.children.length > wanted.length) list.lastChild.remove();
  while (list.children.length < wanted.length) list.append(el("li"));
  wanted.forEach((text, at) => say(list.children[at], text));
}

export function showTime({ now, wiring }) {
  const clock = now >> 1;
  const micros = ((clock * wiring.clockNs) / 1000).toLocaleString("en", { maximumFractionDigits: 1 });
  say(id("when"), `clock ${clock.toLocaleString("en")}${now & 1 ? "½" : ""} · ${micros} µs`);
}

// The half before this moment in a sentence: its states, and the lines that moved with it.
export function happened({ trace, stateNames }, lines) {
  if (!trace.end) return "";
  const half = trace.end - 1;
  const moved = lines.filter((line) => line.kind === "bit" && half > 0 && line.level(trace, half) !== line.level(trace, half - 1));
  const words = moved.map((line) => `${line.label} ${line.level(trace, half) ? "rises" : "falls"}`).join(", ");
  return `Clock ${half >> 1}, ${half & 1 ? "second" : "first"} half, ${stateNames.join(" and ")}${words ? `: ${words}` : ""}.`;
}

// Why nothing moves, as far as what is pulled and what is programmed say it; "" when a request is on its way.
export function obstacle({ user, cpu, core }) {
  if (user.reset) return "RESET is held";
  const chips = core.chips.map((_, number) => core.registers(number));
  const asking = [0, 1, 2, 3, 5, 6, 7].filter((channel) => (user.dreq >> channel) & 1);
  const reasons = asking.map((channel) => {
    const chip = chips[chips.length > 1 && channel > 3 ? 1 : 0];
    if (chip.command & 4) return `channel ${channel} asks, but its controller is disabled by its command`;
    if ((chip.mask >> (channel & 3)) & 1) return `channel ${channel} asks, but it is masked`;
    if (chips.length > 1 && channel < 4 && chips[1].mask & 1) return `channel ${channel} asks, but channel 4, on which DMA 1 hangs, is masked`;
    return "";
  });
  if (asking.length && reasons.every((reason) => reason)) return reasons[0];
  if (cpu.refuses) return "the processor does not give the bus away";
  return asking.length || user.ready ? "" : "READY is held low";
}

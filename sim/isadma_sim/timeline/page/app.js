// The timeline's page: what is in sight, what is pointed at, and the keys.
import { load } from "./data.js";
import { chooseTheme, nextTheme } from "./theme.js";
import { el, id, say } from "./dom.js";
import { Picture } from "./draw.js";
import { hueOf, lanesOf } from "./lanes.js";
import { View, timeWords } from "./view.js";
import { Words } from "./words.js";
import { pointers } from "./pointers.js";

// How near to an event counts as on it, in pixels.
const NEAR = 4;

chooseTheme();
const layout = JSON.parse(id("layout").textContent);
const tables = {};
await load(layout, id("data").textContent.trim(), tables);
const lanes = lanesOf(layout, tables);
const view = new View(layout.begin, layout.end);
const words = new Words(layout, tables);
const canvas = id("lanes");
const picture = new Picture(canvas, view, lanes, layout, (lane, index) => words.short(lane, index));
const tip = id("tip"), cross = id("cross");
let waiting = false;
let cursor = view.begin;

function draw() {
  picture.draw();
  say(id("span"), `${timeWords(view.begin / layout.clockHz, view.length / layout.clockHz)} + ${timeWords(view.length / layout.clockHz, view.length / layout.clockHz)}, ${Math.round(view.length).toLocaleString("en")} clocks in sight`);
}

// Draws at the next frame, once, however much has moved until then.
function later() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

function fit() {
  picture.fit(id("stage").clientWidth, Math.min(devicePixelRatio || 1, 2));
  draw();
}

// ------------------------------------------------------------------ what is pointed at
// The event of a lane at a clock, as [kind, index]; a transfer before its DACK#, that before its DREQ.
function found(lane, clock, within) {
  for (const kind of ["moves", "holds", "asks"]) {
    const index = lane[kind] ? lane[kind].near(clock, within) : -1;
    if (index >= 0) return [kind, index];
  }
  return null;
}

function linesAt(number, clock) {
  const lane = lanes[number], within = NEAR / view.pitch;
  if (lane.owners) return words.owners(lane, Math.max(clock - within, view.first), Math.min(clock + within, view.last));
  const event = found(lane, clock, view.pitch < 0.2 ? 0.5 / view.pitch : within);
  if (view.pitch < 0.2 && lane.moves) {
    const [from, to] = [clock - within, clock + within];
    if (lane.moves.count(to) - lane.moves.count(from) > 2) return words.summary(lane, from, to);
  }
  return event ? words.lines(lane, ...event) : [`${lane.title}: nothing here`, `clock ${Math.floor(clock).toLocaleString("en")}`];
}

function point(x, y) {
  const number = picture.laneAt(y);
  cross.hidden = x < view.left || x > view.left + view.width;
  cross.style.transform = `translateX(${Math.round(x)}px)`;
  if (number < 0 || cross.hidden) {
    tip.hidden = true;
    return null;
  }
  const lines = linesAt(number, view.clock(x));
  tip.replaceChildren(...lines.map((line, at) => el(at ? "div" : "strong", {}, line)));
  tip.hidden = false;
  const wide = Math.min(300, picture.wide - 16);
  tip.style.width = `${wide}px`;
  tip.style.transform = `translate(${Math.round(x + 18 + wide > picture.wide ? Math.max(x - wide - 14, 4) : x + 14)}px, ${Math.round(picture.y(number) + 38)}px)`;
  return lines;
}

function leave() {
  tip.hidden = cross.hidden = true;
}

function tell(lines) {
  say(id("told"), lines.join("; "));
}

// ------------------------------------------------------------------ keys and buttons
function choose(number) {
  picture.chosen = (number + lanes.length) % lanes.length;
  tell([`lane ${lanes[picture.chosen].title}`, ...linesAt(picture.chosen, cursor)]);
  later();
}

// The next or the one before of the chosen lane's events.
function step(by) {
  if (picture.chosen < 0) picture.chosen = Math.max(lanes.findIndex((lane) => lane.channel !== undefined), 0);
  const lane = lanes[picture.chosen];
  const spans = lane.owners ? lane.owners[0].spans : lane.moves?.length ? lane.moves : lane.holds?.length ? lane.holds : lane.asks;
  const index = by > 0 ? spans.count(cursor + 1e-6) : spans.count(cursor) - 1;
  if (index < 0 || index >= spans.length) {
    tell([`${lane.title}: no more that way`]);
    return;
  }
  cursor = spans.begin[index];
  view.reveal(cursor);
  draw();
  const lines = lane.owners ? linesAt(picture.chosen, cursor) : words.lines(lane, spans === lane.moves ? "moves" : spans === lane.holds ? "holds" : "asks", index);
  point(view.x(cursor + 0.5), picture.y(picture.chosen) + 1);
  tell(lines);
}

const closer = (around) => zoomed(0.5, around), wider = (around) => zoomed(2, around);
function zoomed(by, around) {
  view.zoom(by, around ?? (cursor >= view.begin && cursor < view.end ? cursor : undefined));
  leave();
  later();
}

function moved(part) {
  view.pan(part * view.length);
  leave();
  later();
}

function whole() {
  view.whole();
  leave();
  later();
}

function single() {
  view.show(cursor - 12, cursor + 28);
  leave();
  later();
}

const KEYS = {
  "+": () => closer(), "=": () => closer(), "-": () => wider(), ArrowLeft: () => moved(-0.15), ArrowRight: () => moved(0.15),
  PageUp: () => moved(-0.9), PageDown: () => moved(0.9), Home: () => moved(-1e12), End: () => moved(1e12),
  ArrowUp: () => choose(picture.chosen < 0 ? 0 : picture.chosen - 1), ArrowDown: () => choose(picture.chosen + 1),
  n: () => step(1), p: () => step(-1), 0: whole, Enter: single,
};

canvas.addEventListener("keydown", (event) => {
  const run = event.ctrlKey || event.metaKey || event.altKey ? null : KEYS[event.key];
  if (!run) return;
  event.preventDefault();
  run();
});
for (const [name, run] of Object.entries({ closer: () => closer(), wider: () => wider(), whole, single, next: () => step(1), before: () => step(-1) }))
  id(name).addEventListener("click", run);
id("theme").addEventListener("click", () => {
  nextTheme();
  picture.looks();
  later();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  picture.looks();
  later();
});

pointers(canvas, view, {
  moved: (x, y) => point(x, y),
  left: leave,
  changed: () => {
    leave();
    later();
  },
  chosen: (x, y) => {
    const lane = picture.laneAt(y);
    cursor = Math.min(Math.max(view.clock(x), view.first), view.last);
    if (lane >= 0) picture.chosen = lane;
    tell(point(x, y) ?? []);
    later();
  },
});
new ResizeObserver(fit).observe(id("stage"));
for (const key of document.querySelectorAll(".key[data-owner]")) key.style.background = `var(--${hueOf(key.dataset.owner, layout)})`;
fit();
globalThis.timeline = { layout, tables, lanes, view, picture, words, draw, point, linesAt };
document.body.classList.add("ready");

// Draws the lanes on a canvas: each event by itself where there is room, and else how much of each pixel they fill.
import { Strip, partsOf } from "./strip.js";
import { niceStep, timeWords } from "./view.js";

export const TOP = 34, LANE = 30, GAP = 6, FOOT = 6;
// More events in sight than this many for each pixel are drawn as a filling.
const MOST = 0.25;
// Terminal counts are marked up to so many for each pixel.
const FEW = 0.1;
const TEXT_WIDTH = 64;

export class Picture {
  // `detail(lane, index)` says what is written into an event with room for it.
  constructor(canvas, view, lanes, layout, detail) {
    Object.assign(this, { canvas, view, lanes, layout, detail, chosen: -1 });
    this.context = canvas.getContext("2d", { alpha: false });
    this.looks();
  }

  // Colours are the page's: dark or light.
  looks() {
    const style = getComputedStyle(document.documentElement);
    this.colour = new Proxy({}, { get: (kept, name) => (kept[name] ??= style.getPropertyValue(`--${name}`).trim()) });
    this.sans = style.getPropertyValue("--sans");
    this.mono = style.getPropertyValue("--mono");
  }

  get height() {
    return TOP + this.lanes.length * (LANE + GAP) + FOOT;
  }

  y(lane) {
    return TOP + lane * (LANE + GAP);
  }

  laneAt(y) {
    const lane = Math.floor((y - TOP) / (LANE + GAP));
    return lane >= 0 && lane < this.lanes.length ? lane : -1;
  }

  fit(width, ratio) {
    const { canvas } = this;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(this.height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${this.height}px`;
    this.ratio = ratio;
    this.wide = width;
    this.labels = width < 600 ? 72 : 116;
    this.view.left = this.labels;
    this.view.width = Math.max(width - this.labels - 6, 10);
    this.strip = new Strip(this.context, Math.ceil(this.view.width * ratio), Math.round(LANE * ratio));
  }

  draw() {
    const { context, view, colour } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = colour.paper;
    context.fillRect(0, 0, this.wide, this.height);
    this.#axis();
    context.save();
    context.beginPath();
    context.rect(view.left, 0, view.width, this.height);
    context.clip();
    this.lanes.forEach((lane, number) => this.#lane(lane, this.y(number)));
    context.restore();
    this.lanes.forEach((lane, number) => this.#label(lane, this.y(number), number === this.chosen));
  }

  // ---------------------------------------------------------------- axis and labels
  #axis() {
    const { context, view, colour, layout } = this;
    const bottom = this.height - FOOT;
    const step = Math.max(niceStep(116 / view.pitch), 1);
    context.font = `11px ${this.sans}`;
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    context.beginPath();
    if (view.pitch >= 6) for (let clock = Math.ceil(view.begin); clock <= view.end; clock++) this.#line(view.x(clock), TOP - 4, bottom);
    context.strokeStyle = colour.line;
    context.lineWidth = 1;
    context.stroke();
    context.beginPath();
    for (let clock = Math.ceil(view.begin / step) * step; clock <= view.end; clock += step) {
      const x = view.x(clock);
      this.#line(x, TOP - 6, bottom);
      if (x < view.left + 30 || x > view.left + view.width - 24) continue;
      context.fillStyle = colour.ink;
      context.fillText(timeWords(clock / layout.clockHz, view.length / layout.clockHz), x, 12);
      context.fillStyle = colour.soft;
      context.fillText(clock.toLocaleString("en"), x, 25);
    }
    context.stroke();
  }

  #line(x, top, bottom) {
    const at = Math.round(x) + 0.5;
    this.context.moveTo(at, top);
    this.context.lineTo(at, bottom);
  }

  #label(lane, y, chosen) {
    const { context, colour } = this;
    const small = this.labels < 100;
    context.fillStyle = chosen ? colour.bus : colour.paper;
    context.fillRect(0, y - 2, this.labels - 4, LANE + 4);
    context.fillStyle = colour[lane.hue ?? "soft"];
    context.fillRect(0, y, 3, LANE);
    context.textAlign = "left";
    context.fillStyle = colour.ink;
    context.font = `600 13px ${this.sans}`;
    context.fillText(lane.title, 8, y + (small || !lane.about ? 20 : 13));
    if (small || !lane.about) return;
    context.fillStyle = colour.soft;
    context.font = `11px ${this.sans}`;
    context.fillText(lane.about, 8, y + 26, this.labels - 14);
  }

  // ---------------------------------------------------------------- lanes
  #lane(lane, y) {
    const { context, view, colour } = this;
    const layers = lane.owners ? lane.owners.map(({ spans, hue }) => [spans, 0, LANE, colour[hue]]) : this.#layers(lane);
    const seen = (spans) => spans.count(view.end) - spans.count(view.begin);
    const many = lane.owners ? layers.reduce((sum, [spans]) => sum + seen(spans), 0) : Math.max(...layers.map(([spans]) => seen(spans)));
    if (many > MOST * view.width) {
      this.#dense(lane, layers, y);
    } else {
      context.fillStyle = lane.owners ? colour.bus : colour.ground;  // what nobody else has, the CPU has
      context.fillRect(view.left, y, view.width, LANE);
      for (const [spans, top, high, hue] of layers) this.#each(spans, y + top, high, hue);
      if (lane.moves) this.#words(lane, y + (lane.asks ? 9 : 3), LANE);
    }
    if (lane.ends) this.#ends(lane.ends, y);
  }

  // Spans, place and height in the lane, and colour.
  #layers({ asks, holds, moves, hue }) {
    const { colour } = this;
    const top = asks ? 9 : 3;
    const layers = [[asks, 0, 5, colour.lit], [holds, 7, LANE - 7, colour.bus], [moves, top, LANE - top - 2, colour[hue]]];
    return layers.filter(([spans]) => spans?.length);
  }

  #dense(lane, layers, y) {
    const { strip, view, colour, ratio } = this;
    strip.clear(lane.owners ? colour.bus : colour.ground);
    for (const [spans, top, high, hue] of layers) {
      const parts = partsOf(spans, view.begin, 1 / (view.pitch * ratio), strip.wide);
      const bottom = Math.round((top + high) * ratio);
      // A twentieth of the time is much for a channel: the root shows it, where parts need not add up.
      if (!lane.owners) for (let x = 0; x < parts.length; x++) parts[x] = Math.sqrt(parts[x]);
      const how = lane.owners ? { stacked: true } : spans === lane.asks ? { whole: true, part: 0.6 } : {};
      strip.fill(parts, bottom, Math.round(high * ratio), hue, how);
    }
    strip.put(Math.round(view.left * ratio), Math.round(y * ratio));
  }

  #each(spans, y, high, hue) {
    const { context, view } = this;
    context.fillStyle = hue;
    const last = spans.count(view.end);
    for (let at = Math.max(spans.count(view.begin) - 1, 0); at < last; at++) {
      const from = Math.max(view.x(spans.begin[at]), view.left - 2);
      const to = Math.min(view.x(spans.end[at]), view.left + view.width + 2);
      if (to >= view.left) context.fillRect(from, y, Math.max(to - from - (to - from > 4 ? 1 : 0), 1), high);
    }
  }

  // What an event is, written into it.
  #words(lane, y, high) {
    const { context, view, colour } = this;
    const spans = lane.moves;
    if (spans.widest * view.pitch < TEXT_WIDTH) return;
    context.font = `11px ${this.mono}`;
    context.textAlign = "left";
    context.fillStyle = colour.paper;
    const last = spans.count(view.end);
    for (let at = Math.max(spans.count(view.begin) - 1, 0); at < last; at++) {
      const from = Math.max(view.x(spans.begin[at]), view.left);
      const wide = Math.min(view.x(spans.end[at]), view.left + view.width) - from - 8;
      if (wide < TEXT_WIDTH - 8) continue;
      const text = this.detail(lane, at);
      if (context.measureText(text).width <= wide) context.fillText(text, from + 4, y + (high - (lane.asks ? 11 : 5)) / 2 + 4);
    }
  }

  // Terminal counts: a mark under the transfer, where they are few.
  #ends(ends, y) {
    const { context, view, colour } = this;
    context.fillStyle = colour.held;
    const first = ends.count(view.begin), last = ends.count(view.end);
    if (last - first > FEW * view.width) return;
    for (let at = first; at < last; at++) {
      const x = Math.round(view.x(ends.end[at]));
      context.fillRect(x - 2, y + LANE - 5, 3, 5);
    }
  }
}

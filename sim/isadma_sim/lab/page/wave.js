// The waveform, drawn as the figures of the guide are: it grows as the machine steps.
import { svg } from "./dom.js";

const ROW = 26, HIGH = 16, LABELS = 76, TOP = 20, FOOT = 18;
const ZOOMS = [6, 9, 13, 18, 26, 38]; // pixels of a half clock

export class Wave {
  // `host` holds the picture; `system` is asked for the trace; `onCursor(half)` is told what is pointed at.
  constructor(host, onCursor) {
    this.host = host;
    this.onCursor = onCursor;
    this.zoom = 3;
    this.follow = true;
    this.first = 0;
    this.cursor = null;
    this.lines = [];
    this.root = svg("svg", { class: "wave", role: "img", "aria-label": "Waveform", tabindex: "0" });
    host.append(this.root);
    this.root.addEventListener("pointermove", (event) => this.#point(event));
    this.root.addEventListener("pointerleave", () => this.#cursorAt(null));
    this.root.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.#drag();
  }

  // `aen` is the line that says whose the bus is, shown or not.
  show(system, lines, aen) {
    this.system = system;
    this.aen = aen;
    this.lines = lines;
    this.follow = true;
    this.draw();
  }

  get pitch() {
    return ZOOMS[this.zoom];
  }

  get room() {
    return Math.max(4, Math.floor((this.host.clientWidth - LABELS - 8) / this.pitch));
  }

  scale(by) {
    this.zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.zoom + by));
    this.draw();
  }

  scroll(halves) {
    this.#go(this.first + halves);
  }

  #go(first) {
    const { trace } = this.system;
    const last = Math.max(trace.begin, trace.end - this.room);
    this.first = Math.min(last, Math.max(trace.begin, first));
    this.follow = this.first >= last;
    this.draw();
  }

  draw() {
    if (!this.system) return;
    const { trace } = this.system;
    const room = this.room;
    if (this.follow) this.first = trace.end - room;
    // Begin with a whole state, so that the picture does not tremble as it grows.
    let begin = Math.max(trace.begin, this.first, 0);
    if (this.follow && begin & 1) begin++;
    const end = Math.min(trace.end, begin + room);
    this.begin = begin;
    this.end = end;
    const width = LABELS + room * this.pitch + 8;
    const height = TOP + this.lines.length * ROW + FOOT;
    const parts = [];
    parts.push(this.#shade(begin, end, height));
    parts.push(this.#grid(begin, end, height));
    this.lines.forEach((line, row) => parts.push(this.#line(line, TOP + row * ROW, begin, end)));
    parts.push(this.#cursorLine(height));
    this.root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.root.setAttribute("width", width);
    this.root.setAttribute("height", height);
    this.root.innerHTML = parts.join("");
  }

  x(half) {
    return LABELS + (half - this.begin) * this.pitch;
  }

  // Where the DMA has the bus the figures have a warm ground.
  #shade(begin, end, height) {
    const { aen } = this;
    const { trace } = this.system;
    let made = "", from = null;
    for (let half = begin; half <= end; half++) {
      const on = half < end && aen.level(trace, half);
      if (on && from === null) from = half;
      if (!on && from !== null) {
        const wide = (half - from) * this.pitch;
        made += `<rect class="owned" x="${this.x(from)}" y="${TOP - 14}" width="${wide}" height="${height - TOP - FOOT + 14}"/>`;
        if (wide > 150) made += `<text class="owner" x="${this.x(from) + wide / 2}" y="${TOP - 4}">the DMA has the bus</text>`;
        from = null;
      }
    }
    return made;
  }

  #grid(begin, end, height) {
    let lines = "", marks = "";
    const every = this.pitch >= 18 ? 1 : this.pitch >= 9 ? 5 : 10;
    for (let half = begin + (begin & 1); half <= end; half += 2) {
      const clock = half >> 1, x = this.x(half);
      lines += `M${x} ${TOP - 2}V${height - FOOT}`;
      if (clock % every === 0 && half + 2 <= end) marks += `<text class="clock" x="${x + this.pitch}" y="${height - 4}">${clock}</text>`;
    }
    return `<path class="grid" d="${lines}"/>${marks}`;
  }

  #line(line, y, begin, end) {
    const label = `<text class="label" x="${LABELS - 8}" y="${y + HIGH - 3}">${line.label}</text>`;
    if (line.kind === "bus") return label + this.#bus(line, y, begin, end);
    const { trace } = this.system;
    let path = "", was = null;
    for (let half = begin; half < end; half++) {
      const level = line.kind === "clock" ? half & 1 : line.level(trace, half);
      const at = y + (level ? 0 : HIGH), x = this.x(half);
      if (level !== was) path += was === null ? `M${x} ${at}` : `H${x}V${at}`;
      was = level;
    }
    if (end > begin) path += `H${this.x(end)}`;
    return `${label}<path class="trace" d="${path}"/>`;
  }

  #bus(line, y, begin, end) {
    const { trace } = this.system;
    const middle = y + HIGH / 2;
    let made = "", from = begin;
    let word = end > begin ? line.text(trace, begin) : "";
    for (let half = begin + 1; half <= end; half++) {
      const next = half < end ? line.text(trace, half) : null;
      if (next === word) continue;
      const left = this.x(from), right = this.x(half);
      if (word === "") {
        made += `<path class="float" d="M${left} ${middle}H${right}"/>`;
      } else {
        const s = Math.min(4, (right - left) / 3);
        const box = `M${left} ${middle}L${left + s} ${y}H${right - s}L${right} ${middle}L${right - s} ${y + HIGH}H${left + s}Z`;
        made += `<path class="bus${line.state ? ` state ${word === "SI" ? "rest" : ""}` : ""}" d="${box}"/>`;
        if (right - left >= 7 * word.length + 4) made += `<text class="word" x="${(left + right) / 2}" y="${middle + 4}">${word}</text>`;
      }
      from = half;
      word = next;
    }
    return made;
  }

  #cursorLine(height) {
    if (this.cursor === null || this.cursor < this.begin || this.cursor >= this.end) return "";
    return `<rect class="cursor" x="${this.x(this.cursor)}" y="${TOP - 14}" width="${this.pitch}" height="${height - TOP - FOOT + 14}"/>`;
  }

  // What every line shows in a half, in words: for the readout, and for who cannot see the picture.
  words(half) {
    const { trace } = this.system;
    return this.lines
      .filter((line) => line.kind !== "clock")
      .map((line) => `${line.label} ${line.kind === "bus" ? line.text(trace, half) || "floats" : line.level(trace, half)}`);
  }

  #point(event) {
    const box = this.root.getBoundingClientRect();
    const half = this.begin + Math.floor((event.clientX - box.left - LABELS) / this.pitch);
    this.#cursorAt(half >= this.begin && half < this.end ? half : null);
  }

  #cursorAt(half) {
    if (half === this.cursor) return;
    this.cursor = half;
    this.draw();
    this.onCursor(half);
  }

  #wheel(event) {
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (event.ctrlKey) {
      event.preventDefault();
      this.scale(event.deltaY < 0 ? 1 : -1);
    } else if (sideways) {
      event.preventDefault();
      this.scroll(Math.round(sideways / this.pitch) || Math.sign(sideways));
    }
  }

  #key(event) {
    const step = event.shiftKey ? this.room : 1;
    const at = this.cursor ?? this.end - 1;
    const moves = { ArrowLeft: -step, ArrowRight: step };
    if (event.key in moves) {
      const half = Math.min(this.system.trace.end - 1, Math.max(this.system.trace.begin, at + moves[event.key]));
      if (half < this.begin || half >= this.end) this.#go(half - (this.room >> 1));
      this.#cursorAt(half);
    } else if (event.key === "Home") this.#go(0);
    else if (event.key === "End") this.#go(Infinity);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #drag() {
    let from = null;
    this.root.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, first: this.begin };
      this.root.setPointerCapture(event.pointerId);
    });
    this.root.addEventListener("pointermove", (event) => {
      if (from) this.#go(from.first - Math.round((event.clientX - from.x) / this.pitch));
    });
    for (const over of ["pointerup", "pointercancel"]) this.root.addEventListener(over, () => (from = null));
  }
}

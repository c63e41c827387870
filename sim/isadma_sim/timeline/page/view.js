// Which stretch of the run is in sight: clocks to pixels and back.

// No closer than this, in pixels of a clock; and so many clocks at least are in sight.
const FEWEST = 8;

export class View {
  constructor(begin, end) {
    this.first = begin;
    this.last = Math.max(end, begin + FEWEST);
    this.left = 0;
    this.width = 1;
    this.whole();
  }

  whole() {
    this.show(this.first, this.last);
  }

  // Shows a stretch, or the nearest to it that there is.
  show(begin, end) {
    const length = Math.min(Math.max(end - begin, FEWEST), this.last - this.first);
    this.begin = Math.min(Math.max(begin, this.first), this.last - length);
    this.end = this.begin + length;
  }

  get length() {
    return this.end - this.begin;
  }

  get pitch() {
    return this.width / this.length;
  }

  x(clock) {
    return this.left + (clock - this.begin) * this.pitch;
  }

  clock(x) {
    return this.begin + (x - this.left) / this.pitch;
  }

  // Makes what is in sight `by` times as long, around a clock that stays where it is.
  zoom(by, around = (this.begin + this.end) / 2) {
    const length = Math.min(Math.max(this.length * by, FEWEST), this.last - this.first);
    const begin = around - (around - this.begin) * (length / this.length);
    this.show(begin, begin + length);
  }

  pan(clocks) {
    this.show(this.begin + clocks, this.end + clocks);
  }

  // Brings a clock into sight, and keeps the zoom.
  reveal(clock) {
    if (clock < this.begin || clock >= this.end) this.pan(clock - (this.begin + this.end) / 2);
  }
}

const UNITS = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];

// A time in words: with the unit of `scale` seconds, and digits that tell such steps apart.
export function timeWords(seconds, scale) {
  const [size, unit] = UNITS.find(([size]) => Math.abs(scale) >= size) ?? UNITS[3];
  const value = seconds / size;
  return `${Number(value.toPrecision(12)).toLocaleString("en", { maximumFractionDigits: 3 })} ${unit}`;
}

// The step, one of 1, 2 and 5 times a power of ten, that is `least` or the next longer.
export function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find((part) => part * power >= least * 0.999999);
}

// A lane whose events are too many to be drawn each: pixels, each filled as far up as events fill its time.

// "#1d5fa8" as a pixel of an ImageData.
const pixel = ([red, green, blue]) => (255 << 24) | (blue << 16) | (green << 8) | red;
const parted = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const mixed = (one, other, part) => one.map((value, at) => Math.round(value * part + other[at] * (1 - part)));

// The part of each of `wide` pixels that spans fill, 0 to 1, from clock `begin` on, `clocks` to a pixel.
export function partsOf(spans, begin, clocks, wide) {
  const parts = new Float64Array(wide);
  const last = spans.count(begin + (wide + 1) * clocks);
  let count = spans.count(begin), filled = spans.filled(begin, count);
  for (let x = 0; x < wide; x++) {
    const clock = begin + (x + 1) * clocks;
    const next = spans.count(clock, count, last);
    const now = spans.filled(clock, next);
    // What is there is to be seen, be it ever so short.
    parts[x] = now > filled ? Math.min(Math.max((now - filled) / clocks, 0.02), 1) : next > count ? 0.02 : 0;
    [count, filled] = [next, now];
  }
  return parts;
}

export class Strip {
  constructor(context, wide, high) {
    this.image = context.createImageData(wide, high);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.under = new Float64Array(wide);
    this.context = context;
    this.wide = wide;
    this.high = high;
  }

  clear(ground) {
    this.ground = parted(ground);
    this.pixels.fill(pixel(this.ground));
    this.under.fill(0);
  }

  // Fills from pixel row `bottom` upwards `high` rows at most; `part` mixes the colour with the ground, `whole` gives
  // each pixel with anything all of the height, `stacked` goes on where the one before has ended.
  fill(parts, bottom, high, colour, { part = 1, whole = false, stacked = false } = {}) {
    const { pixels, wide, under } = this;
    const ink = pixel(mixed(parted(colour), this.ground, part));
    for (let x = 0; x < wide; x++) {
      if (!parts[x]) continue;
      const from = stacked ? Math.round(under[x]) : 0;
      if (stacked) under[x] += parts[x] * high;
      const tall = whole ? high : stacked ? Math.round(under[x]) - from : Math.max(Math.round(parts[x] * high), 1);
      const top = Math.max(bottom - from - tall, 0);
      for (let y = bottom - from - 1, at = y * wide + x; y >= top; y--, at -= wide) pixels[at] = ink;
    }
  }

  put(x, y) {
    this.context.putImageData(this.image, x, y);
  }
}

// What every half clock showed: a ring of words, so that a long run takes no more room than a short one.

export const KEPT = 1 << 17;
const MASK = KEPT - 1;
// Who drives the data bus.
export const FLOATS = 0;
export const CHIP = 1;
export const WORLD = 2;

export class Trace {
  constructor() {
    const words = () => new Uint32Array(KEPT);
    this.i0 = words();
    this.i1 = words();
    this.o0 = words();
    this.o1 = words();
    this.states = words(); // five bits a chip, then who drives the data bus, and whether the processor has an address out
    this.address = words();
    this.data = words();
    this.clear();
  }

  clear() {
    this.end = 0; // halves recorded since power-up
  }

  get begin() {
    return Math.max(0, this.end - KEPT);
  }

  push(inputs, outputs, states, drives, addressing, address, data) {
    const at = this.end++ & MASK;
    this.i0[at] = inputs[0];
    this.i1[at] = inputs[1];
    this.o0[at] = outputs[0];
    this.o1[at] = outputs[1];
    this.states[at] = states | (drives << 10) | (addressing << 12);
    this.address[at] = address;
    this.data[at] = data;
  }

  place(half) {
    return half & MASK;
  }

  state(half, chip) {
    return (this.states[half & MASK] >>> (5 * chip)) & 31;
  }

  drives(half) {
    return (this.states[half & MASK] >>> 10) & 3;
  }

  addressed(half) {
    return this.states[half & MASK] >>> 12;
  }
}

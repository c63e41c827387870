// The RTL as WebAssembly: pins in, pins out, one half of a state at a time.
import { reader, writer } from "./bits.js";

export const STATES = [
  "SI", "S0", "S1", "S2", "S3", "SW", "S4", "SC",
  "S11", "S12", "S13", "S14", "S21", "S22", "S23", "S24",
];

const each = (fields, make) => Object.fromEntries(Object.entries(fields).map(([name, at]) => [name, make(at)]));

export class Core {
  // `layout` says where each pin is: see pins.py.
  static async load(bytes, layout) {
    const module = await WebAssembly.compile(bytes);
    const instance = await WebAssembly.instantiate(module, {});
    return new Core(instance.exports, layout);
  }

  constructor(exports, layout) {
    this.calls = exports;
    exports._initialize();
    this.chips = layout.chips;
    this.read = each(layout.outputs, reader);
    this.readInput = each(layout.inputs, reader);
    this.probe = each(layout.probes, reader);
    this.state = this.probe.state;
    this.setters = each(layout.inputs, writer);
    this.settle = exports.lab_settle;
    this.edge = exports.lab_edge;
    const at = exports.lab_io();
    const probeWords = (layout.probeBits / 32) * layout.chips.length;
    const view = (word, count) => new Uint32Array(exports.memory.buffer, at + 4 * word, count);
    this.inputs = view(0, 2);
    this.outputs = view(2, 2);
    this.probes = view(4, probeWords);
    this.stride = layout.probeBits / 32;
  }

  power() {
    this.calls.lab_power();
  }

  set(pin, value) {
    this.setters[pin](this.inputs, value);
  }

  get(pin) {
    return this.read[pin](this.outputs[0], this.outputs[1]);
  }

  inside(chip, what) {
    const word = this.stride * chip;
    return this.probe[what](this.probes[word], this.probes[word + 1]);
  }

  // The states of all chips, five bits each.
  states() {
    let states = this.state(this.probes[0], 0);
    for (let chip = 1; chip < this.chips.length; chip++) states |= this.state(this.probes[chip * this.stride], 0) << (5 * chip);
    return states;
  }

  // Everything a programmer may want to know of a chip.
  registers(chip) {
    const word = (number) => this.calls.lab_register(chip, number);
    const channels = [0, 1, 2, 3].map((channel) => ({
      address: word(channel),
      count: word(4 + channel),
      baseAddress: word(8 + channel),
      baseCount: word(12 + channel),
      mode: this.calls.lab_mode(chip, channel) << 2 | channel,
    }));
    const seen = Object.fromEntries(Object.keys(this.probe).map((what) => [what, this.inside(chip, what)]));
    return { ...seen, stateName: STATES[seen.state], channels, flipFlop: this.calls.lab_flip_flop(chip) };
  }

  page(number) {
    return this.calls.lab_page(number);
  }
}

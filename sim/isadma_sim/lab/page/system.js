// The world around the RTL: processor, memory, devices, and whoever pulls at a pin. One call is half a clock.
import { Cpu } from "./cpu.js";
import { STATES } from "./core.js";
import { CHIP, FLOATS, Trace, WORLD } from "./trace.js";

const FREE = () => ({ dreq: 0, ready: 1, eop: 1, reset: 0 });
const QUIET = () => ({
  aen: 0, hrq: 0, dack: 0, tc: 0, memr: 0, memw: 0, ior: 0, iow: 0, address: 0, driven: 0, refresh: 0, wide: 0, data: 0,
});
// Addresses written last, for the memory's view.
const REMEMBERED = 512;

export class System {
  // `wiring` is what differs between the chip alone and the board: wiring_chip.js, wiring_at.js.
  constructor(core, wiring) {
    this.core = core;
    this.wiring = wiring;
    this.memory = new Uint8Array(wiring.memory);
    this.trace = new Trace();
    this.cpu = new Cpu();
    this.power();
  }

  power() {
    this.core.power();
    this.trace.clear();
    this.cpu.power();
    this.memory.fill(0);
    this.now = 0; // halves since power-up; even ones are a state's first
    this.user = FREE();
    this.devices = [];
    this.waitStates = 0;
    this.stretch = 0;
    this.ready = 1;
    this.refreshEvery = 0;
    this.latch = 0;
    this.bus = QUIET(); // what this half shows
    this.last = QUIET(); // and the one before
    this.addressed = true; // whether the processor's pins may stand otherwise than idle
    this.data = 0;
    this.drives = FLOATS;
    this.transfers = 0;
    this.refreshes = 0;
    this.irq = 0;
    this.written = new Map();
    this.frames = []; // whose memory it is: { base, size, owner, kind }
    this.attention = null; // an address that the scene wants to be looked at
    this.order = []; // channels served, newest last
    this.program = null; // what the processor does next: script.js
    for (const [pin, value] of Object.entries(this.wiring.idle)) this.core.set(pin, value);
  }

  get clock() {
    return this.now >> 1;
  }

  get stateNames() {
    return this.core.chips.map((_, chip) => STATES[this.core.inside(chip, "state")]);
  }

  half() {
    if (this.now & 1) this.#rise();
    else this.#fall();
    const { core, wiring } = this;
    const { addressing } = this.cpu;
    if (addressing || this.addressed) wiring.address(this, addressing ? this.cpu.access : null);
    this.addressed = addressing;
    wiring.drive(this);
    core.settle();
    const before = this.last;
    this.last = this.bus;
    this.bus = before;
    wiring.look(this);
    this.#ended();
    this.#answer();
    wiring.answer(this);
    const states = core.states();
    this.trace.push(core.inputs, core.outputs, states, this.drives, this.cpu.addressing, this.bus.address, this.data);
    core.edge();
    this.now++;
  }

  // CLK fell: requests, READY and HLDA move.
  #fall() {
    const { bus } = this;
    this.cpu.fall(bus.hrq);
    for (const device of this.devices) device.fall(this.clock, this.#serves(device) && (bus.ior || bus.iow));
    const strobes = bus.aen && (bus.memr || bus.memw || bus.ior || bus.iow);
    if (!strobes) this.stretch = this.waitStates;
    this.ready = strobes && this.stretch-- > 0 ? 0 : 1;
  }

  // CLK rose: the processor's cycle moves, and it takes the next thing to do.
  #rise() {
    this.cpu.rise(this.data);
    this.program?.next(this);
  }

  #serves(device) {
    return (this.bus.dack >>> device.channel) & 1;
  }

  // A strobe that was low and is not any more has moved something.
  #ended() {
    const { bus, last } = this;
    const ended = (strobe) => last[strobe] && !bus[strobe];
    if (last.driven) {
      if (ended("memw")) this.#store(last.address, last.data, last.wide);
      if (ended("memr") && last.refresh) this.refreshes++;
      const moved = ended("ior") || ended("iow");
      if (moved || (last.tc && !bus.tc)) {
        for (const device of this.devices) {
          if (!((last.dack >>> device.channel) & 1)) continue;
          if (moved) this.#moved(device, last);
          if (last.tc) this.#finish(device);
        }
      }
      if ((moved && last.dack) || (ended("memw") && !last.dack)) this.transfers++;
    }
  }

  #moved(device, { data, tc }) {
    device.moves(data, tc);
    this.order.push(device.channel);
    if (this.order.length > REMEMBERED) this.order.shift();
  }

  #finish(device) {
    device.over = true;
    device.asks = false;
    this.irq |= 1 << device.channel;
  }

  // Who drives the data bus in this half, and with what.
  #answer() {
    const { bus, cpu, core } = this;
    const chip = this.wiring.chipDrives(core);
    this.drives = FLOATS;
    this.data = bus.wide ? 0xffff : 0xff;
    if (chip !== null) {
      this.drives = CHIP;
      this.data = chip;
    } else if (bus.driven && bus.memr && !bus.refresh) {
      this.#give(this.memoryAt(bus.address, bus.wide));
    } else if (bus.driven && bus.ior) {
      const device = this.devices.find((each) => this.#serves(each));
      this.#give(device ? device.offers & this.data : this.data);
    } else if (cpu.addressing && cpu.access.write) {
      this.#give(cpu.access.value);
    }
    bus.data = this.data;
  }

  #give(value) {
    this.drives = WORLD;
    this.data = value;
  }

  memoryAt(address, wide) {
    const at = address % this.memory.length;
    return wide ? this.memory[at] | (this.memory[at + 1] << 8) : this.memory[at];
  }

  #store(address, value, wide) {
    const at = address % this.memory.length;
    this.poke(at, value & 0xff, true);
    if (wide) this.poke(at + 1, value >>> 8, true);
  }

  // Memory written by anybody; `byDma` marks it for the view.
  poke(address, value, byDma = false) {
    this.memory[address] = value;
    if (!byDma) return;
    this.written.delete(address);
    this.written.set(address, this.now);
    if (this.written.size > REMEMBERED) this.written.delete(this.written.keys().next().value);
  }
}

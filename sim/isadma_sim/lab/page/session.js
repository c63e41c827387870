// One scene being played: stepped, taken back, pulled at, and told again from its address.
import { Program, inp, out } from "./script.js";

// Further than this nobody goes back or is sent: it would take seconds.
export const REPLAYED = 600_000; // halves
const ACTIONS = 300;
const PLAIN = /^(d[0-7]|r|e|x|h)$/;
const PORT = /^(o[0-9a-f]{3}[0-9a-f]{2}|i[0-9a-f]{3})$/;

export class Session {
  constructor(system, scene) {
    this.system = system;
    this.scene = scene;
    this.actions = []; // [half, what]
    this.lost = false; // more was done than an address can tell
    this.restart();
  }

  restart(actions = []) {
    this.actions = actions;
    this.#powered();
  }

  #powered() {
    const { system, scene } = this;
    system.power();
    scene.prepare?.(system);
    system.program = new Program(scene.script(system));
    this.next = 0; // the action to do next, when told again
  }

  get half() {
    return this.system.now;
  }

  get program() {
    return this.system.program;
  }

  step(halves = 1) {
    const { system, actions } = this;
    for (; halves > 0; halves--) {
      while (this.next < actions.length && actions[this.next][0] <= system.now) this.#apply(actions[this.next++][1]);
      system.half();
    }
  }

  // Steps until `stop()`, `limit` halves at most; tells whether it came.
  until(stop, limit) {
    for (let left = limit; left > 0; left--) {
      this.step();
      if (stop()) return true;
    }
    return false;
  }

  // The machine knows no way back: it is played again, up to that half.
  goTo(half) {
    if (half < this.half) {
      this.#powered();
    }
    this.step(Math.min(half, REPLAYED) - this.half);
  }

  get canGoBack() {
    return this.half > 0 && this.half <= REPLAYED;
  }

  // Something the visitor does now, in the code that addresses have: d2, r, e, x, h, o00b46, i008.
  act(what) {
    // What was undone by going back is forgotten.
    this.actions.length = this.next;
    if (this.actions.length < ACTIONS) this.actions.push([this.half, what]);
    else this.lost = true;
    this.next = this.actions.length;
    this.#apply(what);
  }

  #apply(what) {
    const { user, cpu } = this.system;
    switch (what[0]) {
      case "d": user.dreq ^= 1 << Number(what[1]); break;
      case "r": user.ready ^= 1; break;
      case "e": user.eop ^= 1; break;
      case "x": user.reset ^= 1; break;
      case "h": cpu.refuses = !cpu.refuses; break;
      case "o": this.#type(out(parseInt(what.slice(1, 4), 16), parseInt(what.slice(4), 16), "by hand")); break;
      case "i": this.#type(inp(parseInt(what.slice(1), 16), "by hand")); break;
    }
  }

  #type(operation) {
    if (this.program.typed.length < 64) this.program.typed.push(operation);
  }

  get address() {
    const parts = [`scene=${this.scene.id}`];
    const half = Math.min(this.half, REPLAYED);
    if (half) parts.push(`half=${half}`);
    const done = this.actions.slice(0, this.next).map(([when, what]) => `${when}.${what}`);
    if (done.length) parts.push(`do=${done.join("_")}`);
    return `#${parts.join("&")}`;
  }
}

// What an address says; null for what it does not, and a sentence for what is no address of ours.
export function fromAddress(hash, scenes) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const found = { scene: null, half: 0, actions: [], trouble: "" };
  const name = fields.get("scene");
  if (name === null) return found;
  found.scene = scenes.find((scene) => scene.id === name) ?? null;
  if (!found.scene) found.trouble = `There is no scene called “${name.slice(0, 40)}”: this is the first one.`;
  const half = Number(fields.get("half") ?? 0);
  if (Number.isInteger(half) && half >= 0) found.half = Math.min(half, REPLAYED);
  else found.trouble ||= "The address names no half clock: the scene stands at its beginning.";
  for (const word of (fields.get("do") ?? "").split("_").filter(Boolean).slice(0, ACTIONS)) {
    const [when, what] = word.split(".");
    const fine = /^\d{1,9}$/.test(when) && what && (PLAIN.test(what) || PORT.test(what));
    if (fine) found.actions.push([Number(when), what]);
    else found.trouble ||= `The address has “${word.slice(0, 20)}”, which is nothing one can do: it was left out.`;
  }
  found.actions.sort((one, other) => one[0] - other[0]);
  return found;
}

// What a scene is made of: port accesses, pauses, and notes beside them; and who plays it.

export const out = (port, value, what = "") => ({ kind: "out", port, value, what });
export const inp = (port, what = "", then = null) => ({ kind: "in", port, what, then });
export const idle = (clocks) => ({ kind: "idle", clocks });
export const act = (run) => ({ kind: "act", run });
// Waits for something on the bus; a scene in which it never comes is told so, and goes on.
export const until = (true_, what) => ({ kind: "until", true_, what });
export const note = (title, text) => ({ kind: "note", title, text });

const PATIENCE = 400_000; // halves

export class Program {
  constructor(operations) {
    this.operations = operations;
    this.at = 0;
    this.notes = -1; // number of the note that counts now
    this.waited = 0;
    this.noteCame = false;
    this.said = []; // what reads have returned, newest last
    this.typed = []; // the user's own accesses: they come first
    this.failed = "";
  }

  get over() {
    return this.at >= this.operations.length && !this.typed.length;
  }

  // The middle of a state: take the next thing, where the processor is free for it.
  next(system) {
    const { cpu } = system;
    const free = !cpu.busy && !cpu.hlda && (!system.bus.hrq || cpu.refuses);
    if (free && this.typed.length) {
      this.#access(cpu, this.typed.shift());
      return;
    }
    while (this.at < this.operations.length) {
      const operation = this.operations[this.at];
      if (operation.kind === "note") {
        this.notes++;
        this.noteCame = true;
        this.at++;
        return;
      }
      if (operation.kind === "act") {
        operation.run(system);
        this.at++;
        continue;
      }
      if (operation.kind === "idle" || operation.kind === "until") {
        const enough = operation.kind === "idle" ? this.waited >= operation.clocks : operation.true_(system);
        if (!enough && ++this.waited < PATIENCE) return;
        if (!enough) this.failed = operation.what;
        this.waited = 0;
        this.at++;
        continue;
      }
      if (!free) return;
      this.at++;
      this.#access(cpu, operation);
      return;
    }
  }

  #access(cpu, { kind, port, value = 0, what, then }) {
    const write = kind === "out";
    cpu.begin(port, value, write, (seen) => {
      this.said.push({ write, port, value: seen, what });
      if (this.said.length > 64) this.said.shift();
      then?.(seen);
    });
  }
}

// The usual programming of a channel, in the order that every driver has it.
export function programmed({ base, channel, mode, address, count, page = null, unmask = true }) {
  const port = (register) => base.port(register);
  const inside = channel & 3;
  const operations = [
    out(port(0xa), 4 | inside, `mask channel ${channel}`),
    out(port(0xc), 0, "first/last flip-flop to low"),
    out(port(0xb), mode | inside, `mode ${(mode | inside).toString(16).toUpperCase()}h`),
    out(port(2 * inside), address & 0xff, "address, low byte"),
    out(port(2 * inside), (address >>> 8) & 0xff, "address, high byte"),
    out(port(2 * inside + 1), count & 0xff, "count, low byte"),
    out(port(2 * inside + 1), (count >>> 8) & 0xff, "count, high byte"),
  ];
  if (page !== null) operations.push(out(page.port, page.value, "page register"));
  if (unmask) operations.push(out(port(0xa), inside, `unmask channel ${channel}`));
  return operations;
}

// What a scene ends with, held against what the data sheet says: the tests ask for it.
export const differs = (what, seen, wanted) =>
  JSON.stringify(seen) === JSON.stringify(wanted) ? [] : [`${what}: ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`];

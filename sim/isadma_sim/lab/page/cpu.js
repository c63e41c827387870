// A processor seen from the bus: port accesses one after the other, and HOLD.
// It moves its pins at CLK's rising edge, in the middle of a state, and HLDA at the falling one.

// Clocks of an access: address, strobe, address again, and a pause before anything else.
const SETUP = 1, STROBE = 3, HOLD = 1, PAUSE = 2;

export class Cpu {
  constructor() {
    this.power();
  }

  power() {
    this.access = null; // { port, value, write, done }
    this.clock = 0;
    this.hlda = 0;
    this.waited = 0;
    this.delay = 1; // clocks from HRQ to HLDA
    this.refuses = false; // the user keeps the bus for the processor
    this.taken = 0; // port accesses made
  }

  get busy() {
    return this.access !== null;
  }

  get strobing() {
    return this.access !== null && this.clock >= SETUP && this.clock < SETUP + STROBE;
  }

  get addressing() {
    return this.access !== null && this.clock < SETUP + STROBE + HOLD;
  }

  begin(port, value, write, done) {
    this.access = { port, value, write, done };
    this.clock = -1;
  }

  // CLK fell: HLDA.
  fall(hrq) {
    if (!hrq) {
      this.hlda = this.waited = 0;
    } else if (!this.hlda && !this.busy && !this.refuses) {
      if (this.waited >= this.delay) this.hlda = 1;
      this.waited++;
    }
  }

  // CLK rose: the next clock of the access. `seen` is what the data bus showed in the half before.
  rise(seen) {
    if (!this.access) return;
    const strobed = this.strobing;
    this.clock++;
    if (strobed && !this.strobing) this.access.value = this.access.write ? this.access.value : seen;
    if (this.clock >= SETUP + STROBE + HOLD + PAUSE) {
      const { done, value } = this.access;
      this.access = null;
      this.taken++;
      done?.(value);
    }
  }
}

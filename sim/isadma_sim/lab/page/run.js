// Lets a session run: so many halves a second, or as many as fit into a frame.

// What the slider says: halves a second, and how it reads.
export const SPEEDS = [
  [2, "1 clock/s"], [6, "3 clocks/s"], [16, "8 clocks/s"], [50, "25 clocks/s"], [400, "200 clocks/s"], [10_000, "5,000 clocks/s"], [Infinity, "as fast as it goes"],
];
const BUDGET = 11; // milliseconds of a frame
const CHUNK = 512; // halves between two looks at the clock

export class Runner {
  // `pause()` tells after each half whether to stop; `drawn()` shows a frame; `stopped(why)` ends it.
  constructor({ step, pause, drawn, stopped }) {
    Object.assign(this, { step, pause, drawn, stopped });
    this.on = false;
    this.speed = 2;
    this.rate = 0; // clocks a second, measured
  }

  start() {
    if (this.on) return;
    this.on = true;
    this.before = performance.now();
    this.owed = 1;
    this.rate = 0;
    this.#frame();
  }

  stop(why = "") {
    if (!this.on) return;
    this.on = false;
    cancelAnimationFrame(this.handle);
    this.stopped(why);
  }

  #frame() {
    this.handle = requestAnimationFrame((now) => {
      if (!this.on) return;
      const passed = Math.min(250, Math.max(0, now - this.before));
      this.before = now;
      const pace = SPEEDS[this.speed][0];
      this.owed = pace === Infinity ? Infinity : Math.min(this.owed + (pace * passed) / 1000, pace);
      const why = this.#work(passed);
      this.drawn();
      if (why) this.stop(why);
      else if (this.on) this.#frame();
    });
  }

  #work(passed) {
    const begin = performance.now();
    let done = 0;
    while (this.owed >= 1) {
      this.step();
      done++;
      this.owed--;
      const why = this.pause();
      if (why) return why;
      if (done % CHUNK === 0 && performance.now() - begin > BUDGET) {
        if (this.owed !== Infinity) this.owed = 0;
        break;
      }
    }
    if (passed > 0) this.rate = this.rate * 0.9 + (done / 2 / (passed / 1000)) * 0.1;
    return "";
  }
}

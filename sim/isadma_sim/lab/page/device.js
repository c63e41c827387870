// A device on one channel: bytes (or words) to give or to take, and when it asks for the next one.

export class Device {
  // `gives`: what goes to memory; without it the device takes. `gap`: clocks between two requests, null holds DREQ.
  constructor({ name, channel, gives = null, takes = 0, gap = null, width = 1, stopAt = null }) {
    Object.assign(this, { name, channel, gives, takes, gap, width, stopAt });
    this.moved = [];
    this.due = 0;
    this.asks = false;
    this.over = false; // terminal count came
    this.pulls = false; // it pulls EOP#
    this.overrun = 0;
  }

  get left() {
    return (this.gives ? this.gives.length : this.takes) - this.moved.length;
  }

  // CLK fell.
  fall(clock, acknowledged) {
    if (this.over || this.left <= 0) {
      this.asks = false;
      return;
    }
    if (this.gap === null) {
      this.asks = true;
    } else if (acknowledged) {
      this.asks = false;
    } else if (!this.asks && clock >= this.due) {
      this.asks = true;
      this.due = clock + this.gap;
    }
    this.pulls = this.stopAt !== null && this.moved.length >= this.stopAt && acknowledged;
  }

  get offers() {
    return this.gives && this.moved.length < this.gives.length ? this.gives[this.moved.length] : 0xffff;
  }

  // The strobe that moved a value has ended.
  moves(value, last) {
    this.moved.push(value);
    if (last) this.over = true;
  }
}

// A window on the memory: what DMA wrote marked, and whose page it is.
import { hex } from "./bits.js";
import { el, say, toggle } from "./dom.js";

// Bytes that are shown, and in a row.
const WINDOW = 96;
const BYTES = 8;

export class MemoryView {
  constructor(host) {
    this.base = 0;
    this.rows = Array.from({ length: WINDOW / BYTES }, () => {
      const cells = Array.from({ length: BYTES }, () => el("td"));
      const address = el("th", { scope: "row" });
      const owner = el("td", { class: "frame-owner" });
      return { address, cells, owner, row: el("tr", {}, address, ...cells, owner) };
    });
    const table = el("table", { class: "memory" }, el("caption", { class: "hidden" }, `Memory, ${BYTES} bytes a row`), el("tbody", {}, ...this.rows.map((row) => row.row)));
    host.replaceChildren(el("div", { class: "scrolls" }, table));
  }

  // Begins the window there, and says how that reads.
  look(address, size) {
    this.base = Math.min(Math.max(0, address & ~15), size - WINDOW);
    return hex(this.base, size > 0x10000 ? 6 : 4);
  }

  draw(system) {
    const digits = system.memory.length > 0x10000 ? 6 : 4;
    this.rows.forEach(({ address, cells, owner }, row) => {
      const base = this.base + row * BYTES;
      say(address, hex(base, digits));
      const frame = system.frames.find((each) => base >= each.base && base < each.base + each.size);
      say(owner, frame ? frame.owner : "");
      owner.dataset.kind = frame ? frame.kind : "";
      cells.forEach((cell, at) => {
        const place = base + at;
        say(cell, system.memory[place].toString(16).toUpperCase().padStart(2, "0"));
        const when = system.written.get(place);
        toggle(cell, "dma", when !== undefined);
        toggle(cell, "fresh", when !== undefined && system.now - when < 20);
        toggle(cell, "addressed", system.bus.driven && (system.bus.address & ~(system.bus.wide ? 1 : 0)) === place);
      });
    });
  }
}

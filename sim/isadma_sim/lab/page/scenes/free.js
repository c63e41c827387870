// Nothing prepared: the chip, and the board, for experiments of one's own.
import { Device } from "../device.js";
import { idle, note } from "../script.js";
import { CASCADE } from "./at.js";

const counting = (channel, wide) => new Device({
  name: "a counter", channel, gives: Array.from({ length: 4096 }, (_, n) => (wide ? n * 0x0101 : n) & (wide ? 0xffff : 0xff)), gap: Infinity,
});
const LINES = ["clk", "state0", "state1", "dreq0", "dreq1", "dreq2", "dreq3", "hrq", "hlda", "aen", "a", "d", "memr", "memw", "ior", "iow", "ready", "eop", "tc"];

// A counter sits on every channel and waits: it gives bytes when the visitor presses its request.
function prepare(system) {
  for (const channel of system.wiring.channels) {
    const device = counting(channel, channel > 4);
    device.due = Infinity;
    system.devices.push(device);
  }
}

const notes = [
  note("Your turn", "Write a mode, an address, a count, and unmask a channel, by name or by port. Then press its request and step. On every channel sits a card that counts: it gives 00h, 01h, 02h to whoever acknowledges it."),
  idle(2),
  note("Ideas", "Program half an address and see where the byte goes. Ask on two channels at once. Hold READY. Take the request back before HLDA. Set DACK active high. Send Master Clear in the middle of a block."),
  idle(2),
];

export const freeChip = {
  id: "chip", machine: "chip", title: "Free: the chip", look: 0, lines: LINES, prepare, script: () => notes,
  summary: "The 8237A after RESET, 64 Kbyte of memory, and a card on each channel.", checks: () => [],
};

export const freeBoard = {
  id: "board", machine: "at", title: "Free: the AT board", look: 0, lines: LINES, prepare, script: () => [...CASCADE, ...notes],
  summary: "Two controllers, the cascade set up, 16 Mbyte of memory, and a card on each channel.", checks: () => [],
};

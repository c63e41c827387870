// Priority, fixed and rotating: four devices that all want the bus.
import { Device } from "../device.js";
import { chip } from "../wiring_chip.js";
import { act, differs, idle, note, out, programmed, until } from "../script.js";

const EACH = 3;
const base = chip.bases[0];
const crowd = () => [0, 1, 2, 3].map((number) =>
  new Device({ name: `device ${number}`, channel: number, gives: Array(EACH).fill(0x10 * (number + 1)), gap: null }));
const AUTOINITIALIZED = 0x54; // single, to memory: counts and addresses come back by themselves

export const rotating = {
  id: "rotating",
  machine: "chip",
  title: "Rotating priority",
  look: 0x4000,
  lines: ["clk", "state0", "dreq0", "dreq1", "dreq2", "dreq3", "hrq", "hlda", "dack0", "dack1", "dack2", "dack3", "a", "ior", "memw"],
  summary: "Four devices ask at once, and go on asking. Who is served?",
  script: () => [
    note("Fixed: the lowest number wins", "Each device has three bytes. After every byte the bus is free for a moment and all of them ask again: with fixed priority channel 0 is served until it has enough, then channel 1. The last one waits for nine bytes of others."),
    ...[0, 1, 2, 3].flatMap((number) =>
      programmed({ base, channel: number, mode: AUTOINITIALIZED, address: 0x4000 + 0x10 * number, count: EACH - 1 })),
    act((system) => system.devices.push(...crowd())),
    until((system) => system.order.length === 4 * EACH, "twelve bytes"),
    note("Rotating: whoever was served goes last", "Bit 4 of the command register. Now the channel that had the bus becomes the lowest, and the next one in the ring the highest: 0, 1, 2, 3, and again. Nobody waits for more than three others."),
    out(8, 0x10, "command: rotating priority"),
    act((system) => (system.devices = crowd())),
    until((system) => system.order.length === 8 * EACH, "twelve bytes more"),
    note("Which one a driver wants", "A floppy that is served late loses a byte, and its channel 2 stands above the rest of DMA 1's only because channel 0 and 1 are quiet. PCs use fixed priority; the cascade puts all of DMA 1 above channels 5 to 7."),
    idle(8),
  ],
  checks: (system) => [
    ...differs("the order", system.order, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]),
    ...differs("channel 3's bytes", Array.from(system.memory.slice(0x4030, 0x4034)), [0x40, 0x40, 0x40, 0]),
  ],
};

// A masked channel: a request that nobody hears, and how software sees it all the same.
import { Device } from "../device.js";
import { act, differs, idle, inp, note, out, until } from "../script.js";
import { CASCADE, SINGLE_TO_MEMORY, channel } from "./at.js";

const BUFFER = 0x00a000;

export const masked = {
  id: "masked",
  machine: "at",
  title: "A masked channel",
  look: BUFFER,
  lines: ["clk", "state0", "dreq3", "hrq", "hlda", "aen", "dack3", "a", "d", "ior", "iow", "memw", "tc"],
  summary: "The commonest bug of a DMA driver: everything is set, the device asks, and nothing moves.",
  prepare: (system) => system.devices.push(new Device({ name: "scanner", channel: 3, gives: [0x33, 0x34, 0x35, 0x36] })),
  script: () => [
    note("It asks, and nobody answers", "DRQ3 is high, mode, address and count are right. But the mask bit of channel 3 is set, as RESET leaves it and as every driver sets it first. HRQ stays low for ever."),
    ...CASCADE,
    ...channel(3, { mode: SINGLE_TO_MEMORY, address: BUFFER, count: 1, unmask: false }),
    idle(12),
    note("Status tells", "Port 08h, bits 7 to 4: who asks, whatever the mask. It reads 80h: channel 3 wants something. A driver that times out looks here before it blames its device."),
    inp(0x08, "status of DMA 1: 80h"),
    idle(4),
    note("Unmasked at last", "03h to port 0Ah. From the next clock on the request counts, and two bytes go. Always the last write of all: an unmasked channel with half an address in it writes into memory that is not yours."),
    out(0x0a, 0x03, "unmask channel 3"),
    until((system) => system.irq & 8, "terminal count"),
    note("Masked again", "At terminal count the channel masks itself, unless it autoinitializes. The scanner has two bytes left and its DRQ3 is up; they stay where they are until somebody sets the channel up anew."),
    act((system) => (system.devices[0].over = false)),
    idle(12),
    inp(0x08, "status: 88h"),
    idle(4),
  ],
  checks: (system) => [
    ...differs("what moved", Array.from(system.memory.slice(BUFFER, BUFFER + 3)), [0x33, 0x34, 0]),
    ...differs("the status, before and after", system.program.said.filter((each) => !each.write).map((each) => each.value), [0x80, 0x88]),
    ...differs("the mask", system.core.registers(0).mask, 15),
  ],
};

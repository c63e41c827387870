// Two controllers: bytes through DMA 1 and the cascade, words through DMA 2.
import { Device } from "../device.js";
import { act, differs, idle, note, until } from "../script.js";
import { CASCADE, DEMAND_TO_MEMORY, SINGLE_TO_MEMORY, channel, ends } from "./at.js";

const BYTES = 0x031000;
const WORDS = 0x052000;

export const cascade = {
  id: "cascade",
  machine: "at",
  title: "The cascade",
  look: BYTES,
  lines: ["clk", "state0", "state1", "dreq1", "dreq5", "hrq", "hlda", "aen", "dack1", "dack5", "a", "d", "ior", "memw"],
  summary: "An AT has two 8237As. The first asks for the bus on a channel of the second: so there are eight channels, and seven for drivers.",
  prepare: (system) => system.devices.push(new Device({ name: "sound", channel: 1, gives: [0x11, 0x22], gap: 30 })),
  script: () => [
    note("A way that is shut", "Channel 1 is programmed and unmasked, and its card asks. DMA 1 raises its HRQ and stands in S0; but its HRQ goes to channel 4 of DMA 2, which is masked since RESET. So HRQ to the processor stays low."),
    ...channel(1, { mode: SINGLE_TO_MEMORY, address: BYTES, count: 1 }),
    idle(14),
    note("Cascade mode", "C0h to port D6h puts channel 4 into cascade mode, 00h to port D4h unmasks it: every BIOS does that at power-up. DMA 2 now passes the request on, and answers DACK4 as DMA 1's HLDA. In SC it drives nothing: DMA 1 has the bus."),
    ...CASCADE,
    until((system) => ends(system, 1), "terminal count on channel 1"),
    note("Words", "Channels 5 to 7 belong to DMA 2 and move 16 bits. The chip counts words, so the board shifts its address one up: A0 is always 0, and a block is up to 128 Kbyte. Bit 0 of the page register counts for nothing."),
    act((system) => {
      system.devices.push(new Device({ name: "fast disk", channel: 5, gives: [0xbeef, 0xcafe, 0xf00d] }));
      system.attention = WORDS;
    }),
    ...channel(5, { mode: DEMAND_TO_MEMORY, address: WORDS, count: 2 }),
    until((system) => ends(system, 5), "terminal count on channel 5"),
    note("Scarce, and never shared", "Seven channels, some spoken for: 2 is the floppy's, and cards bring theirs by a jumper. Two cards on one line would both answer one DACK and drive the data bus together. So a driver claims its channel first; /proc/dma lists who has which."),
    idle(8),
  ],
  checks: (system) => [
    ...differs("bytes", Array.from(system.memory.slice(BYTES, BYTES + 3)), [0x11, 0x22, 0]),
    ...differs("words", Array.from(system.memory.slice(WORDS, WORDS + 6)), [0xef, 0xbe, 0xfe, 0xca, 0x0d, 0xf0]),
    ...differs("the order", system.order, [1, 1, 5, 5, 5]),
  ],
};

// A sector of a floppy by DMA on channel 2: 512 bytes, one interrupt.
import { Device } from "../device.js";
import { act, differs, idle, inp, note, until } from "../script.js";
import { CASCADE, SINGLE_TO_MEMORY, channel, ends } from "./at.js";

const BUFFER = 0x012300;
const SECTOR = Array.from({ length: 512 }, (_, n) => (n * 7 + 1) & 0xff);
// A 1.44M floppy has a byte every 16 µs: 64 clocks of the AT's DMA.
const PACE = 64;

export const sector = {
  id: "sector",
  machine: "at",
  title: "A sector by DMA",
  look: BUFFER,
  lines: ["clk", "state0", "state1", "dreq2", "hrq", "hlda", "aen", "dack2", "a", "d", "ior", "memw", "tc"],
  summary: "The floppy drive turns whether anybody listens or not: 512 bytes, one every 16 µs. By interrupts that is 512 times enter, read, store, leave. By DMA it is one.",
  prepare(system) {
    system.devices.push(new Device({ name: "floppy", channel: 2, gives: SECTOR, gap: PACE }));
    system.devices[0].due = Infinity;
  },
  script: () => [
    note("Tell the board once", "Channel 2 is the floppy's, wired so since 1981. Mode 46h, address, count 511, and the page register at port 81h: the controller has 16 address bits, the page gives A16 to A23. So it reaches the lowest 16 Mbyte, and nothing above."),
    ...CASCADE,
    ...channel(2, { mode: SINGLE_TO_MEMORY, address: BUFFER, count: SECTOR.length - 1 }),
    note("The processor goes on", "The command is sent, and the processor computes something else. Whenever the drive has a byte, DRQ2 rises; DMA 1 asks DMA 2, DMA 2 asks the processor for the bus, borrows it for a few clocks, and gives it back."),
    act((system) => (system.devices[0].due = 0)),
    until((system) => system.devices[0].moved.length >= 4, "the fourth byte"),
    note("511, 510, 509 …", "The count goes down and the address up, in the chip. Between two bytes the processor has the bus for some fifty clocks: watch HLDA. Run at full speed to the end of the sector."),
    until((system) => ends(system, 2), "terminal count"),
    note("One interrupt", "With the last byte TC is high for a clock. The floppy controller sees it and raises IRQ 6: the only interrupt of all 512 bytes. Then the processor reads the status: bit 2 says that channel 2 has reached its count."),
    inp(0x08, "status of DMA 1: 04h"),
    idle(8),
  ],
  checks: (system) => [
    ...differs("the sector", Array.from(system.memory.slice(BUFFER, BUFFER + 512)), SECTOR),
    ...differs("the byte after it", system.memory[BUFFER + 512], 0),
    ...differs("the status", system.program.said.at(-1).value, 0x04),
  ],
};

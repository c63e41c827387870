// Refresh: memory that forgets, and who reminds it.
import { Device } from "../device.js";
import { act, differs, idle, note, out, until } from "../script.js";
import { CASCADE, SINGLE_TO_MEMORY, channel } from "./at.js";

// Counter 1 divides 1.19 MHz by 18: 15 µs, 60 clocks of the AT's DMA.
const EVERY = 60;

export const refresh = {
  id: "refresh",
  machine: "at",
  title: "Refresh",
  look: 0x010000,
  lines: ["clk", "state0", "dreq2", "hrq", "hlda", "aen", "dack2", "refresh", "a", "memr", "ior", "memw"],
  summary: "Dynamic memory forgets in milliseconds unless each of its rows is read in time. Every 15 µs the timer asks for the bus to read one.",
  prepare: (system) => system.devices.push(new Device({ name: "floppy", channel: 2, gives: [0x71, 0x72, 0x73], gap: 64 })),
  script: () => [
    note("Four clocks of every sixty", "On a PC and XT this is what channel 0 is for: a read transfer of nothing to nobody. The AT has a circuit of its own, so channel 0 is free there. It asks for the bus like the DMA does, drives a row address, and pulls MEMR#. REFRESH# tells cards to keep away."),
    out(0x8f, 0x00, "page for refresh"),
    ...CASCADE,
    act((system) => (system.refreshEvery = EVERY)),
    until((system) => system.refreshes === 3, "three refreshes"),
    note("The row counter", "A7 to A0 step by one with each refresh: 256 rows in 4 ms. No byte goes anywhere; reading a row is what restores it. It costs about 7 % of the bus, and everybody pays."),
    ...channel(2, { mode: SINGLE_TO_MEMORY, address: 0x010000, count: 2 }),
    until((system) => system.irq & 4, "terminal count"),
    note("Who comes first", "DMA and refresh ask through one gate. Whoever asked first has the bus, and the other waits a few clocks: a card that holds the bus for long, in demand or block mode, holds up the refresh too, and memory forgets."),
    until((system) => system.refreshes >= 8, "five refreshes more"),
    idle(8),
  ],
  checks: (system) => [
    ...differs("what came by DMA", Array.from(system.memory.slice(0x010000, 0x010004)), [0x71, 0x72, 0x73, 0]),
    ...differs("eight refreshes", system.refreshes >= 8, true),
    ...differs("bytes written beside", system.written.size, 3),
  ],
};

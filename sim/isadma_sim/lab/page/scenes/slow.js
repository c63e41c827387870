// READY and EOP#: a memory that needs time, and a device that has had enough.
import { Device } from "../device.js";
import { chip } from "../wiring_chip.js";
import { act, differs, idle, inp, note, out, programmed, until } from "../script.js";

const base = chip.bases[0];
const BLOCK_TO_MEMORY = 0x84;

export const slow = {
  id: "slow",
  machine: "chip",
  title: "READY and EOP#",
  look: 0x2000,
  lines: ["clk", "state0", "dreq1", "hrq", "hlda", "dack1", "a", "d", "ior", "memw", "ready", "eop"],
  summary: "Two pins with which the world talks back during a transfer: wait, and stop.",
  prepare: (system) => system.devices.push(new Device({ name: "a card", channel: 1, gives: [1, 2, 3, 4, 5, 6, 7, 8], stopAt: 4 })),
  script: () => [
    note("As fast as it goes", "Block mode: the controller keeps the bus until its count is done. Three states a byte, S2 S3 S4; S1 only at the start, because A8 to A15 do not change."),
    ...programmed({ base, channel: 1, mode: BLOCK_TO_MEMORY, address: 0x2000, count: 7 }),
    until((system) => system.devices[0].moved.length === 2, "the second byte"),
    note("READY low: wait", "Slow memory now pulls READY low for two clocks. The controller looks at it where S3 ends, and again at the end of every SW: strobes, address and DACK stand still. That is how a board makes the DMA fit its slowest card."),
    act((system) => (system.waitStates = 2)),
    until((system) => system.devices[0].moved.length === 4, "the fourth byte"),
    act((system) => (system.waitStates = 0)),
    note("EOP# low: stop", "The card has no more, though two bytes are left to count. It pulls EOP#, which is an input too: the transfer under way ends, and the service with it. Status says terminal count for that channel, and it is masked; the count says how many were left."),
    until((system) => !system.bus.hrq, "the end of the service"),
    inp(0x08, "status: 02h, and 20h while it asks"),
    out(0x0c, 0, "first/last flip-flop to low"),
    inp(0x03, "count, low byte: what was left, less one"),
    inp(0x03, "count, high byte"),
    idle(6),
  ],
  checks: (system) => [
    ...differs("it stopped by itself", system.devices[0].moved.length < 8, true),
    ...differs("the mask", system.core.registers(0).mask, 15),
    ...differs("TC, before it was read", system.program.said.at(-4).value & 0x0f, 2),
    ...differs("the count", system.program.said.at(-2).value, 7 - system.devices[0].moved.length),
  ],
};

// The page wrap: an address register of 16 bits has no carry into the page.
import { Device } from "../device.js";
import { act, differs, idle, note, until } from "../script.js";
import { CASCADE, DEMAND_TO_MEMORY, channel, ends } from "./at.js";

const START = 0x02fffc;
const BYTES = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7];

export const wrap = {
  id: "wrap",
  machine: "at",
  title: "The page wrap",
  look: 0x02ffc0,
  lines: ["clk", "state0", "dreq3", "hrq", "hlda", "aen", "dack3", "a", "d", "ior", "memw", "tc"],
  summary: "Eight bytes to 02FFFCh. Four of them arrive where they should.",
  prepare: (system) => system.devices.push(new Device({ name: "a card", channel: 3, gives: BYTES })),
  script: () => [
    note("A buffer across a boundary", "The buffer begins four bytes below 030000h. The controller has 16 address bits: FFFCh. The page register, 02h, is a latch beside it on the board, and knows nothing of carries."),
    ...CASCADE,
    ...channel(3, { mode: DEMAND_TO_MEMORY, address: START, count: BYTES.length - 1 }),
    until((system) => system.devices[0].moved.length === 4, "the fourth byte"),
    note("FFFFh + 1 = 0000h", "Watch A23–A0: after 02FFFFh comes 020000h. The step from FFh to 00h in the low byte also costs an S1, because A8 to A15 have to go out anew; inside a page of 256 bytes it is left out."),
    act((system) => (system.attention = 0x020000)),
    until((system) => ends(system, 3), "terminal count"),
    note("Somebody else's memory", "Bytes five to eight lie at 020000h, 64 Kbyte below, in memory that was not asked. So a driver cuts a transfer at every 64 Kbyte, 128 Kbyte for words, or takes its buffer from an allocator that never crosses one."),
    idle(8),
  ],
  checks: (system) => [
    ...differs("below the boundary", Array.from(system.memory.slice(START, START + 4)), BYTES.slice(0, 4)),
    ...differs("above it", Array.from(system.memory.slice(0x030000, 0x030004)), [0, 0, 0, 0]),
    ...differs("where it went", Array.from(system.memory.slice(0x020000, 0x020004)), BYTES.slice(4)),
  ],
};

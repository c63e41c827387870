// An unlocked page: the controller knows no virtual memory, so its buffer must be contiguous and stay where it is.
import { Device } from "../device.js";
import { act, differs, idle, note, until } from "../script.js";
import { CASCADE, SINGLE_TO_MEMORY, channel } from "./at.js";

const PAGE = 0x1000;
const FIRST = 0x012000;
const SECOND = 0x035000;
const NEXT = 0x013000; // behind the first, and another program's
const SWAPPED = 0x020000;
const CARD = (from) => Array.from({ length: 16 }, (_, n) => from + n);
const OTHERS = 0xee;

const frame = (base, owner, kind) => ({ base, size: PAGE, owner, kind });
const device = (from) => new Device({ name: "sound", channel: 1, gives: CARD(from), gap: 24 });

function fill(system, base, value) {
  for (let at = base; at < base + PAGE; at++) system.poke(at, value);
}

export const unlocked = {
  id: "unlocked",
  machine: "at",
  title: "An unlocked page",
  look: NEXT - 0x40,
  lines: ["clk", "state0", "dreq1", "hrq", "hlda", "aen", "dack1", "a", "d", "ior", "memw", "tc"],
  summary: "A program sees one buffer. The controller sees 24 address lines: no page table, no protection, no swapping.",
  prepare(system) {
    system.frames = [frame(FIRST, "ours, 1", "ours"), frame(SECOND, "ours, 2", "ours"), frame(NEXT, "another’s", "other"), frame(SWAPPED, "ours, 3", "ours")];
    fill(system, NEXT, OTHERS);
  },
  script: () => [
    note("One buffer, two frames", "In the program's addresses the buffer is 16 bytes in a row. The page table has put its first half at the end of frame 012000h, and its second half at the beginning of frame 035000h. A naive driver gives the controller the first address and the whole length."),
    ...CASCADE,
    act((system) => system.devices.push(device(0x40))),
    ...channel(1, { mode: SINGLE_TO_MEMORY, address: NEXT - 8, count: 15 }),
    until((system) => system.devices[0].moved.length === 8, "the eighth byte"),
    note("Straight on", "The ninth byte goes to 013000h: physical addresses have no gaps. That frame is another program's, and nothing protects it: the page table is the processor's, and the processor is not asked. A buffer must be physically contiguous, or be cut at its pages."),
    until((system) => system.irq & 2, "terminal count"),
    note("A page that moves", "Now all of the buffer lies in one frame, 020000h. But it is not locked: while the card is still sending, the system needs memory, writes the frame to its swap file and gives it to another program."),
    act((system) => {
      system.irq = 0;
      system.devices = [device(0x60)];
      system.attention = SWAPPED;
    }),
    ...channel(1, { mode: SINGLE_TO_MEMORY, address: SWAPPED, count: 15 }),
    until((system) => system.devices[0].moved.length === 6, "the sixth byte"),
    act((system) => {
      fill(system, SWAPPED, OTHERS);
      system.frames[3] = frame(SWAPPED, "another’s", "other");
      system.frames = [...system.frames];
    }),
    note("Six bytes gone, ten too many", "The first six bytes are in the swap file; the rest lands in a frame that is not the program's any more. So a driver locks the pages of a buffer before it unmasks the channel, and unlocks them after terminal count."),
    until((system) => system.irq & 2, "terminal count"),
    idle(8),
  ],
  checks: (system) => [
    ...differs("the first half", Array.from(system.memory.slice(NEXT - 8, NEXT)), CARD(0x40).slice(0, 8)),
    ...differs("what another program lost", Array.from(system.memory.slice(NEXT, NEXT + 9)), [...CARD(0x40).slice(8), OTHERS]),
    ...differs("the second page", system.memory[SECOND], 0),
    ...differs("the page that moved", Array.from(system.memory.slice(SWAPPED, SWAPPED + 17)), [...Array(6).fill(OTHERS), ...CARD(0x60).slice(6), OTHERS]),
  ],
};

// What every scene of the AT's board begins with, and its channels' ports.
import { at } from "../wiring_at.js";
import { out, programmed } from "../script.js";

// As every BIOS does at power-up: channel 4 is the way of DMA 1 to the bus.
export const CASCADE = [out(0xd6, 0xc0, "DMA 2: channel 4 cascades"), out(0xd4, 0x00, "DMA 2: unmask channel 4")];

// A channel of the board programmed: `address` in bytes, as the processor sees memory.
export function channel(number, { mode, address, count, unmask = true }) {
  const words = number > 4;
  return programmed({
    base: at.bases[words ? 1 : 0],
    channel: number,
    mode,
    address: (words ? address >>> 1 : address) & 0xffff,
    count,
    page: { port: at.pages[number], value: address >>> 16 },
    unmask,
  });
}

export const SINGLE_TO_MEMORY = 0x44;
export const SINGLE_FROM_MEMORY = 0x48;
export const DEMAND_TO_MEMORY = 0x04;

export const ends = (system, number) => Boolean((system.irq >> number) & 1);

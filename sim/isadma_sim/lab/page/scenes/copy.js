// Memory to memory: the controller reads a byte, keeps it, and writes it.
import { chip } from "../wiring_chip.js";
import { differs, idle, inp, note, out, programmed, until } from "../script.js";

const FROM = 0x1000;
const TO = 0x1040;
const FILLED = 0x1060;
const BLOCK_READ = 0x88;
const BLOCK_WRITE = 0x84;
const TEXT = Array.from("by DMA", (letter) => letter.charCodeAt(0));
const base = chip.bases[0];
const quiet = (system) => system.now > 4 && !system.bus.hrq && !system.core.inside(0, "request");

export const copy = {
  id: "copy",
  machine: "chip",
  title: "Memory to memory",
  look: FROM,
  lines: ["clk", "state0", "hrq", "hlda", "aen", "adstb", "a", "d", "memr", "memw", "eop"],
  summary: "Channels 0 and 1 together copy a block without any device. It takes eight states a byte, and a software request starts it.",
  prepare: (system) => TEXT.forEach((byte, n) => system.poke(FROM + n, byte)),
  script: () => [
    note("Two channels, one copy", "Channel 0 has the source, channel 1 the destination and the count. Bit 0 of the command register joins them. No DREQ exists for memory, so the processor sets the request bit of channel 0: the only request that no mask holds back."),
    out(8, 0x01, "command: memory to memory"),
    ...programmed({ base, channel: 0, mode: BLOCK_READ, address: FROM, count: TEXT.length - 1, unmask: false }),
    ...programmed({ base, channel: 1, mode: BLOCK_WRITE, address: TO, count: TEXT.length - 1, unmask: false }),
    out(9, 0x04, "request channel 0"),
    until((system) => system.bus.aen, "AEN"),
    note("S11 to S14, S21 to S24", "Four states read the byte into the temporary register, four write it from there. ADSTB comes in each half, because the two addresses differ. No DACK: nobody is to be acknowledged."),
    until((system) => quiet(system), "the end of the copy"),
    note("Fill: the source stands still", "With bit 1 of the command register channel 0 holds its address: the same byte goes everywhere. On an AT this is no use: the page register of channel 0 serves both halves, and a REP MOVSW of its processor is faster."),
    out(8, 0x03, "command: and channel 0 holds"),
    ...programmed({ base, channel: 0, mode: BLOCK_READ, address: FROM + 3, count: 3, unmask: false }),
    ...programmed({ base, channel: 1, mode: BLOCK_WRITE, address: FILLED, count: 3, unmask: false }),
    out(9, 0x04, "request channel 0"),
    until((system) => system.bus.aen, "AEN"),
    until((system) => quiet(system), "the end of the fill"),
    inp(0x0d, "temporary register"),
    idle(6),
  ],
  checks: (system) => [
    ...differs("the copy", Array.from(system.memory.slice(TO, TO + 7)), [...TEXT, 0]),
    ...differs("the fill", Array.from(system.memory.slice(FILLED, FILLED + 5)), [0x44, 0x44, 0x44, 0x44, 0]),
    ...differs("the temporary register", system.program.said.at(-1).value, 0x44),
    ...differs("TC bits", system.core.registers(0).reached, 2),
  ],
};

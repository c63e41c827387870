// The 82C37A: the same chip in CMOS, which tells what the first one keeps to itself.
import { chip } from "../wiring_chip.js";
import { differs, idle, inp, note, out, programmed } from "../script.js";

const base = chip.bases[0];

export const readback = {
  id: "readback",
  machine: "cmos",
  title: "The 82C37A reads back",
  look: 0,
  lines: ["clk", "state0", "hrq", "a", "d", "ior", "iow"],
  summary: "An 8237A cannot say what is in its mode, mask, request and command registers. Its CMOS successor can, at ports where the first one's reads are illegal.",
  script: () => [
    note("Write", "Two channels get a mode, the command register gets rotating priority, channel 3 a request while the controller is disabled. A driver on an 8237A has to keep a copy of all that: on a PC nobody else knows."),
    out(8, 0x14, "command: rotating, disabled"),
    ...programmed({ base, channel: 1, mode: 0x58, address: 0x1000, count: 9 }),
    ...programmed({ base, channel: 2, mode: 0x44, address: 0x2000, count: 9, unmask: false }),
    out(9, 0x07, "request channel 3"),
    note("Read", "Port 0Ah gives the command, 09h the requests, 0Fh the masks, both with the upper four bits set. Port 0Bh gives the modes, one after the other; a read of port 0Eh begins with channel 0. The two lowest bits of a mode read as ones."),
    inp(0x0a, "command"),
    inp(0x09, "requests"),
    inp(0x0f, "masks"),
    inp(0x0e, "mode counter to channel 0"),
    inp(0x0b, "mode of channel 0"),
    inp(0x0b, "mode of channel 1"),
    inp(0x0b, "mode of channel 2"),
    idle(4),
  ],
  checks: (system) => {
    const read = system.program.said.filter((each) => !each.write).map((each) => each.value);
    return [
      ...differs("command, requests, masks", read.slice(0, 3), [0x14, 0xf8, 0xfd]),
      ...differs("modes of channels 1 and 2", read.slice(-2), [0x5b, 0x47]),
    ];
  },
};

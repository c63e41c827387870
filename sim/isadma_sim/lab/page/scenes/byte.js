// One byte from a device to memory: the transfer of the data sheet's figure 11.
import { Device } from "../device.js";
import { chip } from "../wiring_chip.js";
import { act, differs, idle, note, programmed, until } from "../script.js";

const BUFFER = 0x1234;

export const byte = {
  id: "byte",
  machine: "chip",
  title: "One byte",
  look: BUFFER,
  lines: ["clk", "state0", "dreq2", "hrq", "hlda", "aen", "adstb", "dack2", "a", "d", "ior", "memw", "eop"],
  summary: "A device has a byte. The processor has told the controller once where it belongs, and now does nothing.",
  prepare(system) {
    system.devices.push(new Device({ name: "a device", channel: 2, gives: [0x5a], gap: 40 }));
    system.devices[0].due = Infinity;
  },
  script: () => [
    note("Five numbers, written once", "The processor programs channel 2: mode 46h (single, to memory), address 1234h, count 0. A count of 0 means one transfer: the register holds transfers minus one. Each 16-bit register takes two writes to one port, low byte first; a flip-flop says which byte is next."),
    ...programmed({ base: chip.bases[0], channel: 2, mode: 0x44, address: BUFFER, count: 0 }),
    idle(2),
    note("The device asks", "DREQ2 rises. The controller samples it at the end of SI, and answers by asking the processor for the bus: HRQ. In S0 it waits for HLDA. With interrupts the processor would now stop its program, save it, read a port, store the byte and go back, for each byte anew."),
    act((system) => (system.devices[0].due = 0)),
    until((system) => system.bus.aen, "AEN"),
    note("Four states move it", "S1 puts the address out, its upper byte on the data bus while ADSTB is high. S2 acknowledges with DACK2# and reads the device: IOR#. S3 writes memory: MEMW#. The byte goes from one to the other on the data bus and never enters the controller."),
    until((system) => !system.bus.hrq, "the end of the service"),
    note("Terminal count", "The count passed zero, so EOP# was low with the last byte: that is how a device learns that its block is done, and then it interrupts, once. The count now reads FFFFh, the status has bit 2 set, and the channel has masked itself."),
    idle(6),
  ],
  checks: (system) => [
    ...differs("the byte in memory", system.memory[BUFFER], 0x5a),
    ...differs("the count", system.core.registers(0).channels[2].count, 0xffff),
    ...differs("the address", system.core.registers(0).channels[2].address, BUFFER + 1),
    ...differs("TC bits", system.core.registers(0).reached, 4),
    ...differs("the mask", system.core.registers(0).mask, 0xf),
  ],
};

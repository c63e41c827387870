// The 8237A alone: a latch for A8-A15, 64 Kbyte of memory, devices on DREQ0 to DREQ3.

export const chip = {
  name: "chip",
  title: "The chip",
  part: "8237A",
  memory: 0x10000,
  clockNs: 200, // an 8237A-5 at its 5 MHz
  channels: [0, 1, 2, 3],
  idle: { ior_n: 1, iow_n: 1, cs_n: 1, ready: 1, eop_n: 1, hlda: 0, reset: 0, dreq: 0, a: 0, db: 0xff },
  // Ports of its registers, from A0-A3.
  bases: [{ chip: 0, port: (register) => register, channels: [0, 1, 2, 3] }],

  // The processor's pins: an access, or null.
  address({ core, cpu }, access) {
    core.set("a", access ? access.port & 15 : 0);
    core.set("cs_n", access ? 0 : 1);
    core.set("ior_n", cpu.strobing && !access.write ? 0 : 1);
    core.set("iow_n", cpu.strobing && access.write ? 0 : 1);
  },

  drive(system) {
    const { core, cpu, user } = system;
    let dreq = user.dreq;
    for (const device of system.devices) dreq |= device.asks << device.channel;
    core.set("dreq", dreq);
    core.set("hlda", cpu.hlda);
    core.set("ready", user.ready & system.ready);
    // Two clocks of RESET at power-up, as a board gives it.
    core.set("reset", user.reset | (system.clock < 2));
  },

  look(system) {
    const { core, bus } = system;
    const word = core.outputs[0], high = core.outputs[1];
    const { read } = core;
    const driven = read.strobes_oe(word, high);
    if (read.adstb(word, high)) system.latch = read.db(word, high);
    bus.aen = read.aen(word, high);
    bus.hrq = read.hrq(word, high);
    bus.driven = driven;
    bus.memr = driven & ~read.memr_n(word, high);
    bus.memw = driven & ~read.memw_n(word, high);
    bus.ior = driven & ~read.ior_n(word, high);
    bus.iow = driven & ~read.iow_n(word, high);
    bus.tc = read.eop_oe(word, high);
    bus.address = read.a_oe(word, high) ? (system.latch << 8) | read.a(word, high) : core.readInput.a(core.inputs[0], 0);
    // Command bit 7 says which level acknowledges.
    const activeHigh = (core.inside(0, "command") >>> 7) & 1;
    bus.dack = (read.dack(word, high) ^ (activeHigh ? 0 : 15)) & 15;
    bus.wide = 0;
    bus.refresh = 0;
  },

  chipDrives(core) {
    return core.get("db_oe") ? core.get("db") : null;
  },

  answer(system) {
    const { core, bus, user } = system;
    core.set("db", system.data);
    const pulled = bus.tc || !user.eop || system.devices.some((device) => device.pulls);
    core.set("eop_n", pulled ? 0 : 1);
  },
};

// The PC/AT's board: two 8237As, page registers, refresh, 16 Mbyte of memory, cards on DRQ0 to DRQ7.

const DMA1 = { chip: 0, port: (register) => register, channels: [0, 1, 2, 3] };
const DMA2 = { chip: 1, port: (register) => 0xc0 + 2 * register, channels: [4, 5, 6, 7] };

export const at = {
  name: "at",
  title: "The AT board",
  memory: 1 << 24,
  clockNs: 250, // the AT's DMA runs at 4 MHz
  channels: [0, 1, 2, 3, 5, 6, 7],
  idle: {
    ior_n: 1, iow_n: 1, memr_n: 1, memw_n: 1, hlda: 0, reset: 0, iochrdy: 1, master_n: 1, drq: 0, a: 0, d: 0xffff,
    sbhe_n: 1, out1: 0,
  },
  bases: [DMA1, DMA2],
  // Port of each channel's page register, as the AT is wired.
  pages: { 0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8b, 6: 0x89, 7: 0x8a, refresh: 0x8f },

  // The processor's pins: an access, or null.
  address({ core, cpu }, access) {
    core.set("a", access ? access.port : 0);
    core.set("ior_n", cpu.strobing && !access.write ? 0 : 1);
    core.set("iow_n", cpu.strobing && access.write ? 0 : 1);
  },

  drive(system) {
    const { core, cpu, user } = system;
    let drq = user.dreq;
    for (const device of system.devices) drq |= device.asks << device.channel;
    core.set("drq", drq);
    core.set("hlda", cpu.hlda);
    core.set("iochrdy", user.ready & system.ready);
    core.set("reset", user.reset | (system.clock < 2));
    // The timer knows nothing of CLK; here its OUT1 moves in the middle of a state.
    const every = system.refreshEvery;
    core.set("out1", every && ((system.now + 1) >> 1) % every === every - 1 ? 1 : 0);
  },

  look(system) {
    const { core, bus } = system;
    const low = core.outputs[0], high = core.outputs[1];
    const { read } = core;
    const driven = read.strobes_oe(low, high);
    bus.aen = read.aen(low, high);
    bus.hrq = read.hrq(low, high);
    bus.driven = driven;
    bus.memr = driven & ~read.memr_n(low, high);
    bus.memw = driven & ~read.memw_n(low, high);
    bus.ior = driven & ~read.ior_n(low, high);
    bus.iow = driven & ~read.iow_n(low, high);
    bus.tc = read.tc(low, high);
    bus.address = read.a_oe(low, high) ? read.a(low, high) : core.readInput.a(core.inputs[0], core.inputs[1]);
    bus.dack = read.dack_n(low, high) ^ 0xff;
    bus.wide = bus.aen && bus.dack & 0xe0 ? 1 : 0;
    bus.refresh = read.refresh_n(low, high) ^ 1;
  },

  chipDrives(core) {
    return core.get("d_oe") ? core.get("d") & 0xff : null;
  },

  answer(system) {
    system.core.set("d", system.data);
  },
};

// The lines of the waveform, by machine: what each shows in a half that the trace kept.
import { STATES } from "./core.js";
import { FLOATS } from "./trace.js";

const plain = (value, digits) => value.toString(16).toUpperCase().padStart(digits, "0");

function common(core, chips) {
  return chips.map((label, chip) => ({
    id: `state${chip}`, label, kind: "bus", state: true, text: (trace, half) => STATES[trace.state(half, chip)],
  }));
}

function makers(core) {
  const output = (id, label, pin, low = 0) => ({
    id, label, kind: "bit",
    level: (trace, half) => {
      const at = trace.place(half);
      return (core.read[pin](trace.o0[at], trace.o1[at]) >>> low) & 1;
    },
  });
  const input = (id, label, pin, low = 0) => ({
    id, label, kind: "bit",
    level: (trace, half) => {
      const at = trace.place(half);
      return (core.readInput[pin](trace.i0[at], trace.i1[at]) >>> low) & 1;
    },
  });
  // A strobe is a wire: whoever drives it low, it is low.
  const strobe = (id, label, out, into) => ({
    id, label, kind: "bit",
    level: (trace, half) => {
      const at = trace.place(half);
      const { o0, o1, i0, i1 } = trace;
      const own = core.read[out](o0[at], o1[at]);
      return own & (into ? core.readInput[into](i0[at], i1[at]) : 1);
    },
  });
  const address = (digits, drives) => ({
    id: "a", label: digits === 4 ? "A15–A0" : "A23–A0", kind: "bus",
    text: (trace, half) => {
      const at = trace.place(half);
      if (drives(trace.o0[at], trace.o1[at])) return plain(trace.address[at], digits);
      return trace.addressed(half) ? plain(trace.address[at], digits === 4 ? 1 : 3) : "";
    },
  });
  const data = (label) => ({
    id: "d", label, kind: "bus",
    text: (trace, half) => {
      const at = trace.place(half);
      if (trace.drives(half) === FLOATS) return "";
      const wide = trace.data[at] > 0xff;
      return plain(trace.data[at], wide ? 4 : 2);
    },
  });
  return { output, input, strobe, address, data };
}

const CLK = { id: "clk", label: "CLK", kind: "clock" };

function chipLines(core) {
  const { output, input, strobe, address, data } = makers(core);
  const four = [0, 1, 2, 3];
  return [
    CLK,
    ...common(core, ["state"]),
    ...four.map((n) => input(`dreq${n}`, `DREQ${n}`, "dreq", n)),
    output("hrq", "HRQ", "hrq"),
    input("hlda", "HLDA", "hlda"),
    output("aen", "AEN", "aen"),
    output("adstb", "ADSTB", "adstb"),
    ...four.map((n) => output(`dack${n}`, `DACK${n}#`, "dack", n)),
    address(4, core.read.a_oe),
    data("DB7–DB0"),
    strobe("memr", "MEMR#", "memr_n"),
    strobe("memw", "MEMW#", "memw_n"),
    strobe("ior", "IOR#", "ior_n", "ior_n"),
    strobe("iow", "IOW#", "iow_n", "iow_n"),
    input("ready", "READY", "ready"),
    input("eop", "EOP#", "eop_n"),
  ];
}

function atLines(core) {
  const { output, input, strobe, address, data } = makers(core);
  const cards = [0, 1, 2, 3, 5, 6, 7];
  return [
    CLK,
    ...common(core, ["DMA 1", "DMA 2"]),
    ...cards.map((n) => input(`dreq${n}`, `DRQ${n}`, "drq", n)),
    output("hrq", "HRQ", "hrq"),
    input("hlda", "HLDA", "hlda"),
    output("aen", "AEN", "aen"),
    ...cards.map((n) => output(`dack${n}`, `DACK${n}#`, "dack_n", n)),
    address(6, core.read.a_oe),
    data("D15–D0"),
    strobe("memr", "MEMR#", "memr_n", "memr_n"),
    strobe("memw", "MEMW#", "memw_n", "memw_n"),
    strobe("ior", "IOR#", "ior_n", "ior_n"),
    strobe("iow", "IOW#", "iow_n", "iow_n"),
    input("ready", "IOCHRDY", "iochrdy"),
    output("tc", "TC", "tc"),
    output("refresh", "REFRESH#", "refresh_n"),
  ];
}

export const linesOf = (name, core) => (name === "at" ? atLines(core) : chipLines(core));

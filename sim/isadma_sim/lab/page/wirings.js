// The machines there are.
import { at } from "./wiring_at.js";
import { chip } from "./wiring_chip.js";

const cmos = { ...chip, title: "The chip, as the 82C37A", part: "82C37A" };

export const WIRINGS = { chip, cmos, at };

// The machines there are.
import { at } from "./wiring_at.js";
import { chip } from "./wiring_chip.js";

export const WIRINGS = { chip, at };

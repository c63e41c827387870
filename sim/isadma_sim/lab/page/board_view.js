// The AT's board: who has the bus, and where the byte goes.
import { ChipView } from "./chip_view.js";

export class BoardView extends ChipView {}

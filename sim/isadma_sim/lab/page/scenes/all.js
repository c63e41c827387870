// The scenes, in the order of the chapter.
import { byte } from "./byte.js";
import { cascade } from "./cascade.js";
import { copy } from "./copy.js";
import { freeBoard, freeChip } from "./free.js";
import { masked } from "./masked.js";
import { readback } from "./readback.js";
import { refresh } from "./refresh.js";
import { rotating } from "./rotating.js";
import { sector } from "./sector.js";
import { slow } from "./slow.js";
import { unlocked } from "./unlocked.js";
import { wrap } from "./wrap.js";

export const SCENES = [byte, sector, cascade, wrap, unlocked, masked, rotating, slow, copy, refresh, readback, freeChip, freeBoard];

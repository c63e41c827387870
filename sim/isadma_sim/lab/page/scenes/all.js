// The scenes, in the order of the chapter.
import { byte } from "./byte.js";

export const SCENES = [byte];

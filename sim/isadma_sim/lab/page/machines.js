// The machines of the page: compiled when a scene first wants one, and one of each.
import { Core } from "./core.js";
import { id } from "./dom.js";
import { System } from "./system.js";
import { WIRINGS } from "./wirings.js";

const built = JSON.parse(id("machines").textContent);
const systems = {}; // promises, by name

async function make(name) {
  const bytes = Uint8Array.from(atob(built[name].wasm), (letter) => letter.charCodeAt(0));
  return new System(await Core.load(bytes, built[name].layout), WIRINGS[name]);
}

export const systemFor = (name) => (systems[name] ??= make(name));

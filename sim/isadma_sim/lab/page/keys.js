// Single keys, but not where somebody types, and not for who has them off.
import { id } from "./dom.js";

export class Keys {
  constructor(keys, digit) {
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !id("single").checked || id("keys").open) return;
      const target = event.target instanceof Element ? event.target : document.body;
      if (target.closest("input, select, textarea, dialog")) return;
      // Space presses the button that has the focus.
      if (event.key === " " && target.closest("button, [role=button]")) return;
      if (/^[1-7]$/.test(event.key)) digit(Number(event.key));
      else if (Object.hasOwn(keys, event.key)) keys[event.key]();
      else return;
      event.preventDefault();
    });
  }
}

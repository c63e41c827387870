// Buttons for the pins that a visitor may hold: what the drawing offers, in a size for thumbs.
import { pulled } from "./chip_view.js";
import { el, toggle } from "./dom.js";

export class PinsView {
  constructor(host, wiring, press) {
    const board = wiring.name === "at";
    const name = (channel) => (board ? `DRQ${channel}` : `DREQ${channel}`);
    const wanted = [
      ...wiring.channels.map((channel) => [name(channel), "Ask for the bus on this channel", "dreq", channel]),
      [board ? "IOCHRDY low" : "READY low", "Make transfers wait", "ready"],
      ...(board ? [] : [["EOP# low", "End the transfer under way", "eop"]]),
      ["no HLDA", "The processor keeps the bus", "hlda"],
      ["RESET", "Hold the controllers in reset", "reset"],
    ];
    this.buttons = wanted.map(([text, title, pin, channel]) => ({
      pin, channel,
      button: el("button", { type: "button", title, "aria-pressed": "false", on: { click: () => press(pin, channel) } }, text),
    }));
    host.replaceChildren(...this.buttons.map((each) => each.button));
  }

  draw(system) {
    for (const { pin, channel, button } of this.buttons) {
      const held = pulled(system, pin, channel);
      toggle(button, "held", held);
      button.setAttribute("aria-pressed", String(held));
    }
  }
}

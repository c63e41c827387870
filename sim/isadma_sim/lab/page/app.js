// The page: a scene, its machine, and what the visitor does with them.
import { ChipView } from "./chip_view.js";
import { BoardView } from "./board_view.js";
import { el, id, say, toggle } from "./dom.js";
import { number } from "./bits.js";
import { Keys } from "./keys.js";
import { linesOf } from "./lines.js";
import { MemoryView } from "./memory_view.js";
import { PinsView } from "./pins_view.js";
import { buildStory, happened, obstacle, read, showNotes, showPorts, showTime } from "./readout.js";
import { RegistersView } from "./registers_view.js";
import { Runner, SPEEDS } from "./run.js";
import { SCENES } from "./scenes/all.js";
import { Session, REPLAYED, fromAddress } from "./session.js";
import { StatesView } from "./states_view.js";
import { Wave } from "./wave.js";
import { systemFor } from "./machines.js";
import { Writer } from "./writer.js";
import { chooseTheme, nextTheme } from "./theme.js";

const CODES = { ready: "r", eop: "e", reset: "x", hlda: "h" };
const HINT = "Next note reads on, Half steps, Run lets it go. Pull at a pin whenever you like.";
const FAR = 20_000; // halves that a transfer may take
const NOTE = 200_000; // and a note
class App {
  constructor() {
    this.runner = new Runner({
      step: () => this.session.step(),
      pause: () => this.pauses(),
      drawn: () => this.draw(),
      stopped: (why) => this.stopped(why),
    });
    this.wave = new Wave(id("wave"), (half) => this.pointed(half));
    this.narrow = matchMedia("(max-width: 700px)");
    this.narrow.addEventListener("change", () => this.session && this.build(id("told").textContent));
    new ResizeObserver(() => this.wave.draw()).observe(id("wave"));
    this.#buttons();
    addEventListener("hashchange", () => this.fromAddress());
  }

  // Scenes ------------------------------------------------------------------------------------------------------------

  async load(scene, half = 0, actions = []) {
    this.runner.stop();
    this.wanted = scene;
    const system = await systemFor(scene.machine);
    if (this.wanted !== scene) return; // another one was asked for meanwhile
    this.runner.stop();
    this.session = new Session(system, scene);
    this.session.restart(actions);
    this.session.goTo(half);
    this.build();
    id("scene").value = scene.id;
    document.title = `${scene.title} · isadma lab`;
  }

  async fromAddress() {
    if (this.session && location.hash === this.session.address) return;
    const { scene, half, actions, trouble } = fromAddress(location.hash, SCENES);
    await this.load(scene ?? SCENES[0], half, actions);
    if (trouble) this.tell(trouble);
  }

  build(told = HINT) {
    const { system, scene } = this.session;
    const { wiring } = system;
    const titles = wiring.name === "at" ? ["DMA 1 (bytes)", "DMA 2 (words, cascade)"] : [wiring.part];
    const press = (pin, channel) => this.press(pin, channel);
    buildStory(scene, system);
    say(id("machine-title"), wiring.title);
    const lamps = "A filled lamp is high, a hollow one low, a dashed one driven by nobody. ";
    say(id("drawn"), wiring.name === "at" ? "A lamp is lit while its line is active; the two of a card are DRQ and DACK. Press a card to make it ask." : `${lamps}Blue pins can be pulled: press them.`);
    const View = wiring.name === "at" ? BoardView : ChipView;
    this.views = [
      new View(id("drawing"), press, !this.narrow.matches, wiring.part),
      new StatesView(id("states"), titles),
      new RegistersView(id("regs"), wiring, titles),
      new PinsView(id("pins"), wiring, press),
    ];
    this.memory = new MemoryView(id("memory"));
    this.views.push(this.memory);
    this.lookAt(scene.look);
    new Writer(id("writer"), wiring, titles, (codes) => this.write(codes), (text) => this.tell(text));
    this.lines = linesOf(scene.machine, system.core);
    this.showLines();
    this.tell(told);
    this.draw();
  }

  showLines() {
    const every = id("every").checked;
    const chosen = every ? this.lines : this.lines.filter((line) => this.session.scene.lines.includes(line.id));
    this.wave.show(this.session.system, chosen, this.lines.find((line) => line.id === "aen"));
  }

  // Time --------------------------------------------------------------------------------------------------------------

  stepped(halves) {
    this.runner.stop();
    this.session.step(halves);
    this.draw();
    this.narrate();
  }

  // On to something, for so long as it may take.
  onTo(what, stop) {
    this.runner.stop();
    const came = this.session.until(stop, FAR);
    this.draw();
    if (came) this.narrate();
    else this.tell(`No ${what} came in ${FAR / 2} clocks: ${obstacle(this.session.system) || "nothing asks for one"}.`);
  }

  transfer() {
    const { system } = this.session;
    const before = system.transfers + system.refreshes;
    this.onTo("transfer", () => system.transfers + system.refreshes > before);
  }

  note() {
    const { program } = this.session;
    if (program.over) return this.tell("The scene is over: restart it, choose another, or go on by hand.");
    const before = read(program);
    const came = this.session.until(() => program.notes > before || program.over, NOTE);
    program.noteCame = false;
    this.draw();
    if (!came) this.tell("Nothing more came.");
    else if (program.over) this.over();
    else this.narrate();
  }

  pauses() {
    const { program } = this.session;
    if (program.noteCame) {
      program.noteCame = false;
      if (program.notes > 0 && SPEEDS[this.runner.speed][0] < 10_000) return "note";
    }
    if (program.over && !this.wasOver) {
      this.wasOver = true;
      return "over";
    }
    return "";
  }

  run() {
    if (this.runner.on) return this.runner.stop();
    this.wasOver = this.session.program.over;
    this.runner.start();
    this.draw();
  }

  stopped(why) {
    this.draw();
    if (why === "over") this.over();
    else this.narrate();
  }

  over() {
    const { failed } = this.session.program;
    this.tell(failed ? `The scene waited for ${failed}, and it never came.` : "The scene is over. Run on, pull at a pin, or write a register.");
  }

  restart() {
    this.runner.stop();
    this.session.restart();
    this.wave.follow = true;
    this.draw();
    this.tell("Power-up: RESET for two clocks.");
  }

  back() {
    this.runner.stop();
    if (!this.session.canGoBack) return this.tell(this.session.half ? `Back goes as far as clock ${REPLAYED / 2}: restart.` : "This is power-up.");
    this.session.goTo(this.session.half - 1);
    this.draw();
    this.narrate();
  }

  // Hands -------------------------------------------------------------------------------------------------------------

  press(pin, channel) {
    this.session.act(pin === "dreq" ? `d${channel}` : CODES[pin]);
    this.draw();
    const why = obstacle(this.session.system);
    this.tell(why ? `${why[0].toUpperCase()}${why.slice(1)}.` : "Step, and see what follows.");
  }

  write(codes) {
    for (const code of codes) this.session.act(code);
    this.draw();
    const { system } = this.session;
    this.tell(system.cpu.hlda ? "The processor writes as soon as it has the bus back." : "The processor writes as time goes on: step, or run.");
  }

  async share() {
    const address = this.session.address;
    history.replaceState(null, "", address);
    const cut = this.session.lost ? " It leaves out what was done last: too much for an address." : "";
    const far = this.session.half > REPLAYED ? ` It leads to clock ${REPLAYED / 2}.` : "";
    try {
      await navigator.clipboard.writeText(location.href);
      this.tell(`The address of this moment is copied.${far}${cut}`);
    } catch {
      this.tell(`The address bar has the address of this moment.${far}${cut}`);
    }
  }

  look(event) {
    event.preventDefault();
    const { memory } = this.session.system;
    const address = number(id("look-at").value, 24);
    if (address === null || address >= memory.length) return this.tell(`“${id("look-at").value}” is no address: write 0 to ${(memory.length - 1).toString(16).toUpperCase()}, hexadecimal.`);
    this.lookAt(address);
    this.draw();
  }

  lookAt(address) {
    id("look-at").value = this.memory.look(address, this.session.system.memory.length);
  }

  // What is shown -----------------------------------------------------------------------------------------------------

  draw() {
    const { session, runner } = this;
    const { system, program } = session;
    if (system.attention !== null) {
      this.lookAt(system.attention);
      system.attention = null;
    }
    for (const view of this.views) view.draw(system);
    this.wave.draw();
    showNotes(program);
    showPorts(program);
    showTime(system);
    say(id("rate"), runner.on && SPEEDS[runner.speed][0] === Infinity && runner.rate ? `${Math.round(runner.rate / 1000).toLocaleString("en")} k clocks/s` : SPEEDS[runner.speed][1]);
    say(id("run"), runner.on ? "Pause" : "Run");
    id("run").setAttribute("aria-pressed", String(runner.on));
    toggle(id("run"), "on", runner.on);
    id("back").disabled = !session.canGoBack;
    say(id("legend"), system.frames.length ? "Whose page it is stands at the right." : "What DMA wrote is marked.");
  }

  pointed(half) {
    say(id("cursor"), half === null ? "" : `clock ${half >> 1}${half & 1 ? "½" : ""}`);
    say(id("cursor-words"), half === null ? "" : this.wave.words(half).join(", "));
  }

  tell(text) {
    say(id("told"), text);
  }

  // The live region reads it.
  narrate() {
    this.tell(happened(this.session.system, this.lines));
  }

  #buttons() {
    const press = {
      restart: () => this.restart(), back: () => this.back(), half: () => this.stepped(1), transfer: () => this.transfer(),
      state: () => this.stepped(2 - (this.session.half & 1)), note: () => this.note(), run: () => this.run(),
      share: () => this.share(), theme: () => nextTheme(), help: () => id("keys").showModal(),
      closer: () => this.wave.scale(1), wider: () => this.wave.scale(-1),
      newest: () => { this.wave.follow = true; this.wave.draw(); },
    };
    for (const [name, run] of Object.entries(press)) id(name).addEventListener("click", run);
    id("every").addEventListener("change", () => this.showLines());
    id("look").addEventListener("submit", (event) => this.look(event));
    const scenes = id("scene");
    scenes.append(...SCENES.map((scene) => el("option", { value: scene.id }, scene.title)));
    scenes.addEventListener("change", () => {
      this.load(SCENES.find((scene) => scene.id === scenes.value)).then(() => history.replaceState(null, "", this.session.address));
    });
    const speed = id("speed");
    speed.max = SPEEDS.length - 1;
    speed.addEventListener("input", () => {
      this.runner.speed = Number(speed.value);
      speed.setAttribute("aria-valuetext", SPEEDS[this.runner.speed][1]);
      this.draw();
    });
    this.runner.speed = Number(speed.value);
    speed.setAttribute("aria-valuetext", SPEEDS[this.runner.speed][1]);
    new Keys({
      h: press.half, s: press.state, t: press.transfer, n: press.note, b: press.back, 0: press.restart, " ": press.run,
      r: () => this.press("ready"), e: () => this.session.system.wiring.name === "chip" && this.press("eop"),
      "?": press.help,
    }, (digit) => {
      const channel = digit === 4 ? 0 : digit;
      if (this.session.system.wiring.channels.includes(channel)) this.press("dreq", channel);
    });
  }
}

chooseTheme();
const app = new App();
// For tests, and for who opens the console.
globalThis.lab = { app, SCENES, systemFor, Session };
app.fromAddress().then(() => document.body.classList.add("ready"), (error) => {
  say(id("told"), `The lab could not start: ${error.message}.`);
  throw error;
});

// Wheel, drag and two fingers, on the canvas.

// Farther than this a pressed pointer drags, in pixels.
const DRAGS = 4;

export function pointers(canvas, view, on) {
  const down = new Map();
  let dragged = false;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.addEventListener("wheel", (event) => {
    const lines = event.deltaMode === 1 ? 30 : 1;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    event.preventDefault();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) view.pan((sideways * lines) / view.pitch);
    else view.zoom(Math.exp(Math.min(Math.max(event.deltaY * lines, -300), 300) / 250), view.clock(place(event)[0]));
    on.changed();
  }, { passive: false });

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    if (down.size === 1) dragged = false;
  });

  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    const was = down.get(event.pointerId);
    if (!was) return on.moved(x, y);
    if (!dragged && down.size === 1 && Math.hypot(x - was[0], y - was[1]) < DRAGS) return;
    dragged = true;
    if (down.size === 1) view.pan((was[0] - x) / view.pitch);
    else pinch(event.pointerId, x, was[0]);
    down.set(event.pointerId, [x, y]);
    on.changed();
  });

  // The clocks under two fingers stay under them.
  function pinch(which, x, was) {
    const [other] = [...down].find(([pointer]) => pointer !== which)[1];
    const apart = Math.max(Math.abs(was - other), 8), now = Math.max(Math.abs(x - other), 8);
    view.zoom(apart / now, view.clock(other));
  }

  const up = (event) => {
    const was = down.delete(event.pointerId);
    if (was && event.type === "pointerup" && !dragged && down.size === 0) on.chosen(...place(event));
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => down.size || on.left());
}

// The run's tables, taken out of the page: columns of numbers, rows in the order of their beginnings.

const ARRAYS = { B: [Uint8Array, 1], I: [Uint32Array, 4], d: [Float64Array, 8] };
export const NOTHING = 0xffffffff;

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

// Beginnings are in the file as steps from one to the next, ends as lengths.
function times(begin, steps, lengths) {
  const begins = new Float64Array(steps.length), ends = new Float64Array(steps.length);
  let clock = begin;
  for (let row = 0; row < steps.length; row++) {
    clock += steps[row];
    begins[row] = clock;
    ends[row] = clock + lengths[row];
  }
  return { begin: begins, end: ends };
}

// Puts every table into `tables`, by its name.
export async function load(layout, text, tables) {
  const buffer = await unpacked(text);
  for (const [name, { rows, columns }] of Object.entries(layout.tables)) {
    const table = { rows };
    for (const [column, [kind, place]] of Object.entries(columns)) table[column] = new ARRAYS[kind][0](buffer, place, rows);
    tables[name] = Object.assign(table, times(layout.begin, table.begin, table.end));
  }
}

// Rows of a table that do not overlap, with the clocks that lie in all before: how much of any stretch they fill is then
// two searches, at every zoom alike and exactly.
export class Spans {
  constructor(table, rows) {
    this.table = table;
    this.rows = rows;
    this.length = rows.length;
    this.begin = new Float64Array(rows.length);
    this.end = new Float64Array(rows.length);
    this.before = new Float64Array(rows.length + 1);
    let widest = 0;
    for (let at = 0; at < rows.length; at++) {
      this.begin[at] = table.begin[rows[at]];
      this.end[at] = table.end[rows[at]];
      widest = Math.max(widest, this.end[at] - this.begin[at]);
      this.before[at + 1] = this.before[at] + this.end[at] - this.begin[at];
    }
    this.widest = widest;
  }

  static of(table, chosen = () => true) {
    const rows = [];
    for (let row = 0; row < table.rows; row++) if (chosen(row)) rows.push(row);
    return new Spans(table, Uint32Array.from(rows));
  }

  // How many begin before `clock`, looked for among `low` to `high`.
  count(clock, low = 0, high = this.length) {
    const { begin } = this;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (begin[middle] < clock) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Clocks filled before `clock`, of which `count` spans begin before it.
  filled(clock, count) {
    return count ? this.before[count] - Math.max(0, this.end[count - 1] - clock) : 0;
  }

  // The span at a clock, or -1.
  at(clock) {
    const index = this.count(clock + 1e-9) - 1;
    return index >= 0 && (clock < this.end[index] || this.begin[index] === this.end[index]) ? index : -1;
  }

  // The span that is nearest to a clock, within so many clocks; or -1.
  near(clock, within) {
    const index = this.count(clock);
    let best = -1, distance = within;
    for (const each of [index - 1, index]) {
      if (each < 0 || each >= this.length) continue;
      const away = Math.max(this.begin[each] - clock, clock - this.end[each], 0);
      if (away <= distance) [best, distance] = [each, away];
    }
    return best;
  }
}

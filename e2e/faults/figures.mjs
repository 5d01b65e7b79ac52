// The table of what faults cost: medians, smallest and largest of the rounds, beside what is promised. Printed when all tests
// have run (see table.mjs).
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('../results/faults.jsonl', import.meta.url));

/** How often each case is tried. */
export const ROUNDS = Number(process.env.ROUNDS ?? 5);

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Writes a row of the table; returns the median. */
export function figure(what, unit, values, promised = '') {
  mkdirSync(new URL('.', `file://${FILE}`), { recursive: true });
  appendFileSync(FILE, `${JSON.stringify({ what, unit, values: values.map(Math.round), promised })}\n`);
  return median(values);
}

export function forget() {
  rmSync(FILE, { force: true });
}

/** The table as text; empty where nothing was measured. */
export function table() {
  if (!existsSync(FILE)) return '';
  const rows = readFileSync(FILE, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const lines = rows.map(({ what, unit, values, promised }) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return `| ${what} | ${median(values)} ${unit} | ${least}–${most} | ${values.length} | ${promised} |`;
  });
  return ['| Fault | Median | Range | Rounds | Promised |', '|---|---|---|---|---|', ...lines].join('\n');
}

import Table from 'cli-table3';

/** The terminal's two streams: answers go to standard output, everything about the work to standard error. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const noLines = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((name) => [name, '']),
);

/** Columns in line, two spaces apart, without a frame; the header is the first row. */
export function aligned(rows: readonly (readonly string[])[], indent = ''): string {
  const table = new Table({
    chars: { ...noLines, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => `${indent}${line.trimEnd()}`)
    .join('\n');
}

/** `2026-11-20 14:03:07 UTC` */
export const shownInstant = (instant: number | string): string =>
  `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

import { groupBy } from '../../domain/group-by.js';

/** Where a cell stands in the text, quotes and blanks around it included. */
export interface CsvCell {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

export interface CsvRecord {
  readonly start: number;
  /** Before its line end. */
  readonly end: number;
  /** Where the next one begins. */
  readonly next: number;
  readonly cells: readonly CsvCell[];
}

const lineEnd = /\r\n|\r|\n/y;

/** The records of a file that the parser has read already: its quotes are right. */
export function findRecords(text: string, delimiter: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let cells: CsvCell[] = [];
  let start = 0;
  let cellStart = 0;
  let isQuoted = false;
  let position = 0;
  const endCell = (): void => {
    cells.push({ start: cellStart, end: position, isQuoted });
    isQuoted = false;
  };
  while (position < text.length) {
    if (position === cellStart && text[position] === '"') {
      isQuoted = true;
      position += 1;
      while (text[position] !== '"' || text[position + 1] === '"') position += text[position] === '"' ? 2 : 1;
      position += 1;
      continue;
    }
    lineEnd.lastIndex = position;
    const [end] = lineEnd.exec(text) ?? [];
    if (text[position] === delimiter) {
      endCell();
      position += 1;
      cellStart = position;
    } else if (end !== undefined) {
      endCell();
      records.push({ start, end: position, next: position + end.length, cells });
      position += end.length;
      [start, cellStart, cells] = [position, position, []];
    } else {
      position += 1;
    }
  }
  if (position > start) {
    endCell();
    records.push({ start, end: position, next: position, cells });
  }
  return records;
}

export interface CsvText {
  readonly text: string;
  readonly delimiter: string;
  readonly records: readonly CsvRecord[];
}

const needsQuotes = (value: string, delimiter: string): boolean =>
  value.includes(delimiter) || /["\r\n]/.test(value) || value !== value.trim();

const written = (value: string, delimiter: string, isQuoted: boolean): string =>
  isQuoted || needsQuotes(value, delimiter) ? `"${value.replaceAll('"', '""')}"` : value;

/** One cell, in the quotes and between the blanks that it had; every other character of the text stays. */
export function withCell({ text, delimiter, records }: CsvText, index: number, column: number, value: string): string {
  const record = records[index];
  if (record === undefined) throw new Error(`expected a line of the file, got ${index}`);
  const cell = record.cells[column];
  if (cell === undefined) {
    const missing = delimiter.repeat(column - record.cells.length + 1);
    return text.slice(0, record.end) + missing + written(value, delimiter, false) + text.slice(record.end);
  }
  const before = text.slice(cell.start, cell.end);
  const [, left = '', right = ''] = cell.isQuoted ? [] : (/^(\s*).*?(\s*)$/s.exec(before) ?? []);
  return text.slice(0, cell.start) + left + written(value, delimiter, cell.isQuoted) + right + text.slice(cell.end);
}

/** Several at once; of each line from the left, so that missing delimiters are added once. */
export function withCells(
  { text, delimiter, records }: CsvText,
  cells: readonly { readonly row: number; readonly column: number; readonly value: string }[],
): string {
  const byRow = groupBy(cells, ({ row }) => row);
  const parts: string[] = [];
  let from = 0;
  for (const [row, ofRow] of [...byRow].toSorted(([a], [b]) => a - b)) {
    const record = records[row];
    if (record === undefined) throw new Error(`expected a line of the file, got ${row}`);
    let line = text.slice(record.start, record.end);
    for (const { column, value } of ofRow.toSorted((a, b) => a.column - b.column)) {
      line = withCell({ text: line, delimiter, records: findRecords(line, delimiter) }, 0, column, value);
    }
    parts.push(text.slice(from, record.start), line);
    from = record.end;
  }
  return parts.join('') + text.slice(from);
}

/** A line without its end. */
export const csvLine = (values: readonly string[], delimiter = ','): string =>
  values.map((value) => written(value, delimiter, false)).join(delimiter);

/** A line at the end, with the line ends of the one before, and a last line end only where there was one. */
export function withRecord({ text, delimiter, records }: CsvText, values: readonly string[]): string {
  const last = records.findLast(({ end, next }) => next > end);
  const end = last === undefined ? '\n' : text.slice(last.end, last.next);
  const line = csvLine(values, delimiter);
  const isEnded = text === '' || /[\r\n]$/.test(text);
  return isEnded ? `${text}${line}${end}` : `${text}${end}${line}`;
}

export function withoutRecord({ text, records }: CsvText, index: number): string {
  const record = records[index];
  const before = records[index - 1];
  if (record === undefined) throw new Error(`expected a line of the file, got ${index}`);
  // The last line takes the line end before it along, so that the file ends as it did.
  const start = record.next === record.end && before !== undefined ? before.end : record.start;
  return text.slice(0, start) + text.slice(record.next);
}

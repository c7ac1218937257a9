/** Counted from 1, both ends included. */
export interface GridRange {
  readonly tab: string;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/** A new spreadsheet has this size; more content makes it grow. */
const emptyGrid = { rows: 1_000, columns: 26 };

export function gridSize(rows: readonly (readonly unknown[])[]): { rows: number; columns: number } {
  return {
    rows: Math.max(emptyGrid.rows, rows.length),
    columns: Math.max(emptyGrid.columns, ...rows.map((row) => row.length)),
  };
}

export const columnNumber = (letters: string): number =>
  [...letters.toUpperCase()].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);

function columnLetters(number: number): string {
  const rest = number - 1;
  return (rest < 26 ? '' : columnLetters(Math.floor(rest / 26))) + String.fromCharCode(65 + (rest % 26));
}

const cellsPattern = /^([A-Z]{1,3})?(\d+)?(?:(:)([A-Z]{1,3})?(\d+)?)?$/i;

/** `Alerts`, `'My alerts'!A1:Z`, `A1:B2` of the first tab …; undefined where the text is no range of these tabs. */
export function parseRange(
  text: string,
  tabs: ReadonlyMap<string, readonly (readonly unknown[])[]>,
  sizeOf = (name: string) => gridSize(tabs.get(name) ?? []),
): GridRange | undefined {
  const parts = /^(?:'((?:[^']|'')+)'|([^!']+))(?:!(.+))?$/s.exec(text);
  const isBareCells = parts?.[2] !== undefined && parts[3] === undefined && !tabs.has(parts[2]);
  const [firstTab] = tabs.keys();
  const tab = isBareCells ? firstTab : (parts?.[1]?.replaceAll("''", "'") ?? parts?.[2]);
  const cells = isBareCells ? parts[2] : parts?.[3];
  if (tab === undefined || !tabs.has(tab)) return undefined;
  const grid = sizeOf(tab);
  const whole = { tab, firstRow: 1, lastRow: grid.rows, firstColumn: 1, lastColumn: grid.columns };
  if (cells === undefined) return whole;
  const match = cellsPattern.exec(cells);
  if (match === null) return undefined;
  const [, fromColumn, fromRow, colon, toColumn, toRow] = match;
  const firstColumn = fromColumn === undefined ? 1 : columnNumber(fromColumn);
  const firstRow = Number(fromRow ?? 1);
  if (colon === undefined) {
    if (fromColumn === undefined || fromRow === undefined) return undefined;
    return { tab, firstRow, lastRow: firstRow, firstColumn, lastColumn: firstColumn };
  }
  const lastColumn = Math.min(toColumn === undefined ? whole.lastColumn : columnNumber(toColumn), whole.lastColumn);
  return { tab, firstRow, lastRow: Math.min(Number(toRow ?? whole.lastRow), whole.lastRow), firstColumn, lastColumn };
}

/** As Google writes it: the tab in quotes only where it needs them. */
export function shownRange({ tab, firstRow, lastRow, firstColumn, lastColumn }: GridRange): string {
  const name = /^[A-Za-z_]\w*$/.test(tab) ? tab : `'${tab.replaceAll("'", "''")}'`;
  const first = `${columnLetters(firstColumn)}${firstRow}`;
  const last = `${columnLetters(lastColumn)}${lastRow}`;
  return `${name}!${first === last ? first : `${first}:${last}`}`;
}

/** A raw cell: Google Sheets gives numbers and booleans as such, a CSV file gives text. */
export type Cell = string | number | boolean | null | undefined;

/** What a sheet is to us: the header row first, then everything below it. Rows may differ in length. */
export type Table = readonly (readonly Cell[])[];

/** Names of columns match without regard to case, spaces and underscores. */
export const headerName = (cell: Cell): string =>
  String(cell ?? '')
    .toLowerCase()
    .replace(/[\s_]/g, '');

import { type GoogleState, type GridRangeJson, lookOf } from './state.js';

const end = Number.POSITIVE_INFINITY;

export const isInside = (range: GridRangeJson, row: number, column: number): boolean =>
  row >= (range.startRowIndex ?? 0) &&
  row < (range.endRowIndex ?? end) &&
  column >= (range.startColumnIndex ?? 0) &&
  column < (range.endColumnIndex ?? end);

const binding = (state: GoogleState, tab: string) =>
  lookOf(state, tab).protectedRanges.filter((each) => !each.warningOnly && !each.requestingUserCanEdit);

/** Counted from 0. A warning stops nobody. */
export const isProtected = (state: GoogleState, tab: string, row: number, column: number): boolean =>
  binding(state, tab).some(({ range }) => isInside(range, row, column));

/** Whether a whole row holds a protected cell. */
export const isRowProtected = (state: GoogleState, tab: string, row: number): boolean =>
  binding(state, tab).some(({ range }) => row >= (range.startRowIndex ?? 0) && row < (range.endRowIndex ?? end));

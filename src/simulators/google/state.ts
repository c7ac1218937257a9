import type { Cell } from '../../domain/columns.js';
import type { ServiceAccount } from './token.js';

/** What a cell may have beside what was typed into it. */
export interface RichCell {
  readonly typed: Cell;
  /** Written as text: `3%` and `=A1` stay text. */
  readonly isText?: true;
  /** How a number is shown that the simulator cannot show itself, such as a date. */
  readonly shown?: string;
  readonly note?: string;
  readonly userEnteredFormat?: object;
  readonly dataValidation?: object;
}

/** As a trader types it: `=B2*2` is a formula and `3%` a number. */
export type SheetCell = Cell | RichCell;
export type SheetRows = SheetCell[][];

/** Counted from 0, without their ends; a bound that is left out is the sheet's own. A `sheetId` of 0 is left out of answers. */
export interface GridRangeJson {
  readonly sheetId?: number;
  readonly startRowIndex?: number;
  readonly endRowIndex?: number;
  readonly startColumnIndex?: number;
  readonly endColumnIndex?: number;
}

export interface ProtectedRange {
  readonly protectedRangeId: number;
  readonly range: GridRangeJson;
  readonly warningOnly?: boolean;
  /** The service account may edit it all the same. */
  readonly requestingUserCanEdit?: boolean;
}

/** What a tab has beside its cells; plain and mutable. */
export interface Look {
  /** Undefined: its place among the tabs. */
  sheetId?: number;
  /** Undefined: a new sheet's 1,000 and 26. */
  rowCount?: number;
  columnCount?: number;
  frozenRowCount?: number;
  hidden?: boolean;
  readonly protectedRanges: ProtectedRange[];
  readonly conditionalFormats: object[];
  readonly validations: { readonly range: GridRangeJson; readonly rule?: object }[];
}

/** Plain and mutable: edit `tabs` as a trader edits the sheet. */
export interface GoogleState {
  readonly spreadsheetId: string;
  readonly tabs: Map<string, SheetRows>;
  /** By tab; a tab without one has nothing special. */
  readonly looks: Map<string, Look>;
  readonly account: ServiceAccount;
  /** How the account stands with the sheet. */
  access: 'shared' | 'viewer' | 'not-shared' | 'api-disabled' | 'quota-exceeded';
  /** The tokens given out, each with its scope; clear it to let them all expire. */
  readonly tokens: Map<string, string>;
  /** Of reads, and of writes, in any minute. Left out there is none, for tests whose clock stands still. */
  quota?: { readonly perMinute: number; readonly now: () => number };
}

export const newLook = (): Look => ({ protectedRanges: [], conditionalFormats: [], validations: [] });

export function lookOf({ looks }: Pick<GoogleState, 'looks'>, tab: string): Look {
  const look = looks.get(tab) ?? newLook();
  looks.set(tab, look);
  return look;
}

export const sheetIdOf = (state: Pick<GoogleState, 'looks' | 'tabs'>, tab: string): number =>
  state.looks.get(tab)?.sheetId ?? [...state.tabs.keys()].indexOf(tab);

export const tabOf = (state: Pick<GoogleState, 'looks' | 'tabs'>, sheetId: number): string | undefined =>
  [...state.tabs.keys()].find((tab) => sheetIdOf(state, tab) === sheetId);

export function isRich(cell: SheetCell): cell is RichCell {
  return typeof cell === 'object' && cell !== null;
}

export const typedOf = (cell: SheetCell): Cell => (isRich(cell) ? cell.typed : cell);

export const isEmpty = (cell: Cell): boolean => cell === undefined || cell === null || cell === '';

/** The same cell with something else typed into it; what else it has stays. */
export function withTyped(cell: SheetCell, typed: Cell, isText = false): SheetCell {
  const { typed: _, isText: __, shown: ___, ...rest } = isRich(cell) ? cell : { typed: cell };
  const needsText = isText && typeof typed === 'string' && /^=|^\s*\d+(\.\d+)?\s*%\s*$/.test(typed);
  if (Object.keys(rest).length === 0 && !needsText) return typed;
  return { ...rest, typed, ...(needsText && { isText: true as const }) };
}

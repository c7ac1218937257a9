import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Cell } from '../domain/columns.js';
import { type GridRange, gridSize, parseRange, shownRange } from './a1-range.js';
import { createSimulator, type SimulatorEnv, type Traffic } from './faults.js';
import { badRange, googleErrors } from './google-errors.js';
import { checkTokenRequest, type ServiceAccount } from './google-token.js';

/** Plain and mutable: edit `tabs` as a trader edits the sheet. */
export interface GoogleState {
  readonly spreadsheetId: string;
  readonly tabs: Map<string, Cell[][]>;
  readonly account: ServiceAccount;
  /** How the account stands with the sheet. */
  access: 'shared' | 'not-shared' | 'api-disabled' | 'quota-exceeded';
  /** The tokens given out, each with its scope; clear it to let them all expire. */
  readonly tokens: Map<string, string>;
}

const isEmpty = (cell: Cell): boolean => cell === undefined || cell === null || cell === '';

function withoutTail<T>(items: readonly T[], isTail: (item: T) => boolean): T[] {
  return items.slice(0, items.findLastIndex((item) => !isTail(item)) + 1);
}

/** `3%` as a trader types it: Sheets makes a number of it, and shows that in percent with two decimals where some were typed. */
function percentOf(cell: Cell): { readonly raw: number; readonly shown: string } | undefined {
  const [, digits, decimals] = /^\s*(\d+(\.\d+)?)\s*%\s*$/.exec(typeof cell === 'string' ? cell : '') ?? [];
  if (digits === undefined) return undefined;
  const typed = new Big(digits);
  return { raw: Number(typed.div(100)), shown: `${typed.toFixed(decimals === undefined ? 0 : 2)}%` };
}

const formatted = (cell: Cell): Cell =>
  typeof cell === 'boolean' ? String(cell).toUpperCase() : (percentOf(cell)?.shown ?? String(cell ?? ''));

const unformatted = (cell: Cell): Cell => percentOf(cell)?.raw ?? cell ?? '';

/** Trailing empty cells and rows are left out; a range that is all empty has no `values` at all. */
function valueRange(state: GoogleState, range: GridRange, isFormatted: boolean) {
  const rows = (state.tabs.get(range.tab) ?? []).slice(range.firstRow - 1, range.lastRow).map((row) => {
    const cells = withoutTail(row.slice(range.firstColumn - 1, range.lastColumn), isEmpty);
    return cells.map(isFormatted ? formatted : unformatted);
  });
  const values = withoutTail(rows, (row) => row.length === 0);
  return { range: shownRange(range), majorDimension: 'ROWS', ...(values.length > 0 && { values }) };
}

const sheetOf = ([title, rows]: [string, Cell[][]], index: number) => {
  const { rows: rowCount, columns: columnCount } = gridSize(rows);
  return {
    properties: { sheetId: index, title, index, sheetType: 'GRID', gridProperties: { rowCount, columnCount } },
  };
};

const failed = (c: Context, error: { readonly code: number }) => c.json({ error }, error.code as ContentfulStatusCode);

function refusalOf(state: GoogleState, c: Context) {
  const scope = state.tokens.get((c.req.header('authorization') ?? '').replace(/^Bearer /, ''));
  if (scope === undefined) return googleErrors.unauthenticated;
  if (!scope.includes('/auth/spreadsheets')) return googleErrors['wrong-scope'];
  if (state.access === 'api-disabled') return googleErrors['api-disabled'];
  if (c.req.param('id') !== state.spreadsheetId) return googleErrors['not-found'];
  return state.access === 'shared' ? undefined : googleErrors[state.access];
}

/**
 * The token endpoint at `/token`, and the reading half of Sheets v4.
 * https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values
 */
export function googleSimulator(state: GoogleState, traffic: Traffic): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const spreadsheet = '/v4/spreadsheets/:id';
  app.post('/token', async (c) => {
    const checked = checkTokenRequest(new URLSearchParams(await c.req.text()), state.account);
    if ('error' in checked) return c.json(checked, 400);
    const token = `simulated-${randomUUID()}`;
    state.tokens.set(token, checked.scope);
    return c.json({ access_token: token, expires_in: 3_599, token_type: 'Bearer' });
  });
  app.use(`${spreadsheet}/*`, async (c, next) => {
    const refusal = refusalOf(state, c);
    return refusal === undefined ? next() : failed(c, refusal);
  });
  const read = (c: Context, range: string) => {
    const parsed = parseRange(range, state.tabs);
    const render = c.req.query('valueRenderOption') ?? 'FORMATTED_VALUE';
    return parsed && valueRange(state, parsed, render === 'FORMATTED_VALUE');
  };
  const describe = (c: Context) =>
    c.json({
      spreadsheetId: state.spreadsheetId,
      properties: { title: 'Simulated alerts', locale: 'en_US', autoRecalc: 'ON_CHANGE', timeZone: 'Etc/GMT' },
      sheets: [...state.tabs].map(sheetOf),
      spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${state.spreadsheetId}/edit`,
    });
  app.get(spreadsheet, describe);
  app.get(`${spreadsheet}/`, describe);
  app.get(`${spreadsheet}/values:batchGet`, (c) => {
    const ranges = c.req.queries('ranges') ?? [];
    const valueRanges = ranges.map((range) => read(c, range));
    const wrong = ranges.find((_, position) => valueRanges[position] === undefined);
    if (wrong !== undefined) return failed(c, badRange(wrong));
    return c.json({ spreadsheetId: state.spreadsheetId, valueRanges });
  });
  app.get(`${spreadsheet}/values/:range`, (c) => {
    const range = c.req.param('range');
    const values = read(c, range);
    return values === undefined ? failed(c, badRange(range)) : c.json(values);
  });
  return app;
}

import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { createSimulator, type SimulatorEnv, type Traffic } from '../faults.js';
import { createPace } from '../pace.js';
import { batchUpdate } from './batch-update.js';
import { badRange, googleErrors, invalid } from './errors.js';
import { onlyFields } from './field-mask.js';
import { spreadsheetOf } from './spreadsheet.js';
import type { GoogleState } from './state.js';
import { checkTokenRequest } from './token.js';
import { readValues, writeValues } from './values.js';

export type { GoogleState, SheetCell } from './state.js';

interface Batch {
  readonly requests?: readonly Readonly<Record<string, unknown>>[];
  readonly includeSpreadsheetInResponse?: boolean;
  readonly responseRanges?: readonly string[];
  readonly responseIncludeGridData?: boolean;
}

/** An answer, or an error, whose `code` is the HTTP status; `fields` of the query leaves only part of an answer. */
function answer(c: Context, body: object) {
  if ('error' in body) return c.json(body, (body.error as { code: number }).code as ContentfulStatusCode);
  const fields = c.req.query('fields');
  return c.json(fields === undefined ? body : (onlyFields(body, fields) as object));
}

function refusalOf(state: GoogleState, c: Context, isWrite: boolean) {
  const scope = state.tokens.get((c.req.header('authorization') ?? '').replace(/^Bearer /, ''));
  if (scope === undefined) return googleErrors.unauthenticated;
  const scopes = scope.split(' ');
  const mayRead = scopes.some((each) => /\/auth\/spreadsheets(\.readonly)?$/.test(each));
  const mayWrite = scopes.some((each) => each.endsWith('/auth/spreadsheets'));
  if (!(isWrite ? mayWrite : mayRead)) return googleErrors['wrong-scope'];
  if (state.access === 'api-disabled') return googleErrors['api-disabled'];
  if (c.req.param('id')?.replace(/:.*$/, '') !== state.spreadsheetId) return googleErrors['not-found'];
  if (state.access === 'quota-exceeded') return googleErrors[isWrite ? 'write-quota-exceeded' : 'quota-exceeded'];
  if (state.access === 'viewer') return isWrite ? googleErrors['not-shared'] : undefined;
  return state.access === 'shared' ? undefined : googleErrors[state.access];
}

function spreadsheetWith(state: GoogleState, ranges: readonly string[], withCells: boolean): object {
  const found = spreadsheetOf(state, { ranges, withCells });
  return 'badRange' in found ? { error: badRange(found.badRange) } : found.spreadsheet;
}

/** Cells come where they are asked for, or named among the fields. */
const describe = (state: GoogleState, c: Context): object =>
  spreadsheetWith(
    state,
    c.req.queries('ranges') ?? [],
    c.req.query('includeGridData') === 'true' || /\bdata\b/.test(c.req.query('fields') ?? ''),
  );

function update(state: GoogleState, c: Context, body: Batch): object {
  const outcome = batchUpdate(state, body.requests ?? []);
  if ('error' in outcome) return outcome;
  const { includeSpreadsheetInResponse, responseIncludeGridData, responseRanges = [] } = body;
  const withCells = responseIncludeGridData === true || /\bdata\b/.test(c.req.query('fields') ?? '');
  return {
    spreadsheetId: state.spreadsheetId,
    replies: outcome.replies,
    ...(includeSpreadsheetInResponse && { updatedSpreadsheet: spreadsheetWith(state, responseRanges, withCells) }),
  };
}

/**
 * The token endpoint at `/token`, and of Sheets v4 what the program uses: spreadsheets.get and batchUpdate, and the
 * values' get, batchGet and batchUpdate.
 * https://developers.google.com/workspace/sheets/api/reference/rest
 */
export function googleSimulator(state: GoogleState, traffic: Traffic): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const spreadsheet = '/v4/spreadsheets/:id';
  const pace = createPace(() => state.quota?.now() ?? 0);
  app.post('/token', async (c) => {
    const checked = checkTokenRequest(new URLSearchParams(await c.req.text()), state.account);
    if ('error' in checked) return c.json(checked, 400);
    const token = `simulated-${randomUUID()}`;
    state.tokens.set(token, checked.scope);
    return c.json({ access_token: token, expires_in: 3_599, token_type: 'Bearer' });
  });
  app.use(`${spreadsheet}/*`, async (c, next) => {
    const isWrite = c.req.method !== 'GET';
    const refusal = refusalOf(state, c, isWrite);
    if (refusal !== undefined) return answer(c, { error: refusal });
    const most = state.quota?.perMinute ?? Number.POSITIVE_INFINITY;
    if (pace.take(isWrite ? 'write' : 'read', { most, perMs: 60_000 }) === 0) return next();
    return answer(c, { error: googleErrors[isWrite ? 'write-quota-exceeded' : 'quota-exceeded'] });
  });
  const read = (c: Context, ranges: readonly string[]) => readValues(state, ranges, c.req.query('valueRenderOption'));
  app.get(spreadsheet, (c) => answer(c, describe(state, c)));
  app.get(`${spreadsheet}/`, (c) => answer(c, describe(state, c)));
  app.get(`${spreadsheet}/values:batchGet`, (c) => {
    const found = read(c, c.req.queries('ranges') ?? []);
    return answer(c, 'error' in found ? found : { spreadsheetId: state.spreadsheetId, ...found });
  });
  app.get(`${spreadsheet}/values/:range`, (c) => {
    const found = read(c, [c.req.param('range')]);
    return answer(c, 'error' in found ? found : (found.valueRanges[0] ?? {}));
  });
  app.post(`${spreadsheet}/values:batchUpdate`, async (c) => answer(c, writeValues(state, await c.req.json())));
  app.post(spreadsheet, async (c) =>
    c.req.param('id').endsWith(':batchUpdate')
      ? answer(c, update(state, c, await c.req.json()))
      : answer(c, { error: invalid('Unknown method') }),
  );
  return app;
}

import { GoogleSpreadsheet } from 'google-spreadsheet';
import { isHTTPError, isTimeoutError } from 'ky';
import * as v from 'valibot';
import type { Table } from '../../domain/columns.js';
import { columnLetters } from '../../domain/fields/find-columns.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { Sheet, SheetError, SheetTabs } from '../../flows/ports/sheet.js';
import { address } from '../address.js';
import { errorCode } from '../error-code.js';
import type { Http } from '../http.js';
import { SecretError } from '../secret-error.js';
import type { ServiceAccount } from '../service-account.js';
import { sheetFailure } from './google-failure.js';
import { createTokenSource } from './google-token.js';

export interface GoogleSheetSettings {
  readonly spreadsheetId: string;
  readonly tab: string;
  /** Left out, there is none to look for. */
  readonly usersTab?: string;
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** Asked at every read, so that a new key counts in a warm Lambda. Undefined where the secret has none. */
  account(): Promise<ServiceAccount | undefined>;
  /** For the access token; the sheet itself is read with google-spreadsheet's own client. */
  readonly http: Http;
  now(): number;
  /** For one attempt. */
  readonly timeoutMs?: number;
  /** Before the second attempt; before the third twice as long. */
  readonly pauseMs?: number;
  /** Whether there is time for one more attempt after one that had no answer in time. */
  readonly mayRepeat?: () => boolean;
}

/** A 429 comes without Retry-After. https://developers.google.com/workspace/sheets/api/limits#exponential */
const passing = [429, 500, 502, 503, 504];
const retries = 2;

const isCell = (cell: unknown): boolean =>
  cell === null || typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean';

/** By hand, because a schema would copy every cell of the sheet. */
const isTable = (values: unknown): boolean =>
  Array.isArray(values) && values.every((row) => Array.isArray(row) && row.every(isCell));

/** An answer to another question has no `majorDimension`, and must not pass for an empty sheet. */
const Values = v.object({ majorDimension: v.literal('ROWS'), values: v.optional(v.custom<Table>(isTable), []) });
const ValuesBody = v.pipe(v.string(), v.parseJson(), Values);
/** In the order of the ranges that were asked for. */
const TwoValuesBody = v.pipe(v.string(), v.parseJson(), v.object({ valueRanges: v.strictTuple([Values, Values]) }));

/** Quoted, a tab named A1 is a tab. https://developers.google.com/workspace/sheets/api/guides/concepts#cell */
const rangeOf = (tab: string): string => `'${tab.replaceAll("'", "''")}'`;

/** ky wraps what fetch throws, and fetch what the socket reports. */
function rootOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error && error.cause ? rootOf(error.cause) : error;
}

function unavailable(error: unknown, timeoutMs: number): SheetError {
  const code = errorCode(rootOf(error));
  const lost = `the connection failed${code === undefined ? '' : ` (${code})`}`;
  const detail = isTimeoutError(error) ? `no answer within ${timeoutMs} ms` : lost;
  return {
    kind: 'unavailable',
    message: `Google Sheets did not answer: ${detail}`,
    remedy: 'the next run reads again',
  };
}

async function readAccount(account: GoogleSheetSettings['account']): Promise<Result<ServiceAccount, SheetError>> {
  try {
    const found = await account();
    if (found !== undefined) return ok(found);
    const message = 'google_service_account is missing in the secret';
    const remedy = "add the client_email and private_key of the service account's key file";
    return err({ kind: 'bad-key', message, remedy });
  } catch (error) {
    if (error instanceof SecretError) return err({ kind: 'bad-key', ...error.problem });
    throw error;
  }
}

const noValues: SheetError = {
  kind: 'bad-response',
  message: 'Google Sheets answered with something other than rows of values',
  remedy: "check GOOGLE_SHEETS_BASE_URL, and whether a proxy answers in Google's place",
};

function readValues(text: string): Result<Table, SheetError> {
  const body = v.safeParse(ValuesBody, text);
  return body.success ? ok(body.output.values) : err(noValues);
}

function readTwoValues(text: string): Result<SheetTabs, SheetError> {
  const body = v.safeParse(TwoValuesBody, text);
  if (!body.success) return err(noValues);
  const [alerts, users] = body.output.valueRanges;
  return ok({ alerts: alerts.values, users: ok(users.values) });
}

type ValueRenderOption = 'UNFORMATTED_VALUE' | 'FORMATTED_VALUE';

/**
 * One read call a run, asked again at most twice; never `loadInfo` or `getRows`, which are two calls and give text only.
 * Long, because all its reads share one access token and one way to ask again.
 */
export function createGoogleSheet(settings: GoogleSheetSettings): Sheet {
  const { spreadsheetId, tab, usersTab, timeoutMs = 10_000, pauseMs = 1_000, mayRepeat = () => true } = settings;
  const tokens = createTokenSource(settings);

  async function getValues(
    path: string,
    ranges: readonly string[],
    token: string,
    valueRenderOption: ValueRenderOption,
  ): Promise<Result<{ status: number; text: string }, SheetError>> {
    const { sheetsApi } = new GoogleSpreadsheet(spreadsheetId, { token });
    const api = sheetsApi.extend({
      prefix: address(settings.baseUrl, `/v4/spreadsheets/${spreadsheetId}`).href,
      timeout: timeoutMs,
      totalTimeout: (retries + 1) * timeoutMs,
      throwHttpErrors: (status) => passing.includes(status),
      retry: {
        limit: retries,
        statusCodes: passing,
        afterStatusCodes: [],
        delay: (attempt) => pauseMs * 2 ** (attempt - 1),
        jitter: (delayMs) => delayMs * (1 + Math.random()),
        shouldRetry: ({ error, retryCount }) => (isTimeoutError(error) ? retryCount === 1 && mayRepeat() : undefined),
      },
    });
    // Google's numbers as numbers: as text they would come in the spelling of the sheet's country.
    const searchParams = new URLSearchParams([
      ...ranges.map((range): [string, string] => ['ranges', range]),
      ['valueRenderOption', valueRenderOption],
      ['dateTimeRenderOption', 'FORMATTED_STRING'],
    ]);
    try {
      const answer = api.get(path, { searchParams });
      const text = await answer.text();
      return ok({ status: (await answer).status, text });
    } catch (error) {
      return isHTTPError(error) ? ok({ status: error.response.status, text: '' }) : err(unavailable(error, timeoutMs));
    }
  }

  async function readFrom<T>(
    path: string,
    ranges: readonly string[],
    readBody: (text: string) => Result<T, SheetError>,
    valueRenderOption: ValueRenderOption = 'UNFORMATTED_VALUE',
  ): Promise<Result<T, SheetError>> {
    const account = await readAccount(settings.account);
    if (!account.ok) return account;
    for (let isSecond = false; ; isSecond = true) {
      const token = await tokens.get(account.value);
      if (!token.ok) return token;
      const answer = await getValues(path, ranges, token.value, valueRenderOption);
      if (!answer.ok) return answer;
      const { status, text } = answer.value;
      if (status === 200) return readBody(text);
      if (status === 401) tokens.drop();
      if (status !== 401 || isSecond) {
        return err(sheetFailure(status, text, { tab, clientEmail: account.value.client_email }));
      }
    }
  }

  const read = () => readFrom(`values/${encodeURIComponent(rangeOf(tab))}`, [], readValues);
  const readShown = (column: number) => {
    const letters = columnLetters(column);
    const range = `${rangeOf(tab)}!${letters}:${letters}`;
    return readFrom(`values/${encodeURIComponent(range)}`, [], readValues, 'FORMATTED_VALUE');
  };
  if (usersTab === undefined) return { read, readShown };

  async function readWithAlerts(name: string): Promise<Result<SheetTabs, SheetError>> {
    const both = await readFrom('values:batchGet', [rangeOf(tab), rangeOf(name)], readTwoValues);
    if (both.ok || both.error.kind !== 'no-such-tab') return both;
    // One of the two is not there; Google's words are no good to tell which.
    const alerts = await read();
    if (!alerts.ok) return alerts;
    const message = `the spreadsheet has no tab "${name}"`;
    return ok({ alerts: alerts.value, users: err({ kind: 'no-such-tab', message }) });
  }

  return {
    read,
    readShown,
    users: { name: usersTab, isLookedForHourly: true, readWithAlerts: () => readWithAlerts(usersTab) },
  };
}

import { beforeEach, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { createHttp } from '../../../src/adapters/http.js';
import { SecretError } from '../../../src/adapters/secret-error.js';
import type { ServiceAccount } from '../../../src/adapters/service-account.js';
import { createGoogleSheet, type GoogleSheetSettings } from '../../../src/adapters/sheet/google.js';
import type { SheetError } from '../../../src/flows/ports/sheet.js';
import { captured, testCaptured } from '../../support/captured.js';
import { fakeServiceAccount, leaked } from '../../support/fake-secret.js';
import { oneForAll } from '../../support/lifetime.js';
import { serve } from '../../support/loopback.js';

const { account } = fakeServiceAccount();
const other: ServiceAccount = { ...account, client_email: 'other@fake-project.iam.gserviceaccount.com' };

interface Answer {
  readonly status: number;
  readonly text: string;
}

const values = (...rows: unknown[][]): Answer => ({
  status: 200,
  text: JSON.stringify({ range: 'Alerts!A1:Z100', majorDimension: 'ROWS', values: rows }),
});
const refused = (status: number, code: string, message: string, reason?: string): Answer => ({
  status,
  text: JSON.stringify({
    error: {
      code: status,
      message,
      status: code,
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', ...(reason === undefined ? {} : { reason }) },
        { '@type': 'type.googleapis.com/google.rpc.Help', links: [] },
      ],
    },
  }),
});

/** Given in turn, the last one again and again. */
let answers: ((bearer: string, path: string) => Answer | Promise<Answer>)[];
let reads: { path: string; bearer: string }[];
let tokens: number;

const server = oneForAll(() => {
  const app = new Hono();
  app.post('/token', (c) => {
    tokens += 1;
    return c.json({ access_token: `fakeAccessToken${tokens}`, expires_in: 3599 });
  });
  app.get('/v4/*', async (c) => {
    const { pathname, search } = new URL(c.req.url);
    const bearer = c.req.header('authorization') ?? '';
    const answering = answers[Math.min(reads.length, answers.length - 1)];
    reads.push({ path: pathname + search, bearer });
    const answer = await answering?.(bearer, pathname + search);
    return c.body(answer?.text ?? '', (answer?.status ?? 500) as 200, { 'content-type': 'application/json' });
  });
  app.get('/silent/*', () => new Promise<Response>(() => undefined));
  return serve(app);
});
beforeEach(() => {
  reads = [];
  tokens = 0;
});

function sheetWith(settings: Partial<GoogleSheetSettings> = {}) {
  return createGoogleSheet({
    spreadsheetId: 'fake-spreadsheet-id',
    tab: 'Alerts',
    baseUrl: server.url,
    tokenUrl: `${server.url}/token`,
    account: async () => account,
    http: createHttp({ timeoutMs: 2_000, retries: 0 }),
    now: () => 0,
    pauseMs: 1,
    ...settings,
  });
}

function reading(...given: (Answer | ((bearer: string) => Answer))[]) {
  answers = given.map((answer) => (typeof answer === 'function' ? answer : () => answer));
  return sheetWith().read();
}

describe('a read', () => {
  test('is one call for raw values of the whole tab', async () => {
    const rows = [['symbol', 'condition', 'price', 'active'], ['BTCUSDT', 'above', 95000.5, true], [], ['ETH-USD', '']];
    expect(await reading(values(...rows))).toEqual({ ok: true, value: rows });
    expect(reads).toEqual([
      {
        path: "/v4/spreadsheets/fake-spreadsheet-id/values/'Alerts'?valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING",
        bearer: 'Bearer fakeAccessToken1',
      },
    ]);
  });

  test('of one column as people see it is one call for its formatted values', async () => {
    answers = [() => values(['price'], ['3%'])];
    expect(await sheetWith().readShown?.(27)).toEqual({ ok: true, value: [['price'], ['3%']] });
    expect(reads.map(({ path }) => path)).toEqual([
      "/v4/spreadsheets/fake-spreadsheet-id/values/'Alerts'!AB%3AAB?valueRenderOption=FORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING",
    ]);
  });

  test('that was followed by one as people see it is made together with that one the next time', async () => {
    const shown = (text: string) => values(['price'], [text]);
    const answer = (_: string, path: string) =>
      path.includes('=UNFORMATTED') ? values(['price'], [0.03]) : shown('3%');
    const waiting: (() => void)[] = [];
    // Neither is answered before both are there.
    const together = async (bearer: string, path: string) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) for (const go of waiting) go();
      });
      return answer(bearer, path);
    };
    answers = [answer, answer, together, together, () => shown('4%')];
    const sheet = sheetWith();
    await sheet.read();
    await sheet.readShown?.(27);
    await sheet.read();
    expect(await sheet.readShown?.(27)).toEqual({ ok: true, value: [['price'], ['3%']] });
    expect(reads).toHaveLength(4);
    // A column that stands elsewhere by now is asked for anew.
    expect(await sheet.readShown?.(28)).toEqual({ ok: true, value: [['price'], ['4%']] });
    expect(reads).toHaveLength(5);
  });

  test.each([
    { tab: "My 'best' alerts", path: "'My%20''best''%20alerts'" },
    { tab: 'A/B?#%', path: "'A%2FB%3F%23%25'" },
    { tab: 'Сигналы', path: "'%D0%A1%D0%B8%D0%B3%D0%BD%D0%B0%D0%BB%D1%8B'" },
  ])('quotes the tab $tab', async ({ tab, path }) => {
    answers = [() => values()];
    expect(await sheetWith({ tab }).read()).toEqual({ ok: true, value: [] });
    expect(reads[0]?.path.split('?')[0]).toBe(`/v4/spreadsheets/fake-spreadsheet-id/values/${path}`);
  });

  test('of an empty tab comes without values and is an empty table', async () => {
    expect(await reading({ status: 200, text: '{"range": "Alerts!A1:Z1000", "majorDimension": "ROWS"}' })).toEqual({
      ok: true,
      value: [],
    });
  });

  test('takes an address that ends in a slash', async () => {
    answers = [() => values(['symbol'])];
    expect(await sheetWith({ baseUrl: `${server.url}/` }).read()).toEqual({ ok: true, value: [['symbol']] });
    expect(reads[0]?.path).toMatch(/^\/v4\/spreadsheets\/fake/);
  });

  test('uses one access token for many reads, until the account changes', async () => {
    answers = [() => values()];
    let current = account;
    const sheet = sheetWith({ account: async () => current });
    await sheet.read();
    await sheet.read();
    current = other;
    await sheet.read();
    expect(reads.map(({ bearer }) => bearer)).toEqual([
      'Bearer fakeAccessToken1',
      'Bearer fakeAccessToken1',
      'Bearer fakeAccessToken2',
    ]);
  });
});

describe('what passes is asked again', () => {
  test.each([429, 500, 502, 503, 504])('HTTP %i, twice', async (status) => {
    const passing = { status, text: '' };
    expect(await reading(passing, passing, values(['symbol']))).toEqual({ ok: true, value: [['symbol']] });
    expect(reads).toHaveLength(3);
    expect(tokens).toBe(1);
  });

  test.each([429, 503])('HTTP %i, and never more than twice', async (status) => {
    expect(await reading({ status, text: '' })).toMatchObject({ ok: false });
    expect(reads).toHaveLength(3);
  });

  test('a rejected access token, once and with a fresh one', async () => {
    const unauthorized = refused(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    expect(await reading(unauthorized, values(['symbol']))).toEqual({ ok: true, value: [['symbol']] });
    expect(reads.map(({ bearer }) => bearer)).toEqual(['Bearer fakeAccessToken1', 'Bearer fakeAccessToken2']);
  });

  test('a rejected access token, and never more than once', async () => {
    expect(await reading(refused(401, 'UNAUTHENTICATED', 'no'))).toMatchObject({ ok: false });
    expect(reads).toHaveLength(2);
  });

  test.each([400, 403, 404])('but HTTP %i is not', async (status) => {
    expect(await reading({ status, text: '' })).toMatchObject({ ok: false });
    expect(reads).toHaveLength(1);
  });
});

const failed = (kind: SheetError['kind'], message: string, remedy: string): SheetError => ({ kind, message, remedy });
const odd = (status: number): SheetError => ({
  kind: 'bad-response',
  message: `Google Sheets refused the read for a reason that is not known here (HTTP ${status})`,
  remedy: "check GOOGLE_SHEETS_BASE_URL and SHEET_TAB, and whether a proxy answers in Google's place",
});
const notRows: SheetError = {
  kind: 'bad-response',
  message: 'Google Sheets answered with something other than rows of values',
  remedy: "check GOOGLE_SHEETS_BASE_URL, and whether a proxy answers in Google's place",
};

const failures: [name: string, answer: Answer, error: SheetError][] = [
  [
    'no such tab',
    refused(400, 'INVALID_ARGUMENT', "Unable to parse range: 'Alerts'"),
    failed(
      'no-such-tab',
      'the spreadsheet has no tab "Alerts"',
      'set SHEET_TAB to the name of the tab with the alerts, or rename the tab',
    ),
  ],
  [
    'an Office file in place of a sheet',
    refused(400, 'FAILED_PRECONDITION', 'This operation is not supported for this document'),
    failed(
      'no-such-sheet',
      'the file is no Google spreadsheet but an Office file',
      'open it, choose File → Save as Google Sheets, and set GOOGLE_SHEETS_SPREADSHEET_ID from the new address',
    ),
  ],
  [
    'not shared',
    refused(403, 'PERMISSION_DENIED', 'The caller does not have permission'),
    failed('not-shared', 'the sheet is not shared', `share the sheet with ${account.client_email} as Viewer`),
  ],
  [
    'the API is off',
    refused(403, 'PERMISSION_DENIED', 'Google Sheets API has not been used', 'SERVICE_DISABLED'),
    failed(
      'api-disabled',
      `the Google Sheets API is not enabled in the project of ${account.client_email}`,
      "enable it in that project's API library in the Google Cloud console and wait a few minutes",
    ),
  ],
  [
    'no such spreadsheet',
    refused(404, 'NOT_FOUND', 'Requested entity was not found.'),
    failed(
      'no-such-sheet',
      'there is no such spreadsheet',
      "set GOOGLE_SHEETS_SPREADSHEET_ID to the part of the sheet's address between /d/ and /edit",
    ),
  ],
  [
    'a token that stays rejected',
    refused(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
    failed(
      'bad-key',
      `Google does not accept the access token of ${account.client_email}`,
      'check that the service account is enabled, or put a new key of it into the secret',
    ),
  ],
  [
    'the quota of a minute',
    refused(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded', 'RATE_LIMIT_EXCEEDED'),
    failed(
      'quota',
      "Google's limit of 60 reads a minute for one service account is used up",
      'the next run reads again. Where that stays so, check less often or give this program a service account of its own',
    ),
  ],
  [
    'out of order',
    { status: 503, text: '<html>Service Unavailable</html>' },
    failed('unavailable', 'Google Sheets is out of order (HTTP 503)', 'the next run reads again'),
  ],
  ['a proxy that forbids', { status: 403, text: '<html>Forbidden</html>' }, odd(403)],
  ['another bad request', refused(400, 'INVALID_ARGUMENT', 'Invalid value'), odd(400)],
  ['a page in place of values', { status: 200, text: '<html>Sign in</html>' }, notRows],
  [
    'another answer of Google, which must not pass for an empty sheet',
    { status: 200, text: '{"spreadsheetId": "fake", "sheets": []}' },
    notRows,
  ],
  [
    'columns in place of rows',
    { status: 200, text: '{"range": "A1:B2", "majorDimension": "COLUMNS", "values": [["symbol"]]}' },
    notRows,
  ],
  [
    'cells that are objects',
    { status: 200, text: '{"range": "A1:B2", "majorDimension": "ROWS", "values": [[{"text": "symbol"}]]}' },
    notRows,
  ],
];

describe('a failure is told with what to do', () => {
  test.each(failures)('%s', async (_name, answer, error) => {
    expect(await reading(answer)).toEqual({ ok: false, error });
  });

  test('no service account in the secret', async () => {
    expect(await sheetWith({ account: async () => undefined }).read()).toEqual({
      ok: false,
      error: failed(
        'bad-key',
        'google_service_account is missing in the secret',
        "add the client_email and private_key of the service account's key file",
      ),
    });
  });

  test('a secret that cannot be read', async () => {
    const read = sheetWith({
      account: () => Promise.reject(new SecretError('there is no secret "x"; create it')),
    }).read();
    expect(await read).toEqual({
      ok: false,
      error: { kind: 'bad-key', message: 'there is no secret "x"; create it' },
    });
  });

  test('a key that is no key', async () => {
    const read = sheetWith({ account: async () => ({ ...account, private_key: 'x' }) }).read();
    expect(await read).toMatchObject({ ok: false, error: { kind: 'bad-key' } });
    expect(reads).toEqual([]);
  });

  test('no answer within the time limit', async () => {
    const read = sheetWith({ baseUrl: `${server.url}/silent`, timeoutMs: 30 }).read();
    expect(await read).toEqual({
      ok: false,
      error: failed('unavailable', 'Google Sheets did not answer: no answer within 30 ms', 'the next run reads again'),
    });
  });

  test.each([
    { what: 'is asked again once', mayRepeat: () => true, times: 2 },
    { what: 'is not asked again when the time is over', mayRepeat: () => false, times: 1 },
  ])('one that is silent $what', async ({ mayRepeat, times }) => {
    let asked = 0;
    const silent = await serve(
      new Hono().get('*', () => {
        asked += 1;
        return new Promise<Response>(() => undefined);
      }),
    );
    const tokenUrl = `${server.url}/token`;
    expect(await sheetWith({ baseUrl: silent.url, tokenUrl, timeoutMs: 100, mayRepeat }).read()).toMatchObject({
      error: { kind: 'unavailable' },
    });
    expect(asked).toBe(times);
    await silent.close();
  });

  test('nobody there', async () => {
    const gone = await serve(new Hono());
    await gone.close();
    expect(await sheetWith({ baseUrl: gone.url }).read()).toEqual({
      ok: false,
      error: failed(
        'unavailable',
        'Google Sheets did not answer: the connection failed (ECONNREFUSED)',
        'the next run reads again',
      ),
    });
  });

  test('but a bug is not hidden', async () => {
    const read = sheetWith({ account: () => Promise.reject(new TypeError('a bug')) }).read();
    await expect(read).rejects.toThrow(new TypeError('a bug'));
  });
});

describe('the users’ tab', () => {
  const noTab = refused(400, 'INVALID_ARGUMENT', "Unable to parse range: 'Users'");
  const both = (...ranges: unknown[]): Answer => ({
    status: 200,
    text: JSON.stringify({ spreadsheetId: 'fake-spreadsheet-id', valueRanges: ranges }),
  });
  const range = (...rows: unknown[][]) => ({ range: 'Alerts!A1:Z9', majorDimension: 'ROWS', values: rows });
  function readingBoth(...given: Answer[]) {
    answers = given.map((answer) => () => answer);
    return sheetWith({ usersTab: "Who's who" }).users?.readWithAlerts();
  }

  test('comes in the same call as the alerts', async () => {
    expect(await readingBoth(both(range(['symbol'], ['BTCUSDT']), range(['user_id'], ['dmitry'])))).toEqual({
      ok: true,
      value: { alerts: [['symbol'], ['BTCUSDT']], users: { ok: true, value: [['user_id'], ['dmitry']] } },
    });
    const { pathname, searchParams } = new URL(reads[0]?.path ?? '', server.url);
    expect(reads).toHaveLength(1);
    expect(pathname).toBe('/v4/spreadsheets/fake-spreadsheet-id/values:batchGet');
    expect([...searchParams]).toEqual([
      ['ranges', "'Alerts'"],
      ['ranges', "'Who''s who'"],
      ['valueRenderOption', 'UNFORMATTED_VALUE'],
      ['dateTimeRenderOption', 'FORMATTED_STRING'],
    ]);
  });

  test('that is not there costs a call, and the alerts are read alone', async () => {
    expect(await readingBoth(noTab, values(['symbol']))).toEqual({
      ok: true,
      value: {
        alerts: [['symbol']],
        users: { ok: false, error: { kind: 'no-such-tab', message: `the spreadsheet has no tab "Who's who"` } },
      },
    });
    expect(reads).toHaveLength(2);
  });

  test('is not blamed where the alerts’ tab is not there', async () =>
    expect(await readingBoth(noTab, noTab)).toMatchObject({
      ok: false,
      error: { kind: 'no-such-tab', message: 'the spreadsheet has no tab "Alerts"' },
    }));

  test.each([
    ['one range', both(range(['symbol']))],
    ['three', both(range(), range(), range())],
    ['none', both()],
    ['cells that are none', both(range(['symbol']), range([{}]))],
    ['another answer', values(['symbol'])],
  ])('an answer with %s is no answer', async (_, answer) =>
    expect(await readingBoth(answer)).toMatchObject({ ok: false, error: { kind: 'bad-response' } }),
  );

  test('a quota that is used up is no missing tab', async () => {
    expect(await readingBoth(refused(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'))).toMatchObject({
      ok: false,
      error: { kind: 'quota' },
    });
  });

  const recorded = 'google_sheets/values_batchGet_200.json';
  testCaptured('the recorded answer is read range by range', [recorded], async () => {
    const { status, text } = captured(recorded);
    const [first, second] = JSON.parse(text).valueRanges;
    // It is of three ranges, and the program asks for two.
    expect(await readingBoth({ status, text: JSON.stringify({ valueRanges: [first, second] }) })).toEqual({
      ok: true,
      value: { alerts: first.values, users: { ok: true, value: second.values } },
    });
  });

  const missing = 'google_sheets/error_400_unable_to_parse_range.json';
  testCaptured('the recorded refusal of a range is a missing tab', [missing], async () => {
    expect(await readingBoth(captured(missing), values(['symbol']))).toMatchObject({
      ok: true,
      value: { alerts: [['symbol']], users: { ok: false, error: { kind: 'no-such-tab' } } },
    });
  });
});

test('no failure shows the key or an access token, not even when Google repeats them', async () => {
  const results: unknown[] = [];
  for (const [, answer] of failures) {
    const repeating = (bearer: string): Answer => {
      const echo = `${bearer} ${account.private_key}`;
      const text = answer.text.replace('<html>', `<html>${echo}`).replace(/^\{/, `{"echo": ${JSON.stringify(echo)},`);
      return { ...answer, text };
    };
    results.push(await reading(repeating));
    results.push(await reading((bearer) => refused(answer.status, bearer, `${bearer} ${account.private_key}`, bearer)));
  }
  expect(results).not.toContainEqual(expect.objectContaining({ ok: true }));
  expect(leaked(results, [account.private_key, 'fakeAccessToken'])).toEqual([]);
});

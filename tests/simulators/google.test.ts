import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GoogleSpreadsheet } from 'google-spreadsheet';
import { importPKCS8, SignJWT } from 'jose';
import { createTraffic } from '../../src/simulators/faults.js';
import { type GoogleState, googleSimulator } from '../../src/simulators/google/google.js';
import { type Served, serveSimulator } from '../../src/simulators/loopback.js';
import { at } from '../support/builders.js';
import { captured, testCaptured } from '../support/captured.js';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
const clientEmail = 'reader@simulated-project.iam.gserviceaccount.com';
const readonlyScope = 'https://www.googleapis.com/auth/spreadsheets.readonly';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const state: GoogleState = {
  spreadsheetId: 'the-sheet',
  tabs: new Map(),
  looks: new Map(),
  account: { clientEmail, publicKey: keys.publicKey },
  access: 'shared',
  tokens: new Map(),
};
let served: Served;
beforeAll(async () => {
  const traffic = createTraffic();
  served = await serveSimulator(googleSimulator(state, traffic), traffic);
});
afterAll(() => served.close());
beforeEach(() => {
  state.access = 'shared';
  state.tokens.clear();
  state.tokens.set('good', readonlyScope);
  state.tabs.clear();
  state.tabs.set('Alerts', [
    ['symbol', 'price', 'active', '', ''],
    ['BTCUSDT', 95000.5, true],
    [],
    ['', null, undefined],
    ['ETH-USD', '', false, ''],
    ['', ''],
  ]);
  state.tabs.set('Empty', [['', null]]);
});

const iat = at('12:00') / 1_000;
const claims = { iss: clientEmail, scope: readonlyScope, aud: 'https://oauth2.googleapis.com/token', iat };
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
function signed(payload: object, privateKey = keys.privateKey, alg = 'RS256'): string {
  const text = `${encode({ alg, typ: 'JWT' })}.${encode(payload)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
}
async function askToken(assertion: string, grant_type = grantType) {
  const body = new URLSearchParams({ grant_type, assertion });
  const response = await fetch(`${served.url}/token`, { method: 'POST', body });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
async function ask(path: string, token = 'good') {
  const response = await fetch(`${served.url}/v4/spreadsheets/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
}
const raw = 'valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING';
const values = (range: string, query = raw) => ask(`the-sheet/values/${encodeURIComponent(range)}?${query}`);

describe('the token endpoint', () => {
  test('gives a token for a signature made with the key, and the token opens the sheet', async () => {
    const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const assertion = await new SignJWT({ scope: readonlyScope })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(clientEmail)
      .setAudience(claims.aud)
      .setIssuedAt(iat)
      .setExpirationTime(iat + 3600)
      .sign(await importPKCS8(pem, 'RS256'));
    const { status, body } = await askToken(assertion);
    expect({ status, body }).toEqual({
      status: 200,
      body: { access_token: expect.stringMatching(/^simulated-/), expires_in: 3599, token_type: 'Bearer' },
    });
    expect((await ask('the-sheet', body.access_token)).status).toBe(200);
  });

  const lifetime =
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
  const exp = iat + 3600;
  test.each<[name: string, assertion: string, error: string, why: string]>([
    ['another key', signed({ ...claims, exp }, others.privateKey), 'invalid_grant', 'Invalid JWT Signature.'],
    [
      'another algorithm',
      signed({ ...claims, exp }, keys.privateKey, 'HS256'),
      'invalid_grant',
      'Invalid JWT Signature.',
    ],
    [
      'another account',
      signed({ ...claims, exp, iss: 'somebody@else' }),
      'invalid_grant',
      'Invalid grant: account not found',
    ],
    ['more than an hour', signed({ ...claims, exp: exp + 1 }), 'invalid_grant', lifetime],
    ['an end before it begins', signed({ ...claims, exp: iat }), 'invalid_grant', lifetime],
    ['no end', signed(claims), 'invalid_grant', lifetime],
    ['no audience', signed({ ...claims, exp, aud: undefined }), 'invalid_grant', 'Invalid JWT: Failed audience check.'],
    [
      'no scope',
      signed({ ...claims, exp, scope: undefined }),
      'invalid_scope',
      'Invalid OAuth scope or ID token audience provided.',
    ],
    ['no JWT', 'x', 'invalid_request', 'Bad Request: the assertion is no JWT'],
  ])('refuses %s', async (_name, assertion, error, why) => {
    expect(await askToken(assertion)).toEqual({ status: 400, body: { error, error_description: why } });
  });

  test('refuses another grant type', async () => {
    expect(await askToken(signed({ ...claims, exp }), 'password')).toEqual({
      status: 400,
      body: { error: 'unsupported_grant_type', error_description: 'Invalid grant_type' },
    });
  });
});

describe('values', () => {
  const all = [['symbol', 'price', 'active'], ['BTCUSDT', 95000.5, true], [], [], ['ETH-USD', '', false]];

  test('are raw, without what is empty at the end of rows and of the range', async () => {
    expect(await values('Alerts')).toMatchObject({
      status: 200,
      body: { range: 'Alerts!A1:Z1000', majorDimension: 'ROWS', values: all },
    });
  });

  test.each([
    { range: "'Alerts'!A1:Z100", shown: 'Alerts!A1:Z100', expected: all },
    { range: "'Alerts'!A1:Z", shown: 'Alerts!A1:Z1000', expected: all },
    { range: 'Alerts!A2:B2', shown: 'Alerts!A2:B2', expected: [['BTCUSDT', 95000.5]] },
    { range: 'Alerts!B5:C5', shown: 'Alerts!B5:C5', expected: [['', false]] },
  ])('of $range', async ({ range, shown, expected }) => {
    expect((await values(range)).body).toEqual({ range: shown, majorDimension: 'ROWS', values: expected });
  });

  test('are no key at all where the range is empty', async () => {
    expect((await values('Empty')).body).toEqual({ range: 'Empty!A1:Z1000', majorDimension: 'ROWS' });
  });

  const empty = 'google_sheets/values_get_200_empty_no_values_key.json';
  testCaptured('are no key at all in the real answer', [empty], () => {
    expect(Object.keys(JSON.parse(captured(empty).text))).toEqual(['range', 'majorDimension']);
  });

  test('are text where nobody asks for raw ones', async () => {
    expect((await values('Alerts!A2:C2', '')).body).toEqual({
      range: 'Alerts!A2:C2',
      majorDimension: 'ROWS',
      values: [['BTCUSDT', '95000.5', 'TRUE']],
    });
  });

  test('come from tabs of any name', async () => {
    for (const name of ["Dmitry's", '100% sure/not', 'Оповещения 🌵', 'a+b & c']) {
      state.tabs.set(name, [['symbol']]);
      const range = `'${name.replaceAll("'", "''")}'!A1:B2`;
      expect((await values(range)).body).toEqual({ range, majorDimension: 'ROWS', values: [['symbol']] });
    }
  });

  test('follow the edits', async () => {
    state.tabs.get('Alerts')?.splice(1, 5, ['SOLUSDT', 250]);
    expect((await values('Alerts!A2:B3')).body).toMatchObject({ values: [['SOLUSDT', 250]] });
  });

  test('of several ranges come in one answer', async () => {
    const { body } = await ask(`the-sheet/values:batchGet?ranges=Alerts!A1&ranges=${encodeURIComponent("'Empty'")}`);
    expect(body).toEqual({
      spreadsheetId: 'the-sheet',
      valueRanges: [
        { range: 'Alerts!A1', majorDimension: 'ROWS', values: [['symbol']] },
        { range: 'Empty!A1:Z1000', majorDimension: 'ROWS' },
      ],
    });
    expect((await ask('the-sheet/values:batchGet?ranges=Alerts&ranges=Nope')).status).toBe(400);
  });
});

testCaptured('several ranges come in the recorded shape', ['google_sheets/values_batchGet_200.json'], async () => {
  const real = JSON.parse(captured('google_sheets/values_batchGet_200.json').text);
  const { body } = await ask('the-sheet/values:batchGet?ranges=Alerts!A1:A2&ranges=Alerts!B1:B2');
  const ours = body as typeof real;
  expect(Object.keys(ours)).toEqual(Object.keys(real));
  expect(ours.valueRanges.map(Object.keys)).toEqual(real.valueRanges.slice(1).map(Object.keys));
});

test('google-spreadsheet reads its tabs and cells', async () => {
  const sheet = new GoogleSpreadsheet('the-sheet', { token: 'good' });
  const prefix = `${served.url}/v4/spreadsheets/the-sheet`;
  Object.assign(sheet, { sheetsApi: sheet.sheetsApi.extend({ prefix }) });
  await sheet.loadInfo();
  expect(sheet.sheetsByIndex.map(({ title }) => title)).toEqual(['Alerts', 'Empty']);
  const cells = await sheet.sheetsByTitle.Alerts?.getCellsInRange('A1:C2', {
    valueRenderOption: 'UNFORMATTED_VALUE',
  });
  expect(cells).toEqual([
    ['symbol', 'price', 'active'],
    ['BTCUSDT', 95000.5, true],
  ]);
});

test('a typed percentage is a number, and only its formatted value has the sign', async () => {
  state.tabs.set('Percent', [['price'], ['3%'], ['3.255 %'], [3]]);
  const rendered = async (render: string) =>
    ((await values("'Percent'!A:A", `valueRenderOption=${render}`)).body as { values: unknown }).values;
  expect(await rendered('UNFORMATTED_VALUE')).toEqual([['price'], [0.03], [0.03255], [3]]);
  expect(await rendered('FORMATTED_VALUE')).toEqual([['price'], ['3%'], ['3.26%'], ['3']]);
});

describe('refusals', () => {
  const shapeOf = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shapeOf);
    if (typeof value !== 'object' || value === null) return typeof value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
  };
  const from = (access: GoogleState['access'], askIt: () => ReturnType<typeof ask>) => () => {
    state.access = access;
    return askIt();
  };
  const sheet = () => ask('the-sheet');
  const cases: [status: number, state: string, askIt: () => ReturnType<typeof ask>, file?: string][] = [
    [401, 'UNAUTHENTICATED', () => ask('the-sheet/values/Alerts', 'bad')],
    [403, 'PERMISSION_DENIED', from('api-disabled', sheet), 'error_403_service_disabled.json'],
    [403, 'PERMISSION_DENIED', from('not-shared', sheet), 'spreadsheets_get_403_permission_denied.json'],
    [404, 'NOT_FOUND', () => ask('another-sheet/values/Alerts'), 'error_404_spreadsheet_not_found.json'],
    [429, 'RESOURCE_EXHAUSTED', from('quota-exceeded', () => values('Alerts')), 'error_429_read_quota_per_user.json'],
    [400, 'INVALID_ARGUMENT', () => values('NOPE!A5:F15'), 'error_400_unable_to_parse_range.json'],
  ];

  test.each(cases)('are as documented: %i %s', async (code, state, askIt) => {
    expect(await askIt()).toMatchObject({ status: code, retryAfter: null, body: { error: { code, status: state } } });
  });

  for (const [, , askIt, file] of cases) {
    if (file === undefined) continue;
    testCaptured(`have the shape of ${file}`, [`google_sheets/${file}`], async () => {
      const real = captured(`google_sheets/${file}`);
      const { status, body } = await askIt();
      expect({ status, shape: shapeOf(body) }).toEqual({ status: real.status, shape: shapeOf(JSON.parse(real.text)) });
    });
  }

  test('an unreadable range is quoted back', async () => {
    expect((await values('NOPE!A5:F15')).body).toEqual({
      error: { code: 400, message: 'Unable to parse range: NOPE!A5:F15', status: 'INVALID_ARGUMENT' },
    });
  });

  test('a token for another scope does not open the sheet', async () => {
    state.tokens.set('drive', 'https://www.googleapis.com/auth/drive.file');
    expect(await ask('the-sheet', 'drive')).toMatchObject({
      status: 403,
      body: { error: { message: 'Request had insufficient authentication scopes.' } },
    });
  });
});

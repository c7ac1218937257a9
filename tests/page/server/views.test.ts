import { expect, test } from '@jest/globals';
import { minuteMs } from '../../../src/domain/time.js';
import type { PageState } from '../../../src/page/protocol.js';
import type { BacktestLine, FundingView, HistoryView, StatusView, WhyView } from '../../../src/page/protocol-views.js';
import { oneForAll } from '../../support/lifetime.js';
import { openTestPage } from '../../support/page.js';

const csv = [
  'symbol,condition,price,user_id,id,repeat',
  'BTCUSDT,above,94000,dmitry,btc,',
  'ETHUSDT,below,3000,,eth,',
  'ETHUSDT,below,x,,wrong,',
].join('\n');

/** Checked once, so that one alert has fired and each row is in the history. */
const page = oneForAll(async () => {
  const opened = await openTestPage(`${csv}\n`);
  await opened.check();
  return opened;
});

const get = async <T>(path: string) => (await page.ask('GET', path)).body as T;
const history = (query: string) => get<HistoryView>(`/api/history?${query}`);
const whats = ({ entries }: HistoryView) => entries.map(({ what, alertId }) => `${what} ${alertId}`);

test('the history is told newest first, of all alerts or of one, one user or the newest alone', async () => {
  expect(whats(await history('')).toSorted()).toEqual(['created btc', 'created eth', 'fired btc']);
  expect(whats(await history('user=dmitry'))).toEqual(['fired btc', 'created btc']);
  expect(whats(await history('alert=eth'))).toEqual(['created eth']);
  expect(await history('alert=btc&atMost=1')).toMatchObject({
    isCut: true,
    unreadable: [],
    entries: [{ what: 'fired' }],
  });
  expect(await history(`to=${Date.now() - 60 * minuteMs}`)).toEqual({ entries: [], isCut: false, unreadable: [] });
  const [fire] = (await history('alert=btc')).entries;
  expect(fire).toMatchObject({
    ...{ symbol: 'BTCUSDT', condition: 'above', target: '94000', user: 'dmitry' },
    fire: {
      market: { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' },
      reached: '94210.50000000',
      channels: [{ channel: 'pushover', outcome: 'accepted' }],
    },
  });
});

test.each([
  ['from=yesterday', 'from: expected an instant in milliseconds since 1970'],
  ['atMost=0', 'atMost: expected a number from 1 to 9999'],
])('a history of %s says what was expected', async (query, message) =>
  expect(await page.ask('GET', `/api/history?${query}`)).toEqual({ status: 400, body: { message } }),
);

test('why an alert is silent is told in the sentences of the command', async () => {
  const { lines } = await get<WhyView>('/api/alerts/eth/why');
  expect(lines[0]).toBe('ETHUSDT below 3000 (row 3, id eth, of default)');
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^binance:ETHUSDT trades at 3120.40000000|^binance:ETHUSDT trades at 3120.40 at /),
      'It stays silent: its condition was not met in that time.',
    ]),
  );
  expect((await get<WhyView>('/api/alerts/btc/why')).lines.join('\n')).toMatch(
    /It has fired at .*\n(.*\n)*Its last fire: 94210.5/,
  );
  expect((await page.ask('GET', '/api/alerts/none/why')).status).toBe(404);
});

test('of a row that has become wrong it is told first', async () => {
  await page.writeCsv(`${csv.replace('BTCUSDT,above,94000', 'BTCUSDT,above,"94,000"')}\n`);
  await page.ask('POST', '/api/sync', {});
  const { lines } = await get<WhyView>('/api/alerts/btc/why');
  expect(lines[0]).toBe(
    'Row 2 is wrong, so it is not watched as it stands: price: expected a plain number, got "94,000"; write 94000 or 94.000.',
  );
  await page.writeCsv(`${csv}\n`);
  await page.ask('POST', '/api/sync', {});
});

test('the funding of a symbol is told on every exchange with a perpetual, or why not', async () => {
  const { market } = page.simulators;
  market.list('binance', 'BTCUSDT.P', { price: '94215.10' });
  market.setFunding('binance', 'BTCUSDT.P', '0.00061200', 8);
  const found = await get<FundingView[]>('/api/funding?symbol=BTCUSDT');
  expect(found.map(({ exchange }) => exchange)).toEqual(expect.arrayContaining(['binance', 'bybit']));
  expect(found.find(({ exchange }) => exchange === 'binance')).toMatchObject({
    symbol: 'BTCUSDT.P',
    rate: { shown: '0.0612 %', everyHours: 8, annual: '67 %', payer: 'longs pay', nextAt: expect.any(Number) },
  });
  expect(found.find(({ exchange }) => exchange === 'bybit')?.problem).toMatch(/does not list/);
  expect(await page.ask('GET', '/api/funding?symbol=95000')).toMatchObject({ status: 400, body: { column: 'symbol' } });
});

test('the status tells the last check, and the state which channels each user has', async () => {
  const { check, waits, checkedAt } = await get<StatusView>('/api/status');
  expect([checkedAt, waits]).toEqual([expect.any(Number), []]);
  expect(check).toMatchObject({ markets: 2, failed: [], problems: [], untold: [] });
  expect(check?.exchanges).toEqual([expect.objectContaining({ name: 'binance', state: 'up', failed: 0 })]);
  expect(check?.exchanges[0]?.sent).toBeGreaterThan(0);
  const { channels, userChannels, hasDoctor } = await get<PageState>('/api/state');
  expect([channels?.includes('telegram'), userChannels?.dmitry, hasDoctor]).toEqual([true, ['pushover'], true]);
});

test('the doctor is asked by a POST alone', async () => {
  expect(await page.ask('POST', '/api/doctor', {})).toEqual({
    status: 200,
    body: [{ title: 'Sheet', findings: [{ check: 'rows', status: 'ok', detail: 'all good' }] }],
  });
  expect((await page.ask('GET', '/api/doctor')).status).toBe(404);
});

async function backtest(row: object, signal?: AbortSignal): Promise<BacktestLine[]> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(row), ...(signal && { signal }) };
  const text = await (await fetch(`${page.url}/api/backtest`, init)).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as BacktestLine);
}

/** Some days ago it went up to 99000 twice, and came back. */
function leap(days = 3): void {
  const { market } = page.simulators;
  const begin = Date.now() - days * 24 * 60 * minuteMs;
  const path = [94_000, 99_000, 94_000, 99_000, 94_000];
  market.list('bybit', 'BTCUSDT', { price: '94208.2' });
  market.move(
    'bybit',
    'BTCUSDT',
    path.map((price, index) => ({ at: begin + index * 120 * minuteMs, price: String(price) })),
  );
}

test('a backtest tells its progress, the fires and what they rest on', async () => {
  leap();
  const row = {
    symbol: 'BTCUSDT',
    condition: 'above',
    price: '98500',
    exchange: 'bybit',
    repeat: 'back',
    expires: '1d',
  };
  const lines = await backtest(row);
  expect(lines.slice(0, -1).every(({ kind }) => kind === 'progress')).toBe(true);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.at(-1)).toMatchObject({
    kind: 'tested',
    test: {
      market: { exchange: 'bybit', kind: 'spot', symbol: 'BTCUSDT' },
      fires: [{ reached: '99000' }, { reached: '99000' }],
      rests: [
        expect.stringMatching(/^bybit BTCUSDT from .* UTC to now, a check every 5 minutes\.$/),
        expect.stringMatching(
          /^Candles of a minute in \d+ of \d+ hours; the candle of each other hour rules a fire out\.$/,
        ),
        'The exchange has no older candles of it.',
        'Its expiry is left aside.',
      ],
    },
  });
  expect((await backtest({ ...row, repeat: '' })).at(-1)).toMatchObject({
    test: { fires: [{}], rests: expect.arrayContaining(['It fires once, so nothing after that was tested.']) },
  });
  expect(page.faults).toEqual([]);
});

test.each<[name: string, cells: object, column: string | undefined, message: RegExp]>([
  [
    'a wrong price',
    { price: '95,000' },
    'price',
    /^price: expected a plain number, got "95,000"; write 95000 or 95.000$/,
  ],
  ['no symbol', { symbol: '' }, 'symbol', /^symbol is blank: /],
  ['a user whom nobody knows', { user: 'boris' }, 'user', /^user_id: /],
  [
    'funding',
    { condition: 'funding above', price: '0.05%' },
    'condition',
    /^condition: candles do not tell the funding/,
  ],
])('a backtest of %s has the sentence of the sheet', async (_, cells, column, message) => {
  const answer = await page.ask('POST', '/api/backtest', {
    symbol: 'BTCUSDT',
    condition: 'above',
    price: '1',
    ...cells,
  });
  expect(answer).toMatchObject({ status: 400, body: { column, message: expect.stringMatching(message) } });
});

test('a market that nobody lists fails in words', async () => {
  expect(await backtest({ symbol: 'NOPEUSDT', condition: 'above', price: '1' })).toEqual([
    { kind: 'failed', message: expect.stringMatching(/does not list/) },
  ]);
});

test('whoever leaves is not tested for any further', async () => {
  leap(12);
  const { bybit } = page.simulators.traffic;
  bybit.requests.length = 0;
  const leaving = new AbortController();
  bybit.fault = ({ query }) => {
    if (!query.includes('interval=1&')) return undefined;
    leaving.abort();
    return { delayMs: 300 };
  };
  // All of twelve days would be 18 answers.
  const row = { symbol: 'BTCUSDT', condition: 'falls from high', price: '50%', exchange: 'bybit', repeat: '1h' };
  await expect(backtest(row, leaving.signal)).rejects.toThrow();
  while (bybit.requestsAtOnce.now > 0) await page.state();
  expect(bybit.requests.length).toBeLessThan(12);
});

import { describe, expect, test } from '@jest/globals';
import { widerCandles } from '../../../src/domain/evidence/wider-candles.js';
import { exchangeNames } from '../../../src/domain/market.js';
import { minuteMs } from '../../../src/domain/time.js';
import type { CandleView, PriceView } from '../../../src/page/protocol.js';
import { at, candle } from '../../support/builders.js';
import { oneForAll } from '../../support/lifetime.js';
import { openTestPage } from '../../support/page.js';

test('longer candles take the first open, the last close and the extremes, and leave gaps alone', () => {
  const minutes = ['12:14 10 12 9 11', '12:15 11 13 10 12', '12:17 12 12 8 9', '12:31 9 9 9 9'].map((text) =>
    candle(text),
  );
  const shown = widerCandles(minutes, 15 * minuteMs).map(({ openAt, spanMs, open, high, low, close }) => [
    openAt,
    spanMs,
    ...[open, high, low, close].map(({ text }) => text),
  ]);
  const span = 15 * minuteMs;
  expect(shown).toEqual([
    [at('12:00'), span, '10', '12', '9', '11'],
    [at('12:15'), span, '11', '13', '8', '9'],
    [at('12:30'), span, '9', '9', '9', '9'],
  ]);
});

const page = oneForAll(() => openTestPage('symbol,condition,price\nBTCUSDT,above,99000\n'));

describe('the chart of a market', () => {
  const market = 'exchange=binance&kind=spot&symbol=BTCUSDT';

  test.each(['1m', '15m', '1h', '4h', '1d'])(
    '%s: oldest first, at most 500, the last with the last price',
    async (span) => {
      const { simulators } = page;
      const now = Date.now();
      simulators.market.list('binance', 'BTCUSDT', { price: '94210.50000000' });
      simulators.market.move('binance', 'BTCUSDT', [{ at: now - 3 * 24 * 60 * minuteMs, price: '90000.00000000' }]);
      const { status, body } = await page.ask('GET', `/api/candles?${market}&span=${span}`);
      const candles = body as CandleView[];
      expect(status).toBe(200);
      expect(candles.length).toBeGreaterThan(0);
      expect(candles.length).toBeLessThanOrEqual(500);
      expect(candles.map(({ openAt }) => openAt)).toEqual(candles.map(({ openAt }) => openAt).sort((a, b) => a - b));
      expect(candles.at(-1)).toMatchObject({ close: '94210.50000000' });
    },
  );

  test.each([
    ['exchange=nyse&kind=spot&symbol=X&span=1m', 400, `exchange: expected one of ${exchangeNames.join(', ')}`],
    [`${market}&span=5m`, 400, 'span: expected one of 1m, 15m, 1h, 4h, 1d'],
    ['exchange=binance&kind=spot&symbol=../x&span=1m', 400, 'symbol: expected the symbol of the exchange'],
    ['exchange=coinbase&kind=perpetual&symbol=BTC-USD&span=1m', 400, 'coinbase: its perpetual markets are not read'],
    ['exchange=binance&kind=spot&symbol=NOSUCH&span=1m', 503, /^binance: /],
  ])('%s: %d', async (query, status, message) => {
    const answer = await page.ask('GET', `/api/candles?${query}`);
    expect(answer).toMatchObject({
      status,
      body: { message: typeof message === 'string' ? message : expect.stringMatching(message) },
    });
  });
});

describe('the price of a symbol', () => {
  test('on every exchange, under its own spelling', async () => {
    page.simulators.market.list('bybit', 'BTCUSDT', { price: '94208.2' });
    const { body } = await page.ask('GET', '/api/prices?symbol=btcusdt');
    const prices = body as PriceView[];
    expect(prices.map(({ exchange }) => exchange)).toEqual(exchangeNames);
    expect(prices).toMatchObject([
      { key: 'binance:BTCUSDT', price: '94210.50000000' },
      { key: 'bybit:BTCUSDT', price: '94208.2' },
      { key: 'coinbase:BTC-USDT', problem: expect.any(String) },
      ...prices.slice(3).map(() => ({ problem: expect.any(String) })),
    ]);
  });

  test('what is none is told in the words of the sheet', async () => {
    const { status, body } = await page.ask('GET', '/api/prices?symbol=95000');
    expect([status, body]).toEqual([400, { message: expect.stringMatching(/^symbol: expected /), column: 'symbol' }]);
  });
});

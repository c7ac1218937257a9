import { beforeEach, describe, expect, test } from '@jest/globals';
import { at } from '../../support/builders.js';
import { captured, testCaptured } from '../../support/captured.js';
import { useExchange } from './stage.js';

const { clock, market, ask, askText } = useExchange('coinbase');
const readAdvanced = ask('COINBASE_BASE_URL');
const readExchange = ask('COINBASE_EXCHANGE_BASE_URL');
beforeEach(() => {
  market.list('coinbase', 'BTC-USD', { price: '95180.5', high24h: '96000', low24h: '94000' });
  market.list('coinbase', 'SHIB-USD', { price: '0.00000012' });
});

const recorded = (file: string) => JSON.parse(captured(file).text);
const keys = (entry: object) => Object.keys(entry).sort();
const seconds = (time: string) => at(time) / 1_000;

describe('products of Advanced Trade', () => {
  const products = async (query: string) => {
    const { body } = await readAdvanced(`/api/v3/brokerage/market/products?${query}`);
    return body as { products: Record<string, unknown>[]; num_products: number };
  };

  test('are all of them without a list', async () => {
    const { products: all, num_products } = await products('');
    expect([all.map((entry) => entry.product_id), num_products]).toEqual([['BTC-USD', 'SHIB-USD'], 2]);
  });

  test('are those of the list, without the unknown ones', async () => {
    const { products: found, num_products } = await products('product_ids=SHIB-USD&product_ids=NOPE-USD');
    expect(found).toMatchObject([{ product_id: 'SHIB-USD', price: '0.00000012', status: 'online' }]);
    expect(num_products).toBe(1);
  });

  test('that are delisted keep their last price and say so', async () => {
    market.delist('coinbase', 'BTC-USD');
    expect((await products('product_ids=BTC-USD')).products).toMatchObject([
      { price: '95180.5', status: 'delisted', is_disabled: true, trading_disabled: true },
    ]);
  });

  test('that never traded have an empty price', async () => {
    market.list('coinbase', 'NEW-USD', {});
    expect((await products('product_ids=NEW-USD')).products).toMatchObject([{ price: '', status: 'online' }]);
  });

  const real = 'coinbase/advanced_products_BTC-USD_BTC-USDC_2026.json';
  testCaptured('have the fields of the real ones', [real], async () => {
    const [first = {}] = (await products('')).products;
    expect(keys(first)).toEqual(keys(recorded(real).products[0]));
  });
});

describe('candles of Advanced Trade', () => {
  const path = (query: string, id = 'BTC-USD') => `/api/v3/brokerage/market/products/${id}/candles?${query}`;

  test('are newest first, in text, and none where nothing was traded', async () => {
    clock.now = at('12:03:30');
    market.setPrice('coinbase', 'BTC-USD', '95200');
    const query = `granularity=ONE_MINUTE&start=${seconds('12:00')}&end=${seconds('12:04')}`;
    expect(await readAdvanced(path(query))).toEqual({
      status: 200,
      body: {
        candles: [
          {
            start: String(seconds('12:03')),
            ...{ low: '95200', high: '95200', open: '95200', close: '95200', volume: '1' },
          },
          {
            start: String(seconds('12:00')),
            ...{ low: '95180.5', high: '95180.5', open: '95180.5', close: '95180.5', volume: '1' },
          },
        ],
      },
    });
  });

  test.each([
    { granularity: 'ONE_MINUTE', widthSeconds: 60 },
    { granularity: 'FIVE_MINUTE', widthSeconds: 300 },
    { granularity: 'FIFTEEN_MINUTE', widthSeconds: 900 },
    { granularity: 'ONE_HOUR', widthSeconds: 3_600 },
  ])('at most 350 of $granularity', async ({ granularity, widthSeconds }) => {
    const end = seconds('12:00');
    const asked = (count: number) =>
      readAdvanced(path(`granularity=${granularity}&start=${end - (count - 1) * widthSeconds}&end=${end}`));
    expect((await asked(350)).body.candles).toHaveLength(1);
    expect(await asked(351)).toMatchObject({ status: 400, body: { error: 'INVALID_ARGUMENT' } });
  });

  test.each([
    { name: 'an unknown product', id: 'NOPE-USD', query: 'granularity=ONE_MINUTE&start=0&end=60', status: 404 },
    { name: 'an unknown granularity', id: 'BTC-USD', query: 'granularity=60&start=0&end=60', status: 400 },
    { name: 'a missing range', id: 'BTC-USD', query: 'granularity=ONE_MINUTE', status: 400 },
  ])('refuse $name', async ({ id, query, status }) => {
    expect((await readAdvanced(path(query, id))).status).toBe(status);
  });
});

describe('the Exchange host', () => {
  test('ticker', async () => {
    expect(await readExchange('/products/BTC-USD/ticker')).toEqual({
      status: 200,
      body: {
        ask: '95180.5',
        bid: '95180.5',
        volume: '1',
        trade_id: 1,
        price: '95180.5',
        size: '1',
        time: '2026-11-20T12:00:00.000000000Z',
        rfq_volume: '0',
      },
    });
  });

  test('stats', async () => {
    expect((await readExchange('/products/BTC-USD/stats')).body).toMatchObject({
      open: '95180.5',
      high: '96000',
      low: '94000',
      last: '95180.5',
    });
  });

  test.each(['ticker', 'stats', 'candles?granularity=60'])('an unknown product has no %s', async (what) => {
    expect(await readExchange(`/products/NOPE-USD/${what}`)).toEqual({ status: 404, body: { message: 'NotFound' } });
  });

  test('a delisted product has no ticker', async () => {
    market.delist('coinbase', 'BTC-USD');
    expect(await readExchange('/products/BTC-USD/ticker')).toEqual({
      status: 400,
      body: { message: 'Not allowed for delisted products' },
    });
  });

  for (const { file, path } of [
    { file: 'coinbase/exchange_ticker_BTC-USD_2026.json', path: '/products/BTC-USD/ticker' },
    { file: 'coinbase/exchange_ticker_BTC-USDT_2024.json', path: '/products/BTC-USD/ticker' },
    { file: 'coinbase/exchange_stats_BTC-USD_2026.json', path: '/products/BTC-USD/stats' },
  ]) {
    testCaptured(`answers have the fields of ${file}`, [file], async () => {
      expect(keys((await readExchange(path)).body)).toEqual(keys(recorded(file)));
    });
  }

  for (const { file, path } of [
    { file: 'coinbase/exchange_error_not_found.json', path: '/products/NOPE-USD/ticker' },
    { file: 'coinbase/exchange_error_bad_granularity.json', path: '/products/BTC-USD/candles?granularity=7' },
  ]) {
    testCaptured(`errors have the words of ${file}`, [file], async () => {
      expect(await readExchange(path)).toEqual({ status: captured(file).status, body: recorded(file) });
    });
  }

  test('the stats of every product come in one call, without what is delisted', async () => {
    market.list('coinbase', 'OLD-USD', { price: '1' });
    market.delist('coinbase', 'OLD-USD');
    const { body } = await readExchange('/products/stats');
    expect(Object.keys(body)).toEqual(['BTC-USD', 'SHIB-USD']);
    expect(body['BTC-USD']).toMatchObject({ stats_24hour: { high: '96000', low: '94000', last: '95180.5' } });
  });

  test('candles are numbers with all their digits, newest first, none without a trade', async () => {
    clock.now = at('12:03:30');
    market.setPrice('coinbase', 'SHIB-USD', '0.0000001234');
    const answer = await askText('COINBASE_EXCHANGE_BASE_URL')('/products/SHIB-USD/candles?granularity=60');
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 200,
      text:
        `[[${seconds('12:03')},0.0000001234,0.0000001234,0.0000001234,0.0000001234,1],` +
        `[${seconds('12:00')},0.00000012,0.00000012,0.00000012,0.00000012,1]]`,
    });
  });

  test('candles of a range take dates or seconds, and the candle that start falls into', async () => {
    clock.now = at('12:10');
    const range = [
      `start=${seconds('12:00') + 30}&end=${seconds('12:05')}`,
      'start=2026-11-20T12:00:30Z&end=2026-11-20T12:05:00Z',
    ];
    for (const query of range) {
      const { body } = await readExchange(`/products/BTC-USD/candles?granularity=60&${query}`);
      expect(body).toEqual([[seconds('12:00'), 95180.5, 95180.5, 95180.5, 95180.5, 1]]);
    }
  });

  test.each([60, 300, 900, 3_600])('at most 300 candles of %d seconds', async (granularity) => {
    const end = seconds('12:00');
    const asked = (count: number) =>
      readExchange(
        `/products/BTC-USD/candles?granularity=${granularity}&start=${end - (count - 1) * granularity}&end=${end}`,
      );
    expect((await asked(300)).body).toHaveLength(1);
    expect(await asked(301)).toEqual({
      status: 400,
      body: {
        message: 'granularity too small for the requested time range. Count of aggregations requested exceeds 300',
      },
    });
  });
});

import { describe, expect, test } from '@jest/globals';
import { exchange as coinbase } from '../../../../src/adapters/exchanges/coinbase/exchange.js';
import { askEachProduct } from '../../../../src/adapters/exchanges/coinbase/last-trades.js';
import type { Exchange } from '../../../../src/adapters/exchanges/exchange.js';
import { err, type Result } from '../../../../src/domain/result.js';
import type { PriceError, Ticker } from '../../../../src/flows/ports/price-source.js';
import {
  type Answer,
  askOnce,
  countryPage,
  noPrice,
  patienceMs,
  silence,
  ticker,
  tickers,
  unknownSymbol,
} from '../../../support/exchange-server.js';

/** The fallback by itself, without the second between its groups of requests. */
const byProduct: Exchange = {
  ...coinbase,
  origins: { ORIGIN: 'http://127.0.0.1' },
  tickers: (get, { ORIGIN = '' }, symbols, now) => askEachProduct(get, ORIGIN, symbols, now, 1),
};

const path = (id: string) => `/products/${id}/ticker`;
const trade = (price: unknown): Answer => ({ body: { price, size: '0.01', time: '2026-11-20T12:00:00.123456789Z' } });
const products = (count: number) => Array.from({ length: count }, (_, position) => `T${position}-USD`);
const answering = (symbols: readonly string[], answer: Answer) =>
  Object.fromEntries(symbols.map((symbol) => [path(symbol), answer]));

describe('one product', () => {
  test.each<{ name: string; answer: Answer; expected: Result<Ticker, PriceError> }>([
    { name: 'has its last price', answer: trade('95180.10'), expected: ticker('95180.10') },
    { name: 'is unknown', answer: { status: 404, body: { message: 'NotFound' } }, expected: unknownSymbol },
    {
      name: 'is delisted',
      answer: { status: 400, body: { message: 'Not allowed for delisted products' } },
      expected: noPrice('the product is delisted'),
    },
    {
      name: 'is delisted, said with 404',
      answer: { status: 404, body: { message: 'Not allowed for delisted products' } },
      expected: noPrice('the product is delisted'),
    },
    { name: 'has a null price', answer: trade(null), expected: noPrice('the price is absent') },
    {
      name: 'has a price that is no text',
      answer: trade(95180.1),
      expected: err({ kind: 'bad-response', issues: ['expected a ticker, got JSON of another shape with HTTP 200'] }),
    },
    {
      name: 'has no price at all',
      answer: { body: { open: '1', last: '2' } },
      expected: err({ kind: 'bad-response', issues: ['expected a ticker, got JSON of another shape with HTTP 200'] }),
    },
    {
      name: 'gives a price with an error status',
      answer: { status: 400, body: { price: '1.50' } },
      expected: err({ kind: 'bad-response', issues: ['expected a ticker, got JSON of another shape with HTTP 400'] }),
    },
    {
      name: 'is refused for another reason',
      answer: { status: 400, body: { message: 'Unsupported granularity' } },
      expected: err({
        kind: 'bad-response',
        issues: ['expected a ticker, got the message "Unsupported granularity" with HTTP 400'],
      }),
    },
    {
      name: 'is not there, says a page that is not Coinbase’s',
      answer: { status: 404, body: '<html>Not Found</html>' },
      expected: err({ kind: 'bad-response', issues: ['expected a ticker, got an HTML page with HTTP 404'] }),
    },
    {
      name: 'gives cut-off JSON',
      answer: { body: '{"price":"951' },
      expected: err({
        kind: 'bad-response',
        issues: ['expected a ticker, got 13 characters that are no JSON with HTTP 200'],
      }),
    },
    {
      name: 'fails with 500',
      answer: { status: 500, body: '' },
      expected: err({ kind: 'unavailable', detail: 'HTTP 500' }),
    },
    {
      name: 'never answers',
      answer: silence,
      expected: err({ kind: 'unavailable', detail: `no answer within ${patienceMs} ms` }),
    },
  ])('$name, and the other keeps its price', async ({ answer, expected }) => {
    const { result, asked } = await askOnce(
      byProduct,
      { [path('ETH-USD')]: trade('3100.05'), [path('X-USD')]: answer },
      ['ETH-USD', 'X-USD'],
    );
    expect(result).toEqual(tickers({ 'ETH-USD': ticker('3100.05'), 'X-USD': expected }));
    expect(asked.map(({ target }) => target).sort()).toEqual([path('ETH-USD'), path('X-USD')]);
  });

  test('keeps the path of a proxy and the letters of a symbol', async () => {
    const { asked } = await askOnce(byProduct, {}, ['币/?-USD'], { prefix: '/cb' });
    expect(asked.map(({ target }) => target)).toEqual(['/cb/products/%E5%B8%81%2F%3F-USD/ticker']);
  });
});

describe('many products', () => {
  test('are all asked, however many', async () => {
    const symbols = products(23);
    const { result, asked } = await askOnce(byProduct, answering(symbols, trade('1.50')), symbols);
    expect(result).toEqual(tickers(Object.fromEntries(symbols.map((symbol) => [symbol, ticker('1.50')]))));
    expect(asked).toHaveLength(23);
  });

  test('are not asked further once there were too many requests', async () => {
    const symbols = products(23);
    const limited = { status: 429, body: { message: 'Public rate limit exceeded' } };
    const { result, asked } = await askOnce(
      byProduct,
      { ...answering(symbols, trade('1.50')), [path('T11-USD')]: limited },
      symbols,
    );
    const error = err({ kind: 'rate-limited', retryAfterSeconds: undefined } as const);
    const isPriced = (position: number) => position < 20 && position !== 11;
    expect(result).toEqual(
      tickers(
        Object.fromEntries(symbols.map((symbol, position) => [symbol, isPriced(position) ? ticker('1.50') : error])),
      ),
    );
    expect(asked).toHaveLength(20);
  });

  test.each<{ name: string; answer: Answer; error: PriceError }>([
    {
      name: 'the limit',
      answer: { status: 429, headers: { 'retry-after': '2' }, body: '' },
      error: { kind: 'rate-limited', retryAfterSeconds: 2 },
    },
    { name: 'a blocked country', answer: countryPage, error: { kind: 'region-blocked', status: 403 } },
    { name: 'a failing server', answer: { status: 502, body: '' }, error: { kind: 'unavailable', detail: 'HTTP 502' } },
  ])('that all meet $name are the failure of Coinbase as a whole', async ({ answer, error }) => {
    const symbols = products(12);
    const { result, asked } = await askOnce(byProduct, answering(symbols, answer), symbols);
    expect(result).toEqual(err(error));
    expect(asked).toHaveLength(10);
  });
});

test('a price a day after the last trade is none', async () => {
  const now = Date.parse('2026-11-21T12:00:00.123Z');
  const after = async (ms: number) =>
    (await askOnce(byProduct, { [path('X-USD')]: trade('1.50') }, ['X-USD'], { now: now + ms })).result;
  expect(await after(0)).toEqual(tickers({ 'X-USD': ticker('1.50') }));
  expect(await after(1)).toEqual(tickers({ 'X-USD': noPrice('nothing was traded since 2026-11-20 12:00 UTC') }));
});

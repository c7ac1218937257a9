import { describe, expect, test } from '@jest/globals';
import { exchange as coinbase } from '../../../../src/adapters/exchanges/coinbase/exchange.js';
import { askEachProduct } from '../../../../src/adapters/exchanges/coinbase/last-trades.js';
import type { Exchange } from '../../../../src/adapters/exchanges/exchange.js';
import type { Result } from '../../../../src/domain/result.js';
import type { PriceError, Ticker } from '../../../../src/flows/ports/price-source.js';
import {
  type Answer,
  askOnce,
  badResponse,
  countryPage,
  type Failed,
  noPrice,
  patienceMs,
  rateLimited,
  regionBlocked,
  silence,
  ticker,
  tickers,
  unavailable,
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
  test.each<[name: string, answer: Answer, expected: Result<Ticker, PriceError>]>([
    ['has its last price', trade('95180.10'), ticker('95180.10')],
    ['is unknown', { status: 404, body: { message: 'NotFound' } }, unknownSymbol],
    [
      'is delisted',
      { status: 400, body: { message: 'Not allowed for delisted products' } },
      noPrice('the product is delisted'),
    ],
    [
      'is delisted, said with 404',
      { status: 404, body: { message: 'Not allowed for delisted products' } },
      noPrice('the product is delisted'),
    ],
    ['has a null price', trade(null), noPrice('the price is absent')],
    [
      'has a price that is no text',
      trade(95180.1),
      badResponse('expected a ticker, got JSON of another shape with HTTP 200'),
    ],
    [
      'has no price at all',
      { body: { open: '1', last: '2' } },
      badResponse('expected a ticker, got JSON of another shape with HTTP 200'),
    ],
    [
      'gives a price with an error status',
      { status: 400, body: { price: '1.50' } },
      badResponse('expected a ticker, got JSON of another shape with HTTP 400'),
    ],
    [
      'is refused for another reason',
      { status: 400, body: { message: 'Unsupported granularity' } },
      badResponse('expected a ticker, got the message "Unsupported granularity" with HTTP 400'),
    ],
    [
      'is not there, says a page that is not Coinbase’s',
      { status: 404, body: '<html>Not Found</html>' },
      badResponse('expected a ticker, got an HTML page with HTTP 404'),
    ],
    [
      'gives cut-off JSON',
      { body: '{"price":"951' },
      badResponse('expected a ticker, got 13 characters that are no JSON with HTTP 200'),
    ],
    ['fails with 500', { status: 500, body: '' }, unavailable('HTTP 500')],
    ['never answers', silence, unavailable(`no answer within ${patienceMs} ms`)],
  ])('%s, and the other keeps its price', async (_name, answer, expected) => {
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
    const error = rateLimited();
    const isPriced = (position: number) => position < 20 && position !== 11;
    expect(result).toEqual(
      tickers(
        Object.fromEntries(symbols.map((symbol, position) => [symbol, isPriced(position) ? ticker('1.50') : error])),
      ),
    );
    expect(asked).toHaveLength(20);
  });

  test.each<[name: string, answer: Answer, expected: Failed]>([
    ['the limit', { status: 429, headers: { 'retry-after': '2' }, body: '' }, rateLimited(2)],
    ['a blocked country', countryPage, regionBlocked(403)],
    ['a failing server', { status: 502, body: '' }, unavailable('HTTP 502')],
  ])('that all meet %s are the failure of Coinbase as a whole', async (_name, answer, expected) => {
    const symbols = products(12);
    const { result, asked } = await askOnce(byProduct, answering(symbols, answer), symbols);
    expect(result).toEqual(expected);
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

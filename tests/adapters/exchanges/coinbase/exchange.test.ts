import { describe, expect, test } from '@jest/globals';
import { exchange as coinbase } from '../../../../src/adapters/exchanges/coinbase/exchange.js';
import {
  type Answer,
  askOnce,
  badResponse,
  brokenOff,
  countryPage,
  type Failed,
  firewallPage,
  noPrice,
  regionBlocked,
  silence,
  stalled,
  textLike,
  ticker,
  tickers,
  unknownSymbol,
} from '../../../support/exchange-server.js';

const bulk = '/api/v3/brokerage/market/products';
const each = (id: string) => `/products/${id}/ticker`;

const product = (product_id: string, price: unknown, rest: Record<string, unknown> = {}) => ({
  product_id,
  price,
  price_percentage_change_24h: '-0.28',
  status: 'online',
  is_disabled: false,
  trading_disabled: false,
  view_only: false,
  product_type: 'SPOT',
  alias: '',
  ...rest,
});

const answered = (...products: unknown[]) => ({ body: { products, num_products: products.length, pagination: null } });
const trade = (price: unknown) => ({
  body: { ask: '1', bid: '1', price, size: '0.01', time: '2026-11-20T12:00:00.123456789Z' },
});
const notFound = { status: 404, body: { message: 'NotFound' } };

describe('spelling', () => {
  test.each<{ symbol: string; isNamed: boolean; expected: string | undefined; because: string }>([
    { symbol: 'BTC-USD', isNamed: true, expected: 'BTC-USD', because: 'it is Coinbase’s own' },
    { symbol: 'BTC-USDT', isNamed: false, expected: 'BTC-USDT', because: 'the dash says where to cut' },
    { symbol: 'BTCUSD', isNamed: true, expected: 'BTC-USD', because: 'Coinbase quotes in USD' },
    { symbol: 'BTCUSDT', isNamed: true, expected: 'BTC-USDT', because: 'USDT is not USD' },
    { symbol: 'BTCUSDT', isNamed: false, expected: 'BTC-USDT', because: 'only USDT fits' },
    { symbol: 'ARBUSD', isNamed: true, expected: 'ARB-USD', because: 'Coinbase does not quote in BUSD' },
    { symbol: 'ARBUSD', isNamed: false, expected: undefined, because: 'it may be AR in BUSD' },
    { symbol: '1000SHIBUSDT', isNamed: false, expected: '1000SHIB-USDT', because: 'only USDT fits' },
    { symbol: 'BTCTRY', isNamed: true, expected: undefined, because: 'Coinbase does not quote in TRY' },
    { symbol: 'BTC', isNamed: true, expected: undefined, because: 'a quote alone is no market' },
    { symbol: '币安人生USDT', isNamed: false, expected: '币安人生-USDT', because: 'letters are letters' },
  ])('$symbol is $expected when named is $isNamed: $because', ({ symbol, isNamed, expected }) => {
    expect(coinbase.toExchangeSymbol(symbol, isNamed)).toBe(expected);
  });
});

describe('the bulk call', () => {
  test('gives all prices at once, without a high and low', async () => {
    const { result, asked } = await askOnce(
      coinbase,
      { [bulk]: answered(product('ETH-USD', '3100.05'), product('BTC-USD', '95180.10')) },
      ['BTC-USD', 'ETH-USD'],
    );
    expect(result).toEqual(tickers({ 'BTC-USD': ticker('95180.10'), 'ETH-USD': ticker('3100.05') }));
    expect(asked.map(({ method, target, body }) => ({ method, target, body }))).toEqual([
      { method: 'GET', target: `${bulk}?product_ids=BTC-USD&product_ids=ETH-USD`, body: '' },
    ]);
    expect(asked[0]?.headers.get('user-agent')).toBe('trading-alerts');
  });

  test('is asked for everything when the ids are more than an address should hold', async () => {
    const symbols = Array.from({ length: 101 }, (_, position) => `T${position}-USD`);
    const { result, asked } = await askOnce(
      coinbase,
      { [bulk]: answered(...symbols.map((symbol) => product(symbol, '1.50'))) },
      symbols,
    );
    expect(result).toEqual(tickers(Object.fromEntries(symbols.map((symbol) => [symbol, ticker('1.50')]))));
    expect(asked.map(({ target }) => target)).toEqual([bulk]);
  });

  test('names up to a hundred ids', async () => {
    const symbols = Array.from({ length: 100 }, (_, position) => `T${position}-USD`);
    const { asked } = await askOnce(coinbase, { [bulk]: answered(product('T0-USD', '1.50')) }, symbols);
    expect(asked.map(({ target }) => new URL(target, 'http://x').searchParams.getAll('product_ids'))).toEqual([
      symbols,
    ]);
  });

  test('keeps the path of a proxy and the letters of a symbol', async () => {
    const { result, asked } = await askOnce(coinbase, { [bulk]: answered(product('币-USD', '0.13')) }, ['币-USD'], {
      prefix: '/cb',
    });
    expect(result).toEqual(tickers({ '币-USD': ticker('0.13') }));
    expect(asked.map(({ target }) => target)).toEqual([`/cb${bulk}?product_ids=%E5%B8%81-USD`]);
  });

  test.each<[name: string, fields: Record<string, unknown>, expected: ReturnType<typeof ticker>]>([
    ['the last price of a delisted product is no price', { status: 'delisted' }, noPrice('the product is delisted')],
    [
      'the last price of a product that is offline is no price',
      { status: 'offline' },
      noPrice('the product is offline'),
    ],
    ['the last price of a disabled product is no price', { is_disabled: true }, noPrice('trading is disabled')],
    [
      'the last price of a product without trading is no price',
      { trading_disabled: true },
      noPrice('trading is disabled'),
    ],
    ...['cancel_only', 'post_only', 'auction_mode'].map((flag): [string, Record<string, unknown>, Failed] => [
      `the last price of a product under ${flag} is no price`,
      { [flag]: true },
      noPrice('trading is halted'),
    ]),
    [
      'the last price of what was not traded for a day is no price',
      { volume_24h: '0' },
      noPrice('nothing was traded for a day'),
    ],
    ['a product that takes limit orders only has a price', { limit_only: true }, ticker('1.50')],
    ['a product that can only be looked at has a price', { view_only: true }, ticker('1.50')],
    [
      'a product without a status has a price',
      { status: '', is_disabled: null, trading_disabled: undefined },
      ticker('1.50'),
    ],
    ['a flag that is no flag is refused', { trading_disabled: 'yes' }, badResponse(textLike(/^trading_disabled: /))],
  ])('%s, and the others keep theirs', async (_name, fields, expected) => {
    const { result, asked } = await askOnce(
      coinbase,
      { [bulk]: answered(null, 5, product('X-USD', '1.50', fields), product('BTC-USD', '95180.10')) },
      ['BTC-USD', 'X-USD'],
    );
    expect(result).toEqual(tickers({ 'BTC-USD': ticker('95180.10'), 'X-USD': expected }));
    expect(asked).toHaveLength(1);
  });

  test('an empty list says nothing of the ids: everything is asked for, then each by itself', async () => {
    const all = answered(product('BTC-USD', '95180.10'));
    const known = await askOnce(coinbase, { [bulk]: [answered(), all] }, ['NOPE-USD']);
    expect(known.result).toEqual(tickers({ 'NOPE-USD': unknownSymbol }));
    expect(known.asked).toHaveLength(2);
    const price = { price: '95180.10', time: '2026-11-20T12:00:00.123456789Z' };
    const each = {
      '/products/BTC-USD/ticker': { body: price },
      '/products/NOPE-USD/ticker': { status: 404, body: { message: 'NotFound' } },
    };
    const empty = await askOnce(coinbase, { [bulk]: answered(), ...each }, ['BTC-USD', 'NOPE-USD']);
    expect(empty.result).toEqual(tickers({ 'BTC-USD': ticker('95180.10'), 'NOPE-USD': unknownSymbol }));
  });

  test.each<{ name: string; answer: Answer }>([
    {
      name: '400 for an unknown id',
      answer: { status: 400, body: { error: 'INVALID_ARGUMENT', message: 'valid product_id is required' } },
    },
    { name: '404 for an unknown id', answer: { status: 404, body: { error: 'NOT_FOUND' } } },
    { name: '400 with a list', answer: { status: 400, ...answered(product('BTC-USD', '1.00')) } },
    { name: '200 with an error body', answer: { body: { error: 'unknown', message: 'NOPE-USD' } } },
  ])('is repeated for everything after $name', async ({ answer }) => {
    const { result, asked } = await askOnce(
      coinbase,
      { [bulk]: [answer, answered(product('BTC-USD', '95180.10'), product('ETH-USD', '3100'))] },
      ['BTC-USD', 'NOPE-USD'],
    );
    expect(result).toEqual(tickers({ 'BTC-USD': ticker('95180.10'), 'NOPE-USD': unknownSymbol }));
    expect(asked.map(({ target }) => target)).toEqual([`${bulk}?product_ids=BTC-USD&product_ids=NOPE-USD`, bulk]);
  });

  test.each<{ name: string; answer: Answer; expected: Failed }>([
    { name: 'the page of a blocked country', answer: countryPage, expected: regionBlocked(403) },
  ])('is the only one after $name', async ({ answer, expected }) => {
    const { result, asked } = await askOnce(coinbase, { [bulk]: answer, [each('BTC-USD')]: trade('1') }, ['BTC-USD']);
    expect(result).toEqual(expected);
    expect(asked).toHaveLength(1);
  });
});

describe('each product is asked where the bulk call fails', () => {
  test.each<{ name: string; answer: Answer; bulkCalls: number }>([
    { name: '503', answer: { status: 503, body: '<html>Service Unavailable</html>' }, bulkCalls: 1 },
    { name: 'the firewall', answer: firewallPage, bulkCalls: 1 },
    { name: 'silence', answer: silence, bulkCalls: 1 },
    { name: 'a body that never ends', answer: stalled, bulkCalls: 1 },
    { name: 'a connection that breaks off', answer: brokenOff, bulkCalls: 1 },
    { name: 'an empty body', answer: { body: '' }, bulkCalls: 2 },
    { name: 'cut-off JSON', answer: { body: '{"products":[{"product_id":"BTC-USD","pri' }, bulkCalls: 2 },
    { name: 'an HTML page', answer: { body: '<html>maintenance</html>' }, bulkCalls: 2 },
    { name: 'a list of something else', answer: answered({ id: 'BTC-USD', price: '1' }), bulkCalls: 2 },
  ])('after $name', async ({ answer, bulkCalls }) => {
    const { result, asked } = await askOnce(
      coinbase,
      { [bulk]: answer, [each('BTC-USD')]: trade('95180.10'), [each('NOPE-USD')]: notFound },
      ['BTC-USD', 'NOPE-USD'],
    );
    expect(result).toEqual(tickers({ 'BTC-USD': ticker('95180.10'), 'NOPE-USD': unknownSymbol }));
    expect(asked).toHaveLength(bulkCalls + 2);
  });

  test('an empty list of all products is no answer', async () => {
    const { result } = await askOnce(
      coinbase,
      { [bulk]: [{ status: 400, body: {} }, answered()], [each('BTC-USD')]: trade('95180.10') },
      ['BTC-USD'],
    );
    expect(result).toEqual(tickers({ 'BTC-USD': ticker('95180.10') }));
  });
});

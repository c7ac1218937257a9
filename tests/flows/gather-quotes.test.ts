import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/domain/alert.js';
import type { ExchangeName } from '../../src/domain/market.js';
import { price } from '../../src/domain/price.js';
import { createExchangeCalls } from '../../src/flows/ask-exchanges.js';
import { gatherQuotes } from '../../src/flows/gather-quotes.js';
import { priceErrorText } from '../../src/flows/market-failures.js';
import type { PriceError, Ticker } from '../../src/flows/ports/price-source.js';
import { priceRequestsOf } from '../../src/flows/price-requests.js';
import { at, pendingAlert } from '../support/builders.js';
import { createFakeExchange, type FakeExchange } from '../support/fake-exchange.js';
import { runOf } from '../support/in-memory.js';

type Script = Parameters<typeof createFakeExchange>[0];
const ticker = (last: string): Ticker => ({ last: price(last), high24h: undefined, low24h: undefined });
const unavailable: PriceError = { kind: 'unavailable', detail: 'HTTP 503' };
const noPrice: PriceError = { kind: 'no-price', detail: 'trading is disabled' };

const untroubled = { unseen: [], failed: [], left: 0 };
/** What each exchange says. */
const exchangesWith = (said: Partial<Record<ExchangeName, Script['tickers']>>) =>
  Object.entries(said).map(([name, tickers]) => createFakeExchange({ name: name as ExchangeName, tickers }));

const alert = (symbol: string, exchange?: ExchangeName): Alert => pendingAlert({ symbol, exchange });
const now = at('12:05');

async function gather(sources: readonly FakeExchange[], alerts: readonly Alert[], run = runOf()) {
  const found = await gatherQuotes(sources, priceRequestsOf(alerts), createExchangeCalls({ now: () => now }, run));
  return {
    quotes: found.quotes.map(({ priceRequest, market, ticker, at: instant }) => {
      expect(instant).toBe(now);
      return [priceRequest.key, `${market.exchange}:${market.symbol}`, ticker.last.text];
    }),
    unseen: found.unseen.map(({ priceRequest, market }) => [priceRequest.key, `${market.exchange}:${market.symbol}`]),
    failed: found.failed.map(({ exchange, symbol, reason }) => [`${exchange}:${symbol}`, reason]),
    left: found.left,
    asked: Object.fromEntries(sources.map(({ name, asked }) => [name, asked.map(([priceRequest]) => priceRequest)])),
  };
}

test('alerts that ask for the same share a question', () => {
  const alerts = [alert('BTCUSDT'), alert('BTCUSDT', 'binance'), alert('BTCUSDT'), alert('ETHUSDT')];
  expect(priceRequestsOf(alerts).map((priceRequest) => [priceRequest.key, priceRequest.alerts.length])).toEqual([
    [':BTCUSDT', 2],
    ['binance:BTCUSDT', 1],
    [':ETHUSDT', 1],
  ]);
});

describe('each exchange is asked in one go', () => {
  test('for every symbol once, however many alerts it has', async () => {
    const sources = exchangesWith({
      binance: { BTCUSDT: ticker('95000'), ETHUSDT: ticker('3000') },
      coinbase: { 'BTC-USD': ticker('95010') },
    });
    const alerts = [alert('BTCUSDT'), alert('ETHUSDT'), alert('BTCUSDT', 'binance'), alert('BTC-USD', 'coinbase')];
    expect(await gather(sources, alerts)).toEqual({
      quotes: [
        [':BTCUSDT', 'binance:BTCUSDT', '95000'],
        [':ETHUSDT', 'binance:ETHUSDT', '3000'],
        ['binance:BTCUSDT', 'binance:BTCUSDT', '95000'],
        ['coinbase:BTC-USD', 'coinbase:BTC-USD', '95010'],
      ],
      ...untroubled,
      asked: { binance: ['tickers BTCUSDT,ETHUSDT'], coinbase: ['tickers BTC-USD'] },
    });
  });

  test('and the next one only for what the first does not list, which is no failure', async () => {
    const sources = exchangesWith({ binance: { BTCUSDT: ticker('95000') }, bybit: { MNTUSDT: ticker('1.2') } });
    expect(await gather(sources, [alert('BTCUSDT'), alert('MNTUSDT')])).toEqual({
      quotes: [
        [':BTCUSDT', 'binance:BTCUSDT', '95000'],
        [':MNTUSDT', 'bybit:MNTUSDT', '1.2'],
      ],
      ...untroubled,
      asked: { binance: ['tickers BTCUSDT,MNTUSDT'], bybit: ['tickers MNTUSDT'] },
    });
  });
});

describe('where an exchange fails', () => {
  test('the next one gives the price, and nobody knows what was traded on the first', async () => {
    const sources = exchangesWith({ binance: unavailable, bybit: { BTCUSDT: ticker('95001') } });
    expect(await gather(sources, [alert('BTCUSDT')])).toEqual({
      quotes: [[':BTCUSDT', 'bybit:BTCUSDT', '95001']],
      unseen: [[':BTCUSDT', 'binance:BTCUSDT']],
      failed: [['binance:BTCUSDT', 'the exchange did not answer: HTTP 503']],
      left: 0,
      asked: { binance: ['tickers BTCUSDT'], bybit: ['tickers BTCUSDT'] },
    });
  });

  test('a market without a price was not seen either', async () => {
    const sources = exchangesWith({ coinbase: { 'BTC-USD': noPrice } });
    expect(await gather(sources, [alert('BTC-USD', 'coinbase')])).toEqual({
      quotes: [],
      unseen: [['coinbase:BTC-USD', 'coinbase:BTC-USD']],
      failed: [['coinbase:BTC-USD', 'listed, but without a price (trading is disabled)']],
      left: 0,
      asked: { coinbase: ['tickers BTC-USD'] },
    });
  });

  test('an exchange that the row names and that does not list the symbol has failed, though another one helps', async () => {
    const sources = exchangesWith({ binance: { BTCUSDT: ticker('95000') }, bybit: {} });
    expect(await gather(sources, [alert('BTCUSDT', 'bybit')])).toEqual({
      quotes: [['bybit:BTCUSDT', 'binance:BTCUSDT', '95000']],
      unseen: [],
      failed: [['bybit:BTCUSDT', 'the exchange does not list this symbol']],
      left: 0,
      asked: { binance: ['tickers BTCUSDT'], bybit: ['tickers BTCUSDT'] },
    });
  });

  test('of several failures the first that is more than "not listed" is told', async () => {
    const sources = exchangesWith({ binance: {}, bybit: unavailable, coinbase: { BTCUSDT: noPrice } });
    expect(await gather(sources, [alert('BTCUSDT')])).toMatchObject({
      quotes: [],
      unseen: [
        [':BTCUSDT', 'bybit:BTCUSDT'],
        [':BTCUSDT', 'coinbase:BTCUSDT'],
      ],
      failed: [['bybit:BTCUSDT', 'the exchange did not answer: HTTP 503']],
    });
  });

  test('a symbol that nobody lists is told once, and has no window', async () => {
    const sources = exchangesWith({ binance: {}, bybit: {} });
    expect(await gather(sources, [alert('NOSUCH')])).toMatchObject({
      quotes: [],
      unseen: [],
      failed: [['binance:NOSUCH', 'the exchange does not list this symbol']],
    });
  });
});

test('without time nothing is asked, and nothing counts as seen', async () => {
  const sources = exchangesWith({ binance: { BTCUSDT: ticker('95000') } });
  expect(await gather(sources, [alert('BTCUSDT'), alert('ETHUSDT')], runOf({ hasTime: () => false }))).toEqual({
    quotes: [],
    unseen: [
      [':BTCUSDT', 'binance:BTCUSDT'],
      [':ETHUSDT', 'binance:ETHUSDT'],
    ],
    failed: [],
    left: 2,
    asked: { binance: [] },
  });
});

test.each<{ error: PriceError; text: string }>([
  { error: { kind: 'unknown-symbol' }, text: 'the exchange does not list this symbol' },
  { error: noPrice, text: 'listed, but without a price (trading is disabled)' },
  {
    error: { kind: 'region-blocked', status: 451 },
    text: 'the exchange refuses this region (HTTP 451); run in another region',
  },
  { error: { kind: 'rate-limited', retryAfterSeconds: undefined }, text: 'too many requests' },
  { error: { kind: 'rate-limited', retryAfterSeconds: 30 }, text: 'too many requests; it asks for 30 s of rest' },
  { error: unavailable, text: 'the exchange did not answer: HTTP 503' },
  {
    error: { kind: 'bad-response', issues: ['expected a list', 'got a page'] },
    text: 'the exchange answered something unexpected: expected a list; got a page',
  },
])('in plain words: $text', ({ error, text }) => expect(priceErrorText(error)).toBe(text));

import { expect, test } from '@jest/globals';
import { type ExchangeName, exchangeNames, exchangeOrder, marketKey, spotMarket } from '../../src/domain/market.js';

test.each<{ preferred: ExchangeName | undefined; expected: ExchangeName[] }>([
  { preferred: undefined, expected: ['binance', 'bybit', 'coinbase'] },
  { preferred: 'binance', expected: ['binance', 'bybit', 'coinbase'] },
  { preferred: 'bybit', expected: ['bybit', 'binance', 'coinbase'] },
  { preferred: 'coinbase', expected: ['coinbase', 'binance', 'bybit'] },
])('an alert on $preferred asks $expected', ({ preferred, expected }) => {
  const order = exchangeOrder(preferred);
  expect(order.filter((name) => expected.includes(name))).toEqual(expected);
  expect(order.toSorted()).toEqual(exchangeNames.toSorted());
  if (preferred !== undefined) expect(order[0]).toBe(preferred);
});

test('the order without a preference is the list itself, which nobody can change', () => {
  expect(exchangeOrder(undefined)).toBe(exchangeNames);
});

test('one symbol on two exchanges is two markets', () => {
  const keys = exchangeNames.map((exchange) => marketKey(spotMarket(exchange, 'BTCUSDT')));
  expect(keys.slice(0, 3)).toEqual(['binance:BTCUSDT', 'bybit:BTCUSDT', 'coinbase:BTCUSDT']);
  expect(new Set(keys).size).toBe(exchangeNames.length);
});

test('the spot market and the perpetual of one spelling are two markets', () => {
  expect(marketKey({ exchange: 'bybit', kind: 'perpetual', symbol: 'BTCUSDT' })).toBe('bybit:BTCUSDT.P');
});

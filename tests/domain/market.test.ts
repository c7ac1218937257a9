import { expect, test } from '@jest/globals';
import { type ExchangeName, exchangeNames, exchangeOrder, marketKey, spotMarket } from '../../src/domain/market.js';

test.each<{ preferred: ExchangeName | undefined; expected: ExchangeName[] }>([
  { preferred: undefined, expected: ['binance', 'bybit', 'coinbase'] },
  { preferred: 'binance', expected: ['binance', 'bybit', 'coinbase'] },
  { preferred: 'bybit', expected: ['bybit', 'binance', 'coinbase'] },
  { preferred: 'coinbase', expected: ['coinbase', 'binance', 'bybit'] },
])('an alert on $preferred asks $expected', ({ preferred, expected }) =>
  expect(exchangeOrder(preferred)).toEqual(expected),
);

test('the order without a preference is the list itself, which nobody can change', () => {
  expect(exchangeOrder(undefined)).toBe(exchangeNames);
});

test('one symbol on two exchanges is two markets', () => {
  const keys = exchangeNames.map((exchange) => marketKey(spotMarket(exchange, 'BTCUSDT')));
  expect(keys).toEqual(['binance:BTCUSDT', 'bybit:BTCUSDT', 'coinbase:BTCUSDT']);
});

test('the spot market and the perpetual of one spelling are two markets', () => {
  expect(marketKey({ exchange: 'bybit', kind: 'perpetual', symbol: 'BTCUSDT' })).toBe('bybit:BTCUSDT.P');
});

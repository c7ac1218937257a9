import { expect, test } from '@jest/globals';
import { exchanges } from '../../../src/adapters/exchanges/registry.js';
import { exchangeNames } from '../../../src/domain/market.js';

test('every exchange stands under its own name, and there is one for every name', () => {
  expect(Object.entries(exchanges).map(([name, exchange]) => [name, exchange.name])).toEqual(
    exchangeNames.map((name) => [name, name]),
  );
});

test('every origin can be replaced by an environment variable', () => {
  expect(Object.assign({}, ...Object.values(exchanges).map(({ origins }) => origins))).toMatchObject({
    BINANCE_BASE_URL: 'https://api.binance.com',
    BINANCE_FUTURES_BASE_URL: 'https://fapi.binance.com',
    BYBIT_BASE_URL: 'https://api.bybit.com',
    COINBASE_BASE_URL: 'https://api.coinbase.com',
    COINBASE_EXCHANGE_BASE_URL: 'https://api.exchange.coinbase.com',
  });
});

test.each<{ symbol: string; binance: string; bybit: string; coinbase: string | undefined }>([
  { symbol: 'BTCUSDT', binance: 'BTCUSDT', bybit: 'BTCUSDT', coinbase: 'BTC-USDT' },
  { symbol: 'BTC-USD', binance: 'BTCUSD', bybit: 'BTCUSD', coinbase: 'BTC-USD' },
  { symbol: 'ADABUSD', binance: 'ADABUSD', bybit: 'ADABUSD', coinbase: undefined },
  { symbol: '币安人生USDT', binance: '币安人生USDT', bybit: '币安人生USDT', coinbase: '币安人生-USDT' },
])('$symbol keeps its quote on every exchange', ({ symbol, ...expected }) => {
  const { binance, bybit, coinbase } = exchanges;
  expect({
    binance: binance.toExchangeSymbol(symbol, false),
    bybit: bybit.toExchangeSymbol(symbol, false),
    coinbase: coinbase.toExchangeSymbol(symbol, false),
  }).toEqual(expected);
});

test.each([
  ['BTCUSDT', 'BTCUSDT', 'BTCUSDT'],
  ['BTC-USDC', 'BTCUSDC', 'BTCPERP'],
  ['BTCPERP', 'BTCPERP', 'BTCPERP'],
  ['1000PEPE-USDT', '1000PEPEUSDT', '1000PEPEUSDT'],
])('the perpetual %s is %s on Binance and %s on Bybit', (symbol, ofBinance, ofBybit) => {
  const { binance, bybit, coinbase } = exchanges;
  const spelt = [binance, bybit].map((exchange) => exchange.perpetuals?.().toExchangeSymbol(symbol, false));
  expect([...spelt, coinbase.perpetuals]).toEqual([ofBinance, ofBybit, undefined]);
});

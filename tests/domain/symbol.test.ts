import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  askedSymbol,
  canonicalSymbol,
  joinedSymbol,
  type SymbolParts,
  shortSymbol,
  symbolParts,
} from '../../src/domain/symbol.js';

test.each([
  ['BTCUSDT', 'BTCUSDT'],
  [' btcusdt ', 'BTCUSDT'],
  ['btc-usdt', 'BTC-USDT'],
  ['BTC/USDT', 'BTC-USDT'],
  ['btc_usdt', 'BTC-USDT'],
  ['1000shibusdt', '1000SHIBUSDT'],
  ['币安人生usdt', '币安人生USDT'],
])('%j is the symbol %s', (written, expected) => expect(canonicalSymbol(written)).toBe(expected));

test('a canonical symbol stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (written) => {
      const once = canonicalSymbol(written.replaceAll(/[/_]/g, ''));
      expect(canonicalSymbol(once)).toBe(once);
    }),
  );
});

test.each([
  ['BTC-USDT', 'BTCUSDT'],
  ['BTCUSDT', 'BTCUSDT'],
  ['币安人生-USDT', '币安人生USDT'],
])('%s is spelled %s without a dash', (symbol, expected) => expect(joinedSymbol(symbol)).toBe(expected));

test.each([
  ['BTCUSDT', undefined, 'spot', 'BTCUSDT', 'BTCUSDT'],
  ['BTCUSDT.P', undefined, 'perpetual', 'BTCUSDT', 'BTCUSDT.P'],
  ['BINANCE:BTCUSDT', 'BINANCE', 'spot', 'BTCUSDT', 'BTCUSDT'],
  ['BYBIT:ETH-USDT.P', 'BYBIT', 'perpetual', 'ETH-USDT', 'ETH-USDT.P'],
  ['COINBASE:BTCUSD', 'COINBASE', 'spot', 'BTCUSD', 'BTCUSD'],
])('%s asks, as TradingView writes it, of %s for the %s market of %s', (written, prefix, kind, symbol, short) => {
  expect(askedSymbol(written)).toEqual({ prefix, kind, symbol });
  expect(shortSymbol(written)).toBe(short);
});

describe('base and quote', () => {
  test.each<{ symbol: string; expected: SymbolParts | undefined; because: string }>([
    { symbol: 'BTC-USD', expected: { base: 'BTC', quote: 'USD' }, because: 'the dash says so' },
    { symbol: 'FOO-BAR', expected: { base: 'FOO', quote: 'BAR' }, because: 'a dash needs no known quote' },
    { symbol: 'BTCUSDT', expected: { base: 'BTC', quote: 'USDT' }, because: 'only one quote fits' },
    { symbol: 'BTCUSD', expected: { base: 'BTC', quote: 'USD' }, because: 'USD is not USDT' },
    { symbol: '1000SHIBUSDT', expected: { base: '1000SHIB', quote: 'USDT' }, because: 'only one quote fits' },
    { symbol: 'ETHBTC', expected: { base: 'ETH', quote: 'BTC' }, because: 'only one quote fits' },
    { symbol: '币安人生USDT', expected: { base: '币安人生', quote: 'USDT' }, because: 'letters are letters' },
    { symbol: 'ADABUSD', expected: undefined, because: 'it is ADA in BUSD or ADAB in USD' },
    { symbol: 'ARBUSD', expected: undefined, because: 'it is ARB in USD or AR in BUSD' },
    { symbol: 'BTCXYZ', expected: undefined, because: 'no quote fits' },
    { symbol: 'USDT', expected: undefined, because: 'nothing is left for the base' },
    { symbol: '', expected: undefined, because: 'nothing is there' },
    { symbol: '-USDT', expected: undefined, because: 'the base is missing' },
    { symbol: 'BTC-', expected: undefined, because: 'the quote is missing' },
    { symbol: 'BTC-PERP-INTX', expected: undefined, because: 'two dashes are two guesses' },
  ])('of $symbol are $expected: $because', ({ symbol, expected }) => expect(symbolParts(symbol)).toEqual(expected));

  test('the quotes of a named exchange settle what would be a guess', () => {
    expect(symbolParts('ARBUSD', ['USD', 'EUR'])).toEqual({ base: 'ARB', quote: 'USD' });
    expect(symbolParts('ARBUSD', ['BUSD'])).toEqual({ base: 'AR', quote: 'BUSD' });
    expect(symbolParts('ARBUSD', ['EUR'])).toBeUndefined();
  });

  test('put together again are the symbol', () => {
    const letters = fc.string({ unit: fc.constantFrom('A', 'B', 'D', 'S', 'U', 'T', 'X', '1', '币'), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.constantFrom('', '-', 'USDT', 'USD', '-EUR', 'BTC'), (base, ending) => {
        const parts = symbolParts(base + ending);
        if (parts === undefined) return;
        expect(joinedSymbol(base + ending)).toBe(parts.base + parts.quote);
        expect(parts.base === '' || parts.quote === '').toBe(false);
      }),
    );
  });
});

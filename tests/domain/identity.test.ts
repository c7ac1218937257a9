import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { alertIdentity, fingerprint } from '../../src/domain/identity.js';
import type { ExchangeName } from '../../src/domain/market.js';
import { above, below } from '../support/builders.js';

const content = { user: 'dmitry', exchange: 'binance' as ExchangeName, symbol: 'BTCUSDT', condition: above('95000') };

describe('an alert', () => {
  test('keeps its identity from version to version', () => {
    expect(alertIdentity(content)).toBe('6b1b84f6aa1c11dab493');
    expect(alertIdentity({ ...content, exchange: undefined })).toBe('9021abfb2398dc045abd');
    expect(alertIdentity({ ...content, condition: below('0.50') })).toBe('240dba50f6051abb5a19');
  });

  test.each(['95000.0', '95000.00', '095000'])('at %s is the alert at 95000', (target) =>
    expect(alertIdentity({ ...content, condition: above(target) })).toBe(alertIdentity(content)),
  );

  test.each([
    { what: 'price', changed: { condition: above('95000.00000001') } },
    { what: 'direction', changed: { condition: below('95000') } },
    { what: 'symbol', changed: { symbol: 'BTC-USDT' } },
    { what: 'exchange', changed: { exchange: 'bybit' as const } },
    { what: 'exchange, left blank,', changed: { exchange: undefined } },
    { what: 'user', changed: { user: 'default' } },
  ])('with another $what is another alert', ({ changed }) =>
    expect(alertIdentity({ ...content, ...changed })).not.toBe(alertIdentity(content)),
  );

  test('is not another one with a name, notes or a pause', () => {
    const noted = { ...content, name: 'Breakout', notes: 'sell half', active: false };
    expect(alertIdentity(noted)).toBe(alertIdentity(content));
  });

  test('cannot be forged by moving text from one cell to the next', () => {
    const one = { ...content, user: 'a","binance', exchange: undefined };
    const other = { ...content, user: 'a' };
    expect(alertIdentity(one)).not.toBe(alertIdentity(other));
  });
});

describe('a fingerprint', () => {
  test('is the same in any order', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.string(), { maxLength: 20 })
          .chain((ids) => fc.tuple(fc.constant(ids), fc.shuffledSubarray(ids, { minLength: ids.length }))),
        ([ids, shuffled]) => expect(fingerprint(shuffled)).toBe(fingerprint(ids)),
      ),
    );
  });

  test('tells reads apart, the empty one too', () => {
    const reads = [[], ['a'], ['b'], ['a', 'b'], ['ab'], ['a,b'], ['a', 'b', 'c']];
    expect(new Set(reads.map(fingerprint)).size).toBe(reads.length);
  });

  test('leaves the list as it was', () => {
    const ids = ['b', 'a'];
    fingerprint(ids);
    expect(ids).toEqual(['b', 'a']);
  });
});

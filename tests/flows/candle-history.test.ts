import { describe, expect, test } from '@jest/globals';
import type { Candle } from '../../src/domain/evidence/candle.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import { at } from '../support/builders.js';

const marketOf = (symbol: string) => ({ exchange: 'binance', kind: 'spot', symbol }) as const;
const btc = marketOf('BTCUSDT');

const candle = (openAt: number, spanMs = minuteMs): Candle => {
  const one = price('100');
  return { openAt, spanMs, open: one, high: one, low: one, close: one };
};

/** A candle a minute, from 12:00 on. */
const minutes = (count: number, from = at('12:00')) => ({
  from,
  to: from + count * minuteMs,
  candles: Array.from({ length: count }, (_, index) => candle(from + index * minuteMs)),
});

describe('what is known since an instant', () => {
  const history = createCandleHistory();
  history.keep(btc, minutes(5));
  test('are the candles from there on', () =>
    expect(history.since(btc, at('12:02'))).toEqual({ ...minutes(3, at('12:02')), to: at('12:05') }));
  test.each(['11:59', '12:05', '12:30'])('is nothing at %s, which is not within the stretch', (from) =>
    expect(history.since(btc, at(from))).toBeUndefined(),
  );
  test('is nothing of another market', () => expect(history.since(marketOf('ETHUSDT'), at('12:02'))).toBeUndefined());
});

test('a stretch takes the place of the one before it', () => {
  const history = createCandleHistory();
  history.keep(btc, minutes(5));
  history.keep(btc, minutes(2, at('12:10')));
  expect(history.since(btc, at('12:00'))).toBeUndefined();
  expect(history.since(btc, at('12:10'))).toEqual(minutes(2, at('12:10')));
});

test('finer candles are kept where they lie within what is known', () => {
  const history = createCandleHistory();
  history.refine(btc, [candle(at('12:01'), 1_000)]);
  expect(history.since(btc, at('12:01'))).toBeUndefined();
  history.keep(btc, minutes(2));
  const [inside, outside] = [candle(at('12:01'), 1_000), candle(at('12:02'), 1_000)];
  history.refine(btc, [inside, outside]);
  expect(history.since(btc, at('12:00'))?.candles).toEqual([...minutes(2).candles, inside]);
});

describe('where there are more candles than fit', () => {
  const has = (history: ReturnType<typeof createCandleHistory>, ...symbols: string[]) =>
    symbols.filter((symbol) => history.since(marketOf(symbol), at('12:00')) !== undefined);
  const full = () => {
    const history = createCandleHistory(10);
    for (const symbol of ['A', 'B', 'C']) history.keep(marketOf(symbol), minutes(3));
    return history;
  };

  test('the market that was kept first makes room', () => {
    const history = full();
    history.keep(marketOf('D'), minutes(3));
    expect(has(history, 'A', 'B', 'C', 'D')).toEqual(['B', 'C', 'D']);
  });
  test('a market that was asked for since stays, and the next one goes', () => {
    const history = full();
    history.since(marketOf('A'), at('12:00'));
    history.keep(marketOf('D'), minutes(3));
    expect(has(history, 'A', 'B', 'C', 'D')).toEqual(['A', 'C', 'D']);
  });
  test('as many go as have to', () => {
    const history = full();
    history.keep(marketOf('D'), minutes(7));
    expect(has(history, 'A', 'B', 'C', 'D')).toEqual(['C', 'D']);
  });
  test('a stretch that is kept again counts once', () => {
    const history = full();
    for (let again = 0; again < 5; again += 1) history.keep(marketOf('A'), minutes(3));
    expect(has(history, 'A', 'B', 'C')).toEqual(['A', 'B', 'C']);
  });
  test('one that is too large for all of it is not kept', () => {
    const history = createCandleHistory(10);
    history.keep(btc, minutes(11));
    expect(history.since(btc, at('12:00'))).toBeUndefined();
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayMs, hourMs, minuteMs } from '../../../src/domain/evidence/candle.js';
import {
  type CandleOffer,
  type CandleRequest,
  missingStarts,
  planCandles,
} from '../../../src/domain/evidence/candle-plan.js';
import { price } from '../../../src/domain/price.js';
import { at } from '../../support/builders.js';

const secondMs = 1_000;
const bySecond: CandleOffer = { spansMs: [secondMs, minuteMs, hourMs], perAnswer: 1_000 };
const byMinute: CandleOffer = { spansMs: [minuteMs, hourMs], perAnswer: 300 };
const page = (from: number, to: number, spanMs: number): CandleRequest => ({ from, to, spanMs });

describe('a plan', () => {
  test('asks for the minutes of the window, the one it begins in from its start', () => {
    expect(planCandles({ from: at('12:00:40'), to: at('12:05:10') }, [at('11:00')], byMinute)).toEqual([
      page(at('12:00'), at('12:05:10'), minuteMs),
    ]);
  });

  test('asks for nothing where nothing has passed', () => {
    expect(planCandles({ from: at('12:05:07'), to: at('12:05:07') }, [at('12:05:07')], bySecond)).toEqual([]);
    expect(planCandles({ from: at('12:05:09'), to: at('12:05:07') }, [at('12:05:09')], byMinute)).toEqual([]);
  });

  test('asks page after page where the window is longer than one answer', () => {
    expect(planCandles({ from: at('02:00'), to: at('13:00:30') }, [at('01:00')], byMinute)).toEqual([
      page(at('02:00'), at('07:00'), minuteMs),
      page(at('07:00'), at('12:00'), minuteMs),
      page(at('12:00'), at('13:00:30'), minuteMs),
    ]);
  });

  test('asks for seconds where an alert was armed within a minute of the window, and one answer holds them', () => {
    expect(planCandles({ from: at('12:00:40.500'), to: at('12:05:10.200') }, [at('12:00:40.500')], bySecond)).toEqual([
      page(at('12:00:40'), at('12:05:10.200'), secondMs),
    ]);
  });

  test('asks for the seconds of the minute of arming and for all minutes where one answer does not hold the seconds', () => {
    expect(planCandles({ from: at('12:00:40.500'), to: at('13:00:10') }, [at('12:00:40.500')], bySecond)).toEqual([
      page(at('12:00:40'), at('12:01'), secondMs),
      page(at('12:00'), at('13:00:10'), minuteMs),
    ]);
  });

  test('asks for the seconds of each minute of arming once', () => {
    const armed = [at('12:00:40'), at('12:30:01'), at('12:30:59'), at('11:00:20'), at('12:45')];
    expect(planCandles({ from: at('12:00:30'), to: at('13:00:10') }, armed, bySecond)).toEqual([
      page(at('12:00:30'), at('12:01'), secondMs),
      page(at('12:30'), at('12:31'), secondMs),
      page(at('12:00'), at('13:00:10'), minuteMs),
    ]);
  });

  test('asks for minutes where the exchange has no seconds', () => {
    expect(planCandles({ from: at('12:00:40'), to: at('12:05:10') }, [at('12:00:40')], byMinute)).toEqual([
      page(at('12:00'), at('12:05:10'), minuteMs),
    ]);
  });

  test('asks for minutes where the alert was armed on the minute', () => {
    expect(planCandles({ from: at('12:00'), to: at('12:05:10') }, [at('12:00')], bySecond)).toEqual([
      page(at('12:00'), at('12:05:10'), minuteMs),
    ]);
  });

  test('asks for hours in the middle of a gap of more than a week', () => {
    const from = at('12:20:30') - 8 * dayMs;
    expect(planCandles({ from, to: at('12:05:10') }, [from - hourMs], bySecond)).toEqual([
      page(at('12:20') - 8 * dayMs, at('13:00') - 8 * dayMs, minuteMs),
      page(at('13:00') - 8 * dayMs, at('12:00'), hourMs),
      page(at('12:00'), at('12:05:10'), minuteMs),
    ]);
  });

  test('asks for the minutes of the first hour where the window and its alert began moments after the hour', () => {
    const from = at('12:00:00.001') - 8 * dayMs;
    expect(planCandles({ from, to: at('12:00') }, [from], byMinute).slice(0, 2)).toEqual([
      page(at('12:00') - 8 * dayMs, at('13:00') - 8 * dayMs, minuteMs),
      page(at('13:00') - 8 * dayMs, at('12:00'), hourMs),
    ]);
  });

  test('asks for minutes all through a gap of a week', () => {
    const from = at('12:00') - 7 * dayMs;
    const pages = planCandles({ from, to: at('12:00') }, [from - hourMs], bySecond);
    expect(pages).toHaveLength(11);
    expect(new Set(pages.map(({ spanMs }) => spanMs))).toEqual(new Set([minuteMs]));
  });

  test('asks for minutes all through a longer gap where an alert was armed within it, even on the minute', () => {
    const from = at('12:20') - 8 * dayMs;
    const pages = planCandles({ from, to: at('12:00') }, [from - hourMs, from + 7 * minuteMs], byMinute);
    expect(new Set(pages.map(({ spanMs }) => spanMs))).toEqual(new Set([minuteMs]));
  });
});

describe('whatever the window and the times of arming', () => {
  const week = at('12:00') - 10 * dayMs;
  const instant = fc.oneof(
    fc.integer({ min: week, max: at('12:00') }),
    fc.integer({ min: at('11:00'), max: at('12:00') }),
    fc.integer({ min: 0, max: 10 * 24 * 60 }).map((minutes) => week + minutes * minuteMs),
  );
  // No alert is armed after now.
  const plans = fc
    .tuple(instant, instant, fc.array(instant, { minLength: 1, maxLength: 4 }), fc.constantFrom(bySecond, byMinute))
    .map(([a, b, armed, offer]) => {
      const window = { from: Math.min(a, b), to: Math.max(a, b) };
      return { window, armed: armed.map((each) => Math.min(each, window.to)), offer };
    });

  test('every trade since the first whole candle after arming lies in a candle that began after arming', () => {
    fc.assert(
      fc.property(plans, fc.double({ min: 0, max: 1, noNaN: true }), ({ window, armed, offer }, share) => {
        const pages = planCandles(window, armed, offer);
        for (const armedAt of armed) {
          const smallest = offer.spansMs[0] ?? 0;
          const since = Math.max(window.from, Math.ceil(armedAt / smallest) * smallest);
          if (since >= window.to) continue;
          // Anywhere in the window, its very ends included.
          for (const trade of [since, window.to - 1, Math.floor(since + share * (window.to - 1 - since))]) {
            const candles = pages
              .filter(({ from, to }) => from <= trade && trade < to)
              .map(({ from, spanMs }) => from + Math.floor((trade - from) / spanMs) * spanMs);
            expect(candles.some((openAt) => openAt >= armedAt)).toBe(true);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('every page begins with a candle, ends with the window at the latest, and fits into one answer', () => {
    fc.assert(
      fc.property(plans, ({ window, armed, offer }) => {
        for (const { from, to, spanMs } of planCandles(window, armed, offer)) {
          expect(offer.spansMs).toContain(spanMs);
          expect(from % spanMs).toBe(0);
          expect(from).toBeLessThan(to);
          expect(to).toBeLessThanOrEqual(window.to);
          expect(Math.ceil((to - from) / spanMs)).toBeLessThanOrEqual(offer.perAnswer);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('of an answer that should hold every candle', () => {
  const request = page(at('12:00'), at('12:05:20'), minuteMs);
  const given = (...times: string[]) =>
    times.map((time) => ({
      openAt: at(time),
      spanMs: minuteMs,
      open: price('1'),
      high: price('2'),
      low: price('1'),
      close: price('1'),
    }));
  const missing = (now: string, ...times: string[]) =>
    missingStarts(request, given(...times), at(now)).map((openAt) => new Date(openAt).toISOString().slice(11, 16));

  test('those that are not there are missing', () => {
    expect(missing('12:05:20', '12:01', '12:03', '12:05')).toEqual(['12:00', '12:02', '12:04']);
  });

  test('one that began within the last minute may still come', () => {
    const whole = ['12:00', '12:01', '12:02', '12:03'];
    expect(missing('12:04:59.999', ...whole)).toEqual([]);
    expect(missing('12:05', ...whole)).toEqual(['12:04']);
  });

  test('seconds and hours are counted in their own length', () => {
    const seconds = missingStarts(page(at('12:00'), at('12:02'), 1_000), [], at('12:01:10'));
    expect([seconds.length, seconds.at(-1)]).toEqual([11, at('12:00:10')]);
    expect(missingStarts(page(at('10:00'), at('12:00'), hourMs), [], at('12:30'))).toEqual([at('10:00'), at('11:00')]);
  });
});

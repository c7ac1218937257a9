import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type CandleOffer,
  type CandleRequest,
  missingStarts,
  planCandles,
} from '../../../src/domain/evidence/candle-plan.js';
import { dayMs, hourMs, minuteMs } from '../../../src/domain/time.js';
import { at, candle } from '../../support/builders.js';
import { listIn, rowsIn } from '../../support/text-table.js';

const secondMs = 1_000;
const bySecond: CandleOffer = { spansMs: [secondMs, minuteMs, hourMs], perAnswer: 1_000 };
const byMinute: CandleOffer = { spansMs: [minuteMs, hourMs], perAnswer: 300 };
const page = (from: number, to: number, spanMs: number): CandleRequest => ({ from, to, spanMs });

const offers: Readonly<Record<string, CandleOffer>> = { 'by second': bySecond, 'by minute': byMinute };
const spans: Readonly<Record<string, number>> = { seconds: secondMs, minutes: minuteMs, hours: hourMs };

/** `12:00`, or that of the eighth day before: `-8d 12:00`. */
const instantAs = (text: string): number => (text.startsWith('-8d ') ? at(text.slice(4)) - 8 * dayMs : at(text));

/** `12:00 to 12:05:10`, `12:00 to 12:05:10 in minutes`. */
function pageAs(text: string): CandleRequest {
  const [window = '', span = ''] = text.split(' in ');
  const [from = '', to = ''] = window.split(' to ');
  return page(instantAs(from), instantAs(to), spans[span] ?? 0);
}

describe('a plan', () => {
  /** Of the window, and the instants of arming: what is asked for. */
  test.each(
    rowsIn(`
      asks for the minutes of the window, the one it begins in from its start
        12:00:40 to 12:05:10 | 11:00 | by minute | 12:00 to 12:05:10 in minutes
      asks for nothing where nothing has passed | 12:05:07 to 12:05:07 | 12:05:07 | by second |
      asks for nothing where the window ends before it begins | 12:05:09 to 12:05:07 | 12:05:09 | by minute |
      asks page after page where the window is longer than one answer
        02:00 to 13:00:30 | 01:00 | by minute
        02:00 to 07:00 in minutes, 07:00 to 12:00 in minutes, 12:00 to 13:00:30 in minutes
      asks for seconds where an alert was armed within a minute of the window, and one answer holds them
        12:00:40.500 to 12:05:10.200 | 12:00:40.500 | by second | 12:00:40 to 12:05:10.200 in seconds
      asks for the seconds of the minute of arming and for all minutes where one answer does not hold the seconds
        12:00:40.500 to 13:00:10 | 12:00:40.500 | by second
        12:00:40 to 12:01 in seconds, 12:00 to 13:00:10 in minutes
      asks for the seconds of each minute of arming once
        12:00:30 to 13:00:10 | 12:00:40, 12:30:01, 12:30:59, 11:00:20, 12:45 | by second
        12:00:30 to 12:01 in seconds, 12:30 to 12:31 in seconds, 12:00 to 13:00:10 in minutes
      asks for minutes where the exchange has no seconds
        12:00:40 to 12:05:10 | 12:00:40 | by minute | 12:00 to 12:05:10 in minutes
      asks for minutes where the alert was armed on the minute
        12:00 to 12:05:10 | 12:00 | by second | 12:00 to 12:05:10 in minutes
      asks for hours in the middle of a gap of more than a week
        -8d 12:20:30 to 12:05:10 | -8d 11:20:30 | by second
        -8d 12:20 to -8d 13:00 in minutes, -8d 13:00 to 12:00 in hours, 12:00 to 12:05:10 in minutes
    `),
  )('%s', (_, window, armed, offer, pages) => {
    const { from, to } = pageAs(window);
    expect(planCandles({ from, to }, listIn(armed).map(instantAs), offers[offer] ?? byMinute)).toEqual(
      listIn(pages).map(pageAs),
    );
  });

  test('asks for the minutes of the first hour where the window and its alert began moments after the hour', () => {
    const from = at('12:00:00.001') - 8 * dayMs;
    expect(planCandles({ from, to: at('12:00') }, [from], byMinute).slice(0, 2)).toEqual([
      pageAs('-8d 12:00 to -8d 13:00 in minutes'),
      pageAs('-8d 13:00 to 12:00 in hours'),
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
        // One comparison a plan, which may have thousands of pages.
        const isRight = ({ from, to, spanMs }: { from: number; to: number; spanMs: number }): boolean =>
          offer.spansMs.includes(spanMs) &&
          from % spanMs === 0 &&
          from < to &&
          to <= window.to &&
          Math.ceil((to - from) / spanMs) <= offer.perAnswer;
        expect(planCandles(window, armed, offer).filter((page) => !isRight(page))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('of an answer that should hold every candle', () => {
  const request = page(at('12:00'), at('12:05:20'), minuteMs);
  const given = (...times: string[]) => times.map((time) => candle(`${time} 1 2 1 1`));
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

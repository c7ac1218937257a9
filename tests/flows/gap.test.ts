import { describe, expect, test } from '@jest/globals';
import type { CandleRequest } from '../../src/domain/evidence/candle-plan.js';
import { err, ok } from '../../src/domain/result.js';
import { dayMs, minuteMs } from '../../src/domain/time.js';
import { firstMissing, readWhole } from '../../src/flows/gap.js';
import type { PriceError } from '../../src/flows/ports/price-source.js';
import { at, candle } from '../support/builders.js';

const unavailable: PriceError = { kind: 'unavailable', detail: 'HTTP 503' };
const from = at('12:00');
const request: CandleRequest = { from, to: from + 5 * minuteMs, spanMs: minuteMs };
const minute = (index: number): number => from + index * minuteMs;
const candleOf = (index: number) => ({ ...candle('12:00 1 2 1 1'), openAt: minute(index) });
const soon = from + 10 * minuteMs;
const later = from + dayMs + 10 * minuteMs;

/** The first answer, and the one to the question for the gap alone; minutes by number. */
async function read(now: number, first: readonly number[], again?: readonly number[] | PriceError) {
  const asked: (readonly [number, number])[] = [];
  const page = await readWhole(
    async (wanted) => {
      asked.push([(wanted.from - from) / minuteMs, (wanted.to - from) / minuteMs]);
      if (asked.length === 1) return ok(first.map(candleOf));
      return again !== undefined && 'kind' in again ? err(again) : ok((again ?? []).map(candleOf));
    },
    request,
    now,
  );
  if (!page?.ok) throw new Error('expected a page');
  const minutes = (instants: readonly number[]) => instants.map((instant) => (instant - from) / minuteMs);
  const { candles, missing, believed } = page.value;
  return {
    asked,
    candles: minutes(candles.map(({ openAt }) => openAt)),
    missing: minutes(missing),
    believed: minutes(believed),
  };
}

test('a whole answer is asked for once', async () => {
  expect(await read(later, [0, 1, 2, 3, 4])).toEqual({
    asked: [[0, 5]],
    candles: [0, 1, 2, 3, 4],
    missing: [],
    believed: [],
  });
});

test('a gap of today is missing, and left to the next check', async () => {
  expect(await read(soon, [0, 3, 4])).toMatchObject({ asked: [[0, 5]], missing: [1, 2], believed: [] });
});

describe('a gap older than a day is asked for by itself', () => {
  const asked = [
    [0, 5],
    [1, 3],
  ];
  test('and believed where the exchange has nothing there', async () => {
    expect(await read(later, [0, 3, 4], [])).toEqual({ asked, candles: [0, 3, 4], missing: [], believed: [1, 2] });
  });

  test('and filled where it has', async () => {
    expect(await read(later, [0, 3, 4], [2, 1])).toEqual({
      asked,
      candles: [0, 1, 2, 3, 4],
      missing: [],
      believed: [],
    });
  });

  test('and stays missing where that answer is short too, or none comes', async () => {
    expect(await read(later, [0, 3, 4], [2])).toMatchObject({
      asked,
      candles: [0, 2, 3, 4],
      missing: [1],
      believed: [],
    });
    expect(await read(later, [0, 3, 4], unavailable)).toMatchObject({ asked, missing: [1, 2], believed: [] });
  });
});

test('a failure stays one, and so does an answer that found no time', async () => {
  expect(await readWhole(async () => err(unavailable), request, soon)).toEqual(err(unavailable));
  expect(await readWhole(async () => undefined, request, soon)).toBeUndefined();
});

describe('the first that is missing', () => {
  const page = (given: number[], missing: number[], believed: number[] = []) => ({
    candles: given.map(candleOf),
    missing: missing.map(minute),
    believed: believed.map(minute),
  });

  test.each<[name: string, pages: ReturnType<typeof page>[], expected: number | undefined]>([
    ['is the oldest of all pages', [page([1], [4, 2]), page([6], [3])], 2],
    ['is none in whole pages', [page([0, 1], [])], undefined],
    ['is none in a gap that is believed', [page([1], [], [0])], undefined],
    ['is believed of no exchange that gives nothing at all', [page([], [], [0, 1])], 0],
    ['lies before the first candle too', [page([2], [0, 1])], 0],
  ])('%s', (_, pages, expected) => {
    expect(firstMissing(pages, false)).toBe(expected === undefined ? undefined : minute(expected));
  });

  test.each<[name: string, pages: ReturnType<typeof page>[], expected: number | undefined]>([
    ['but not in a market seen for the first time', [page([], [0]), page([2], [1])], undefined],
    ['of which a gap further on counts', [page([1, 3], [0, 2])], 2],
    ['and no candle at all', [page([], [0, 1])], 0],
  ])('%s', (_, pages, expected) => {
    expect(firstMissing(pages, true)).toBe(expected === undefined ? undefined : minute(expected));
  });
});

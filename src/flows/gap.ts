import type { Candle } from '../domain/evidence/candle.js';
import { type CandleRequest, missingStarts } from '../domain/evidence/candle-plan.js';
import { ok, type Result } from '../domain/result.js';
import { dayMs } from '../domain/time.js';
import type { PriceError } from './ports/price-source.js';

type Answer = Result<readonly Candle[], PriceError> | undefined;

/** What an answer should hold and does not: the starts of its candles (ms). */
export interface Page {
  readonly candles: readonly Candle[];
  readonly missing: readonly number[];
  /** Missing for more than a day, and the exchange, asked for that stretch alone, has nothing there. */
  readonly believed: readonly number[];
}

/**
 * One answer of an exchange that gives every candle. What is missing may come later, so it keeps the window open; but
 * where trading once stood still it never comes. So a gap older than a day is asked for once more by itself, and an
 * empty answer to that is the truth: no window stays open, and no reading grows, for ever.
 */
export async function readWhole(
  ask: (request: CandleRequest) => Promise<Answer>,
  page: CandleRequest,
  now: number,
): Promise<Result<Page, PriceError> | undefined> {
  const answer = await ask(page);
  if (answer === undefined || !answer.ok) return answer;
  const missing = missingStarts(page, answer.value, now);
  const old = missing.filter((openAt) => openAt < now - dayMs);
  const [first, last] = [old[0], old.at(-1)];
  if (first === undefined || last === undefined) return ok({ candles: answer.value, missing, believed: [] });
  const again = await ask({ from: first, to: last + page.spanMs, spanMs: page.spanMs });
  const wanted = new Set(old);
  const found = again?.ok ? again.value.filter(({ openAt }) => wanted.has(openAt)) : undefined;
  if (found?.length === 0) {
    return ok({ candles: answer.value, missing: missing.slice(old.length), believed: old });
  }
  const candles = [...answer.value, ...(found ?? [])].sort((a, b) => a.openAt - b.openAt);
  return ok({ candles, missing: missingStarts(page, candles, now), believed: [] });
}

/** One answer of an exchange that gives no candle where nothing was traded. */
export async function readAny(
  ask: (request: CandleRequest) => Promise<Answer>,
  page: CandleRequest,
): Promise<Result<Page, PriceError> | undefined> {
  const answer = await ask(page);
  return answer?.ok ? ok({ candles: answer.value, missing: [], believed: [] }) : answer;
}

/**
 * From where on a window was not seen, of all its pages; undefined where nothing is missing. Candles that are missing
 * before the first one are none where no check saw the market before: it was listed then. Where not one candle came,
 * nothing is believed.
 */
export function firstMissing(pages: readonly Page[], isFirstSight: boolean): number | undefined {
  const given = pages.flatMap(({ candles }) => candles.map(({ openAt }) => openAt));
  const missing = pages.flatMap((page) => page.missing);
  const began = given.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const unseen =
    given.length === 0
      ? [...missing, ...pages.flatMap(({ believed }) => believed)]
      : missing.filter((openAt) => !isFirstSight || openAt > began);
  return unseen.length === 0 ? undefined : unseen.reduce((a, b) => Math.min(a, b));
}

import * as v from 'valibot';
import type { Candle } from '../../domain/evidence/candle.js';
import type { CandleRequest } from '../../domain/evidence/candle-plan.js';
import { PriceText } from '../../domain/price.js';

/** What a candle is read from, in the exchange's own order and units. */
export interface CandleFields {
  /** ms since 1970 */
  readonly openAt: number;
  readonly open: unknown;
  readonly low: unknown;
  readonly high: unknown;
  readonly close: unknown;
}

const Fields = v.object({
  // An empty text became 0 on its way.
  openAt: v.pipe(v.number('expected the start of the candle'), v.integer(), v.minValue(1)),
  open: PriceText,
  low: PriceText,
  high: PriceText,
  close: PriceText,
});

/**
 * Oldest first, without what lies outside the request. Undefined where one candle cannot be read: it may be the one with
 * the touch, so the others must not pass for the whole window.
 */
export function readCandles(
  list: readonly unknown[],
  request: CandleRequest,
  fieldsOf: (entry: unknown) => CandleFields | undefined,
): readonly Candle[] | undefined {
  const candles: Candle[] = [];
  for (const entry of list) {
    const parsed = v.safeParse(Fields, fieldsOf(entry));
    if (!parsed.success || parsed.output.high.value.lt(parsed.output.low.value)) return undefined;
    const { openAt } = parsed.output;
    if (openAt >= request.from && openAt < request.to) candles.push({ ...parsed.output, spanMs: request.spanMs });
  }
  return candles.sort((a, b) => a.openAt - b.openAt);
}

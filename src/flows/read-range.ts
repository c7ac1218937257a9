import type { PriceRange } from '../domain/evidence/bar.js';
import { candleStart } from '../domain/evidence/candle.js';
import { higher, lower } from '../domain/price.js';
import { minuteMs } from '../domain/time.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import { firstMissing, readAny, readWhole } from './gap.js';
import type { PriceSource } from './ports/price-source.js';

/** Of a range and those beside it, where they are known. */
export const widest = (first: PriceRange, others: readonly PriceRange[]): PriceRange =>
  others.reduce<PriceRange>((a, b) => ({ low: lower(a.low, b.low), high: higher(a.high, b.high) }), first);

/**
 * Of a stretch that one answer of candles tells, a little more included (ms); undefined where it is longer, or the answer
 * is not whole. An answer without candles is none: that nothing was traded is not believed here.
 */
export async function readRange(
  { source, calls }: { readonly source: PriceSource; readonly calls: Pick<ExchangeCalls, 'askCandles'> },
  symbol: string,
  stretch: { readonly from: number; readonly to: number; readonly now: number },
): Promise<PriceRange | undefined> {
  const { perAnswer, hasEverySpan } = source.candleOffer;
  const from = candleStart(stretch.from, minuteMs);
  const page = { from, to: candleStart(stretch.to, minuteMs) + minuteMs, spanMs: minuteMs };
  if ((page.to - from) / minuteMs > perAnswer) return undefined;
  const ask = (request: typeof page) => calls.askCandles(source, symbol, request);
  const read = await (hasEverySpan ? readWhole(ask, page, stretch.now) : readAny(ask, page));
  if (!read?.ok || firstMissing([read.value], false) !== undefined) return undefined;
  const [first, ...others] = read.value.candles;
  return first && widest(first, others);
}

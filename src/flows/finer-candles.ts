import type { Stretch } from '../domain/evidence/bar.js';
import type { Candle } from '../domain/evidence/candle.js';
import type { CandleOffer, CandleRequest } from '../domain/evidence/candle-plan.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import type { PriceSource } from './ports/price-source.js';
import type { Run } from './run.js';

/** For one market in one run. What is left open then waits for the last price. */
export const mostFinerRequests = 10;

/** The longest candles that are shorter than those that left it open; undefined where the exchange has none. */
const finerSpan = (stretch: Stretch, offer: CandleOffer): number | undefined =>
  offer.spansMs.findLast((spanMs) => spanMs < stretch.spanMs);

/** Newest first, since what is open there can still be told in time; neighbours share a request where they fit into one. */
export function planFiner(stretches: readonly Stretch[], offer: CandleOffer, to: number): readonly CandleRequest[] {
  const wanted = stretches
    .flatMap((stretch) => {
      const spanMs = finerSpan(stretch, offer);
      return spanMs === undefined ? [] : [{ from: stretch.from, to: Math.min(stretch.to, to), spanMs }];
    })
    .toSorted((a, b) => b.from - a.from);
  const requests: CandleRequest[] = [];
  for (const next of wanted) {
    const last = requests.at(-1);
    const longest = offer.perAnswer * next.spanMs;
    if (last?.spanMs === next.spanMs && last.to - next.from <= longest) {
      requests[requests.length - 1] = { ...last, from: Math.min(next.from, last.from) };
    } else requests.push({ ...next, to: Math.min(next.to, next.from + longest) });
  }
  return requests;
}

/** A failure is none of the market's: its window was seen, only not as finely. */
export async function readFiner(
  source: PriceSource,
  symbol: string,
  requests: readonly CandleRequest[],
  calls: ExchangeCalls,
  run: Run,
): Promise<readonly Candle[]> {
  const candles: Candle[] = [];
  for (const request of requests) {
    if (!run.hasTime()) break;
    const answer = await calls.askCandles(source, symbol, request);
    if (answer === undefined || !answer.ok) break;
    candles.push(...answer.value);
  }
  return candles;
}

import type { Candle } from '../domain/evidence/candle.js';
import { planCandles } from '../domain/evidence/candle-plan.js';
import { dayMs, minuteMs } from '../domain/time.js';
import { priceErrorText } from '../flows/market-failures.js';
import type { PriceSource } from '../flows/ports/price-source.js';

/** Below every exchange's rate for one caller: Coinbase takes ten requests a second. */
const pauseMs = 120;

/** The last `days` of one-minute candles, page after page; `onPage` is told how far it got. Throws with the reason. */
export async function fetchCandles(
  source: PriceSource,
  symbol: string,
  days: number,
  now: number,
  onPage: (done: number, pages: number) => void,
): Promise<Candle[]> {
  const to = Math.floor(now / minuteMs) * minuteMs;
  const byMinute = { ...source.candleOffer, spansMs: [minuteMs] };
  const pages = planCandles({ from: to - days * dayMs, to }, [], byMinute);
  const candles: Candle[] = [];
  for (const [index, page] of pages.entries()) {
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const answer = await source.candles(symbol, page);
    if (!answer.ok) throw new Error(`${source.name} ${symbol}: ${priceErrorText(answer.error)}`);
    candles.push(...answer.value);
    onPage(index + 1, pages.length);
  }
  return candles;
}

import { higher, lower } from '../price.js';
import { type Candle, candleStart } from './candle.js';

/** Longer candles out of shorter ones, both oldest first; a stretch without any has none. Spans count from 1970, UTC. */
export function widerCandles(candles: readonly Candle[], spanMs: number): readonly Candle[] {
  const wide: Candle[] = [];
  for (const candle of candles) {
    const openAt = candleStart(candle.openAt, spanMs);
    const last = wide.at(-1);
    if (last?.openAt !== openAt) {
      wide.push({ ...candle, openAt, spanMs });
      continue;
    }
    const { open, high, low } = last;
    wide[wide.length - 1] = {
      ...{ openAt, spanMs, open, close: candle.close },
      ...{ high: higher(high, candle.high), low: lower(low, candle.low) },
    };
  }
  return wide;
}

import { createChance } from './candle-series.js';

/** A trade every two minutes of the last two days, wandering to `last`; the same at each run but for its instants. */
export function tradesBefore(now: number, last: number): { at: number; price: string }[] {
  const chance = createChance(10);
  const everyMs = 120_000;
  const count = 1_440;
  let way = 0;
  let drift = 0;
  const ways = Array.from({ length: count }, () => {
    drift = 0.985 * drift + chance.between(-1, 1);
    way += chance.between(-1, 1) + 0.05 * drift - 0.002 * way;
    return way;
  });
  return ways.map((each, index) => ({
    at: now - (count - index) * everyMs,
    price: (last * (1 + (each - way) * 0.0007)).toFixed(2),
  }));
}

import type { PriceRange } from '../../domain/evidence/bar.js';
import { readPrice } from '../../domain/price.js';

/** Undefined where one of the two is no price or they contradict each other: then nothing may be ruled out by them. */
export function rangeOf(entry: { readonly high?: unknown; readonly low?: unknown }): PriceRange | undefined {
  const [high, low] = [readPrice(entry.high), readPrice(entry.low)];
  return high === undefined || low === undefined || high.value.lt(low.value) ? undefined : { high, low };
}

import type { AutoscaleInfo } from 'lightweight-charts';

export interface Wanted {
  readonly price: number;
  readonly isOwn: boolean;
}

/**
 * The candles' range with the lines. The alert's own is always in sight; another's where it is no more than twice the
 * candles' height away, or it would press them flat.
 */
export function widened(found: AutoscaleInfo | null, lines: readonly Wanted[]): AutoscaleInfo | null {
  if (found === null || found.priceRange === null) return found;
  const { minValue, maxValue } = found.priceRange;
  const reach = (maxValue - minValue) * 2;
  const prices = lines
    .filter(({ price, isOwn }) => isOwn || (price > minValue - reach && price < maxValue + reach))
    .map(({ price }) => price);
  return { ...found, priceRange: { minValue: Math.min(minValue, ...prices), maxValue: Math.max(maxValue, ...prices) } };
}

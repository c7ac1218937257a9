import type { SeriesMarker, Time, UTCTimestamp } from 'lightweight-charts';
import type { Colours } from './colours.js';

/** Something that happened on the market, or would have. */
export interface Mark {
  readonly kind: 'fired' | 'tested';
  /** ms */
  readonly at: number;
  /** A price; a rate of funding stands at no price. */
  readonly reached: string;
}

/** The candle that an instant falls into; undefined before the first. Both in seconds. */
function barAt(times: readonly UTCTimestamp[], at: number): UTCTimestamp | undefined {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return times[low - 1];
}

/** At the price that was reached, on the candle of that moment; what would have fired points at its candle from below. */
export function markersOf(
  marks: readonly Mark[],
  times: readonly UTCTimestamp[],
  colours: Pick<Colours, 'fired' | 'waits'>,
): SeriesMarker<Time>[] {
  const markers = marks.flatMap(({ kind, at, reached }): SeriesMarker<Time>[] => {
    const time = barAt(times, at / 1_000);
    if (time === undefined) return [];
    if (kind === 'tested') return [{ time, position: 'belowBar', shape: 'arrowUp', color: colours.waits, size: 1.2 }];
    const price = Number(reached);
    const look = { time, shape: 'circle', color: colours.fired, size: 0.9 } as const;
    return [Number.isNaN(price) ? { ...look, position: 'aboveBar' } : { ...look, position: 'atPriceMiddle', price }];
  });
  return markers.sort((a, b) => Number(a.time) - Number(b.time));
}

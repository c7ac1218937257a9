import {
  createSeriesMarkers,
  type ISeriesApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { PriceBar } from './bars.js';
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

type Marker = SeriesMarker<Time>;

/** How often in each candle, which stands for all of it. */
function testedMarkers(times: readonly UTCTimestamp[], color: string): Marker[] {
  const counts = new Map<UTCTimestamp, number>();
  for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1);
  return [...counts].map(([time, count]) => ({
    ...{ time, position: 'belowBar', shape: 'arrowUp', color, size: 1.2 },
    ...(count > 1 && { text: `${count}×` }),
  }));
}

/** What has fired at the price that was reached; what would have points at its candle from below. */
function markersOf(
  marks: readonly Mark[],
  times: readonly UTCTimestamp[],
  colours: Pick<Colours, 'fired' | 'waits'>,
): Marker[] {
  const tested: UTCTimestamp[] = [];
  const fired = marks.flatMap(({ kind, at, reached }): Marker[] => {
    const time = barAt(times, at / 1_000);
    if (time === undefined) return [];
    if (kind === 'tested') {
      tested.push(time);
      return [];
    }
    const price = Number(reached);
    const look = { time, shape: 'circle', color: colours.fired, size: 0.9 } as const;
    return [Number.isNaN(price) ? { ...look, position: 'aboveBar' } : { ...look, position: 'atPriceMiddle', price }];
  });
  return [...fired, ...testedMarkers(tested, colours.waits)].sort((a, b) => Number(a.time) - Number(b.time));
}

/** The number of them stands at the container, since what is drawn on a canvas cannot be read there. */
export function drawMarks(series: ISeriesApi<'Candlestick'>, container: HTMLElement) {
  const markers = createSeriesMarkers(series, [], { autoScale: false });
  let marks: readonly Mark[] = [];
  return {
    set(next: readonly Mark[]) {
      marks = next;
    },
    draw(bars: readonly PriceBar[], colours: Colours) {
      const times = bars.map(({ time }) => time);
      const shown = markersOf(marks, times, colours);
      markers.setMarkers(shown);
      container.dataset.marks = String(shown.length);
    },
  };
}

import type { UTCTimestamp } from 'lightweight-charts';
import type { CandleView } from '../../protocol.js';

/** As the library draws it: for the eye alone. */
export interface PriceBar {
  /** s */
  readonly time: UTCTimestamp;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export const barOf = ({ openAt, open, high, low, close }: CandleView): PriceBar => ({
  time: (openAt / 1_000) as UTCTimestamp,
  open: Number(open),
  high: Number(high),
  low: Number(low),
  close: Number(close),
});

/** So many bars are shown at first, and so much room to the right of the last. */
export const firstBars = { shown: 120, room: 8 };

/** A stretch of time (ms), as far as there are bars of it. */
export function stretchOf(bars: readonly PriceBar[], from: number, to: number) {
  const [first, last] = [bars[0]?.time ?? 0, bars.at(-1)?.time ?? 0];
  const [begin, end] = [Math.max(first, from / 1_000), Math.min(last, to / 1_000)] as [UTCTimestamp, UTCTimestamp];
  return begin < end ? { from: begin, to: end } : undefined;
}

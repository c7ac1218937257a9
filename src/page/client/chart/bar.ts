import type { UTCTimestamp } from 'lightweight-charts';
import type { CandleView } from '../../protocol.js';

/** A candle as the library draws it: floats, which nothing is compared by. */
export const barOf = ({ openAt, open, high, low, close }: CandleView) => ({
  time: (openAt / 1_000) as UTCTimestamp,
  open: Number(open),
  high: Number(high),
  low: Number(low),
  close: Number(close),
});

import type { Price } from '../price.js';
import { type Bar, endOf, pointAt } from './bar.js';

/** What one alert may know of its market, in the order of time. */
export interface Tape {
  /** What began before the alert's window opened and ended before its first bar: only to compare with. */
  readonly lookBack: readonly Bar[];
  /** Of the window; none overlaps another. */
  readonly bars: readonly Bar[];
  readonly last: Bar;
  /**
   * False while a bar is still growing at the instant of the last price: which of the two knows the newer trade is not
   * known then, so the last price is a price of the window and no more.
   */
  readonly isLastAfterBars: boolean;
}

/** Whether the bars cover a stretch without a gap. */
function covers(bars: readonly Bar[], from: number, to: number): boolean {
  let covered = from;
  for (const bar of bars) {
    if (bar.openAt !== covered) return false;
    covered = endOf(bar);
  }
  return covered >= to;
}

/** The finer of two bars of one time, where the finer ones cover all of the coarser one that came before `until`. */
function finest(candles: readonly Bar[], until: number): readonly Bar[] {
  const sorted = candles.toSorted((a, b) => a.openAt - b.openAt || b.spanMs - a.spanMs);
  const bars: Bar[] = [];
  for (let next = 0; next < sorted.length; ) {
    const coarse = sorted[next] as Bar;
    const end = endOf(coarse);
    let after = next + 1;
    while (after < sorted.length && (sorted[after] as Bar).openAt < end) after += 1;
    const within = sorted.slice(next + 1, after);
    // Of one candle that was read twice, the later answer knows more.
    const isSame = within[0]?.openAt === coarse.openAt && within[0].spanMs === coarse.spanMs;
    if (isSame) next += 1;
    else {
      const finer = within.length === 0 ? [] : finest(within, until);
      if (finer.length > 0 && covers(finer, coarse.openAt, Math.min(end, until))) bars.push(...finer);
      else bars.push(coarse);
      next = after;
    }
  }
  return bars;
}

/** Candles of one length and without doubles, as most answers are, need no sorting out. */
function inOrder(candles: readonly Bar[], until: number): readonly Bar[] {
  const isTidy = candles.every((candle, index) => index === 0 || endOf(candles[index - 1] as Bar) <= candle.openAt);
  return isTidy ? candles : finest(candles, until);
}

/**
 * A clean tape from all that a run read of a market, where a minute may stand as a candle and as sixty of a second. A
 * candle that began before the window opens (`from`, ms) may hold trades from before, so it is none of its bars.
 */
export function makeTape(candles: readonly Bar[], last: Price, lastAt: number, from: number): Tape {
  const bars = inOrder(
    candles.filter(({ openAt }) => openAt >= from),
    lastAt,
  );
  const before = inOrder(
    candles.filter(({ openAt }) => openAt < from),
    from,
  );
  const firstAt = bars[0]?.openAt ?? lastAt;
  const newest = bars.at(-1);
  return {
    lookBack: before.filter((bar) => endOf(bar) <= firstAt),
    bars,
    last: pointAt(last, lastAt),
    isLastAfterBars: newest === undefined || endOf(newest) <= lastAt,
  };
}

import { endOf } from '../domain/evidence/bar.js';
import { type Candle, candleStart } from '../domain/evidence/candle.js';
import { type CandleRequest, planCandles } from '../domain/evidence/candle-plan.js';
import { dayStart } from '../domain/evidence/needed-candles.js';
import type { Market } from '../domain/market.js';
import { shownTime } from '../domain/message.js';
import { minuteMs } from '../domain/time.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import type { CandleHistory, KnownStretch } from './candle-history.js';
import { firstMissing, type Page, readAny, readWhole } from './gap.js';
import { priceErrorText } from './market-failures.js';
import type { PriceSource } from './ports/price-source.js';
import { widest } from './read-range.js';
import type { Run } from './run.js';

/** Instants in ms. */
export interface CandleWindow {
  /** From here on candles are looked back over. */
  readonly from: number;
  /** From here on they may prove something. */
  readonly opensAt: number;
  readonly to: number;
  /** Where the windows of single alerts open. */
  readonly alertsFrom: readonly number[];
  /** No check saw the market before: it may have been listed a moment ago. */
  readonly isFirstSight: boolean;
}

export interface ReadCandles {
  /** Oldest first. */
  readonly candles: readonly Candle[];
  /** Where candles are missing: up to when the window was seen. */
  readonly seenTo?: number;
  readonly failure?: string;
}

interface Reading {
  readonly market: Market;
  readonly source: PriceSource;
  readonly calls: ExchangeCalls;
  readonly run: Run;
  readonly history: CandleHistory;
  /** What ends later may still change (ms). */
  readonly settledTo: number;
}

/** A market listed within the stretch that is looked back over has no candles before its first. */
function withoutUnlisted(pages: readonly Page[], opensAt: number): readonly Page[] {
  const began = pages.flatMap(({ candles }) => candles).reduce((a, { openAt }) => Math.min(a, openAt), opensAt);
  return pages.map((page) => ({ ...page, missing: page.missing.filter((openAt) => openAt >= began) }));
}

/** By `openAt`; a minute may come as seconds too, from a page of its own. */
export const sorted = (candles: readonly Candle[]): Candle[] =>
  candles.toSorted((a, b) => a.openAt - b.openAt || a.spanMs - b.spanMs);

/** Of a stretch that no range of the day covers, so that the next check has one that does. */
function keepRangeForLater(
  { market, history, settledTo }: Reading,
  { from, to }: CandleWindow,
  all: readonly Candle[],
) {
  const [first, ...others] = all;
  if (first === undefined || from >= dayStart(to) || history.rangeOver(market, from, settledTo)) return;
  const { low, high } = widest(first, others);
  history.keepRange(market, { from, to: settledTo, low, high });
}

/** Whole and settled ones, of all that was looked back over. */
function keepForLater(reading: Reading, window: CandleWindow, candles: readonly Candle[]): void {
  if (window.from >= window.opensAt) return;
  keepRangeForLater(reading, window, candles);
  const from = candleStart(window.from, minuteMs);
  const to = candleStart(reading.settledTo, minuteMs);
  if (to <= from || candles.some(({ spanMs }) => spanMs > minuteMs)) return;
  const settled = candles.filter((candle) => candle.openAt >= from && endOf(candle) <= to);
  reading.history.keep(reading.market, { from, to, candles: settled });
}

/** Page after page; what came before a failure is evidence all the same, and need not be read again. */
export async function readCandles(reading: Reading, window: CandleWindow): Promise<ReadCandles> {
  const { market, source, calls, run, history } = reading;
  const { opensAt, to, isFirstSight } = window;
  const known: KnownStretch | undefined =
    window.from < opensAt ? history.since(market, candleStart(window.from, minuteMs)) : undefined;
  const from = Math.max(window.from, known?.to ?? window.from);
  const pages = planCandles({ from, to }, window.alertsFrom, source.candleOffer);
  const read: Page[] = [];
  const all = () => sorted([...(known?.candles ?? []), ...read.flatMap(({ candles }) => candles)]);
  const missingFrom = () => firstMissing(withoutUnlisted(read, opensAt), isFirstSight);
  const ask = (request: CandleRequest) => calls.askCandles(source, market.symbol, request);
  for (const [index, page] of pages.entries()) {
    const unread = pages.slice(index).map((each) => each.from);
    const seenTo = Math.max(opensAt, Math.min(...unread, missingFrom() ?? Number.POSITIVE_INFINITY));
    if (!run.hasTime()) return { candles: all(), seenTo };
    const answer = await (source.candleOffer.hasEverySpan ? readWhole(ask, page, to) : readAny(ask, page));
    if (answer === undefined) return { candles: all(), seenTo };
    if (!answer.ok) return { candles: all(), seenTo, failure: `no candles: ${priceErrorText(answer.error)}` };
    read.push(answer.value);
  }
  const gap = missingFrom();
  if (gap === undefined) {
    keepForLater(reading, window, all());
    return { candles: all() };
  }
  const failure = `candles are missing from ${shownTime(gap, to)} on; they are asked for again at the next check`;
  return { candles: all(), seenTo: Math.max(opensAt, gap), failure };
}

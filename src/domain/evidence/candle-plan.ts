import { dayMs, hourMs, minuteMs } from '../time.js';
import { type Candle, candleStart } from './candle.js';
import { settlingMs } from './watermark.js';

/** `from` and `to` in ms; `from` falls on the start of a candle. */
export interface CandleRequest {
  readonly from: number;
  readonly to: number;
  readonly spanMs: number;
}

/** What an exchange offers: candle lengths, shortest first, and how many come in one answer. */
export interface CandleOffer {
  readonly spansMs: readonly number[];
  readonly perAnswer: number;
  /** A candle for every span, also where nothing was traded; elsewhere a gap is normal. */
  readonly hasEverySpan?: boolean;
}

const secondMs = 1_000;

/** Gaps up to here are read minute by minute, however many answers that takes. */
const longestByMinute = 7 * dayMs;

function pages(request: CandleRequest, perAnswer: number): CandleRequest[] {
  const { from, to, spanMs } = request;
  const longest = perAnswer * spanMs;
  const count = Math.ceil(Math.max(0, to - from) / longest);
  return Array.from({ length: count }, (_, page) => {
    const start = from + page * longest;
    return { from: start, to: Math.min(to, start + longest), spanMs };
  });
}

/**
 * The answers to ask for, oldest first, that together cover a window: minutes as a rule; seconds for the minute in which
 * an alert was armed, since the candle of that minute began too early to be evidence; hours in the middle of a gap of
 * more than a week, unless an alert was armed within it.
 */
export function planCandles(
  window: { from: number; to: number },
  armedAt: readonly number[],
  offer: CandleOffer,
): CandleRequest[] {
  const { from, to } = window;
  if (from >= to) return [];
  const start = candleStart(from, minuteMs);
  const armedInside = armedAt.filter((instant) => instant >= start && instant % minuteMs !== 0);
  if (offer.spansMs.includes(secondMs) && armedInside.length > 0) {
    const bySecond = { from: candleStart(from, secondMs), to, spanMs: secondMs };
    // One answer tells it all.
    if (to - bySecond.from <= offer.perAnswer * secondMs) return [bySecond];
    const minutes = [...new Set(armedInside.map((instant) => candleStart(instant, minuteMs)))];
    const cut = minutes.map((minute) => ({
      from: Math.max(minute, bySecond.from),
      to: Math.min(minute + minuteMs, to),
      spanMs: secondMs,
    }));
    return [...cut, ...pages({ from: start, to, spanMs: minuteMs }, offer.perAnswer)];
  }
  const isArmedWithin = armedAt.some((instant) => instant > from);
  if (to - from <= longestByMinute || isArmedWithin || !offer.spansMs.includes(hourMs)) {
    return pages({ from: start, to, spanMs: minuteMs }, offer.perAnswer);
  }
  // Not from `start`: an hour that began before the window is no evidence for an alert armed with it.
  const firstHour = candleStart(from + hourMs - 1, hourMs);
  const lastHour = candleStart(to, hourMs);
  return [
    ...pages({ from: start, to: firstHour, spanMs: minuteMs }, offer.perAnswer),
    ...pages({ from: firstHour, to: lastHour, spanMs: hourMs }, offer.perAnswer),
    ...pages({ from: lastHour, to, spanMs: minuteMs }, offer.perAnswer),
  ];
}

/** The starts of the candles that are not there though they began long enough before `now` to have settled. */
export function missingStarts(request: CandleRequest, candles: readonly Candle[], now: number): number[] {
  const { from, to, spanMs } = request;
  const given = new Set(candles.map(({ openAt }) => openAt));
  const end = Math.min(to, now - settlingMs + 1);
  const count = Math.ceil(Math.max(0, end - from) / spanMs);
  return Array.from({ length: count }, (_, index) => from + index * spanMs).filter((openAt) => !given.has(openAt));
}

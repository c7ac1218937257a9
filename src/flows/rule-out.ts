import type { Alert } from '../domain/alert.js';
import { lookBackMs } from '../domain/conditions/judge.js';
import type { PriceRange } from '../domain/evidence/bar.js';
import { dayStart, isRuledOutBy, type Verdict, verdictByDay } from '../domain/evidence/needed-candles.js';
import { alertWindow, type Watermarks, watermarkOf } from '../domain/evidence/watermark.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import type { CandleHistory } from './candle-history.js';
import type { PriceQuote } from './gather-quotes.js';
import { isKnownByPrice, mostAskedSinceWhen } from './known-by-price.js';
import type { PriceRanges, PriceSource } from './ports/price-source.js';
import { rangeKnown } from './range-history.js';
import { readRange, widest } from './read-range.js';

/** The quotes of one market. */
export type Group = readonly [PriceQuote, ...PriceQuote[]];

/** What the ranges leave of a market's alerts; those that no candle could tell anything of yet are in none. */
export interface Ruling {
  /** Fire by the last price, and do not wait for candles. */
  readonly known: ReadonlySet<Alert>;
  readonly unproven: readonly Alert[];
  readonly ruledOut: readonly Alert[];
}

interface Question {
  readonly alert: Alert;
  readonly quote: PriceQuote;
  /** From where on prices count, those that are compared with included (ms). */
  readonly from: number;
  readonly verdict: Verdict | 'known-by-price';
}

function questionsOf(group: Group, through: number, smallestSpanMs: number): Question[] {
  return group.flatMap((quote) =>
    quote.priceRequest.alerts.map((alert) => {
      const from = alertWindow(alert, through);
      const { ticker, at: now } = quote;
      const byDay = verdictByDay(alert, { last: ticker.last, day: ticker, from, now, smallestSpanMs });
      const verdict = quote.recent === undefined ? byDay : 'ruled-out';
      return { alert, quote, from: from - lookBackMs(alert.condition), verdict };
    }),
  );
}

/**
 * Where the prices of very many markets fire at once, their candles would hold up all that is told: at ten requests a
 * second, a minute for Coinbase's whole list. The first ones are asked since when; the others are told by the price now.
 */
function withoutWaiting(source: PriceSource): (questions: readonly Question[]) => readonly Question[] {
  let left = mostAskedSinceWhen(source);
  const isKnown = ({ alert, quote, verdict }: Question) => verdict === 'candles' && isKnownByPrice(alert, quote);
  return (questions) => {
    if (questions.every(({ verdict }) => verdict !== 'candles')) return questions;
    if (left === 0 && questions.some(isKnown)) {
      return questions.map((each) => (isKnown(each) ? { ...each, verdict: 'known-by-price' } : each));
    }
    left = Math.max(0, left - 1);
    return questions;
  };
}

/** One candle call answers for the whole market, so ranges only matter where none is needed yet. */
const canBeNarrowed = (questions: readonly Question[]): boolean =>
  questions.some(({ verdict }) => verdict === 'open') && questions.every(({ verdict }) => verdict !== 'candles');

const rulingOf = (questions: readonly Question[]): Ruling => ({
  known: new Set(questions.flatMap(({ alert, verdict }) => (verdict === 'known-by-price' ? [alert] : []))),
  unproven: questions.flatMap(({ alert, verdict }) => (verdict === 'open' || verdict === 'candles' ? [alert] : [])),
  ruledOut: questions.flatMap(({ alert, verdict }) => (verdict === 'ruled-out' ? [alert] : [])),
});

function narrow(questions: readonly Question[], rangeFor: (each: Question) => PriceRange | undefined): Question[] {
  return questions.map((each) => {
    const range = each.verdict === 'open' ? rangeFor(each) : undefined;
    const isRuledOut = range !== undefined && isRuledOutBy(each.alert, each.quote.ticker.last, range);
    return isRuledOut ? { ...each, verdict: 'ruled-out' } : each;
  });
}

const isBeyondDay = ({ from, quote }: Question): boolean => from < dayStart(quote.at);

/**
 * What was traded since a question's stretch began: the day's range, and where that begins later, an earlier one beside
 * it. It is kept for later where one is needed.
 */
function sinceBeginning(history: CandleHistory, day: PriceRange | undefined, each: Question): PriceRange | undefined {
  if (day === undefined || !isBeyondDay(each)) return day;
  const { market, at } = each.quote;
  const start = dayStart(at);
  const earlier = history.rangeOver(market, each.from, start);
  history.keepRange(market, rangeKnown(day, start, at));
  return earlier && widest(day, [earlier]);
}

function dayOf({ ticker: { high24h, low24h } }: PriceQuote): PriceRange | undefined {
  return high24h && low24h && { low: low24h, high: high24h };
}

/**
 * Where the day's range would rule out but for the minutes before it, these are asked for in place of the whole day: a
 * cold start would read a thousand and more candles of each market.
 */
async function narrowByMinutes(
  by: { readonly source: PriceSource; readonly calls: ExchangeCalls; readonly history: CandleHistory },
  questions: readonly Question[],
  day: PriceRange | undefined,
): Promise<readonly Question[]> {
  const isWorth = (each: Question): boolean =>
    day !== undefined &&
    each.verdict === 'open' &&
    isBeyondDay(each) &&
    isRuledOutBy(each.alert, each.quote.ticker.last, day);
  const [first, ...others] = questions.filter(isWorth);
  if (first === undefined || day === undefined) return questions;
  const { market, at } = first.quote;
  const from = others.reduce((a, b) => Math.min(a, b.from), first.from);
  const before = await readRange(by, market.symbol, { from, to: dayStart(at), now: at });
  if (before === undefined) return questions;
  const range = widest(day, [before]);
  by.history.keepRange(market, rangeKnown(range, from, at));
  return narrow(questions, (each) => (isWorth(each) ? range : undefined));
}

/** The oldest instant that a market's open questions go back to (ms). */
const openFrom = (questions: readonly Question[]): number =>
  Math.min(...questions.flatMap(({ from, verdict }) => (verdict === 'open' ? [from] : [])));

/**
 * Ranges rule out what they can before candles are asked for, all markets of a source together: first the day's, from the
 * answer that gave the last prices or from one beside it, then those since the last check. A market that needs candles
 * anyway, or none, waits for nobody. In the order of the groups.
 */
export function ruleOut(
  source: PriceSource,
  groups: readonly Group[],
  by: { readonly checked: Watermarks; readonly calls: ExchangeCalls; readonly history: CandleHistory },
): readonly Promise<Ruling>[] {
  const { checked, calls, history } = by;
  const smallestSpanMs = source.candleOffer.spansMs[0] ?? 0;
  const tellSoon = withoutWaiting(source);
  const asked = groups.map((group) => {
    const questions = tellSoon(questionsOf(group, watermarkOf(checked, group[0].market), smallestSpanMs));
    return narrow(questions, (each) =>
      isBeyondDay(each) ? sinceBeginning(history, dayOf(each.quote), each) : undefined,
    );
  });
  const open = asked.filter(canBeNarrowed);
  if (groups.some(([{ recent }]) => recent === undefined)) history.noteDay(source, open.length > 0);
  const ofDay = (days: PriceRanges, { quote }: Question): PriceRange | undefined =>
    dayOf(quote) ?? days.get(quote.market.symbol);
  async function narrowed(): Promise<ReadonlyMap<readonly Question[], readonly Question[]>> {
    const days = await calls.dayRanges(source);
    const byDay = open.map((questions) =>
      narrow(questions, (each) => sinceBeginning(history, days.get(each.quote.market.symbol), each)),
    );
    const left = byDay.filter(canBeNarrowed);
    const since = new Map(left.map((questions) => [questions[0]?.quote.market.symbol ?? '', openFrom(questions)]));
    const recent = await calls.rangesSince(source, since);
    const sinceThen = ({ quote: { market, at } }: Question): PriceRange | undefined => {
      const range = recent.get(market.symbol);
      const from = since.get(market.symbol);
      if (range && from !== undefined && from < dayStart(at)) history.keepRange(market, rangeKnown(range, from, at));
      return range;
    };
    return new Map(open.map((questions, index) => [questions, narrow(byDay[index] ?? questions, sinceThen)]));
  }
  const found = open.length === 0 ? undefined : narrowed();
  return asked.map(async (questions) => {
    const left = (await (canBeNarrowed(questions) ? found : undefined))?.get(questions) ?? questions;
    const [beyond] = left.filter((each) => each.verdict === 'open' && isBeyondDay(each));
    if (beyond === undefined) return rulingOf(left);
    // Asked for with the prices, and here by now.
    const day = ofDay(await calls.dayRanges(source), beyond);
    return rulingOf(await narrowByMinutes({ source, calls, history }, left, day));
  });
}

import type { Alert } from '../domain/alert.js';
import { lookBackMs } from '../domain/conditions/judge.js';
import { isRuledOutBy, isWithinDay, type Verdict, verdictByDay } from '../domain/evidence/needed-candles.js';
import { alertWindow, type Watermarks, watermarkOf } from '../domain/evidence/watermark.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import type { PriceQuote } from './gather-quotes.js';
import type { PriceRanges, PriceSource } from './ports/price-source.js';

/** The quotes of one market. */
export type Group = readonly [PriceQuote, ...PriceQuote[]];

/** What the ranges leave of a market's alerts; those that no candle could tell anything of yet are in neither. */
export interface Ruling {
  readonly unproven: readonly Alert[];
  readonly ruledOut: readonly Alert[];
}

interface Question {
  readonly alert: Alert;
  readonly quote: PriceQuote;
  /** From where on prices count, those that are compared with included (ms). */
  readonly from: number;
  readonly verdict: Verdict;
}

/** From where on an alert's prices count, those that it compares with included (ms). */
export const evidenceFrom = (alert: Alert, through: number): number =>
  alertWindow(alert, through) - lookBackMs(alert.condition);

function questionsOf(group: Group, through: number, smallestSpanMs: number): Question[] {
  return group.flatMap((quote) =>
    quote.priceRequest.alerts.map((alert) => {
      const from = alertWindow(alert, through);
      const { ticker, at: now } = quote;
      const verdict = verdictByDay(alert, { last: ticker.last, day: ticker, from, now, smallestSpanMs });
      return { alert, quote, from: from - lookBackMs(alert.condition), verdict };
    }),
  );
}

/** One candle call answers for the whole market, so ranges only matter where none is needed yet. */
const canBeNarrowed = (questions: readonly Question[]): boolean =>
  questions.some(({ verdict }) => verdict === 'open') && questions.every(({ verdict }) => verdict !== 'candles');

const rulingOf = (questions: readonly Question[]): Ruling => ({
  unproven: questions.flatMap(({ alert, verdict }) => (verdict === 'open' || verdict === 'candles' ? [alert] : [])),
  ruledOut: questions.flatMap(({ alert, verdict }) => (verdict === 'ruled-out' ? [alert] : [])),
});

function narrow(questions: readonly Question[], ranges: PriceRanges, covers: (each: Question) => boolean): Question[] {
  return questions.map((each) => {
    const range = ranges.get(each.quote.market.symbol);
    const isOpen = each.verdict === 'open' && range !== undefined && covers(each);
    return isOpen && isRuledOutBy(each.alert, each.quote.ticker.last, range) ? { ...each, verdict: 'ruled-out' } : each;
  });
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
  { checked, calls }: { readonly checked: Watermarks; readonly calls: ExchangeCalls },
): readonly Promise<Ruling>[] {
  const smallestSpanMs = source.candleOffer.spansMs[0] ?? 0;
  const asked = groups.map((group) => questionsOf(group, watermarkOf(checked, group[0].market), smallestSpanMs));
  const open = asked.filter(canBeNarrowed);
  async function narrowed(): Promise<ReadonlyMap<readonly Question[], readonly Question[]>> {
    const days = await calls.dayRanges(source);
    const byDay = open.map((questions) => narrow(questions, days, ({ from, quote }) => isWithinDay(from, quote.at)));
    const left = byDay.filter(canBeNarrowed);
    const since = new Map(left.map((questions) => [questions[0]?.quote.market.symbol ?? '', openFrom(questions)]));
    const recent = await calls.rangesSince(source, since);
    return new Map(open.map((questions, index) => [questions, narrow(byDay[index] ?? questions, recent, () => true)]));
  }
  const found = open.length === 0 ? undefined : narrowed();
  return asked.map(async (questions) =>
    rulingOf((await (canBeNarrowed(questions) ? found : undefined))?.get(questions) ?? questions),
  );
}

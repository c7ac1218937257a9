import type { Candle } from '../domain/candle.js';
import { planCandles } from '../domain/candle-plan.js';
import { type PriceEvidence, priceEvidence } from '../domain/evaluation.js';
import { type Market, marketKey } from '../domain/market.js';
import { type CheckedThrough, checkedThrough, needsCandles } from '../domain/window.js';
import type { Asker } from './ask-exchanges.js';
import { priceErrorText, type Question, type Quote, type Quotes } from './gather-quotes.js';
import type { PriceSource } from './ports.js';
import type { Run } from './run.js';
import type { FailedMarket } from './summary.js';

export interface Evidence {
  /** By question. */
  readonly evidence: ReadonlyMap<string, PriceEvidence>;
  /** Where each question's window opened, by question; the next run starts there if this one does not get through. */
  readonly openedAt: ReadonlyMap<string, number>;
  /** Questions whose home market was seen through to now. */
  readonly closed: ReadonlySet<string>;
  readonly failed: readonly FailedMarket[];
  readonly left: number;
}

/** A window opens where the market was last checked, and for an alert no earlier than it was armed. */
function windowStart(question: Question, home: Market, checked: CheckedThrough): number {
  const through = checkedThrough(checked, home);
  return Math.min(...question.alerts.map(({ armedAt }) => Math.max(armedAt, through)));
}

interface Read {
  /** Oldest first. */
  readonly candles: readonly Candle[];
  readonly failure?: string;
  readonly isLeft?: true;
}

/** Page after page, oldest first; what came before a failure is evidence all the same. */
async function readCandles(source: PriceSource, quote: Quote, from: number, asker: Asker, run: Run): Promise<Read> {
  const armedAt = quote.question.alerts.map((alert) => alert.armedAt);
  const pages: Candle[][] = [];
  const read = (how: Pick<Read, 'failure' | 'isLeft'> = {}): Read => ({
    // A minute may come as seconds too, from a page of its own.
    candles: pages.flat().sort((a, b) => a.openAt - b.openAt || a.spanMs - b.spanMs),
    ...how,
  });
  for (const page of planCandles({ from, to: quote.at }, armedAt, source.candleOffer)) {
    if (!run.hasTime()) return read({ isLeft: true });
    const answer = await asker.askCandles(source, quote.market.symbol, page);
    if (!answer.ok) return read({ failure: `no candles: ${priceErrorText(answer.error)}` });
    pages.push([...answer.value]);
  }
  return read();
}

/**
 * From last prices to the evidence of each question: candles of the window, but only where they could prove a touch that
 * the last price and the day's extremes leave open. A market whose candles fail keeps its window open.
 */
export async function gatherCandles(
  exchanges: readonly PriceSource[],
  { quotes, homes }: Pick<Quotes, 'quotes' | 'homes'>,
  questions: readonly Question[],
  checked: CheckedThrough,
  asker: Asker,
  run: Run,
): Promise<Evidence> {
  const sources = new Map(exchanges.map((source) => [source.name, source]));
  const openedAt = new Map<string, number>();
  for (const question of questions) {
    const home = homes.get(question.key);
    if (home !== undefined) openedAt.set(question.key, windowStart(question, home, checked));
  }
  const evidence = new Map<string, PriceEvidence>();
  const closed = new Set<string>();
  const failed = new Map<string, FailedMarket>();
  let left = 0;
  await Promise.all(
    quotes.map(async (quote) => {
      const { question, market, ticker, at } = quote;
      const { key } = question;
      const source = sources.get(market.exchange);
      const from = openedAt.get(key) ?? at;
      const smallestSpanMs = source?.candleOffer.spansMs[0] ?? 0;
      const isNeeded = question.alerts.some((alert) =>
        needsCandles(alert, {
          last: ticker.last,
          day: ticker,
          from: Math.max(from, alert.armedAt),
          now: at,
          smallestSpanMs,
        }),
      );
      const read =
        source !== undefined && isNeeded ? await readCandles(source, quote, from, asker, run) : { candles: [] };
      evidence.set(key, priceEvidence(market, ticker.last, at, read.candles));
      const home = homes.get(key);
      if (read.failure !== undefined) failed.set(marketKey(market), { ...market, reason: read.failure });
      else if (read.isLeft) left += 1;
      else if (home !== undefined && marketKey(home) === marketKey(market)) closed.add(key);
    }),
  );
  return { evidence, openedAt, closed, failed: [...failed.values()], left };
}

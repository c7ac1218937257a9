import type { Alert } from '../domain/alert.js';
import { type PriceEvidence, priceEvidence } from '../domain/evaluation.js';
import type { Candle } from '../domain/evidence/candle.js';
import { type CandleRequest, planCandles } from '../domain/evidence/candle-plan.js';
import { needsCandles } from '../domain/evidence/needed-candles.js';
import { type Watermarks, watermarkOf, windowStart } from '../domain/evidence/watermark.js';
import { type Market, marketKey } from '../domain/market.js';
import { shownTime } from '../domain/message.js';
import type { ExchangeCalls } from './ask-exchanges.js';
import { firstMissing, type Page, readAny, readWhole } from './gap.js';
import { type PriceQuote, type PriceRequest, priceErrorText } from './gather-quotes.js';
import type { PriceSource } from './ports.js';
import type { Run } from './run.js';
import type { FailedMarket } from './summary.js';

/** A market that gave its last price. Instants in ms. */
export interface SeenMarket {
  readonly market: Market;
  readonly priceRequests: readonly PriceRequest[];
  readonly openedAt: number;
  /** Where candles are missing: up to when it was seen. Undefined: through to now. */
  readonly seenTo: number | undefined;
}

export interface Evidence {
  /** By question. */
  readonly evidence: ReadonlyMap<string, PriceEvidence>;
  readonly markets: readonly SeenMarket[];
  readonly failed: readonly FailedMarket[];
  readonly left: number;
}

interface Read {
  /** Oldest first. */
  readonly candles: readonly Candle[];
  readonly seenTo?: number;
  readonly failure?: string;
}

/** Page after page; what came before a failure is evidence all the same, and need not be read again. */
async function readCandles(
  source: PriceSource,
  symbol: string,
  window: { from: number; to: number },
  alerts: readonly Alert[],
  isFirstSight: boolean,
  calls: ExchangeCalls,
  run: Run,
): Promise<Read> {
  const armedAt = alerts.map((alert) => alert.armedAt);
  const pages = planCandles(window, armedAt, source.candleOffer);
  const read: Page[] = [];
  // A minute may come as seconds too, from a page of its own.
  const sorted = () =>
    read.flatMap(({ candles }) => candles).sort((a, b) => a.openAt - b.openAt || a.spanMs - b.spanMs);
  const ask = (request: CandleRequest) => calls.askCandles(source, symbol, request);
  for (const [index, page] of pages.entries()) {
    const unread = pages.slice(index).map(({ from }) => from);
    const gap = firstMissing(read, isFirstSight) ?? Number.POSITIVE_INFINITY;
    const seenTo = Math.max(window.from, Math.min(...unread, gap));
    if (!run.hasTime()) return { candles: sorted(), seenTo };
    const answer = await (source.candleOffer.hasEverySpan ? readWhole(ask, page, window.to) : readAny(ask, page));
    if (answer === undefined) return { candles: sorted(), seenTo };
    if (!answer.ok) return { candles: sorted(), seenTo, failure: `no candles: ${priceErrorText(answer.error)}` };
    read.push(answer.value);
  }
  const gap = firstMissing(read, isFirstSight);
  if (gap === undefined) return { candles: sorted() };
  const failure = `candles are missing from ${shownTime(gap, window.to)} on; they are asked for again at the next check`;
  return { candles: sorted(), seenTo: Math.max(window.from, gap), failure };
}

function byMarket(quotes: readonly PriceQuote[]): Map<string, [PriceQuote, ...PriceQuote[]]> {
  const groups = new Map<string, [PriceQuote, ...PriceQuote[]]>();
  for (const quote of quotes) {
    const key = marketKey(quote.market);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [quote]);
    else group.push(quote);
  }
  return groups;
}

/** Told of each question as soon as it is known, so that no push waits for another market's candles. */
export type TellEvidence = (priceRequest: PriceRequest, evidence: PriceEvidence) => void;

/**
 * From last prices to the evidence of each question: candles of the window, each market asked once, and only where they
 * could prove a touch that the last price and the day's extremes leave open.
 */
export async function gatherCandles(
  exchanges: readonly PriceSource[],
  quotes: readonly PriceQuote[],
  checked: Watermarks,
  calls: ExchangeCalls,
  run: Run,
  tell: TellEvidence = () => undefined,
): Promise<Evidence> {
  const sources = new Map(exchanges.map((source) => [source.name, source]));
  const evidence = new Map<string, PriceEvidence>();
  const markets: SeenMarket[] = [];
  const failed: FailedMarket[] = [];
  let left = 0;

  async function gather(group: readonly [PriceQuote, ...PriceQuote[]]): Promise<void> {
    const [{ market, isFirstSight = false }] = group;
    const source = sources.get(market.exchange);
    const through = watermarkOf(checked, market);
    const smallestSpanMs = source?.candleOffer.spansMs[0] ?? 0;
    const unproven = group.flatMap(({ priceRequest, ticker, at: now }) =>
      priceRequest.alerts.filter((alert) => {
        const from = Math.max(through, alert.armedAt);
        return needsCandles(alert, { last: ticker.last, day: ticker, from, now, smallestSpanMs });
      }),
    );
    const window = { from: windowStart(unproven, through), to: Math.max(...group.map(({ at }) => at)) };
    const read: Read =
      source === undefined || unproven.length === 0
        ? { candles: [] }
        : await calls.during(source, () =>
            readCandles(source, market.symbol, window, unproven, isFirstSight, calls, run),
          );
    for (const { priceRequest, ticker, at } of group) {
      const known = priceEvidence(market, ticker.last, at, read.candles);
      evidence.set(priceRequest.key, known);
      tell(priceRequest, known);
    }
    const priceRequests = group.map(({ priceRequest }) => priceRequest);
    const alerts = priceRequests.flatMap((priceRequest) => priceRequest.alerts);
    markets.push({ market, priceRequests, openedAt: windowStart(alerts, through), seenTo: read.seenTo });
    if (read.failure !== undefined)
      failed.push({ exchange: market.exchange, symbol: market.symbol, reason: read.failure });
    else if (read.seenTo !== undefined) left += 1;
  }

  await Promise.all([...byMarket(quotes).values()].map(gather));
  return { evidence, markets, failed, left };
}

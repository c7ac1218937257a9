import type { Alert } from '../domain/alert.js';
import { comparesPrices } from '../domain/conditions/judge.js';
import { noWatermarks, seenBefore, type Watermarks } from '../domain/evidence/watermark.js';
import { groupBy } from '../domain/group-by.js';
import { type ExchangeName, exchangeOrder, type Market, marketKey, spotMarket } from '../domain/market.js';
import type { Answer, ExchangeCalls } from './ask-exchanges.js';
import type { PriceError, PriceSource, Ticker } from './ports/price-source.js';
import type { FailedMarket } from './summary.js';

/** What alerts ask the exchanges for; those that ask for the same share one question. */
export interface PriceRequest {
  readonly key: string;
  readonly symbol: string;
  readonly named: ExchangeName | undefined;
  readonly alerts: readonly Alert[];
  /** The only market that may answer: prices of another one must not be compared with its own. */
  readonly only: Market | undefined;
}

export interface PriceQuote {
  readonly priceRequest: PriceRequest;
  /** Where the price was seen. */
  readonly market: Market;
  readonly ticker: Ticker;
  readonly at: number;
  /** No check saw the market before: it may have been listed a moment ago. */
  readonly isFirstSight?: boolean;
}

export interface Asked {
  readonly priceRequest: PriceRequest;
  readonly market: Market;
}

export interface Quotes {
  readonly quotes: readonly PriceQuote[];
  /** Markets that gave no price though they list the symbol or did so before, or found no time: nobody knows what was traded there. */
  readonly unseen: readonly Asked[];
  /** Keys of the markets that were asked for, and were listed neither now nor at an earlier check. */
  readonly neverSeen: readonly string[];
  readonly failed: readonly FailedMarket[];
  /** Questions that found no time. */
  readonly left: number;
}

/** A condition that compares prices stays with the exchange that its row names, else with the first that gave a price. */
export function priceRequestKey({ exchange, symbol, condition, memory }: Alert): string {
  const key = `${exchange ?? ''}:${symbol}`;
  if (!comparesPrices(condition)) return key;
  if (memory !== undefined) return `${key} at ${marketKey(memory.market)} alone`;
  return exchange === undefined ? key : `${key} alone`;
}

export function priceRequestsOf(armed: readonly Alert[]): PriceRequest[] {
  return [...groupBy(armed, priceRequestKey)].map(([key, alerts]) => {
    const [{ symbol, exchange, condition, memory }] = alerts;
    return { key, symbol, named: exchange, alerts, only: comparesPrices(condition) ? memory?.market : undefined };
  });
}

const missingText =
  'listed at an earlier check, and missing now; when it is back, the whole gap is looked at. Gone for good? Delete the row or name another exchange';

/** In plain words, for the answer and the log. */
export function priceErrorText(error: PriceError): string {
  switch (error.kind) {
    case 'unknown-symbol':
      return 'the exchange does not list this symbol';
    case 'no-price':
      return `listed, but without a price (${error.detail})`;
    case 'region-blocked':
      return `the exchange refuses this region (HTTP ${error.status}); run in another region`;
    case 'rate-limited':
      return `too many requests${error.retryAfterSeconds === undefined ? '' : `; it asks for ${error.retryAfterSeconds} s of rest`}`;
    case 'unavailable':
      return `the exchange did not answer: ${error.detail}`;
    case 'bad-response':
      return `the exchange answered something unexpected: ${error.issues.join('; ')}`;
  }
}

const byExchange = (asked: readonly Asked[]): ReadonlyMap<ExchangeName, readonly Asked[]> =>
  groupBy(asked, ({ market }) => market.exchange);

/** Where each question goes: its exchanges in order, under their own spellings. */
function route(priceRequest: PriceRequest, sources: ReadonlyMap<ExchangeName, PriceSource>): Market[] {
  const { only, named, alerts } = priceRequest;
  if (only !== undefined) return [only];
  const isAlone = named !== undefined && alerts.some(({ condition }) => comparesPrices(condition));
  return (isAlone ? [named] : exchangeOrder(named)).flatMap((exchange) => {
    const symbol = sources.get(exchange)?.toExchangeSymbol(priceRequest.symbol, priceRequest.named === exchange);
    return symbol === undefined ? [] : [spotMarket(exchange, symbol)];
  });
}

/**
 * The last price of every market asked for, each exchange in one go. Where one fails or does not list the symbol, the
 * next one is asked. "Not listed" is a failure only where the row names that exchange, or no other lists it either;
 * of several failures of a question one is told, the first. A market that was listed `before` has failed where it is
 * missing now: one answer may be partial. Long, because each answer settles what the next turn asks.
 */
export async function gatherQuotes(
  exchanges: readonly PriceSource[],
  priceRequests: readonly PriceRequest[],
  calls: ExchangeCalls,
  before: Watermarks = noWatermarks,
): Promise<Quotes> {
  const sources = new Map(exchanges.map((source) => [source.name, source]));
  const routes = new Map(priceRequests.map((priceRequest) => [priceRequest.key, route(priceRequest, sources)]));
  const ways = priceRequests.map(({ key, alerts }) => {
    return { armedAt: Math.min(...alerts.map(({ armedAt }) => armedAt)), markets: routes.get(key) ?? [] };
  });
  const seen = seenBefore(ways, before);
  const neverSeen = new Set<string>();
  const quotes: PriceQuote[] = [];
  const unseen: Asked[] = [];
  // The first failure of each question; "not listed" gives way to any other.
  const failures = new Map<string, { isUnlisted: boolean; key: string; market: FailedMarket }>();
  let left = 0;

  function take({ priceRequest, market }: Asked, answer: Answer): void {
    const key = marketKey(market);
    if ('ticker' in answer) {
      quotes.push({ priceRequest, market, ...answer, isFirstSight: !seen.has(key) });
      settled.add(priceRequest.key);
      return;
    }
    const { error } = answer;
    const isMissing = error.kind === 'unknown-symbol' && seen.has(key);
    if (error.kind !== 'unknown-symbol' || isMissing) unseen.push({ priceRequest, market });
    if (error.kind !== 'no-price' && !seen.has(key)) neverSeen.add(key);
    const isUnlisted = error.kind === 'unknown-symbol' && !isMissing && priceRequest.named !== market.exchange;
    const known = failures.get(priceRequest.key);
    if (known === undefined || (known.isUnlisted && !isUnlisted)) {
      const reason = isMissing ? missingText : priceErrorText(error);
      failures.set(priceRequest.key, {
        isUnlisted,
        key: marketKey(market),
        market: { exchange: market.exchange, symbol: market.symbol, reason },
      });
    }
  }

  // Answered, or out of time.
  const settled = new Set<string>();
  let open = [...priceRequests];
  for (let turn = 0; open.length > 0; turn += 1) {
    const asked = open.flatMap((priceRequest) => {
      const market = routes.get(priceRequest.key)?.[turn];
      return market === undefined ? [] : [{ priceRequest, market }];
    });
    const groups = [...byExchange(asked)].map(async ([exchange, group]) => {
      const source = sources.get(exchange);
      const symbols = [...new Set(group.map(({ market }) => market.symbol))];
      const answers = source === undefined ? undefined : await calls.ask(source, symbols);
      if (answers === undefined) {
        left += group.length;
        unseen.push(...group);
        for (const key of group.map(({ market }) => marketKey(market))) if (!seen.has(key)) neverSeen.add(key);
        for (const { priceRequest } of group) settled.add(priceRequest.key);
        return;
      }
      for (const each of group) take(each, answers.get(each.market.symbol) ?? { error: { kind: 'unknown-symbol' } });
    });
    await Promise.all(groups);
    open = asked.map(({ priceRequest }) => priceRequest).filter(({ key }) => !settled.has(key));
  }
  const failed = new Map<string, FailedMarket>();
  for (const [key, { isUnlisted, key: failedKey, market }] of failures) {
    // A blank exchange that is listed further on has not failed.
    if (!isUnlisted || !settled.has(key)) failed.set(failedKey, market);
  }
  return { quotes, unseen, neverSeen: [...neverSeen], failed: [...failed.values()], left };
}

import type { PriceRange } from '../domain/evidence/bar.js';
import { noWatermarks, seenBefore, type Watermarks } from '../domain/evidence/watermark.js';
import { groupBy } from '../domain/group-by.js';
import { type Market, marketKey, sourceName } from '../domain/market.js';
import type { Answer, ExchangeCalls } from './ask-exchanges.js';
import type { CandleHistory } from './candle-history.js';
import { createFailures, type Unpriced } from './market-failures.js';
import type { PriceSource, Ticker } from './ports/price-source.js';
import { type PriceRequest, route, sourcesByName } from './price-requests.js';
import { ruleOutAtOnce } from './rule-out-at-once.js';
import type { FailedMarket } from './summary.js';

export interface PriceQuote {
  readonly priceRequest: PriceRequest;
  /** Where the price was seen. */
  readonly market: Market;
  readonly ticker: Ticker;
  readonly at: number;
  /** Of what was traded since the last check, where that has ruled out all that was asked of the source. */
  readonly recent?: PriceRange;
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
  readonly unpriced: readonly Unpriced[];
  /** Questions that found no time. */
  readonly left: number;
}

const missingText =
  'listed at an earlier check, and missing now; when it is back, the whole gap is looked at. Gone for good? Delete the row or name another exchange';

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
  { before = noWatermarks, history }: { readonly before?: Watermarks; readonly history?: CandleHistory } = {},
): Promise<Quotes> {
  const sources = sourcesByName(exchanges);
  const routes = new Map(priceRequests.map((priceRequest) => [priceRequest.key, route(priceRequest, sources)]));
  const ways = priceRequests.map(({ key, alerts }) => {
    return { armedAt: Math.min(...alerts.map(({ armedAt }) => armedAt)), markets: routes.get(key) ?? [] };
  });
  const seen = seenBefore(ways, before);
  const isSeen = (market: Market): boolean =>
    seen.has(marketKey(market)) && !Object.hasOwn(before.openSince, marketKey(market));
  const neverSeen = new Set<string>();
  const quotes: PriceQuote[] = [];
  const unseen: Asked[] = [];
  const failures = createFailures(priceRequests, sources);
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
    failures.note({ priceRequest, market }, error, isMissing ? missingText : undefined);
  }

  // Answered, or out of time.
  const settled = new Set<string>();
  let open = [...priceRequests];
  for (let turn = 0; open.length > 0; turn += 1) {
    const asked = open.flatMap((priceRequest) => {
      const market = routes.get(priceRequest.key)?.[turn];
      return market === undefined ? [] : [{ priceRequest, market }];
    });
    const groups = [...groupBy(asked, ({ market }) => sourceName(market))].map(async ([name, group]) => {
      const source = sources.get(name);
      const symbols = [...new Set(group.map(({ market }) => market.symbol))];
      const isKnown = group.every(({ market }) => isSeen(market));
      const ruledOut = source && isKnown && (await ruleOutAtOnce(source, group, { before, calls, history }));
      const answers = ruledOut || (source && (await calls.ask(source, symbols)));
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
  return {
    quotes,
    unseen,
    neverSeen: [...neverSeen],
    failed: failures.list(settled),
    unpriced: failures.unpriced(settled),
    left,
  };
}

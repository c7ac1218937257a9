import type { Alert } from '../domain/alert.js';
import { looksAtFunding } from '../domain/conditions/judge.js';
import { ruledOutRecord, settlingMs, type Watermarks, watermarkOf, windowStart } from '../domain/evidence/watermark.js';
import { type Market, marketKey, type SourceName } from '../domain/market.js';
import { createExchangeCalls } from './ask-exchanges.js';
import type { RangeFailure } from './ask-ranges.js';
import type { CandleHistory } from './candle-history.js';
import { gatherCandles, type TellEvidence } from './gather-candles.js';
import { gatherFunding, type TellFunding } from './gather-funding.js';
import { gatherQuotes } from './gather-quotes.js';
import type { Unpriced } from './market-failures.js';
import type { Ports } from './ports/ports.js';
import type { PriceError } from './ports/price-source.js';
import { priceRequestKey, priceRequestsOf, sourcesByName } from './price-requests.js';
import { createRequestCounts } from './request-counts.js';
import type { Run } from './run.js';
import type { FailedMarket, Summary } from './summary.js';

export interface GatherResult {
  /** Markets that gave a price. */
  readonly checked: number;
  readonly failed: readonly FailedMarket[];
  readonly unpriced: readonly Unpriced[];
  /** Markets that found no time. */
  readonly left: number;
  readonly isEveryExchangeDown: boolean;
  readonly observed: ReadonlyMap<SourceName, PriceError | 'up'>;
  readonly requests: Summary['requests'];
  readonly rangeFailures: readonly RangeFailure[];
  /** For the next run; the windows of these alerts' markets stay open, since what was found is not on record. */
  watermarksAfter(unrecorded: readonly Alert[]): Watermarks;
}

/**
 * All that this run can know of the armed alerts' markets: last prices, then ranges that rule out, then candles where they could prove more. Alerts
 * whose market gave no price are told of nothing.
 */
export async function gatherEvidence(
  ports: Pick<Ports, 'exchanges' | 'now'>,
  armed: readonly Alert[],
  known: { readonly before: Watermarks; readonly history: CandleHistory },
  run: Run,
  tell: TellEvidence,
  tellFunding: TellFunding,
): Promise<GatherResult> {
  const { before, history } = known;
  const requests = createRequestCounts(ports.now);
  const exchanges = ports.exchanges.map(requests.counted);
  const settledTo = ports.now() - settlingMs;
  const onFunding = armed.filter(({ condition }) => looksAtFunding(condition));
  const priceRequests = priceRequestsOf(armed.filter(({ condition }) => !looksAtFunding(condition)));
  const calls = createExchangeCalls(ports, run);
  const gatheringFunding = gatherFunding(sourcesByName(exchanges), onFunding, calls, tellFunding);
  const { quotes, ...quoted } = await gatherQuotes(exchanges, priceRequests, calls, known);
  const seen = await gatherCandles({ exchanges, quotes, checked: before, calls, run, history, settledTo, tell });
  const funding = await gatheringFunding;
  return {
    checked: new Set([...quotes.map(({ market }) => marketKey(market)), ...funding.checked]).size,
    failed: [...quoted.failed, ...seen.failed, ...funding.failed],
    unpriced: [...quoted.unpriced, ...funding.unpriced],
    left: quoted.left + seen.left + funding.left,
    rangeFailures: calls.rangeFailures,
    isEveryExchangeDown: calls.isEveryExchangeDown(),
    observed: calls.observed(),
    requests: requests.bySource(),
    watermarksAfter(unrecorded) {
      const reopened = new Set(unrecorded.map(priceRequestKey));
      const openSince: Record<string, number> = {};
      const keepOpen = (market: Market, since: number): void => {
        const key = marketKey(market);
        if (since < settledTo) openSince[key] = Math.min(openSince[key] ?? since, since);
      };
      for (const { priceRequest, market } of quoted.unseen) {
        keepOpen(market, windowStart(priceRequest.alerts, watermarkOf(before, market)));
      }
      const ruledOut: string[] = [];
      for (const { market, priceRequests: asked, openedAt, seenTo, restsOnRange } of seen.markets) {
        if (asked.some(({ key }) => reopened.has(key))) keepOpen(market, openedAt);
        else if (seenTo !== undefined) keepOpen(market, seenTo);
        if (restsOnRange) ruledOut.push(marketKey(market));
      }
      return { all: settledTo, openSince, ruledOut: ruledOutRecord(ruledOut), neverSeen: quoted.neverSeen };
    },
  };
}

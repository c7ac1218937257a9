import type { Alert } from '../domain/alert.js';
import type { PriceEvidence } from '../domain/evaluation.js';
import { settlingMs, type Watermarks, watermarkOf, windowStart } from '../domain/evidence/watermark.js';
import { type ExchangeName, type Market, marketKey } from '../domain/market.js';
import { createExchangeCalls } from './ask-exchanges.js';
import { gatherCandles, type TellEvidence } from './gather-candles.js';
import { gatherQuotes, priceRequestKey, priceRequestsOf } from './gather-quotes.js';
import type { Ports, PriceError } from './ports.js';
import type { Run } from './run.js';
import type { FailedMarket } from './summary.js';

export interface GatherResult {
  evidenceFor(alert: Alert): PriceEvidence | undefined;
  /** Markets that gave a price. */
  readonly checked: number;
  readonly failed: readonly FailedMarket[];
  /** Markets that found no time. */
  readonly left: number;
  readonly isEveryExchangeDown: boolean;
  readonly observed: ReadonlyMap<ExchangeName, PriceError | 'up'>;
  /** For the next run; the windows of `unclaimed` alerts' markets stay open, since their touch is not on record. */
  watermarksAfter(unclaimed: readonly Alert[]): Watermarks;
}

/** All that this run can know of the armed alerts' markets: last prices, then candles where they could prove more. */
export async function gatherEvidence(
  ports: Pick<Ports, 'exchanges' | 'now'>,
  armed: readonly Alert[],
  before: Watermarks,
  run: Run,
  tell?: TellEvidence,
): Promise<GatherResult> {
  const askedAt = ports.now();
  const priceRequests = priceRequestsOf(armed);
  const calls = createExchangeCalls(ports, run);
  const quoted = await gatherQuotes(ports.exchanges, priceRequests, calls, before);
  const seen = await gatherCandles(ports.exchanges, quoted.quotes, before, calls, run, tell);
  return {
    evidenceFor: (alert) => seen.evidence.get(priceRequestKey(alert)),
    checked: new Set(quoted.quotes.map(({ market }) => marketKey(market))).size,
    failed: [...quoted.failed, ...seen.failed],
    left: quoted.left + seen.left,
    isEveryExchangeDown: calls.isEveryExchangeDown(),
    observed: calls.observed(),
    watermarksAfter(unclaimed) {
      const reopened = new Set(unclaimed.map(priceRequestKey));
      const all = askedAt - settlingMs;
      const openSince: Record<string, number> = {};
      const keepOpen = (market: Market, since: number): void => {
        const key = marketKey(market);
        if (since < all) openSince[key] = Math.min(openSince[key] ?? since, since);
      };
      for (const { priceRequest, market } of quoted.unseen) {
        keepOpen(market, windowStart(priceRequest.alerts, watermarkOf(before, market)));
      }
      for (const { market, priceRequests, openedAt, seenTo } of seen.markets) {
        if (priceRequests.some(({ key }) => reopened.has(key))) keepOpen(market, openedAt);
        else if (seenTo !== undefined) keepOpen(market, seenTo);
      }
      return { all, openSince, neverSeen: quoted.neverSeen };
    },
  };
}

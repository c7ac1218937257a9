import type { Alert } from '../domain/alert.js';
import { type Market, marketKey, shownSymbol } from '../domain/market.js';
import type { PriceError } from './ports/price-source.js';
import { missingKind, type PriceRequest, type Sources } from './price-requests.js';
import type { FailedMarket } from './summary.js';

/** In plain words, for the answer and the log. */
export function priceErrorText(error: PriceError): string {
  switch (error.kind) {
    case 'unknown-symbol':
      return error.meant === undefined
        ? 'the exchange does not list this symbol'
        : `the exchange does not list this symbol, but many of it at once: write ${error.meant}, and what that costs as the price`;
    case 'no-price':
      return `listed, but without a price (${error.detail})`;
    case 'no-rate':
      return `listed, but without a funding rate (${error.detail})`;
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

/** The seconds of rest differ from check to check, and a cell that shows them would be written every time. */
export const withoutWait = (reason: string): string => reason.replace(/; it asks for \d+ s of rest/, '');

/** Of several failures of a question the first of the highest rank is told. */
const ranks = { unlisted: 0, named: 1, failed: 2 } as const;

interface Failure {
  readonly rank: number;
  readonly isUnlisted: boolean;
  /** Whose question it was. */
  readonly alerts: readonly Alert[];
  readonly key: string;
  readonly market: FailedMarket;
}

/** Why an alert has no price, or no rate. */
export interface Unpriced {
  readonly alert: Alert;
  readonly isUnlisted: boolean;
  readonly market: FailedMarket;
}

export interface MarketFailures {
  /** `missing`: what is said of a market that was listed before. */
  note(
    asked: { readonly priceRequest: PriceRequest; readonly market: Market },
    error: PriceError,
    missing?: string,
  ): void;
  /** `settled`: the keys of the questions that were answered; a blank exchange that is listed further on has not failed. */
  list(settled: ReadonlySet<string>): readonly FailedMarket[];
  /** The alerts whose question was not answered. */
  unpriced(settled: ReadonlySet<string>): readonly Unpriced[];
}

/**
 * What is told of the questions that failed. "Not listed" is a failure only where the row names that exchange, or no other
 * lists it either; it gives way to any other failure, and to the name that it is listed by.
 */
export function createFailures(requests: readonly PriceRequest[], sources: Sources): MarketFailures {
  const failures = new Map<string, Failure>();
  for (const priceRequest of requests) {
    const market = missingKind(priceRequest, sources);
    if (market === undefined) continue;
    const { key, alerts } = priceRequest;
    failures.set(key, { rank: ranks.failed, isUnlisted: true, alerts, key, market });
  }
  return {
    note({ priceRequest, market }, error, missing) {
      const isUnlisted =
        error.kind === 'unknown-symbol' && missing === undefined && priceRequest.named !== market.exchange;
      const unlistedRank = error.kind === 'unknown-symbol' && error.meant !== undefined ? ranks.named : ranks.unlisted;
      const rank = isUnlisted ? unlistedRank : ranks.failed;
      const known = failures.get(priceRequest.key);
      if (known !== undefined && known.rank >= rank) return;
      const { exchange } = market;
      failures.set(priceRequest.key, {
        rank,
        isUnlisted: error.kind === 'unknown-symbol',
        alerts: priceRequest.alerts,
        key: marketKey(market),
        market: { exchange, symbol: shownSymbol(market), reason: missing ?? priceErrorText(error) },
      });
    },
    list(settled) {
      const told = new Map<string, FailedMarket>();
      for (const [request, { rank, key, market }] of failures) {
        if (rank === ranks.failed || !settled.has(request)) told.set(key, market);
      }
      return [...told.values()];
    },
    unpriced: (settled) =>
      [...failures].flatMap(([request, { isUnlisted, alerts, market }]) =>
        settled.has(request) ? [] : alerts.map((alert) => ({ alert, isUnlisted, market })),
      ),
  };
}

/** The failure is the exchange's and not the symbol's. */
export const isOfExchange = ({ kind }: PriceError): boolean =>
  kind !== 'unknown-symbol' && kind !== 'no-price' && kind !== 'no-rate';

/** What asking on would only make worse. */
export const isFinal = (error: PriceError): boolean => error.kind === 'region-blocked' || error.kind === 'rate-limited';

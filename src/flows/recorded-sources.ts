import type { PriceRange } from '../domain/evidence/bar.js';
import type { CandleRequest } from '../domain/evidence/candle-plan.js';
import { type Market, marketKey } from '../domain/market.js';
import type { PriceSource, Ticker } from './ports/price-source.js';

export interface RecordedSources {
  readonly sources: readonly PriceSource[];
  readonly candles: readonly (CandleRequest & { readonly market: Market })[];
  readonly rangesAskedOf: ReadonlySet<string>;
  ticker(market: Market): Ticker | undefined;
}

/** Both extremes of the day, where the exchange tells both. */
export const dayRangeOf = ({ low24h: low, high24h: high }: Ticker): PriceRange | undefined =>
  low === undefined || high === undefined ? undefined : { low, high };

/** The same sources, and what was asked of them and answered. */
export function recordedSources(sources: readonly PriceSource[]): RecordedSources {
  const candles: (CandleRequest & { market: Market })[] = [];
  const rangesAskedOf = new Set<string>();
  const tickers = new Map<string, Ticker>();
  const recorded = sources.map((source): PriceSource => {
    const { name: exchange, kind, rangesSince } = source;
    return {
      ...source,
      async tickers(...asked) {
        const answer = await source.tickers(...asked);
        for (const symbol of asked[0]) {
          const ticker = answer.ok ? answer.value.get(symbol) : undefined;
          if (ticker?.ok) tickers.set(marketKey({ exchange, kind, symbol }), ticker.value);
        }
        return answer;
      },
      candles(symbol, request, gate) {
        candles.push({ ...request, market: { exchange, kind, symbol } });
        return source.candles(symbol, request, gate);
      },
      ...(rangesSince !== undefined && {
        rangesSince(since, now, gate) {
          for (const symbol of since.keys()) rangesAskedOf.add(marketKey({ exchange, kind, symbol }));
          return rangesSince(since, now, gate);
        },
      }),
    };
  });
  return { sources: recorded, candles, rangesAskedOf, ticker: (market) => tickers.get(marketKey(market)) };
}

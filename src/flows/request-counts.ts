import { type SourceName, sourceName } from '../domain/market.js';
import type { Gate, PriceSource } from './ports/price-source.js';
import type { SourceRequests } from './summary.js';

interface Counts {
  sent: number;
  failed: number;
  ms: number;
  longestMs: number;
}

export interface RequestCounts {
  /** The same source, whose requests are counted. Only those through a gate are, as a run sends them all. */
  counted(source: PriceSource): PriceSource;
  /** Of each source that something was sent to. */
  bySource(): Readonly<Partial<Record<SourceName, SourceRequests>>>;
}

/** What one run sends to the exchanges, repeated requests counted as well. */
export function createRequestCounts(now: () => number): RequestCounts {
  const counts = new Map<SourceName, Counts>();

  function note(source: SourceName, ms: number, isFailed: boolean): void {
    const known = counts.get(source) ?? { sent: 0, failed: 0, ms: 0, longestMs: 0 };
    counts.set(source, {
      sent: known.sent + 1,
      failed: known.failed + (isFailed ? 1 : 0),
      ms: known.ms + ms,
      longestMs: Math.max(known.longestMs, ms),
    });
  }

  const counting = (source: SourceName, gate: Gate): Gate => {
    return (host, send) =>
      gate(host, async () => {
        const startedAt = now();
        let isFailed = true;
        try {
          const sent = await send();
          isFailed = sent.host !== 'well' || sent.isRefused === true;
          return sent;
        } finally {
          note(source, now() - startedAt, isFailed);
        }
      });
  };

  return {
    counted(source) {
      const key = sourceName({ exchange: source.name, kind: source.kind });
      const through = (gate: Gate | undefined) => gate && counting(key, gate);
      const { dayRanges, rangesSince, funding } = source;
      return {
        ...source,
        tickers: (symbols, at, gate) => source.tickers(symbols, at, through(gate)),
        candles: (symbol, request, gate) => source.candles(symbol, request, through(gate)),
        ...(dayRanges && { dayRanges: (gate) => dayRanges(through(gate)) }),
        ...(rangesSince && { rangesSince: (since, at, gate) => rangesSince(since, at, through(gate)) }),
        ...(funding && { funding: (symbols, at, gate) => funding(symbols, at, through(gate)) }),
      };
    },
    bySource: () =>
      Object.fromEntries(
        [...counts].map(([source, { sent, failed, ms, longestMs }]) => [
          source,
          { sent, failed, meanMs: Math.round(ms / sent), longestMs },
        ]),
      ),
  };
}

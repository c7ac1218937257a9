import type { Exchange, Get } from '../../src/adapters/exchanges/exchange.js';
import { ok } from '../../src/domain/result.js';
import type { PriceSource } from '../../src/flows/ports/price-source.js';

export interface KnownRange {
  readonly high: string;
  readonly low: string;
  /** The last trade within it. */
  readonly last?: string | undefined;
}

/** What an answer does in place of telling the truth; `stale` says that it is of now, and is older by so much. */
export type Lie = { readonly staleMs: number } | 'empty' | 'partial' | 'refused';

export interface RangeHost {
  now(): number;
  symbols(): readonly string[];
  /** Of the trades of a stretch, both ends included (ms). */
  range(symbol: string, from: number, to: number): KnownRange | undefined;
  lie?(): Lie | undefined;
  /** Told of every request. */
  onRequest?(path: string): void;
}

const [minuteMs, dayMs] = [60_000, 24 * 60 * 60_000];
const unitMs: Readonly<Record<string, number>> = { m: minuteMs, h: 60 * minuteMs, d: dayMs };

/** Coinbase's `products/stats` and Binance's rolling window, as far as the program reads them. */
function bodyOf({ searchParams }: URL, host: RangeHost, lie: Lie | undefined): { status: number; body: unknown } {
  if (lie === 'refused') return { status: 400, body: { message: 'refused, says the test', code: -1121 } };
  const now = host.now();
  const seenTo = now - (typeof lie === 'object' ? lie.staleMs : 0);
  const isTold = (index: number) =>
    lie === undefined || typeof lie === 'object' || (lie === 'partial' && index % 2 === 0);
  const size = searchParams.get('windowSize');
  if (size === null) {
    const told = host.symbols().flatMap((symbol, index) => {
      const range = isTold(index) ? host.range(symbol, seenTo - dayMs, seenTo) : undefined;
      return range === undefined ? [] : [[symbol, { stats_24hour: { ...range, volume: '1' } }]];
    });
    return { status: 200, body: Object.fromEntries(told) };
  }
  const asked = JSON.parse(searchParams.get('symbols') ?? '') as string[];
  const wide = Number(size.slice(0, -1)) * (unitMs[size.slice(-1)] ?? Number.NaN);
  const openTime = Math.floor((now - wide) / minuteMs) * minuteMs;
  const list = asked.flatMap((symbol, index) => {
    const range = isTold(index) ? host.range(symbol, openTime - (now - seenTo), seenTo) : undefined;
    return range === undefined
      ? []
      : [
          {
            ...{ symbol, highPrice: range.high, lowPrice: range.low, openTime, closeTime: now },
            ...(range.last && { lastPrice: range.last, count: 1 }),
          },
        ];
  });
  return { status: 200, body: list };
}

/** The ranges that an exchange offers, asked for and read by its own code. */
export function rangesOf(
  exchange: Exchange,
  host: RangeHost,
): Pick<PriceSource, 'dayRanges' | 'rangesSince' | 'rangesAtOnce'> {
  const get: Get = async (url) => {
    host.onRequest?.(url.pathname);
    const { status, body } = bodyOf(url, host, host.lie?.());
    return ok({ status, headers: new Headers(), text: JSON.stringify(body) });
  };
  const { dayRanges, rangesSince, rangesAtOnce, origins } = exchange;
  return {
    ...(dayRanges && { dayRanges: () => dayRanges(get, origins) }),
    ...(rangesSince && { rangesSince: (since, now) => rangesSince(get, origins, since, now) }),
    ...(rangesAtOnce && { rangesAtOnce }),
  };
}

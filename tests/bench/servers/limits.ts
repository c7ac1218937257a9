import type { ExchangeName } from '../../../src/domain/market.js';
import type { Asked } from './serve.js';

/** What an exchange lets an address use within a stretch of time. */
interface Limit {
  readonly unit: string;
  readonly most: number;
  readonly perMs: number;
  costOf(url: URL): number;
}

/** Of a limit, what a check used at most within its stretch. */
export interface Used extends Pick<Limit, 'unit' | 'most'> {
  readonly used: number;
}

/** https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md */
function weightOf({ pathname, searchParams }: URL): number {
  const symbols = searchParams.get('symbols');
  const count = symbols === null ? 1 : (JSON.parse(symbols) as unknown[]).length;
  if (pathname === '/api/v3/ticker') return Math.min(200, 4 * count);
  if (pathname === '/api/v3/ticker/24hr') return 80;
  return pathname === '/api/v3/klines' ? 2 : 4;
}

const limits: Readonly<Partial<Record<ExchangeName, Limit>>> = {
  binance: { unit: 'weight a minute', most: 6_000, perMs: 60_000, costOf: weightOf },
  /** https://bybit-exchange.github.io/docs/v5/rate-limit */
  bybit: { unit: 'requests in five seconds', most: 600, perMs: 5_000, costOf: () => 1 },
  /** https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits */
  coinbase: { unit: 'requests a second', most: 10, perMs: 1_000, costOf: () => 1 },
  /** Of each call, and twice as many of the latest candles: https://www.okx.com/docs-v5/en */
  okx: { unit: 'requests in two seconds', most: 20, perMs: 2_000, costOf: () => 1 },
};

interface Cost {
  readonly at: number;
  readonly cost: number;
}

function mostWithin(costs: readonly Cost[], perMs: number): number {
  let [from, sum, most] = [0, 0, 0];
  for (const { at, cost } of costs) {
    sum += cost;
    for (; at - (costs[from]?.at ?? at) >= perMs; from += 1) sum -= costs[from]?.cost ?? 0;
    most = Math.max(most, sum);
  }
  return most;
}

/** Counts what a check takes of each exchange's limit, as the exchange counts it. */
export function countLimits(now: () => number) {
  const costs = new Map<ExchangeName, Cost[]>();
  return {
    note(exchange: ExchangeName, { url }: Asked): void {
      const cost = limits[exchange]?.costOf(new URL(url, 'http://localhost')) ?? 0;
      costs.set(exchange, [...(costs.get(exchange) ?? []), { at: now(), cost }]);
    },
    clear: () => costs.clear(),
    used: (): Readonly<Record<string, Used>> =>
      Object.fromEntries(
        [...costs].flatMap(([exchange, each]) => {
          const limit = limits[exchange];
          if (limit === undefined) return [];
          const { unit, most, perMs } = limit;
          return [[exchange, { unit, most, used: mostWithin(each, perMs) }] as const];
        }),
      ),
  };
}

import type { Candle } from '../domain/candle.js';
import type { CandleRequest } from '../domain/candle-plan.js';
import type { ExchangeName } from '../domain/market.js';
import { err, type Result } from '../domain/result.js';
import type { Ports, PriceError, PriceSource, Ticker } from './ports.js';
import type { Run } from './run.js';

/** `at`: just before the question was sent, so that nothing traded later counts as seen. */
export type Answer = { readonly ticker: Ticker; readonly at: number } | { readonly error: PriceError };

export interface Asker {
  /** One answer for every symbol; undefined when there is no time left to ask. */
  ask(source: PriceSource, symbols: readonly string[]): Promise<ReadonlyMap<string, Answer> | undefined>;
  askCandles(
    source: PriceSource,
    symbol: string,
    request: CandleRequest,
  ): Promise<Result<readonly Candle[], PriceError>>;
  /** How each exchange that was asked is doing: the failure that closed it for the run, or `up`. */
  observed(): ReadonlyMap<ExchangeName, PriceError | 'up'>;
  /** Exchanges were asked, and not one answered. */
  isEveryExchangeDown(): boolean;
}

/** Candle calls that may fail one after another before the exchange is left alone for the run. */
const failuresToClose = 3;

/** The failure is the exchange's and not the symbol's. */
const isOfExchange = (error: PriceError): boolean => error.kind !== 'unknown-symbol' && error.kind !== 'no-price';

/** What asking on would only make worse. */
const isFinal = (error: PriceError): boolean => error.kind === 'region-blocked' || error.kind === 'rate-limited';

/**
 * A circuit breaker for each exchange, for one run: one that failed as a whole, refused the region, asked for rest or
 * failed three candle calls in a row is not asked again. The next run tries it afresh.
 */
export function createAsker(ports: Pick<Ports, 'now'>, run: Run): Asker {
  const closed = new Map<ExchangeName, PriceError>();
  const up = new Set<ExchangeName>();
  const failedInRow = new Map<ExchangeName, number>();
  return {
    observed: () =>
      new Map<ExchangeName, PriceError | 'up'>([...[...up].map((name) => [name, 'up'] as const), ...closed]),
    isEveryExchangeDown: () => closed.size > 0 && up.size === 0,

    async ask(source, symbols) {
      const failure = closed.get(source.name);
      if (failure !== undefined) return new Map(symbols.map((symbol) => [symbol, { error: failure }]));
      if (!run.hasTime()) return undefined;
      const at = ports.now();
      const tickers = await source.tickers(symbols, at);
      if (!tickers.ok) {
        closed.set(source.name, tickers.error);
        return new Map(symbols.map((symbol) => [symbol, { error: tickers.error }]));
      }
      up.add(source.name);
      return new Map(
        symbols.map((symbol): [string, Answer] => {
          const ticker = tickers.value.get(symbol);
          if (ticker === undefined) return [symbol, { error: { kind: 'unknown-symbol' } }];
          return [symbol, ticker.ok ? { ticker: ticker.value, at } : { error: ticker.error }];
        }),
      );
    },

    async askCandles(source, symbol, request) {
      const failure = closed.get(source.name);
      if (failure !== undefined) return err(failure);
      const answer = await source.candles(symbol, request);
      if (answer.ok || !isOfExchange(answer.error)) {
        failedInRow.set(source.name, 0);
        return answer;
      }
      const failures = (failedInRow.get(source.name) ?? 0) + 1;
      failedInRow.set(source.name, failures);
      if (isFinal(answer.error) || failures >= failuresToClose) closed.set(source.name, answer.error);
      return answer;
    },
  };
}

import type { ExchangeName } from '../domain/market.js';
import type { Ports, PriceError, PriceSource, Ticker } from './ports.js';
import type { Run } from './run.js';

/** `at`: just before the question was sent, so that nothing traded later counts as seen. */
export type Answer = { readonly ticker: Ticker; readonly at: number } | { readonly error: PriceError };

export interface Asker {
  /** One answer for every symbol; undefined when there is no time left to ask. */
  ask(source: PriceSource, symbols: readonly string[]): Promise<ReadonlyMap<string, Answer> | undefined>;
  /** Exchanges were asked, and not one answered. */
  isEveryExchangeDown(): boolean;
}

/** An exchange that failed as a whole is not asked again in the run. */
export function createAsker(ports: Pick<Ports, 'now'>, run: Run): Asker {
  const down = new Map<ExchangeName, PriceError>();
  const up = new Set<ExchangeName>();
  return {
    isEveryExchangeDown: () => down.size > 0 && up.size === 0,
    async ask(source, symbols) {
      const failure = down.get(source.name);
      if (failure !== undefined) return new Map(symbols.map((symbol) => [symbol, { error: failure }]));
      if (!run.hasTime()) return undefined;
      const at = ports.now();
      const tickers = await source.tickers(symbols);
      if (!tickers.ok) {
        down.set(source.name, tickers.error);
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
  };
}

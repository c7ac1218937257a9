import { type ExchangeName, exchangeNames } from '../../domain/market.js';
import type { Exchange } from './exchange.js';

/** A name is all that it takes: its folder is found by it. One without a folder ends the start, and a test names it. */
async function load(): Promise<Readonly<Record<ExchangeName, Exchange>>> {
  const found = new Map<ExchangeName, Exchange>();
  for (const name of exchangeNames) {
    const { exchange }: { exchange?: Exchange } = await import(`./${name}/exchange.ts`);
    if (exchange === undefined) throw new Error(`adapters/exchanges/${name}/exchange.ts exports no "exchange"`);
    found.set(name, exchange);
  }
  return Object.fromEntries(found) as Record<ExchangeName, Exchange>;
}

/** In the order of the names. */
export const exchanges = await load();

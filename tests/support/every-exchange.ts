import { exchanges } from '../../src/adapters/exchanges/registry.js';
import type { SimulatedMarket } from '../../src/simulators/market.js';

/** At every exchange that there is, under its own spelling. */
export function listEverywhere(market: SimulatedMarket, symbol: string, price: string): void {
  for (const { name, toExchangeSymbol } of Object.values(exchanges)) {
    market.list(name, toExchangeSymbol(symbol, true) ?? symbol, { price });
  }
}

import { exchanges } from '../../src/adapters/exchanges/registry.js';
import { exchangeHosts } from '../../src/simulators/exchange-hosts.js';
import type { Traffic } from '../../src/simulators/faults.js';
import type { SimulatedMarket } from '../../src/simulators/market.js';
import type { Simulators } from '../../src/simulators/start.js';

/** Of every host of every exchange. */
export const trafficOfExchanges = ({ traffic }: Simulators): Traffic[] =>
  exchangeHosts.map(({ name }) => traffic[name]);

/** At every exchange that there is, under its own spelling. */
export function listEverywhere(market: SimulatedMarket, symbol: string, price: string): void {
  for (const { name, toExchangeSymbol } of Object.values(exchanges)) {
    market.list(name, toExchangeSymbol(symbol, true) ?? symbol, { price });
  }
}

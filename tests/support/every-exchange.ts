import { exchanges } from '../../src/adapters/exchanges/registry.js';
import { exchangeHosts } from '../../src/simulators/exchange-hosts.js';
import type { Traffic } from '../../src/simulators/faults.js';
import type { SimulatedMarket } from '../../src/simulators/market.js';
import type { Simulators } from '../../src/simulators/start.js';

/** Of every host of every exchange. */
export const trafficOfExchanges = ({ traffic }: Simulators): Traffic[] =>
  exchangeHosts.map(({ name }) => traffic[name]);

/** At every exchange that there is, under its own spelling, for each kind of market that it has. */
export function listEverywhere(market: SimulatedMarket, symbol: string, price: string): void {
  for (const { name, toExchangeSymbol, perpetuals } of Object.values(exchanges)) {
    market.list(name, toExchangeSymbol(symbol, true) ?? symbol, { price });
    const perpetual = perpetuals?.().toExchangeSymbol(symbol, true);
    if (perpetual !== undefined) market.list(name, `${perpetual}.P`, { price });
  }
}

/** Each kind of market of each exchange, as people are told of it. */
export const everySource: readonly string[] = Object.values(exchanges).flatMap(({ name, perpetuals }) =>
  perpetuals === undefined ? [name] : [name, `${name} perpetuals`],
);

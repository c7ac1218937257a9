import { type ExchangeName, exchangeNames } from '../domain/market.js';
import type { ExchangeHosts } from './hosts.js';

/** The hosts of exchanges, as their traffic is named. Some have two. */
export type ExchangeHostName = ExchangeName | 'binanceFutures' | 'coinbaseExchange';

export interface ExchangeHost {
  readonly exchange: ExchangeName;
  readonly variable: string;
  readonly name: ExchangeHostName;
  readonly simulate: ExchangeHosts[string];
}

/** `COINBASE_EXCHANGE_BASE_URL` → `coinbaseExchange`. */
const hostName = (variable: string): string =>
  variable
    .replace(/_BASE_URL$/, '')
    .toLowerCase()
    .replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Of every exchange that there is. The file of an exchange is found by its name; without one nothing starts. */
async function findHosts(): Promise<readonly ExchangeHost[]> {
  const found: ExchangeHost[] = [];
  for (const exchange of exchangeNames) {
    const { hosts }: { hosts?: ExchangeHosts } = await import(`./exchanges/${exchange}.ts`);
    if (hosts === undefined) throw new Error(`simulators/exchanges/${exchange}.ts exports no "hosts"`);
    for (const [variable, simulate] of Object.entries(hosts)) {
      found.push({ exchange, variable, name: hostName(variable) as ExchangeHostName, simulate });
    }
  }
  return found;
}

export const exchangeHosts = await findHosts();

import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { ExchangeName } from '../../../src/domain/market.js';
import { exchangeHosts } from '../../../src/simulators/exchange-hosts.js';
import { createTraffic } from '../../../src/simulators/faults.js';
import { type Served, serveSimulator } from '../../../src/simulators/loopback.js';
import { createMarket } from '../../../src/simulators/market.js';
import { at } from '../../support/builders.js';

/** The simulated hosts of an exchange over one market: empty before each test, at 12:00. A host goes by its variable. */
export function useExchange(name: ExchangeName) {
  const clock = { now: at('12:00') };
  const market = createMarket(() => clock.now);
  const served = new Map<string, Served>();
  beforeAll(async () => {
    for (const { variable, simulate } of exchangeHosts.filter(({ exchange }) => exchange === name)) {
      const traffic = createTraffic();
      served.set(variable, await serveSimulator(simulate(market, traffic), traffic));
    }
  });
  afterAll(() => Promise.all([...served.values()].map(({ close }) => close())));
  beforeEach(() => {
    clock.now = at('12:00');
    market.listings[name].clear();
  });
  const askText = (variable: string) => async (path: string) => {
    const response = await fetch(`${served.get(variable)?.url}${path}`);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const ask = (variable: string) => async (path: string) => {
    const { status, text } = await askText(variable)(path);
    return { status, body: JSON.parse(text) };
  };
  return { clock, market, ask, askText };
}

import { messageOf } from '../domain/error-message.js';
import { type HealthNews, healthMessage, nextOutages, type Observed, type Outages } from '../domain/exchange-health.js';
import type { ExchangeName } from '../domain/market.js';
import { priceErrorText } from './gather-quotes.js';
import type { Ports, PriceError } from './ports.js';
import type { Run } from './run.js';

export interface ToldOutages {
  readonly outages: Outages;
  readonly problems: readonly string[];
}

const observe = (seen: PriceError | 'up'): Observed =>
  seen === 'up' ? 'up' : { isPermanent: seen.kind === 'region-blocked', reason: priceErrorText(seen) };

/** Claimed before it is pushed, and never sent again: this is told at most once, an alert at least once. */
async function tell(ports: Pick<Ports, 'store' | 'notifier' | 'now'>, news: HealthNews, run: Run): Promise<string[]> {
  const what = `the news that ${news.exchange} is ${news.kind}`;
  try {
    if (!(await ports.store.claimNews(news.key, run.runId))) return [];
    const sent = await ports.notifier.push(healthMessage(news, ports.now()));
    return sent.ok ? [] : [`${what} was not accepted: ${sent.error.detail}`];
  } catch (error) {
    return [`${what} was not told: ${messageOf(error)}`];
  }
}

/** An exchange down for an hour is told to the default user once, and once that it is back. */
export async function tellOutages(
  ports: Pick<Ports, 'store' | 'notifier' | 'now'>,
  before: Outages,
  observed: ReadonlyMap<ExchangeName, PriceError | 'up'>,
  run: Run,
): Promise<ToldOutages> {
  const seen = new Map([...observed].map(([exchange, each]) => [exchange, observe(each)]));
  const { outages, news } = nextOutages(before, seen, ports.now());
  if (run.isDryRun) return { outages, problems: [] };
  const problems = await Promise.all(news.map((each) => tell(ports, each, run)));
  return { outages, problems: problems.flat() };
}

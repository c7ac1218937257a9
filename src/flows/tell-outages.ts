import type { Notification } from '../domain/delivery/notification.js';
import { failureText } from '../domain/delivery/outcome.js';
import { messageOf } from '../domain/error-message.js';
import {
  type HealthNews,
  healthMessage,
  healthUser,
  nextOutages,
  type Observed,
  type Outages,
} from '../domain/exchange-health.js';
import type { SourceName } from '../domain/market.js';
import { priceErrorText } from './market-failures.js';
import type { Ports } from './ports/ports.js';
import type { PriceError } from './ports/price-source.js';
import type { Recipients } from './recipients.js';
import type { Run } from './run.js';

export interface ToldOutages {
  readonly outages: Outages;
  readonly problems: readonly string[];
}

const observe = (seen: PriceError | 'up'): Observed =>
  seen === 'up' ? 'up' : { isPermanent: seen.kind === 'region-blocked', reason: priceErrorText(seen) };

function noticeOf(news: HealthNews, recipients: Recipients, now: number): Notification {
  const { timeZone, isQuiet } = recipients.wishesOf(healthUser, now);
  const { title, text } = healthMessage(news, now, timeZone);
  const how = { kind: 'notice', priority: 'normal', isSilent: isQuiet, direction: undefined } as const;
  const { exchange, kind } = news;
  return { id: news.key, title, lines: [text], happenedAt: now, facts: { exchange, kind }, ...how };
}

type TellPorts = Pick<Ports, 'store' | 'notifiers' | 'now'>;

/** Claimed before it is sent, and never sent again: this is told at most once, an alert at least once. */
async function tell(
  { store, notifiers, now }: TellPorts,
  news: HealthNews,
  recipients: Recipients,
  run: Run,
): Promise<string[]> {
  const what = `the news that ${news.exchange} is ${news.kind}`;
  try {
    if (!(await store.claimNews(news.key, run.runId))) return [];
    const notification = noticeOf(news, recipients, now());
    const channels = await recipients.channelsOf({ user: healthUser, notify: [] });
    const sent = await Promise.all(channels.map((channel) => notifiers.send(channel, healthUser, notification)));
    return sent.flatMap((outcome) =>
      outcome.kind === 'accepted' ? [] : [`${what} was not accepted: ${failureText(outcome)}`],
    );
  } catch (error) {
    return [`${what} was not told: ${messageOf(error)}`];
  }
}

/** An exchange down for an hour is told to the default user once, and once that it is back. */
export async function tellOutages(
  ports: TellPorts,
  before: Outages,
  observed: ReadonlyMap<SourceName, PriceError | 'up'>,
  recipients: Recipients,
  run: Run,
): Promise<ToldOutages> {
  const seen = new Map([...observed].map(([exchange, each]) => [exchange, observe(each)]));
  const { outages, news } = nextOutages(before, seen, ports.now());
  if (run.isDryRun) return { outages, problems: [] };
  const problems = await Promise.all(news.map((each) => tell(ports, each, recipients, run)));
  return { outages, problems: problems.flat() };
}

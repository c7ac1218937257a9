import type { Notification } from '../domain/delivery/notification.js';
import { messageOf } from '../domain/error-message.js';
import {
  type HealthNews,
  healthMessage,
  healthUser,
  nextOutages,
  type Observed,
  type Outages,
  withUntold,
} from '../domain/exchange-health.js';
import type { SourceName } from '../domain/market.js';
import { priceErrorText } from './market-failures.js';
import type { Ports } from './ports/ports.js';
import type { PriceError } from './ports/price-source.js';
import type { Recipients } from './recipients.js';
import type { Run } from './run.js';
import { reasonToWait, shownFailure, type Telling } from './telling.js';

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

type TellPorts = Pick<Ports, 'store' | 'now'>;

/**
 * Claimed before it is sent, and never sent again: this is told at most once, an alert at least once. `isPutOff`: it was
 * not claimed, since it could not have been sent.
 */
async function tell(
  { store, now }: TellPorts,
  news: HealthNews,
  { recipients, pusher }: Telling,
  run: Run,
): Promise<{ readonly problems: readonly string[]; readonly isPutOff?: true }> {
  const what = `the news that ${news.exchange} is ${news.kind}`;
  try {
    const channels = await recipients.channelsOf({ user: healthUser, notify: [] });
    // Its end is no more on record for the next run.
    const reason = news.kind === 'down' ? await reasonToWait(channels, pusher, run) : undefined;
    if (reason !== undefined) return { problems: [`${what} is not told yet: ${reason}`], isPutOff: true };
    if (!(await store.claimNews(news.key, run.runId))) return { problems: [] };
    const tries = await Promise.all(
      channels.map(async (channel) => ({
        channel,
        tried: await pusher.push(channel, healthUser, () => noticeOf(news, recipients, now())),
      })),
    );
    const problems = tries.flatMap(({ channel, tried }) =>
      tried.kind === 'accepted' ? [] : [`${what} was not accepted by ${channel}: ${shownFailure(tried)}`],
    );
    return { problems };
  } catch (error) {
    return { problems: [`${what} was not told: ${messageOf(error)}`] };
  }
}

/** An exchange down for an hour is told to the default user once, and once that it is back. */
export async function tellOutages(
  ports: TellPorts,
  before: Outages,
  observed: ReadonlyMap<SourceName, PriceError | 'up'>,
  telling: Telling,
  run: Run,
): Promise<ToldOutages> {
  const seen = new Map([...observed].map(([exchange, each]) => [exchange, observe(each)]));
  const { outages, news } = nextOutages(before, seen, ports.now());
  if (run.isDryRun) return { outages, problems: [] };
  const told = await Promise.all(
    news.map(async (each) => ({ news: each, ...(await tell(ports, each, telling, run)) })),
  );
  const putOff = told.flatMap((each) => (each.isPutOff ? [each.news] : []));
  return { outages: withUntold(outages, putOff), problems: told.flatMap(({ problems }) => problems) };
}

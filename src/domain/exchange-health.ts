import type { SourceName } from './market.js';
import { type Message, shownTime } from './message.js';
import { hourMs } from './time.js';

/** An exchange, or its perpetuals, that gave nothing in the last run that asked it. */
export interface Outage {
  /** The first of the failed runs in a row (ms). */
  readonly since: number;
  /** A refused region stays refused until somebody moves; everything else passes. */
  readonly isPermanent: boolean;
  readonly reason: string;
  /** The default user was told. */
  readonly isTold: boolean;
}

export type Outages = Readonly<Partial<Record<SourceName, Outage>>>;

/** What a run saw of an exchange that it asked. */
export type Observed = 'up' | { readonly isPermanent: boolean; readonly reason: string };

/** `key` is the same for every run that finds the same thing out, so that one of them tells it. */
export interface HealthNews {
  readonly key: string;
  readonly exchange: SourceName;
  readonly kind: 'down' | 'back';
  readonly outage: Outage;
}

/** A shorter outage is the next run's matter and nobody's worry: the windows stay open. */
export const tellAfterMs = hourMs;

/** An exchange that was not asked stays what it was. */
export function nextOutages(
  before: Outages,
  observed: ReadonlyMap<SourceName, Observed>,
  now: number,
): { outages: Outages; news: readonly HealthNews[] } {
  const outages: Partial<Record<SourceName, Outage>> = { ...before };
  const news: HealthNews[] = [];
  for (const [exchange, seen] of observed) {
    const known = before[exchange];
    const keyOf = (kind: HealthNews['kind'], since: number) => `${exchange}-${kind}-${new Date(since).toISOString()}`;
    if (seen === 'up') {
      delete outages[exchange];
      if (known?.isTold) news.push({ key: keyOf('back', known.since), exchange, kind: 'back', outage: known });
      continue;
    }
    const since = known?.since ?? now;
    const isDue = now - since >= tellAfterMs;
    const outage = { ...seen, since, isTold: isDue };
    outages[exchange] = outage;
    if (isDue && known?.isTold !== true) news.push({ key: keyOf('down', since), exchange, kind: 'down', outage });
  }
  return { outages, news };
}

/** The news of these outages could not be told, and is news to the next run too. */
export function withUntold(outages: Outages, news: readonly Pick<HealthNews, 'exchange' | 'outage'>[]): Outages {
  const untold = news.map(({ exchange, outage }) => [exchange, { ...outage, isTold: false }] as const);
  return { ...outages, ...Object.fromEntries(untold) };
}

/** Who runs the service. */
export const healthUser = 'default';

const shownSource = (name: SourceName): string => name.replace(/\.P$/, ' (perpetuals)');

export function healthMessage({ exchange, kind, outage }: HealthNews, now: number, timeZone?: string): Message {
  const since = shownTime(outage.since, now, timeZone);
  const remedy = outage.isPermanent
    ? 'This does not pass by itself: run in another region, or name another exchange in the sheet.'
    : 'Nothing is lost: when it is back, the whole gap is looked at.';
  const source = shownSource(exchange);
  const told = {
    down: {
      title: `${source} gives no prices`,
      text: `Since ${since}: ${outage.reason}. Its alerts are checked on the other exchanges where they list the symbol. ${remedy}`,
    },
    back: {
      title: `${source} gives prices again`,
      text: `It gave none from ${since} to ${shownTime(now, now, timeZone)}. What was touched meanwhile is told now.`,
    },
  };
  return { user: healthUser, ...told[kind], timestamp: Math.floor(now / 1000) };
}

import { atATime, latencyMs } from './latencies.js';

/**
 * What the market does during a check.
 * `quiet`: every target lies outside the day's range, as all do in steady use but those armed within the day;
 * `one-percent`: the first hundredth of the alerts is touched by the last price;
 * `in-range`: every target lies within the day's range and outside the window's, so that only candles rule it out;
 * `all`: every target was touched within the window.
 */
export type Mood = 'quiet' | 'one-percent' | 'in-range' | 'all';

export type Program = 'trading-alerts' | 'as-planned';

export interface Case {
  readonly program: Program;
  readonly alerts: number;
  readonly markets: number;
  readonly mood: Mood;
  /** The first invocation of a new process, its import included; else a later one. */
  readonly isCold: boolean;
}

export const sizes: readonly { readonly alerts: number; readonly markets: number }[] = [
  { alerts: 100, markets: 30 },
  { alerts: 1_000, markets: 200 },
  { alerts: 10_000, markets: 1_000 },
  { alerts: 100_000, markets: 2_000 },
];

export function touchedAlerts({ alerts, mood }: Pick<Case, 'alerts' | 'mood'>): number {
  return mood === 'all' ? alerts : mood === 'one-percent' ? alerts / 100 : 0;
}

/** What two connections at Pushover take, whatever the program. */
export const pushBoundMs = (pushes: number): number => Math.ceil(pushes / atATime.push) * latencyMs.push;

export interface Link {
  readonly name: string;
  readonly ms: number;
}

/**
 * The longest chain of round trips that a check cannot do without. `pages`: of the listed alerts; each page names the
 * next; `candleCalls`: one for each market that needs it. Candles and pushes can overlap, so the first candles and the longer of the two stand in the chain.
 */
export function chainOf(measured: Case, pages: number, candleCalls: number): readonly Link[] {
  const { secret, token, sheet, dynamodb, exchange, push } = latencyMs;
  const pushes = touchedAlerts(measured);
  const candleRounds = Math.ceil(candleCalls / atATime.exchange);
  const isPushing = pushes > 0;
  const pushing = dynamodb + Math.max(push, pushBoundMs(pushes)) + dynamodb;
  const links: Link[] = [
    ...(measured.isCold ? [{ name: 'secret', ms: secret }, { name: 'token', ms: token }] : []),
    { name: 'sheet', ms: sheet },
  ];
  const listing = pages * dynamodb;
  const reading = links.reduce((sum, { ms }) => sum + ms, 0);
  const begin = listing > reading ? [{ name: `${pages} pages of alerts`, ms: listing }] : links;
  const later = Math.max(0, candleRounds - 1) * exchange;
  return [
    ...begin,
    { name: 'prices', ms: exchange },
    ...(candleRounds > 0 ? [{ name: 'candles', ms: exchange }] : []),
    ...(isPushing && pushing >= later ? [{ name: 'claim, push, commit', ms: pushing }] : []),
    ...(later > pushing || (!isPushing && later > 0) ? [{ name: 'more candles', ms: later }] : []),
    { name: 'checkpoint', ms: dynamodb },
  ];
}

export const limitMs = (chain: readonly Link[]): number => chain.reduce((sum, { ms }) => sum + ms, 0);

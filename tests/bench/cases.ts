/**
 * What the market does during a check.
 * `quiet`: every target lies outside the day's range, as all do in steady use but those armed within the day;
 * `one-percent`: the first hundredth of the alerts is touched by the last price;
 * `in-range`: every target lies within the day's range and outside the window's, so that only candles rule it out;
 * `all`: every target was touched within the window.
 */
export type Mood = 'quiet' | 'one-percent' | 'in-range' | 'all';

export type Program = 'trading-alerts' | 'as-planned';

export interface Size {
  readonly alerts: number;
  readonly markets: number;
}

export interface Case extends Size {
  readonly program: Program;
  readonly mood: Mood;
  /** The first invocation of a new process, its import included; else a later one. */
  readonly isCold: boolean;
}

export const sizes: readonly Size[] = [
  { alerts: 100, markets: 30 },
  { alerts: 1_000, markets: 200 },
  { alerts: 10_000, markets: 1_000 },
  { alerts: 100_000, markets: 2_000 },
];

/** A process of its own: its first invocation is cold, the others are warm. */
export interface Session extends Size {
  readonly program: Program;
  readonly moods: readonly Mood[];
  readonly times: number;
}

const of = (alerts: number, moods: readonly Mood[], times = 1, program: Program = 'trading-alerts'): Session => {
  const size = sizes.find((each) => each.alerts === alerts) ?? { alerts, markets: alerts };
  return { ...size, program, moods, times };
};

/** One after another, with the machine to themselves. */
export const aloneSessions: readonly Session[] = [
  of(100, ['quiet', 'quiet', 'quiet', 'one-percent', 'in-range'], 5),
  of(100, ['one-percent'], 3),
  of(100, ['quiet', 'all']),
  of(100, ['quiet', 'quiet', 'one-percent'], 3, 'as-planned'),
  of(1_000, ['quiet', 'quiet', 'quiet', 'one-percent'], 3),
  of(1_000, ['one-percent'], 2),
  of(10_000, ['quiet', 'quiet', 'quiet'], 2),
];

/** Minutes of waiting for two connections or for ten requests at a time, so three rows of sessions run beside each other. */
export const besideSessions: readonly (readonly Session[])[] = [
  // At 100,000 it would take a quarter of an hour for its price requests, and more memory than the Lambda has.
  [of(10_000, ['quiet'], 1, 'as-planned')],
  [of(100_000, ['quiet', 'quiet', 'quiet', 'one-percent'])],
  [of(10_000, ['one-percent', 'one-percent']), of(100_000, ['one-percent'])],
];

export function touchedAlerts({ alerts, mood }: Pick<Case, 'alerts' | 'mood'>): number {
  return mood === 'all' ? alerts : mood === 'one-percent' ? alerts / 100 : 0;
}

/**
 * What the market does during a check.
 * `quiet`: every target lies outside the day's range, as all do in steady use but those armed within the day;
 * `one-percent`: the first hundredth of the alerts is touched by the last price;
 * `in-range`: every target lies within the day's range and outside the window's, so that only candles rule it out;
 * `all`: every target was touched within the window;
 * `new-extremes`: the first hundredth of the markets has just gone further than in all the days before, both ways, and
 * nothing is met: what trails remember changes.
 */
export type Mood = 'quiet' | 'one-percent' | 'in-range' | 'all' | 'new-extremes';

/**
 * What the rows ask for: above and below; every kind that prices can meet; rises, falls and moves alone; falls from a
 * high and rises from a low alone; above and below again, and all for one user, where the others have two in turns; and
 * once more, in a sheet that has the columns for answers.
 */
export type Asks = 'plain' | 'one-user' | 'mixed' | 'look-backs' | 'trails' | 'answered';

export type Program = 'trading-alerts' | 'as-planned';

export interface Size {
  readonly alerts: number;
  readonly markets: number;
}

/** A sheet of so many rows. */
export interface SheetCase extends Size {
  readonly asks: Asks;
}

export interface Case extends SheetCase {
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

/** Invocations of one process: the first is cold, the others are warm. */
export interface Session extends SheetCase {
  readonly program: Program;
  readonly moods: readonly Mood[];
  /** In so many processes, one after another. */
  readonly times: number;
  /** A quiet check that is not counted goes before, so that all are warm. */
  readonly hasRunBefore: boolean;
}

function session(alerts: number, moods: readonly Mood[], more: Partial<Session> = {}): Session {
  const { markets } = sizes.find((size) => size.alerts === alerts) ?? { markets: alerts };
  return { alerts, markets, moods, asks: 'plain', program: 'trading-alerts', times: 1, hasRunBefore: false, ...more };
}

/** One after another, with the machine to themselves. */
export const aloneSessions: readonly Session[] = [
  session(100, ['quiet', 'quiet', 'quiet', 'one-percent', 'in-range'], { times: 3 }),
  session(100, ['one-percent'], { times: 3 }),
  session(100, ['all'], { hasRunBefore: true }),
  session(100, ['all'], { hasRunBefore: true, asks: 'one-user' }),
  session(100, ['quiet', 'quiet', 'one-percent'], { program: 'as-planned', times: 2 }),
  session(1_000, ['quiet', 'quiet', 'quiet', 'one-percent'], { times: 2 }),
  session(1_000, ['one-percent']),
  session(10_000, ['quiet', 'quiet', 'quiet']),
  session(10_000, ['one-percent', 'one-percent']),
  session(10_000, ['quiet', 'quiet', 'quiet'], { asks: 'mixed' }),
  session(10_000, ['quiet', 'quiet', 'new-extremes'], { asks: 'trails' }),
  // The check before writes every answer, and what it holds at most counts.
  session(10_000, ['quiet', 'quiet', 'quiet', 'one-percent'], { asks: 'answered', hasRunBefore: true }),
  session(100, ['quiet', 'quiet', 'in-range'], { asks: 'look-backs', times: 2 }),
  session(100, ['in-range', 'in-range'], { asks: 'look-backs' }),
  session(100, ['in-range']),
  session(100_000, ['quiet', 'quiet']),
];

/**
 * Beside each other, since they wait for minutes: for ten prices at a time, or two pushes. At 100,000 alerts the plan
 * would wait for twenty minutes, and hold more than the Lambda has.
 */
export const besideSessions: readonly Session[] = [
  session(10_000, ['quiet'], { program: 'as-planned' }),
  session(100_000, ['one-percent'], { hasRunBefore: true }),
  session(100_000, ['one-percent']),
];

export function touchedAlerts({ alerts, mood }: Pick<Case, 'alerts' | 'mood'>): number {
  return mood === 'all' ? alerts : mood === 'one-percent' ? alerts / 100 : 0;
}

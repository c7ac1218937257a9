import * as v from 'valibot';
import { readPrice } from '../../../domain/price.js';
import { err, ok, type Result } from '../../../domain/result.js';
import { dayMs, hourMs, minuteMs } from '../../../domain/time.js';
import type { PriceError, RecentRange, RecentRanges } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Get } from '../exchange.js';
import { rangeOf } from '../range-list.js';
import { jsonOf, unanswered } from '../reply.js';
import { failureOf } from './answers.js';

/**
 * `1m`…`59m`, `1h`…`23h`, `1d`…`7d`. 100 symbols a call (else -1101), of a weight of 4 each up to 200, where a market's
 * candles weigh 2. https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md
 */
const units = [
  { letter: 'm', ms: minuteMs, most: 59 },
  { letter: 'h', ms: hourMs, most: 23 },
  { letter: 'd', ms: dayMs, most: 7 },
] as const;
const mostSymbols = 100;

/** A run may use 1,200 of the 6,000 a minute for this: then every market there is can still be asked for candles. */
const mostCalls = 6;

/** Our clock and theirs differ. */
const slackMs = minuteMs;

/** All of them in windows of minutes, which reach back little further than asked. */
export const rollingWindowsAtOnce = { markets: mostSymbols, ms: 59 * minuteMs - slackMs };

interface Wanted {
  readonly symbol: string;
  readonly since: number;
}

interface Call {
  readonly windowSize: string;
  readonly symbols: readonly string[];
}

/** Markets that need windows of one unit share the longest of these; what one call asks of a single market is left out. */
export function planRollingWindows(since: ReadonlyMap<string, number>, now: number): readonly Call[] {
  const left = [...since].map(([symbol, instant]): Wanted => ({ symbol, since: instant }));
  let rest = left.toSorted((a, b) => b.since - a.since);
  const calls: Call[] = [];
  for (const { letter, ms, most } of units) {
    const sizeOf = (each: Wanted) => Math.max(1, Math.ceil((now + slackMs - each.since) / ms));
    const fitting = rest.filter((each) => sizeOf(each) <= most);
    rest = rest.slice(fitting.length);
    for (let from = 0; from < fitting.length; from += mostSymbols) {
      const asked = fitting.slice(from, from + mostSymbols);
      const size = Math.max(...asked.map(sizeOf));
      if (asked.length > 1) calls.push({ windowSize: `${size}${letter}`, symbols: asked.map(({ symbol }) => symbol) });
    }
  }
  return calls.slice(0, mostCalls);
}

const Entry = v.object({
  symbol: v.string(),
  highPrice: v.unknown(),
  lowPrice: v.unknown(),
  lastPrice: v.unknown(),
  count: v.optional(v.unknown()),
  openTime: v.number(),
  closeTime: v.number(),
});

/** Where nothing was traded within the window, no price of it is a last one. */
const lastOf = (lastPrice: unknown, count: unknown): RecentRange['last'] =>
  typeof count === 'number' && count > 0 ? readPrice(lastPrice) : undefined;

/** `openTime` falls on a minute and `closeTime` is the request's own; an entry that does not cover what it should is left out. */
function read(
  list: readonly unknown[],
  since: ReadonlyMap<string, number>,
  now: number,
): ReadonlyMap<string, RecentRange> {
  return new Map(
    list.flatMap((entry) => {
      const parsed = v.safeParse(Entry, entry);
      if (!parsed.success) return [];
      const { symbol, highPrice, lowPrice, lastPrice, count, openTime, closeTime } = parsed.output;
      const range = rangeOf({ high: highPrice, low: lowPrice });
      const isCovering = openTime <= (since.get(symbol) ?? 0) && closeTime >= now - slackMs;
      return range !== undefined && isCovering ? [[symbol, { ...range, last: lastOf(lastPrice, count) }] as const] : [];
    }),
  );
}

/**
 * `/api/v3/ticker`: its window is up to a minute wider than asked for. One unknown symbol fails a whole call (-1121), which
 * is then one that told nothing. Spot alone: the futures host has no such call, so perpetuals are asked for candles.
 */
export async function askRollingWindows(
  get: Get,
  { BINANCE_BASE_URL: origin }: Readonly<Record<'BINANCE_BASE_URL', string>>,
  since: ReadonlyMap<string, number>,
  now: number,
): Promise<Result<RecentRanges, PriceError>> {
  const calls = planRollingWindows(since, now).map(async ({ windowSize, symbols }) => {
    const url = address(origin, '/api/v3/ticker', [
      ['symbols', JSON.stringify(symbols)],
      ['windowSize', windowSize],
      ['type', 'MINI'],
    ]);
    const answer = await get(url);
    if (!answer.ok) return err(unanswered(answer.error));
    const body = jsonOf(answer.value);
    if (Array.isArray(body) && answer.value.status < 400) return ok(read(body, since, now));
    return err(failureOf(answer.value, body, 'a list of windows'));
  });
  const answers = await Promise.all(calls);
  const failures = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
  const refusal = failures.find(({ kind }) => kind === 'rate-limited' || kind === 'region-blocked');
  const [failure = undefined] = failures.length === answers.length ? failures : [];
  if (refusal !== undefined || failure !== undefined) return err((refusal ?? failure) as PriceError);
  return ok(new Map(answers.flatMap((answer) => (answer.ok ? [...answer.value] : []))));
}

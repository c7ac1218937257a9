import * as v from 'valibot';
import { PriceText, readPrice } from '../../domain/price.js';
import { err, ok, type Result } from '../../domain/result.js';
import { dayMs } from '../../domain/time.js';
import type { PriceError, Ticker } from '../../flows/ports/price-source.js';
import { quoted } from './reply.js';

/** The text of a price, or nothing. A JSON number has lost its digits already, so it is refused. */
export const PriceField = v.nullish(v.string('expected the price as text'));

/** The day's high and low only save requests, so one that cannot be read is left out. */
export const DayField = v.optional(v.pipe(v.unknown(), v.transform(readPrice)));

/** The instant of the last trade (ms), where it is told; recorders write it as text. */
export const InstantField = v.optional(
  v.pipe(
    v.unknown(),
    v.transform((given) => Number(given) || undefined),
  ),
);

/** What was traded within a day, where it is told. */
export const VolumeField = v.optional(v.unknown());

/**
 * Exchanges go on giving the last price of a market that trades no more, so a price is none once it is a day old. By our
 * clock: a list of dead markets only, or one that a cache has kept, would look fresh beside its own newest entry.
 */
export function staleness(tradedAt: number | undefined, now: number): string | undefined {
  if (tradedAt === undefined || Number.isNaN(tradedAt) || tradedAt >= now - dayMs) return undefined;
  return `nothing was traded since ${new Date(tradedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The same where the exchange tells only how much was traded within the day. */
export const idleness = (dayVolume: unknown): string | undefined =>
  /^0+(\.0*)?$/.test(String(dayVolume)) ? 'nothing was traded for a day' : undefined;

type Fields = Partial<Record<'high24h' | 'low24h', Ticker['high24h']>>;

/** Absent, empty, zero and unreadable are no price, never a number. */
export function tickerOf(last: string | null | undefined, day: Fields = {}): Result<Ticker, PriceError> {
  if (last === null || last === undefined) return err({ kind: 'no-price', detail: 'the price is absent' });
  const price = v.safeParse(PriceText, last);
  return price.success
    ? ok({ last: price.output, high24h: day.high24h, low24h: day.low24h })
    : err({ kind: 'no-price', detail: `${price.issues[0].message}, got ${quoted(last)}` });
}

/** One market's entry; a broken one is that market's failure only. */
export function readEntry<Entry extends v.GenericSchema, T = Ticker>(
  schema: Entry,
  entry: unknown,
  read: (entry: v.InferOutput<Entry>) => Result<T, PriceError>,
): Result<T, PriceError> {
  const parsed = v.safeParse(schema, entry);
  if (parsed.success) return read(parsed.output);
  const issues = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'entry'}: ${issue.message}`);
  return err({ kind: 'bad-response', issues });
}

export function textUnder(key: string, entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const text: unknown = Reflect.get(entry, key);
  return typeof text === 'string' ? text : undefined;
}

/** What is said of a symbol that a list of these names does not hold. */
type Unlisted = (symbol: string, names: readonly string[]) => PriceError;

const unlisted: Unlisted = () => ({ kind: 'unknown-symbol' });

/**
 * Finds the wanted symbols first and reads only those: a list has thousands. Of a repeated symbol the first entry counts.
 * Undefined where nothing in the list is named by `key`: then it is no list of tickers.
 */
export function pickTickers<T = Ticker>(
  list: readonly unknown[],
  key: string,
  symbols: readonly string[],
  read: (entry: unknown) => Result<T, PriceError>,
  errorOf: Unlisted = unlisted,
): ReadonlyMap<string, Result<T, PriceError>> | undefined {
  const wanted = new Set(symbols);
  const entries = new Map<string, unknown>();
  const names: string[] = [];
  for (const entry of list) {
    const symbol = textUnder(key, entry);
    if (symbol === undefined) continue;
    names.push(symbol);
    if (wanted.has(symbol) && !entries.has(symbol)) entries.set(symbol, entry);
  }
  if (names.length === 0) return undefined;
  return new Map(
    symbols.map((symbol) => [symbol, entries.has(symbol) ? read(entries.get(symbol)) : err(errorOf(symbol, names))]),
  );
}

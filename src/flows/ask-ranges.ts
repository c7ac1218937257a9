import type { ExchangeName } from '../domain/market.js';
import type { Result } from '../domain/result.js';
import { isFinal } from './market-failures.js';
import type { Gate, PriceError, PriceRanges, PriceSource, RecentRanges } from './ports/price-source.js';

export interface RangeFailure {
  readonly exchange: ExchangeName;
  readonly error: PriceError;
}

/** Ranges only save requests: what is missing in an answer has to be asked for in another way. */
export interface RangeCalls {
  /** Of all markets of a source, as far as it offers and tells them; asked for once in a run. */
  dayRanges(source: PriceSource): Promise<PriceRanges>;
  /** The same since an instant (ms) by symbol; what was told once in a run is not asked for again. */
  rangesSince(source: PriceSource, since: ReadonlyMap<string, number>): Promise<RecentRanges>;
  now(): number;
  /** What ranges told was enough, and took the place of the prices. */
  noteAnswer(source: PriceSource): unknown;
  /** Ranges that were asked for and not told. */
  readonly rangeFailures: readonly RangeFailure[];
}

type Answer = Result<RecentRanges, PriceError>;

const none: RecentRanges = new Map();

/** `ask`: in the exchange's turns; undefined where there was no time for it. */
export function createRangeCalls(by: {
  now(): number;
  ask(source: PriceSource, send: (gate: Gate) => Promise<Answer>): Promise<Answer | undefined>;
  /** Why the source is not asked for more than its prices. */
  failureOf(source: PriceSource): PriceError | undefined;
  noteAnswer(source: PriceSource): unknown;
  /** A final one of ranges since an instant, which come from where the candles come from. */
  noteFailure(source: PriceSource, error: PriceError): unknown;
}): RangeCalls {
  const ofDay = new Map<PriceSource, Promise<PriceRanges>>();
  const told = new Map<PriceSource, { since: ReadonlyMap<string, number>; ranges: RecentRanges }>();
  const rangeFailures: RangeFailure[] = [];

  function take(source: PriceSource, answer: Answer | undefined): RecentRanges {
    if (answer === undefined) return none;
    if (answer.ok) return answer.value;
    rangeFailures.push({ exchange: source.name, error: answer.error });
    return none;
  }

  return {
    now: by.now,
    noteAnswer: by.noteAnswer,
    rangeFailures,
    dayRanges(source) {
      const known = ofDay.get(source);
      if (known !== undefined) return known;
      const { dayRanges } = source;
      const asked =
        dayRanges === undefined
          ? Promise.resolve(none)
          : by.ask(source, dayRanges).then((answer) => take(source, answer));
      // It may be awaited later, or by nobody.
      asked.catch(() => undefined);
      ofDay.set(source, asked);
      return asked;
    },
    async rangesSince(source, since) {
      const { rangesSince } = source;
      if (rangesSince === undefined || since.size === 0 || by.failureOf(source) !== undefined) return none;
      const known = told.get(source);
      if (known && [...since].every(([symbol, from]) => (known.since.get(symbol) ?? Infinity) <= from))
        return known.ranges;
      const answer = await by.ask(source, (gate) => rangesSince(since, by.now(), gate));
      if (answer?.ok === false && isFinal(answer.error)) by.noteFailure(source, answer.error);
      if (answer?.ok) told.set(source, { since, ranges: answer.value });
      return take(source, answer);
    },
  };
}

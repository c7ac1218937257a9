import type { ExchangeName } from '../domain/market.js';
import type { Result } from '../domain/result.js';
import type { Gate, PriceError, PriceRanges, PriceSource } from './ports/price-source.js';

export interface RangeFailure {
  readonly exchange: ExchangeName;
  readonly error: PriceError;
}

/** Ranges only save requests: what is missing in an answer has to be asked for in another way. */
export interface RangeCalls {
  /** Of all markets of a source, as far as it offers and tells them; asked for once in a run. */
  dayRanges(source: PriceSource): Promise<PriceRanges>;
  /** The same since an instant (ms) by symbol. */
  rangesSince(source: PriceSource, since: ReadonlyMap<string, number>): Promise<PriceRanges>;
  /** Ranges that were asked for and not told. */
  readonly rangeFailures: readonly RangeFailure[];
}

type Answer = Result<PriceRanges, PriceError>;

const none: PriceRanges = new Map();

/** `ask`: in the exchange's turns; undefined where there was no time for it. */
export function createRangeCalls(by: {
  now(): number;
  ask(source: PriceSource, send: (gate: Gate) => Promise<Answer>): Promise<Answer | undefined>;
  /** Why the source is not asked for more than its prices. */
  failureOf(source: PriceSource): PriceError | undefined;
  /** Of ranges since an instant, which come from where the candles come from. */
  noteFailure(source: PriceSource, error: PriceError): unknown;
}): RangeCalls {
  const ofDay = new Map<PriceSource, Promise<PriceRanges>>();
  const rangeFailures: RangeFailure[] = [];

  function take(source: PriceSource, answer: Answer | undefined): PriceRanges {
    if (answer === undefined) return none;
    if (answer.ok) return answer.value;
    rangeFailures.push({ exchange: source.name, error: answer.error });
    return none;
  }

  return {
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
      const answer = await by.ask(source, (gate) => rangesSince(since, by.now(), gate));
      if (answer?.ok === false) by.noteFailure(source, answer.error);
      return take(source, answer);
    },
  };
}

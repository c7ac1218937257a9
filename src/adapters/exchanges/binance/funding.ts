import * as v from 'valibot';
import { type FundingRate, RateText } from '../../../domain/funding.js';
import { err, ok, type Result } from '../../../domain/result.js';
import { hourMs } from '../../../domain/time.js';
import type { FundingRates, PriceError } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import type { Get } from '../exchange.js';
import { noRate, pickRates, settlingRate } from '../perpetual-list.js';
import { jsonOf, unanswered } from '../reply.js';
import { readEntry } from '../ticker-list.js';
import { failureOfAll } from './answers.js';
import type { Peculiarity } from './contracts.js';

const Index = v.object({ lastFundingRate: v.string('expected the rate as text'), nextFundingTime: v.number() });
const Interval = v.object({
  symbol: v.string(),
  fundingIntervalHours: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))), undefined),
});

/** Contracts that the list of intervals leaves out settle every eight hours. */
const usualHours = 8;

async function askList(get: Get, url: URL, expected: string): Promise<Result<readonly unknown[], PriceError>> {
  const answer = await get(url);
  if (!answer.ok) return err(unanswered(answer.error));
  const body = jsonOf(answer.value);
  return Array.isArray(body) && answer.value.status < 400 ? ok(body) : err(failureOfAll(answer.value, body, expected));
}

/** By symbol; undefined where the list names the symbol and tells no interval. */
type Intervals = ReadonlyMap<string, number | undefined>;

function readIntervals(list: readonly unknown[]): Intervals {
  return new Map(
    list.flatMap((entry) => {
      const read = v.safeParse(Interval, entry);
      return read.success ? [[read.output.symbol, read.output.fundingIntervalHours]] : [];
    }),
  );
}

/** A contract that ends has 0 as its next settlement, and a rate of zero or an empty text. */
function readRate(entry: unknown, intervals: Intervals, symbol: string, now: number): Result<FundingRate, PriceError> {
  return readEntry(Index, entry, ({ lastFundingRate, nextFundingTime: nextAt }) => {
    if (nextAt <= 0) return noRate('a contract with an end settles once');
    const rate = v.safeParse(RateText, lastFundingRate);
    if (!rate.success) return noRate(rate.issues[0].message);
    const intervalHours = intervals.has(symbol) ? intervals.get(symbol) : usualHours;
    if (intervalHours === undefined) return noRate('the exchange does not tell its interval');
    return settlingRate({ rate: rate.output, intervalHours, nextAt }, now);
  });
}

/**
 * The rates of all contracts come in one call (weight 10 of 2400 a minute), their intervals in another, which is kept for
 * the hour: settlements fall on full hours, and intervals change with them.
 * https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Mark-Price and …/Get-Funding-Rate-Info
 */
export function createFunding() {
  let kept: { readonly hour: number; readonly intervals: Intervals } | undefined;

  async function intervalsAt(get: Get, origin: string, now: number): Promise<Result<Intervals, PriceError>> {
    const hour = Math.floor(now / hourMs);
    if (kept?.hour === hour) return ok(kept.intervals);
    const list = await askList(get, address(origin, '/fapi/v1/fundingInfo'), 'a list of funding intervals');
    if (!list.ok) return list;
    kept = { hour, intervals: readIntervals(list.value) };
    return ok(kept.intervals);
  }

  return async (
    get: Get,
    origin: string,
    symbols: readonly string[] | 'all',
    { now, contracts }: { now: number; contracts: () => Promise<ReadonlyMap<string, Peculiarity>> },
  ): Promise<Result<FundingRates, PriceError>> => {
    const list = await askList(get, address(origin, '/fapi/v1/premiumIndex'), 'a list of funding rates');
    if (!list.ok) return list;
    const intervals = await intervalsAt(get, origin, now);
    if (!intervals.ok) return intervals;
    const peculiar = await contracts();
    const rates = pickRates(list.value, 'symbol', symbols, (entry) => {
      const symbol = String(Reflect.get(Object(entry), 'symbol'));
      const refusal = peculiar.get(symbol)?.refusal;
      return refusal === undefined ? readRate(entry, intervals.value, symbol, now) : noRate(refusal);
    });
    if (rates !== undefined) return ok(rates);
    return err({ kind: 'bad-response', issues: ['expected a list of funding rates, got a list without symbols'] });
  };
}

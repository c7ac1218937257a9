import type { FundingRate } from '../../domain/funding.js';
import { err, ok, type Result } from '../../domain/result.js';
import { hourMs } from '../../domain/time.js';
import type { FundingRates, PriceError } from '../../flows/ports/price-source.js';
import { pickTickers, textUnder } from './ticker-list.js';

/** `1000PEPEUSDT`, `1MBABYDOGEUSDT` and `SHIB1000USDT`: a contract on so many at once, whose price is of them all. */
const multiplier = /1(?:0{3,}|M)/;

/** A perpetual that is not listed by itself may be listed by the thousand; the trader is told the name to write. */
export function unlistedPerpetual(symbol: string, names: readonly string[]): PriceError {
  const meant = names.find((name) => name !== symbol && name.replace(multiplier, '') === symbol);
  return meant === undefined ? { kind: 'unknown-symbol' } : { kind: 'unknown-symbol', meant: `${meant}.P` };
}

export const noRate = (detail: string): Result<never, PriceError> => err({ kind: 'no-rate', detail });

/** Lists go on giving the last estimate of a contract that settles no more. `now` in ms. */
export function settlingRate(funding: FundingRate, now: number): Result<FundingRate, PriceError> {
  const { nextAt, intervalHours } = funding;
  if (nextAt > now - intervalHours * hourMs) return ok(funding);
  return noRate(`its last settlement was to be ${new Date(nextAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
}

/** As `pickTickers`; with `all` each perpetual that has a rate. */
export function pickRates(
  list: readonly unknown[],
  key: string,
  symbols: readonly string[] | 'all',
  read: (entry: unknown) => Result<FundingRate, PriceError>,
): FundingRates | undefined {
  if (symbols !== 'all') return pickTickers(list, key, symbols, read, unlistedPerpetual);
  const names = [...new Set(list.flatMap((entry) => textUnder(key, entry) ?? []))];
  const rates = pickTickers(list, key, names, read);
  return rates && new Map([...rates].filter(([, rate]) => rate.ok));
}

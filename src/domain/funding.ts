import { Big } from 'big.js';
import * as v from 'valibot';

/** A share of the position, with its sign: positive, and longs pay shorts. `text` in the exchange's own digits. */
export interface Rate {
  readonly text: string;
  readonly value: Big;
}

/** What a perpetual pays at its next settlement, by the exchange's estimate of now. */
export interface FundingRate {
  /** Of one interval: 0.0001 is 0.01 %. */
  readonly rate: Rate;
  /** It belongs to the contract and the moment: exchanges shorten it while rates are high. */
  readonly intervalHours: number;
  /** The next settlement (ms). */
  readonly nextAt: number;
}

const longestRate = 60;

/** Zero is a rate; the empty text is none. */
export const RateText = v.pipe(
  v.string('expected the rate as text'),
  v.maxLength(longestRate, `expected at most ${longestRate} digits`),
  v.regex(/^[+-]?\d+(\.\d+)?$/, 'expected a decimal such as 0.0001 or -0.00025'),
  v.transform((text): Rate => ({ text, value: new Big(text.replace(/^\+/, '')) })),
);

/** For rates that this program wrote itself; throws on anything else. */
export const rate = (text: string): Rate => v.parse(RateText, text);

const hoursOfYear = 8_760;

/** Simple, not compounded: so much a year if every settlement were like this one. */
export const annualRate = ({ rate: { value }, intervalHours }: Pick<FundingRate, 'rate' | 'intervalHours'>): Big =>
  value.times(hoursOfYear).div(intervalHours);

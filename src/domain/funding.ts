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

/** `0.0612%`, exactly. */
export const ratePercent = ({ value }: Rate): string => `${value.times(100).toFixed()}%`;

/** How far it went, in the digits of the target: a price, or the percentage of a rate. */
export const reachedText = (touch: { readonly price: string; readonly funding?: object | undefined }): string =>
  touch.funding === undefined ? touch.price : ratePercent(rate(touch.price));

/** Of a condition that a replay cannot judge. */
export const notReplayedText =
  'condition: candles do not tell the funding, so this row is not replayed; it is looked at when a check is made';

const mostDecimals = 4;

/** For people: `0.0612 %`. What is not zero is never shown as zero. */
export function shownRate({ value }: Rate): string {
  const percent = value.times(100);
  const rounded = percent.round(mostDecimals);
  return `${rounded.eq(0) && !value.eq(0) ? percent.prec(2).toFixed() : rounded.toFixed()} %`;
}

const hoursOfYear = 8_760;

/** Simple, not compounded: so much a year if every settlement were like this one. */
export const annualRate = ({ rate: { value }, intervalHours }: Pick<FundingRate, 'rate' | 'intervalHours'>): Big =>
  value.times(hoursOfYear).div(intervalHours);

/** `67 %`, with decimals only where it is small. */
export function shownAnnualRate(funding: Pick<FundingRate, 'rate' | 'intervalHours'>): string {
  const percent = annualRate(funding).times(100);
  const size = percent.abs();
  return `${percent.round(size.gte(10) ? 0 : size.gte(1) ? 1 : 2).toFixed()} %`;
}

/** `0.0612 % per 8 h (67 % a year), longs pay`. */
export function shownFunding(funding: Pick<FundingRate, 'rate' | 'intervalHours'>): string {
  const { rate: given, intervalHours } = funding;
  const sign = given.value.cmp(0);
  const payer = sign > 0 ? 'longs pay' : sign < 0 ? 'shorts pay' : 'nobody pays';
  return `${shownRate(given)} per ${intervalHours} h (${shownAnnualRate(funding)} a year), ${payer}`;
}

import { Big } from 'big.js';
import * as v from 'valibot';

/** A price keeps the text it came in, because people are shown the exchange's own digits, and an exact value to compare. */
export interface Price {
  readonly text: string;
  readonly value: Big;
}

/** Longer texts are no price of any market; the limit keeps one cell from filling an item or a message. */
const longestPrice = 60;
const plainDecimal = /^\d+(\.\d+)?$/;

/** An absent or zero price must never reach a condition. */
export const PriceText = v.pipe(
  v.string('expected a decimal as text'),
  v.maxLength(longestPrice, `expected at most ${longestPrice} digits`),
  v.regex(plainDecimal, 'expected a plain decimal'),
  v.transform((text): Price => ({ text, value: new Big(text) })),
  v.check((price) => price.value.gt(0), 'expected a price above zero'),
);

/** Undefined where the text is absent, empty, zero or no plain decimal: that is "no price", never a number. */
export function readPrice(text: unknown): Price | undefined {
  // By hand what `PriceText` says, since every row and item of a check passes here.
  if (typeof text !== 'string' || text.length > longestPrice || !plainDecimal.test(text)) return undefined;
  const value = new Big(text);
  // It collects its digits in an array with room for more, which would be most of a price.
  value.c = value.c.slice();
  return value.c[0] === 0 ? undefined : { text, value };
}

/** For prices that this program wrote itself; throws on anything else. */
export function price(text: string): Price {
  return v.parse(PriceText, text);
}

/** One spelling for equal values: `95000`, `95000.0` and `095000` all give `95000`. */
export function canonicalText(value: Big): string {
  return value.toFixed();
}

/**
 * The digits a person reads. Binance pads every price to eight decimals (`95180.00000000`);
 * the padding beyond two decimals goes, nothing is ever rounded.
 */
export function shownPrice(text: string): string {
  return text.replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** Below, at or above zero as `a` is less than, equal to or more than `b`. `Big.cmp` says the same, and copies `b` to do so. */
export function compare(a: Big, b: Big): number {
  if (a.c[0] === 0 || b.c[0] === 0) return (a.c[0] === 0 ? 0 : a.s) - (b.c[0] === 0 ? 0 : b.s);
  if (a.s !== b.s) return a.s;
  if (a.e !== b.e) return a.e > b.e ? a.s : -a.s;
  // No digits at the end are zeros, so that of two that begin alike the longer one is the larger.
  for (let place = 0; place < a.c.length; place += 1) {
    const difference = (a.c[place] ?? 0) - (b.c[place] ?? 0);
    if (difference !== 0) return difference * a.s;
  }
  return a.c.length < b.c.length ? -a.s : 0;
}

export const higher = (a: Price, b: Price): Price => (compare(b.value, a.value) > 0 ? b : a);
export const lower = (a: Price, b: Price): Price => (compare(b.value, a.value) < 0 ? b : a);

import { Big } from 'big.js';
import { type Price, readPrice } from './price.js';
import { err, ok, type Result } from './result.js';

/** The plain spellings of every number that the text may mean; text that may mean two is never guessed at. */
function plainSpellings(text: string): readonly string[] {
  const bare = text.replace(/[\s$€£₽_']/gu, '');
  if (/^[1-9]\d{0,2},\d{3}$/.test(bare)) return [bare.replace(',', ''), bare.replace(',', '.')];
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(bare)) return [bare.replaceAll(',', '')];
  if (/^[1-9]\d{0,2}(\.\d{3}){2,}$/.test(bare)) return [bare.replaceAll('.', '')];
  const hasDecimalComma = /^(\d+|\d{1,3}(\.\d{3})+),\d+$/.test(bare);
  return [hasDecimalComma ? bare.replaceAll('.', '').replace(',', '.') : bare];
}

/** The error holds what may have been meant, so that it can be offered: nothing, one number or two. */
export function readNumber(text: string): Result<Price, readonly string[]> {
  const price = readPrice(text);
  return price === undefined ? err(plainSpellings(text).filter((each) => readPrice(each) !== undefined)) : ok(price);
}

/**
 * A double holds 15 decimal digits; what follows is the noise of a formula (`=100*1.1` is 110.00000000000001, which a
 * price of 110 would never touch). Nor does a decimal print as 1e-7, as a number may.
 */
export function decimalText(cell: number): string {
  const text = String(cell);
  // So few digits and a point are no noise, and the same after the rounding.
  return /^\d[\d.]{0,14}$/.test(text) ? text : new Big(cell.toPrecision(15)).toFixed();
}

import { Big } from 'big.js';
import type { Cell } from '../columns.js';
import type { Direction } from '../evidence/direction.js';
import { readNumber } from '../number-text.js';
import { canonicalText } from '../price.js';
import { err, ok, type Result } from '../result.js';
import { refusal, type Wanted } from './target-cell.js';

/** How far the price has to move: a share of the price that it is measured from, or so much. */
export interface Amount {
  readonly value: Big;
  /** Of the price, where the value is a percentage: 0.05 for 5 %. */
  readonly share: Big | undefined;
}

const hundredth = new Big('0.01');

/** `5%`, `5 %` or `500`. `cell` is what is shownCell back, `after` what follows the amount there. */
export function readAmount(wanted: Wanted, cell: Cell, text: string, after = ''): Result<Amount, string> {
  const sign = /\s*%$/.exec(text)?.[0] ?? '';
  const number = readNumber(text.slice(0, text.length - sign.length));
  if (number.ok) {
    const { value } = number.value;
    return ok({ value, share: sign === '' ? undefined : value.times(hundredth) });
  }
  const spellings = number.error.map((spelling) => `${spelling}${sign}${after}`);
  return err(refusal(wanted, cell, spellings.length === 0 ? undefined : `write ${spellings.join(' or ')}`));
}

export const amountText = ({ value, share }: Amount): string =>
  `${canonicalText(value)}${share === undefined ? '' : '%'}`;

/** No price can fall by all of itself. */
export const isWholePrice = ({ share }: Amount): boolean => share?.gte(1) ?? false;

/** The price that lies the amount away, exactly; percent of the price that it is measured from. */
export function movedBy({ value, share }: Amount, direction: Direction, from: Big): Big {
  const way = share === undefined ? value : from.times(share);
  return direction === 'up' ? from.plus(way) : from.minus(way);
}

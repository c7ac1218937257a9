import { Big } from 'big.js';
import type { Cell } from '../columns.js';
import type { FundingRate } from '../funding.js';
import { readNumber } from '../number-text.js';
import { canonicalText } from '../price.js';
import { err, ok, type Result } from '../result.js';
import type { ConditionKind, Words } from './kind.js';
import { readTargetText, refusal, type Wanted } from './target-cell.js';

/** A rate that is compared with: of each interval as the contract has it, or of a year. */
export interface FundingTarget {
  readonly text: string;
  readonly per: 'interval' | 'year';
  /** 0.0005 for 0.05 %. */
  readonly value: Big;
}

const shape = /^(?<sign>[-+−–])?\s*(?<number>.*?\S)\s*%\s*(?<year>apr|p\.?\s?a\.?|a year|годовых|в год)?$/iu;
const longest = 60;

/** Zero and what is below are targets as good as any. */
function readFundingTarget(wanted: Wanted, cell: Cell): Result<FundingTarget, string> {
  const text = readTargetText(wanted, cell);
  if (!text.ok) return text;
  const { sign = '', number, year } = shape.exec(text.value)?.groups ?? {};
  if (number === undefined) {
    return err(refusal(wanted, cell, 'write the rate of an interval, such as 0.05%, or of a year, such as 50% apr'));
  }
  const isNegative = sign !== '' && sign !== '+';
  if (!/^\d+(\.\d+)?$/.test(number) || number.length > longest) {
    const read = readNumber(number);
    const end = year === undefined ? '%' : `% ${year}`;
    const meant = (read.ok ? [] : read.error).map((each) => `${isNegative ? '-' : ''}${each}${end}`);
    return err(refusal(wanted, cell, meant.length === 0 ? undefined : `write ${meant.join(' or ')}`));
  }
  const share = new Big(number).times('0.01');
  const value = isNegative && !share.eq(0) ? share.times(-1) : share;
  return ok({ text: text.value, per: year === undefined ? 'interval' : 'year', value });
}

const hoursOfYear = 8_760;

/** Multiplied and not divided, so that both are exact: below 0 where the rate is lower than `level`. */
function compare({ rate, intervalHours }: FundingRate, per: FundingTarget['per'], level: Big): number {
  return per === 'interval'
    ? rate.value.cmp(level)
    : rate.value.times(hoursOfYear).cmp(level.times(new Big(intervalHours)));
}

const nothing = { met: undefined, open: [], memory: undefined } as const;

/** Met by the rate that stands when it is looked at. No price is anything to it, so what is asked of prices has no answer. */
export function onFunding(
  words: Words['words'],
  example: string,
  direction: 'up' | 'down',
): ConditionKind<FundingTarget, undefined> {
  const wanted = { name: words[0], example };
  const way = direction === 'up' ? 1 : -1;
  return {
    words,
    example,
    direction,
    allowsPercent: true,
    comparesPrices: true,
    hasStart: false,
    hasOtherSide: true,
    readTarget: (cell) => readFundingTarget(wanted, cell),
    canonicalText: ({ value, per }) => `${canonicalText(value.times(100))}%${per === 'year' ? ' apr' : ''}`,
    levels: () => [],
    lookBackMs: () => 0,
    canMatter: () => false,
    judge: () => nothing,
    storeFacts: () => ({}),
    readFacts: () => undefined,
    factsAfterFire: () => undefined,
    funding: {
      distance({ per, value }, { rate, intervalHours }) {
        const now = per === 'interval' ? rate.value : rate.value.times(hoursOfYear).div(intervalHours);
        return value.minus(now).abs();
      },
      isMet: ({ per, value }, rate) => compare(rate, per, value) * way >= 0,
      isBack({ per, value }, rate, points) {
        const compared = compare(rate, per, value.minus(points.times(way))) * way;
        return points.eq(0) ? compared < 0 : compared <= 0;
      },
    },
  };
}

import { judgeCondition, marketEvidence } from '../../src/domain/conditions/judge.js';
import type { Condition } from '../../src/domain/conditions/registry.js';
import type { PriceRange } from '../../src/domain/evidence/bar.js';
import { minuteMs } from '../../src/domain/evidence/candle.js';
import { at } from './builders.js';

/** How far the price went in a candle of that range, and nowhere else; undefined where that does not touch. */
export function reachedIn(condition: Condition, { low, high }: PriceRange): string | undefined {
  const openAt = at('12:00');
  const candle = { openAt, spanMs: minuteMs, open: low, high, low, close: high };
  const evidence = marketEvidence([candle], condition.kind === 'above' ? low : high, openAt + minuteMs);
  return judgeCondition(condition, { armedAt: openAt, memory: undefined, keepTo: openAt }, evidence).met?.price.text;
}

export const isTouched = (condition: Condition, range: PriceRange): boolean =>
  reachedIn(condition, range) !== undefined;

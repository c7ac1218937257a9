import type { Alert, AlertMemory } from './alert.js';
import { type ConditionMemory, comparesPrices, storeMemory } from './conditions/judge.js';
import type { Condition } from './conditions/registry.js';
import type { Market } from './market.js';

function hasNewFacts(condition: Condition, before: ConditionMemory, after: ConditionMemory): boolean {
  const factsOf = (memory: ConditionMemory): string => JSON.stringify(storeMemory(condition, memory).facts);
  return factsOf(before) !== factsOf(after);
}

/**
 * Undefined where what is stored is as good: the same facts are true up to the market's watermark. That holds from the
 * first look after the arming on; before it others may have moved the watermark, so that one is written down too.
 */
export function memoryToKeep(
  alert: Pick<Alert, 'condition' | 'armedAt' | 'memory'>,
  market: Market,
  judged: ConditionMemory | undefined,
): AlertMemory | undefined {
  const { condition, armedAt, memory: before } = alert;
  if (!comparesPrices(condition)) return undefined;
  if (before === undefined) return { market, judged };
  if (judged === undefined) return undefined;
  if (before.judged === undefined) return { market, judged };
  const isFirstLook = before.judged.asOf < armedAt && judged.asOf >= armedAt;
  return isFirstLook || hasNewFacts(condition, before.judged, judged) ? { market, judged } : undefined;
}

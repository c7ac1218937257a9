import * as v from 'valibot';
import type { AlertMemory } from '../../domain/alert.js';
import { readMemory, storeMemory } from '../../domain/conditions/judge.js';
import type { Condition } from '../../domain/conditions/registry.js';
import { exchangeNames, marketKinds } from '../../domain/market.js';

const StoredMemory = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    market: v.object({ exchange: v.picklist(exchangeNames), kind: v.picklist(marketKinds), symbol: v.string() }),
    judged: v.optional(v.unknown()),
  }),
);

/** One text, so that a write can name the memory that it was read from. The same memory always gives the same text. */
export function memoryText(condition: Condition, { market, judged }: AlertMemory): string {
  const { exchange, kind, symbol } = market;
  return JSON.stringify({ market: { exchange, kind, symbol }, judged: judged && storeMemory(condition, judged) });
}

/** Undefined where it is no memory of this condition. */
export function readMemoryText(condition: Condition, stored: unknown): AlertMemory | undefined {
  const read = v.safeParse(StoredMemory, stored);
  if (!read.success) return undefined;
  const { market, judged } = read.output;
  if (judged === undefined) return { market, judged };
  const memory = readMemory(condition, judged);
  return memory && { market, judged: memory };
}

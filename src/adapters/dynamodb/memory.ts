import * as v from 'valibot';
import type { Alert, AlertMemory } from '../../domain/alert.js';
import { readMemory, storeMemory } from '../../domain/conditions/judge.js';
import type { Condition } from '../../domain/conditions/registry.js';
import type { Attributes } from '../../domain/fields/field.js';
import { exchangeNames, marketKinds } from '../../domain/market.js';
import type { AlertStore } from '../../flows/ports/alert-store.js';
import { instantText } from './instant.js';
import { type AlertTable, updateItem } from './write.js';

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

/** As it was read. What no write can name, such as a list, is written over whatever it is by now. */
function memoryRead({ condition, memory, unreadableMemory: stored }: Alert): Attributes {
  if (stored === undefined) return { memory: memory && memoryText(condition, memory) };
  const canBeNamed = typeof stored === 'string' || typeof stored === 'number' || typeof stored === 'boolean';
  return canBeNamed ? { memory: stored } : {};
}

export function createMemories(table: AlertTable): Pick<AlertStore, 'remember'> {
  return {
    async remember(alert, memory) {
      const armed = { status: 'pending', active: true, armed_at: instantText(alert.armedAt) };
      const item = await updateItem(table, {
        what: `take what alert ${alert.id} remembers`,
        id: alert.id,
        next: { ...armed, memory: memoryText(alert.condition, memory) },
        expected: [{ ...armed, ...memoryRead(alert) }],
      });
      return item !== undefined;
    },
  };
}

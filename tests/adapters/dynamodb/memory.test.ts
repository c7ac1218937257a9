import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryText, readMemoryText } from '../../../src/adapters/dynamodb/memory.js';
import type { AlertMemory } from '../../../src/domain/alert.js';
import { type ConditionMemory, readMemory } from '../../../src/domain/conditions/judge.js';
import type { Condition } from '../../../src/domain/conditions/registry.js';
import { at, pendingAlert } from '../../support/builders.js';
import { condition } from '../../support/conditions.js';
import { itemOf, startTable, type TestTable } from '../../support/dynamodb.js';

const market = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;

function judged(of: Condition, facts: unknown): ConditionMemory {
  const memory = readMemory(of, { asOf: at('12:04'), facts });
  if (memory === undefined) throw new Error(`${of.kind} remembers no ${JSON.stringify(facts)}`);
  return memory;
}

const trail = condition('falls from high 10%');
const ofHigh = (price: string): AlertMemory => ({ market, judged: judged(trail, { price, at: at('12:02') }) });

describe('what an alert remembers is one text', () => {
  test.each([
    { of: trail, facts: { price: '120.50', at: at('12:02') } },
    { of: condition('crosses'), facts: { ready: ['up', 'down'] } },
    { of: condition('enters'), facts: { ready: [] } },
    { of: condition('moves'), facts: { since: at('12:01') } },
  ])('of $of.kind, and read from it again', ({ of, facts }) => {
    const memory = { market, judged: judged(of, facts) };
    const text = memoryText(of, memory);
    expect(readMemoryText(of, text)).toEqual(memory);
    expect(memoryText(of, readMemoryText(of, text) ?? memory)).toBe(text);
  });

  test('of the market alone, where nothing was judged yet', () =>
    expect(readMemoryText(trail, memoryText(trail, { market, judged: undefined }))).toEqual({
      market,
      judged: undefined,
    }));

  test('and none of another kind’s', () =>
    expect(readMemoryText(condition('crosses'), memoryText(trail, ofHigh('120')))).toBeUndefined());
});

describe('a memory that cannot be read', () => {
  let table: TestTable;
  beforeAll(async () => {
    table = await startTable('damaged');
  });
  afterAll(() => table.close());
  const alert = pendingAlert({ condition: trail });
  const damage = (memory: unknown) => table.put({ ...itemOf(alert), memory });
  const begins =
    'the alert is watched, and what it measures from begins anew. Where this is told again, delete the attribute';

  test.each([
    ['a broken text', '{"market":', '"{\\"market\\":"'],
    ['an exchange that is none', '{"market":{"exchange":"moon","kind":"spot","symbol":"A"}}', undefined],
    ['no text', '', '""'],
    ['a number', 7, '7'],
    ['a list', [1, 2], '[1,2]'],
  ])('for it is %s, is told, and its alert is listed and remembers anew', async (_, memory, shown) => {
    await damage(memory);
    const { alerts, unreadable } = await table.store.list();
    const message = `memory: expected what "falls from high" remembers, got ${shown}`;
    expect(alerts).toEqual([{ ...alert, unreadableMemory: memory }]);
    expect(unreadable).toEqual([
      {
        id: alert.id,
        isWatched: true,
        message: shown === undefined ? expect.stringContaining(begins) : `${message}; ${begins}`,
      },
    ]);
    const [listed] = alerts;
    if (listed?.status !== 'pending') throw new Error('it is not pending');
    expect(await table.store.remember(listed, ofHigh('120'))).toBe(true);
    expect(await table.store.list()).toEqual({ alerts: [{ ...alert, memory: ofHigh('120') }], unreadable: [] });
  });

  test('is not written over where another run has mended it', async () => {
    await damage('rubbish');
    const [listed] = (await table.store.list()).alerts;
    if (listed?.status !== 'pending') throw new Error('it is not pending');
    await damage(memoryText(trail, ofHigh('130')));
    expect(await table.store.remember(listed, ofHigh('120'))).toBe(false);
    expect(await table.store.get(alert.id)).toEqual({ ...alert, memory: ofHigh('130') });
  });
});

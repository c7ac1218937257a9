import { expect, test } from '@jest/globals';
import type { AlertMemory } from '../../src/domain/alert.js';
import { memoryToKeep } from '../../src/domain/alert-memory.js';
import { type ConditionMemory, readMemory } from '../../src/domain/conditions/judge.js';
import { above, at, pendingAlert } from '../support/builders.js';
import { condition } from '../support/conditions.js';

const market = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;
const trail = condition('falls from high 10%');

/** A high, true up to `asOf`. */
function high(price: string, asOf: string): ConditionMemory {
  const memory = readMemory(trail, { asOf: at(asOf), facts: { price, at: at('12:02') } });
  if (memory === undefined) throw new Error('no memory of a trail');
  return memory;
}

const alert = (memory?: AlertMemory) => pendingAlert({ condition: trail, memory });
const of = (judged: ConditionMemory | undefined): AlertMemory => ({ market, judged });

test.each<{ name: string; before: AlertMemory | undefined; judged: ConditionMemory | undefined; keeps: boolean }>([
  { name: 'the first look, which keeps the market', before: undefined, judged: undefined, keeps: true },
  { name: 'the first facts', before: of(undefined), judged: high('120', '12:04'), keeps: true },
  { name: 'nothing judged', before: of(high('120', '12:04')), judged: undefined, keeps: false },
  { name: 'nothing judged, ever', before: of(undefined), judged: undefined, keeps: false },
  { name: 'a new high', before: of(high('120', '12:04')), judged: high('121', '12:09'), keeps: true },
  {
    name: 'the same high, true for longer',
    before: of(high('120', '12:04')),
    judged: high('120', '12:09'),
    keeps: false,
  },
  {
    name: 'the same high at the first look after the arming, since others moved the watermark before it',
    before: of(high('120', '11:59')),
    judged: high('120', '12:04'),
    keeps: true,
  },
])('$name: written is $keeps', ({ before, judged, keeps }) =>
  expect(memoryToKeep(alert(before), market, judged)).toEqual(keeps ? { market, judged } : undefined),
);

test('what compares no prices remembers nothing', () =>
  expect(memoryToKeep(pendingAlert({ condition: above('95000') }), market, undefined)).toBeUndefined());

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { playAndJudge } from './campaign.js';
import { kindsOf, type Operation } from './fault.js';
import type { QueueMood } from './queue.js';
import { type FanOut, isClean, type Scenario } from './scenario.js';
import { type Stage, startStage } from './stage.js';
import { described } from './tally.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

const calm = (scene: string, fanOut: Partial<FanOut> = {}): Scenario => ({
  ...{ scene, order: { kind: 'first', run: 'W' }, faults: [], skewMs: 0 },
  fanOut: { seed: 1, skewMs: 0, ...fanOut },
});

async function playWell(scenario: Scenario) {
  const told = await playAndJudge(stage, scenario);
  expect(told.verdict.problems.length === 0 ? '' : described(told)).toBe('');
  expect(told.verdict).toMatchObject({ lost: 0, doubled: 0 });
  return told;
}

/** Of the first call of that kind that the first worker makes. */
async function withFault(scene: string, operation: Operation, name: string): Promise<Scenario> {
  const { trace } = await playWell(calm(scene));
  const calls = trace.filter(({ run }) => run === 'W1').map((entry) => entry.operation);
  const kind = kindsOf(operation).findIndex((each) => each.name === name);
  return { ...calm(scene), faults: [{ run: 'W1', call: 1 + calls.indexOf(operation), kind }] };
}

/** Verdicts hold more: whatever becomes of the messages, the next check after a claim sees to it that it is told. */
describe('a queue that', () => {
  const moods: readonly { what: string; queue: QueueMood }[] = [
    { what: 'loses every message', queue: 'lost' },
    { what: 'delivers every message twice', queue: 'twice' },
    { what: 'refuses every other message', queue: 'partly' },
    { what: 'cannot be reached', queue: 'unreachable' },
  ];
  test.each(moods)('$what loses no fire, doubles none, and puts none off beyond the next check', async ({ queue }) => {
    for (const scene of ['many fires', 'many claimed']) {
      const { trace, verdict } = await playWell(calm(scene, { queue }));
      expect(trace.some(({ operation }) => operation === 'ring')).toBe(true);
      expect(verdict.labelledRepeats).toBe(0);
    }
  });
});

describe('a worker that dies', () => {
  // Both alerts of the scene are told in one message: of those not yet committed each is told again.
  test.each<{ when: string; operation: Operation; name: string; repeats: number }>([
    { when: 'before it takes over', operation: 'takeOver', name: 'dies before', repeats: 0 },
    { when: 'as soon as it has taken over', operation: 'takeOver', name: 'dies after', repeats: 0 },
    { when: 'after its push', operation: 'push', name: 'dies after', repeats: 2 },
    { when: 'before its commit', operation: 'commit', name: 'dies before', repeats: 2 },
    { when: 'after its commit', operation: 'commit', name: 'dies after', repeats: 1 },
  ])('$when leaves all to the message, which comes again after its lease', async ({ operation, name, repeats }) => {
    const { verdict, trace } = await playWell(await withFault('rung', operation, name));
    expect(verdict.labelledRepeats).toBe(repeats);
    // Before the next check.
    expect(trace.filter(({ run, operation }) => operation === 'takeOver' && isClean(run))).toEqual([]);
  });
});

test.each<{ what: string; scene: string; fanOut: Partial<FanOut> }>([
  { what: 'set aside though it still waits', scene: 'rung in vain', fanOut: {} },
  {
    what: 'set aside, and sent back by the owner',
    scene: 'rung in vain',
    fanOut: { isBroken: true, ending: 'redriven' },
  },
  { what: 'of workers that come to nothing', scene: 'many rung', fanOut: { isBroken: true } },
  { what: 'gone with its queue', scene: 'many rung', fanOut: { isBroken: true, ending: 'gone' } },
  {
    what: 'on its way when the checks ring no more',
    scene: 'many rung',
    fanOut: { isBroken: true, ending: 'draining' },
  },
  { what: 'for a worker with a clock a minute ahead', scene: 'many fires', fanOut: { skewMs: 60_000 } },
  { what: 'for a worker with a clock a minute behind', scene: 'many fires', fanOut: { skewMs: -60_000 } },
  { what: 'of an earlier fire, and one that makes no sense', scene: 'rung for nothing', fanOut: {} },
])('a message $what loses and doubles nothing', async ({ scene, fanOut }) => {
  await playWell(calm(scene, fanOut));
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { playAndJudge } from './campaign.js';
import { kindsOf, type Operation } from './fault.js';
import { createRandom } from './order.js';
import type { QueueMood } from './queue.js';
import { type FanOut, isClean, type Scenario } from './scenario.js';
import { type Stage, startStage } from './stage.js';
import type { Standing } from './standing.js';
import { described } from './tally.js';
import { allVariations } from './variants/all.js';

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

/** With which the first worker gets ten messages. */
const fullBatch = Array.from({ length: 100 }, (_, seed) => seed).find((seed) => createRandom(seed)() >= 0.9) ?? 0;

const under = (scene: string, standing: Standing | undefined, fanOut: Partial<FanOut> = {}): Scenario => ({
  ...calm(scene, { seed: fullBatch, ...fanOut }),
  ...(standing && { standing }),
});

type Trace = Awaited<ReturnType<typeof playWell>>['trace'];
/** The alerts of its calls of that kind. */
const alertsOf = (trace: Trace, run: string, operation: Operation): readonly string[] =>
  trace.flatMap((entry) => (entry.run.startsWith(run) && entry.operation === operation ? [entry.alertId] : []));

/** What hangs does so in one message alone: calls are made one at a time, so that two would take up the whole run. */
describe('in a batch of three users’ storms', () => {
  test.each<{ what: string; user: string; standing: Standing }>([
    {
      what: 'a refused key',
      user: 'clara',
      standing: { operation: 'push', fault: 'user refused', user: 'clara', channel: 'pushover' },
    },
    { what: 'a hanging channel', user: 'boris', standing: { operation: 'push', fault: 'hangs', alertId: 'boris1' } },
    {
      what: 'one of two channels that accepts and hangs',
      user: 'clara',
      standing: { operation: 'push', fault: 'accepted, hangs', channel: 'ntfy', alertId: 'clara1' },
    },
  ])('$what holds up nobody else', async ({ user, standing }) => {
    const { trace } = await playWell(under('storms of three users', standing));
    const batch = alertsOf(trace, 'W1', 'takeOver');
    expect(new Set(batch.map((id) => id.replace(/\d/, ''))).size).toBe(3);
    const others = batch.filter((id) => !id.startsWith(user));
    expect(alertsOf(trace, 'W1', 'commit').filter((id) => !id.startsWith(user))).toEqual(
      expect.arrayContaining(others),
    );
    // Gathered by user: one message each on a channel, where the batch has several of his.
    const accepted = trace.filter(({ run, operation, fault }) => run === 'W1' && operation === 'push' && !fault);
    const names = accepted.map(({ told = [] }) => new Set(told.map(({ alertId }) => alertId.replace(/\d/, ''))).size);
    expect(new Set(names)).toEqual(new Set([1]));
    expect(accepted.length).toBeLessThan(5);
  });
});

describe('a worker takes nothing over and leaves it to the next check', () => {
  test.each<{ what: string; scene?: string; standing?: Standing }>([
    { what: 'what the users’ tab said cannot be had', standing: { operation: 'readUsers', fault: 'fails' } },
    { what: 'what the users’ tab said is spoilt', scene: 'rung with a spoilt users’ tab' },
    { what: 'the secret cannot be had', standing: { operation: 'readSecret', fault: 'fails' } },
    { what: 'nobody answers for the secret', standing: { operation: 'readSecret', fault: 'hangs' } },
  ])('where $what', async ({ scene = 'rung with a users’ tab', standing }) => {
    const { trace } = await playWell(under(scene, standing));
    expect(alertsOf(trace, 'W', 'get').length).toBeGreaterThan(0);
    expect([...alertsOf(trace, 'W1', 'takeOver'), ...alertsOf(trace, 'W1', 'push')]).toEqual([]);
  });
});

test('what was received five times in vain is told by the next check, and by nobody when it is sent back long after', async () => {
  const scene = 'rung, and no check for long';
  const standing: Standing = { operation: 'readUsers', fault: 'fails' };
  const { trace } = await playWell(under(scene, standing, { ending: 'redriven late' }));
  const ids = Array.from({ length: 12 }, (_, index) => `s${index + 1}`);
  expect(new Set(alertsOf(trace, 'C1', 'commit'))).toEqual(new Set(ids));
  const ofRedriven = trace.filter(({ run }) => run.startsWith('X'));
  expect(new Set(ofRedriven.map(({ alertId }) => alertId))).toEqual(new Set(ids));
  expect(new Set(ofRedriven.map(({ operation }) => operation))).toEqual(new Set(['get']));
});

describe('of ten in a batch, only one waits', () => {
  test.each<{ what: string; scene?: string; standing?: Standing }>([
    { what: 'whose text is refused', standing: { operation: 'push', fault: 'refused', alertId: 'p4' } },
    { what: 'whose item is spoilt', scene: 'one of ten is spoilt' },
  ])('$what', async ({ scene = 'one of ten is poisoned', standing }) => {
    const { trace } = await playWell(under(scene, standing));
    const others = Array.from({ length: 10 }, (_, index) => `p${index + 1}`).filter((id) => id !== 'p4');
    expect(new Set(alertsOf(trace, 'W1', 'get'))).toEqual(new Set([...others, 'p4']));
    expect(new Set(alertsOf(trace, 'W1', 'commit'))).toEqual(new Set(others));
    // Neither comes any other message again.
    const later = trace.filter(({ run, operation }) => /^[WX]/.test(run) && run !== 'W1' && operation === 'get');
    expect(new Set(later.map(({ alertId }) => alertId))).toEqual(new Set(['p4']));
  });
});

test.each<{ name: string; scene: string; standing?: Standing; fanOut?: Partial<FanOut> }>([
  { name: 'worker mixes users', scene: 'storms of three users' },
  { name: 'worker goes by no wishes', scene: 'rung with a spoilt users’ tab' },
  {
    name: 'worker needs no secret',
    scene: 'rung with a users’ tab',
    standing: { operation: 'readSecret', fault: 'fails' },
  },
  {
    name: 'worker believes its message',
    scene: 'rung in vain',
    fanOut: { ending: 'redriven late' },
  },
  {
    name: 'worker forgets what failed',
    scene: 'one of ten is poisoned',
    standing: { operation: 'push', fault: 'refused', alertId: 'p4' },
  },
])('"$name" is found out in "$scene"', async ({ name, scene, standing, fanOut = {} }) => {
  const { verdict } = await playAndJudge(stage, under(scene, standing, fanOut), allVariations[name]);
  expect(verdict.lost + verdict.doubled).toBeGreaterThan(0);
});

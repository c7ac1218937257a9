import { describe, expect, test } from '@jest/globals';
import { pendingAlert } from '../support/builders.js';
import { kindsOf, type Operation } from './fault.js';
import type { Played } from './scenario.js';
import { begunAt, scenes } from './scenes.js';
import { judge } from './verdict.js';

type Entry = Played['trace'][number];
/** `arrivesAt`: the call that was under way when this one, which came late, was carried out. */
type Call = readonly [run: string, operation: Operation, fault?: string, arrivesAt?: number];

function traceOf(calls: readonly Call[], alertId: string): Entry[] {
  return calls.map(([run, operation, name, arrivesAt], index) => {
    const fault = kindsOf(operation).find((kind) => kind.name === name);
    if (fault === undefined && name !== undefined) throw new Error(`${operation} cannot suffer "${name}"`);
    const doneAt = fault === undefined || fault.effect === 'now' ? index : arrivesAt;
    // What a clean run sends after another push says that it may be a repeat.
    const isLabelled = operation === 'push' && run !== 'A';
    const told = operation === 'push' && { told: [{ alertId, isLabelled }] };
    return { run, operation, alertId, fault, ...told, ...(doneAt === undefined ? {} : { doneAt }) };
  });
}

const scene = { ...scenes.touched, stored: [], rows: [], remainingMs: 120_000 };
const nothing = { left: [], pushes: [], died: 1, errors: [], cleanErrors: [], isSecretShown: false };

/** One alert that fired; each push of it was accepted. */
function played(calls: readonly Call[]): Played {
  const trace = traceOf(calls, 'now');
  const pushes = trace
    .filter(({ operation }) => operation === 'push')
    .map(({ told }) => ({
      receivedAt: begunAt,
      user: 'user',
      title: 'now: BTCUSDT above 95000',
      message: told?.[0]?.isLabelled ? 'Possible repeat' : '',
      fields: {},
    }));
  const left = [{ ...pendingAlert({ id: 'now', triggeredCount: 1 }), status: 'triggered' as const }];
  return { ...nothing, scene: { ...scene, firing: { now: { count: 1 } } }, trace, pushes, left };
}

const pushed: readonly Call[] = [
  ['A', 'claim'],
  ['A', 'push'],
];
const again: readonly Call[] = [
  ['C1', 'takeOver'],
  ['C1', 'push'],
  ['C1', 'commit'],
];

describe('a second push is pardoned', () => {
  test.each<{ name: string; calls: readonly Call[] }>([
    { name: 'where the run died before its commit', calls: [['A', 'commit', 'dies before']] },
    {
      name: 'where the commit was throttled and the run died in its repeat',
      calls: [
        ['A', 'commit', 'throttled once'],
        ['A', 'commit', 'dies before'],
      ],
    },
    {
      name: 'where the commit was throttled and its repeat failed for good',
      calls: [
        ['A', 'commit', 'throttled once'],
        ['A', 'commit', 'fails'],
      ],
    },
    {
      name: 'where the commit came late, and the run died in its repeat',
      calls: [
        ['A', 'commit', 'late once', 4],
        ['A', 'commit', 'dies before'],
      ],
    },
    { name: 'where the commit came after the other run had taken over', calls: [['A', 'commit', 'late', 3]] },
  ])('$name', ({ calls }) => {
    expect(judge(played([...pushed, ...calls, ...again]))).toEqual({
      lost: 0,
      doubled: 0,
      labelledRepeats: 1,
      problems: [],
    });
  });

  test('where nobody knows whether the first one arrived', () => {
    const calls: Call[] = [
      ['A', 'claim'],
      ['A', 'push', 'answer lost'],
      ['A', 'defer'],
    ];
    expect(judge(played([...calls, ...again]))).toMatchObject({ doubled: 0, problems: [] });
  });
});

describe('a second push is not pardoned', () => {
  test.each<{ name: string; calls: readonly Call[] }>([
    { name: 'after a commit', calls: [['A', 'commit']] },
    {
      name: 'where the commit was throttled, and its repeat got through',
      calls: [
        ['A', 'commit', 'throttled once'],
        ['A', 'commit'],
      ],
    },
    { name: 'where the commit was carried out and its answer lost', calls: [['A', 'commit', 'answer lost']] },
    {
      name: 'where the answer was lost, and the run died in the repeat',
      calls: [
        ['A', 'commit', 'answer lost once'],
        ['A', 'commit', 'dies before'],
      ],
    },
    { name: 'where the run died after its commit', calls: [['A', 'commit', 'dies after']] },
    { name: 'where the commit came late, but before the other run took over', calls: [['A', 'commit', 'late', 2]] },
  ])('$name', ({ calls }) => {
    expect(judge(played([...pushed, ...calls, ...again]))).toMatchObject({
      doubled: 1,
      problems: ['now: 2 pushes, 1 of them without a reason'],
    });
  });

  test('where the other run did not wait for the commit', () => {
    const [takeOver, push, commit] = again;
    const calls = [...pushed, takeOver, push, ['A', 'commit'] as const, commit].filter((call) => call !== undefined);
    expect(judge(played(calls))).toMatchObject({ doubled: 1 });
  });

  test('because a third one has a reason', () => {
    const calls: Call[] = [...pushed, ['A', 'commit'], ['B', 'takeOver'], ['B', 'push', 'answer lost'], ...again];
    expect(judge(played(calls))).toMatchObject({ doubled: 2 });
  });
});

describe('a watch that begins anew in a clean run', () => {
  const watched = (calls: readonly Call[]) =>
    judge({
      ...nothing,
      scene: { ...scene, firing: {}, watched: 'watched' },
      trace: traceOf(calls, 'watched'),
      left: [pendingAlert({ id: 'watched', armedAt: begunAt + 300_000 })],
    }).problems;
  const interrupted = ['watched: expired and armed afresh, though its row never went away'];

  test.each<{ name: string; calls: readonly Call[]; expected: readonly string[] }>([
    { name: 'was interrupted where the alert was stored', calls: [['A', 'create']], expected: interrupted },
    {
      name: 'was interrupted where the alert was stored, and the run died in the repeat',
      calls: [
        ['A', 'create', 'answer lost once'],
        ['A', 'create', 'dies before'],
      ],
      expected: interrupted,
    },
    {
      name: 'only begins where storing was throttled, and the run died in the repeat',
      calls: [
        ['A', 'create', 'throttled once'],
        ['A', 'create', 'dies before'],
      ],
      expected: [],
    },
    { name: 'only begins where a clean run stored the alert', calls: [['C1', 'create']], expected: [] },
  ])('$name', ({ calls, expected }) => expect(watched(calls)).toEqual(expected));
});

describe('a message of several alerts', () => {
  const message = 'now: HIGHUSDT above 95000, 95180.00 at 12:10\nlater: HIGHUSDT above 95000, 95180.00 at 12:10';
  const ids = ['now', 'later'];
  const digest = (run: string, labels: readonly boolean[]): Entry => ({
    ...(traceOf([[run, 'push']], ids.join(' '))[0] as Entry),
    told: ids.map((alertId, index) => ({ alertId, isLabelled: labels[index] === true })),
  });
  /** The second message names both alerts, and says of some that they may be repeats. */
  function judged(labels: readonly boolean[], isCommitted: boolean) {
    const trace = [
      ...ids.flatMap((id) => traceOf([['A', 'claim']], id)),
      digest('A', []),
      ...(isCommitted ? [{ ...(traceOf([['A', 'commit']], 'later')[0] as Entry), doneAt: 3 }] : []),
      ...ids.flatMap((id) => traceOf([['C1', 'takeOver']], id)),
      digest('C1', labels),
    ];
    const lines = message.split('\n').map((line, index) => (labels[index] ? `${line} (possible repeat)` : line));
    const pushes = [message, lines.join('\n')].map((text) => ({
      receivedAt: begunAt,
      user: 'user',
      title: '2 more alerts fired (times in UTC)',
      message: text,
      fields: {},
    }));
    const left = ids.map((id) => ({ ...pendingAlert({ id, triggeredCount: 1 }), status: 'triggered' as const }));
    const firing = Object.fromEntries(ids.map((id) => [id, { count: 1 }]));
    return judge({ ...nothing, scene: { ...scene, firing }, trace, pushes, left });
  }

  test('may be sent again where the run died, and says so at each of them', () =>
    expect(judged([true, true], false)).toEqual({ lost: 0, doubled: 0, labelledRepeats: 2, problems: [] }));

  test('is found out where it does not say so at one of them', () =>
    expect(judged([true, false], false)).toMatchObject({
      doubled: 1,
      problems: [
        'later: 2 pushes, a repeat does not say so',
        'later: sent again after an unknown outcome without saying so',
      ],
    }));

  test('is found out where one of them was committed', () =>
    expect(judged([true, true], true)).toMatchObject({
      doubled: 1,
      problems: ['later: 2 pushes, 1 of them without a reason'],
    }));

  test('that leaves one out has lost it', () => {
    const [line = ''] = message.split('\n');
    const push = { receivedAt: begunAt, user: 'user', title: '2 more alerts fired', message: line, fields: {} };
    const left = ids.map((id) => ({ ...pendingAlert({ id, triggeredCount: 1 }), status: 'triggered' as const }));
    const firing = Object.fromEntries(ids.map((id) => [id, { count: 1 }]));
    expect(
      judge({ ...nothing, scene: { ...scene, firing }, trace: [digest('A', [])], pushes: [push], left }),
    ).toMatchObject({ lost: 1, problems: ['later: no push was accepted'] });
  });
});

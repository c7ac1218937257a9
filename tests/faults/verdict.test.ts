import { describe, expect, test } from '@jest/globals';
import { pendingAlert, trigger } from '../support/builders.js';
import { listIn, rowsIn } from '../support/text-table.js';
import { kindsOf, type Operation } from './fault.js';
import type { Played } from './scenario.js';
import { begunAt } from './scene.js';
import { scenes } from './scenes.js';
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
    const told = operation === 'push' && { told: [{ alertId, fireId: 'fire', isLabelled }] };
    const entry = { run, operation, alertId, fireId: 'fire', fault, clock: begunAt, ...told };
    return doneAt === undefined ? entry : { ...entry, doneAt };
  });
}

const scene = { ...scenes.touched, stored: [], rows: [], remainingMs: 120_000 };
const nothing = {
  ...{ left: [], history: [], pushes: [], pushedFires: new Map(), cleanRuns: [] },
  ...{ died: 1, errors: [], cleanErrors: [], fanOut: undefined, skewMs: 0, isSecretShown: false },
};

/** A fire as the history has it. */
function remembered(id: string): Played['history'][number] {
  const { name, user, symbol, condition } = pendingAlert();
  return {
    ...{ kind: 'fired', at: begunAt, fireId: 'fire', trigger: trigger() },
    alert: { id, name, user, symbol, condition: condition.kind, target: condition.target.text },
    channels: [{ channel: 'pushover', outcome: 'accepted', at: begunAt }],
  };
}

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
  const pushedFires = new Map(pushes.map((push) => [push, new Map([['now', 'fire']])]));
  return {
    ...nothing,
    scene: { ...scene, firing: { now: { count: 1 } } },
    trace,
    pushes,
    pushedFires,
    left,
    history: [remembered('now')],
  };
}

/** Of run A, one after another: `done`, or what went wrong, `late at 3` with the call that it came late to. */
const attemptsOf = (operation: Operation, text: string): Call[] =>
  listIn(text).map((each): Call => {
    const [fault = '', arrivesAt] = each.split(' at ');
    if (fault === 'done') return ['A', operation];
    return arrivesAt === undefined ? ['A', operation, fault] : ['A', operation, fault, Number(arrivesAt)];
  });

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
  test.each(
    rowsIn(`
      where the run died before its commit | dies before
      where the commit was throttled and the run died in its repeat | throttled once, dies before
      where the commit was throttled and its repeat failed for good | throttled once, fails
      where the commit came late, and the run died in its repeat | late once at 4, dies before
      where the commit came after the other run had taken over | late at 3
    `),
  )('%s', (_, commits) => {
    expect(judge(played([...pushed, ...attemptsOf('commit', commits), ...again]))).toEqual({
      fires: 1,
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
  test.each(
    rowsIn(`
      after a commit | done
      where the commit was throttled, and its repeat got through | throttled once, done
      where the commit was carried out and its answer lost | answer lost
      where the answer was lost, and the run died in the repeat | answer lost once, dies before
      where the run died after its commit | dies after
      where the commit came late, but before the other run took over | late at 2
    `),
  )('%s', (_, commits) => {
    expect(judge(played([...pushed, ...attemptsOf('commit', commits), ...again]))).toMatchObject({
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

  test.each<[name: string, calls: readonly Call[], expected: readonly string[]]>([
    ['was interrupted where the alert was stored', attemptsOf('create', 'done'), interrupted],
    [
      'was interrupted where the alert was stored, and the run died in the repeat',
      attemptsOf('create', 'answer lost once, dies before'),
      interrupted,
    ],
    [
      'only begins where storing was throttled, and the run died in the repeat',
      attemptsOf('create', 'throttled once, dies before'),
      [],
    ],
    ['only begins where a clean run stored the alert', [['C1', 'create']], []],
  ])('%s', (_, calls, expected) => expect(watched(calls)).toEqual(expected));
});

describe('a message of several alerts', () => {
  const message = 'now: HIGHUSDT above 95000, 95180.00 at 12:10\nlater: HIGHUSDT above 95000, 95180.00 at 12:10';
  const ids = ['now', 'later'];
  const digest = (run: string, labels: readonly boolean[]): Entry => ({
    ...(traceOf([[run, 'push']], ids.join(' '))[0] as Entry),
    told: ids.map((alertId, index) => ({ alertId, fireId: 'fire', isLabelled: labels[index] === true })),
  });
  const of = (run: string, operation: Operation, alertIds: readonly string[]) =>
    alertIds.flatMap((id) => traceOf([[run, operation]], id));
  const inOrder = (entries: readonly Entry[]) => entries.map((entry, index) => ({ ...entry, doneAt: index }));
  const pushedOf = (pushes: Played['pushes']) => {
    const fires = new Map(ids.map((id) => [id, 'fire']));
    return { pushes, pushedFires: new Map(pushes.map((push) => [push, fires])) };
  };
  /** The second message names both alerts, and says of some that they may be repeats. */
  function judged(labels: readonly boolean[], isCommitted: boolean) {
    const trace = inOrder([
      ...of('A', 'claim', ids),
      digest('A', []),
      ...of('A', 'commit', isCommitted ? ['later'] : []),
      ...of('C1', 'takeOver', ids),
      digest('C1', labels),
      ...of('C1', 'commit', isCommitted ? ['now'] : ids),
    ]);
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
    const history = ids.map(remembered);
    return judge({ ...nothing, ...pushedOf(pushes), scene: { ...scene, firing }, trace, left, history });
  }

  test('may be sent again where the run died, and says so at each of them', () =>
    expect(judged([true, true], false)).toEqual({ fires: 2, lost: 0, doubled: 0, labelledRepeats: 2, problems: [] }));

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
      judge({
        ...nothing,
        ...pushedOf([push]),
        scene: { ...scene, firing },
        trace: inOrder([...of('A', 'claim', ids), digest('A', []), ...of('A', 'commit', ids)]),
        left,
        history: ids.map(remembered),
      }),
    ).toMatchObject({ lost: 1, problems: ['later: no push was accepted'] });
  });
});

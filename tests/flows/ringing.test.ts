import { describe, expect, test } from '@jest/globals';
import type { Priority } from '../../src/domain/fields/priority.js';
import type { Doorbell } from '../../src/flows/ports/doorbell.js';
import { type ClaimedForOthers, createRinging, handful } from '../../src/flows/ringing.js';
import { notifyingAlert } from '../support/builders.js';

const problem = { message: 'the queue is down', remedy: 'wait' };

/** More than a handful fire, and are claimed one after another as the test says. */
function stage(isDown: (call: number) => boolean = () => false) {
  const calls: string[][] = [];
  const doorbell: Doorbell = {
    async ring(rings) {
      calls.push(rings.map(({ alertId }) => alertId));
      if (isDown(calls.length)) return { refused: rings, problems: [problem], isDown: true };
      const isWrong = ({ alertId }: { alertId: string }) => alertId === 'wrong';
      return rings.some(isWrong)
        ? { refused: rings.filter(isWrong), problems: [problem] }
        : { refused: [], problems: [] };
    },
  };
  const ringing = createRinging(doorbell, { isDryRun: false });
  for (let fire = 0; fire < handful; fire += 1) ringing.takesNextFire();
  const fire = (id: string, user = 'anna', priority: Priority = 'normal') => {
    let claimed: () => void = () => undefined;
    let refused: () => void = () => undefined;
    const claiming = new Promise<ClaimedForOthers>((resolve, reject) => {
      claimed = () => resolve(notifyingAlert({ id, user, priority }));
      refused = () => reject(new Error('not claimed'));
    });
    const result = ringing.ringFor(claiming);
    result.catch(() => undefined);
    return { result, claimed, refused };
  };
  return { calls, ringing, fire, turns: () => new Promise(setImmediate) };
}

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('what is left to others', () => {
  test('is rung for as soon as ten of a user are claimed, and the rest when nothing is claimed any more', async () => {
    const { calls, ringing, fire, turns } = stage();
    const ofAnna = ids('a', 12).map((id) => fire(id));
    const ofBob = ids('b', 2).map((id) => fire(id, 'bob'));
    const failing = fire('x');
    for (const { claimed } of [...ofAnna, ...ofBob]) claimed();
    await turns();
    expect(calls).toEqual([ids('a', 10)]);
    ringing.close();
    await turns();
    expect(calls).toHaveLength(1);
    failing.refused();
    await expect(failing.result).rejects.toThrow('not claimed');
    const results = await Promise.all([...ofAnna, ...ofBob].map(({ result }) => result));
    expect(calls.slice(1)).toEqual([['a10', 'a11', 'b0', 'b1']]);
    expect(results.map(({ fired }) => fired?.outcome)).toEqual(Array(14).fill('rung'));
  });

  test('is rung for at once and alone where it is urgent', async () => {
    const { calls, ringing, fire, turns } = stage();
    const fires = [fire('a0'), fire('a1', 'anna', 'urgent'), fire('a2')];
    for (const { claimed } of fires) claimed();
    await turns();
    expect(calls).toEqual([['a1']]);
    ringing.close();
    const results = await Promise.all(fires.map(({ result }) => result));
    expect(calls).toEqual([['a1'], ['a0', 'a2']]);
    expect(results.map(({ fired }) => fired?.outcome)).toEqual(Array(3).fill('rung'));
  });

  test('is not rung for again and again where the queue is down, which is told once', async () => {
    const { calls, ringing, fire, turns } = stage(() => true);
    const fires = ids('a', 25).map((id) => fire(id));
    for (const { claimed } of fires) {
      claimed();
      await turns();
    }
    ringing.close();
    const results = await Promise.all(fires.map(({ result }) => result));
    expect(calls).toEqual([ids('a', 10)]);
    expect(results.map(({ fired }) => fired?.outcome)).toEqual(Array(25).fill('deferred'));
    expect(results.flatMap(({ problem: told }) => told ?? [])).toEqual([
      '25 alerts were not rung for, and the next check delivers: the queue is down; wait',
    ]);
  });

  test('of very many users is rung for a few at a time, and no more once the queue is found down', async () => {
    const down: (() => void)[] = [];
    const ring: Doorbell['ring'] = (rings) =>
      new Promise((resolve) => {
        down.push(() => resolve({ refused: rings, problems: [problem], isDown: true }));
      });
    const ringing = createRinging({ ring }, { isDryRun: false });
    const users = ids('u', 40);
    const results = users.flatMap((user) =>
      ids(user, 10).map((id) => ringing.ringFor(Promise.resolve(notifyingAlert({ id, user })))),
    );
    await new Promise(setImmediate);
    expect(down).toHaveLength(10);
    ringing.close();
    for (const answer of down) answer();
    const outcomes = (await Promise.all(results)).map(({ fired }) => fired?.outcome);
    expect(down).toHaveLength(10);
    expect(outcomes).toEqual(Array(400).fill('deferred'));
  });

  test('is rung for though the queue refuses one of them', async () => {
    const { calls, ringing, fire, turns } = stage();
    const fires = [fire('wrong', 'bob', 'urgent'), fire('a0', 'anna', 'urgent'), fire('b0', 'bob')];
    for (const { claimed } of fires) {
      claimed();
      await turns();
    }
    ringing.close();
    const results = await Promise.all(fires.map(({ result }) => result));
    expect(calls).toEqual([['wrong'], ['a0'], ['b0']]);
    expect(results.map(({ fired }) => fired?.outcome)).toEqual(['deferred', 'rung', 'rung']);
  });

  test('of which a part was rung for before the queue went down is told apart', async () => {
    const { ringing, fire, turns } = stage((call) => call > 1);
    const fires = ids('a', 11).map((id) => fire(id));
    for (const { claimed } of fires) claimed();
    await turns();
    ringing.close();
    const results = await Promise.all(fires.map(({ result }) => result));
    expect(results.map(({ fired }) => fired?.outcome)).toEqual([...Array(10).fill('rung'), 'deferred']);
    expect(results.flatMap(({ problem: told }) => told ?? [])).toEqual([
      '1 alert was not rung for, and the next check delivers: the queue is down; wait',
    ]);
  });
});

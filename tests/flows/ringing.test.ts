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
  test('is rung for at once where it is of the first few of a user, then fifty by fifty, and the rest at the end', async () => {
    const { calls, ringing, fire, turns } = stage();
    const ofAnna = ids('a', 57).map((id) => fire(id));
    const ofBob = ids('b', 2).map((id) => fire(id, 'bob'));
    const failing = fire('x');
    for (const { claimed } of [...ofAnna, ...ofBob]) {
      claimed();
      await turns();
    }
    expect(calls).toEqual([['a0'], ['a1'], ['a2'], ['a3'], ['a4'], ids('a', 55).slice(5), ['b0'], ['b1']]);
    ringing.close();
    await turns();
    expect(calls).toHaveLength(8);
    failing.refused();
    await expect(failing.result).rejects.toThrow('not claimed');
    const results = await Promise.all([...ofAnna, ...ofBob].map(({ result }) => result));
    expect(calls.slice(8)).toEqual([['a55', 'a56']]);
    expect(results.map(({ fired }) => fired?.outcome)).toEqual(Array(59).fill('rung'));
  });

  test('is named beside the others of its user, fifty at the most, so that they can be told together', async () => {
    const beside = new Map<string, readonly string[]>();
    const ring: Doorbell['ring'] = async (rings) => {
      for (const each of rings) beside.set(each.alertId, each.beside ?? []);
      return { refused: [], problems: [] };
    };
    const of = (user: string, count: number) => ids(user, count).map((id) => notifyingAlert({ id, user }));
    await createRinging({ ring }, { isDryRun: false }).ring([...of('a', 52), ...of('b', 2), ...of('c', 1)]);
    expect(beside.get('a0')).toEqual(ids('a', 50).slice(1));
    expect(['a50', 'a51', 'b0', 'b1', 'c0'].map((id) => beside.get(id))).toEqual([
      ['a51'],
      ['a50'],
      ['b1'],
      ['b0'],
      [],
    ]);
  });

  test('is rung for at once where it is urgent, however many there were', async () => {
    const { calls, ringing, fire, turns } = stage();
    const fires = [...ids('a', 6).map((id) => fire(id)), fire('a6', 'anna', 'urgent'), fire('a7')];
    for (const { claimed } of fires) {
      claimed();
      await turns();
    }
    expect(calls.slice(5)).toEqual([['a6']]);
    ringing.close();
    const results = await Promise.all(fires.map(({ result }) => result));
    expect(calls.slice(6)).toEqual([['a5', 'a7']]);
    expect(results.map(({ fired }) => fired?.outcome)).toEqual(Array(8).fill('rung'));
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
    expect(calls).toEqual([['a0']]);
    expect(results.map(({ fired }) => fired?.outcome)).toEqual(Array(25).fill('deferred'));
    expect(results.flatMap(({ problem: told }) => told ?? [])).toEqual([
      '25 alerts were not rung for, and the next check delivers: the queue is down; wait',
    ]);
  });

  test('of very many users is rung for ten by ten, and ten requests at a time', async () => {
    const answers: ((isDown: boolean) => void)[] = [];
    const calls: number[] = [];
    const ring: Doorbell['ring'] = (rings) => {
      calls.push(rings.length);
      return new Promise((resolve) => {
        answers.push((isDown) => resolve({ refused: isDown ? rings : [], problems: isDown ? [problem] : [], isDown }));
      });
    };
    const ringing = createRinging({ ring }, { isDryRun: false });
    const results = ids('u', 150).map((user) =>
      ringing.ringFor(Promise.resolve(notifyingAlert({ id: `of ${user}`, user }))),
    );
    await new Promise(setImmediate);
    expect(calls).toEqual(Array(10).fill(10));
    for (const answer of answers.splice(0)) answer(false);
    await new Promise(setImmediate);
    expect(calls.slice(10)).toEqual(Array(5).fill(10));
    ringing.close();
    // And no more once the queue is found down.
    for (const answer of answers.splice(0)) answer(true);
    const outcomes = (await Promise.all(results)).map(({ fired }) => fired?.outcome);
    expect(outcomes).toEqual([...Array(100).fill('rung'), ...Array(50).fill('deferred')]);
    expect(calls).toHaveLength(15);
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
    const { ringing, fire, turns } = stage((call) => call > 6);
    const fires = ids('a', 56).map((id) => fire(id));
    for (const { claimed } of fires) {
      claimed();
      await turns();
    }
    ringing.close();
    const results = await Promise.all(fires.map(({ result }) => result));
    expect(results.map(({ fired }) => fired?.outcome)).toEqual([...Array(55).fill('rung'), 'deferred']);
    expect(results.flatMap(({ problem: told }) => told ?? [])).toEqual([
      '1 alert was not rung for, and the next check delivers: the queue is down; wait',
    ]);
  });
});

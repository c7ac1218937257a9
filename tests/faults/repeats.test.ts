import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { playAndJudge } from './campaign.js';
import { repeatingScenes } from './repeating-scenes.js';
import { type Stage, startStage } from './stage.js';
import { variations } from './variants/all.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

const inOrder = (scene: string) => ({
  scene,
  order: { kind: 'first', run: 'A' } as const,
  faults: [],
  skewMs: 0,
});

/** Three times two runs, one after the other, then three more. Each run is a check of its own. */
const timesFired: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // The dead run's fire first; what waits a minute does not fire in the run right after.
  reminding: { always: 9, hourly: 4, dead: 7 },
  returning: { back: 4, 'hour-and-back': 2, 'far-back': 1, 'never-back': 1 },
  'repeating with memory': { crossing: 4, trail: 4 },
  'repeating on two channels': { minutely: 6, back: 4 },
};

test.each(Object.keys(repeatingScenes))('without a fault, "%s" fires as often as its words say', async (scene) => {
  const { verdict } = await playAndJudge(stage, inOrder(scene));
  const { alerts } = await stage.store.list();
  const fired = Object.fromEntries(alerts.map(({ id, triggeredCount }) => [id, triggeredCount]));
  expect(fired).toEqual(timesFired[scene]);
  const fires = Object.values(fired).reduce((sum, each) => sum + each, 0);
  expect(verdict).toEqual({ fires, lost: 0, doubled: 0, labelledRepeats: 0, problems: [] });
});

test.each<{ name: string; scene: string; problem: string }>([
  { name: 'arm at once', scene: 'reminding', problem: 'fired again without a touch since it was armed again' },
  { name: 'ignore back', scene: 'returning', problem: 'fired again without a touch since it was armed again' },
  { name: 'keep no claim', scene: 'reminding', problem: 'pushes of fires that nobody claimed' },
])('"$name" needs no fault to be found out', async ({ name, scene, problem }) => {
  const { verdict } = await playAndJudge(stage, inOrder(scene), variations[name]);
  expect(verdict.problems).toContainEqual(expect.stringContaining(problem));
  expect(verdict.lost + verdict.doubled).toBeGreaterThan(0);
});

test('arming again in a second write is well until a run dies between the two', async () => {
  const calm = await playAndJudge(stage, inOrder('reminding'), variations['arm in a second write']);
  expect(calm.verdict).toMatchObject({ lost: 0, doubled: 0 });
  const index = calm.trace.filter(({ run }) => run === 'A').findIndex(({ operation }) => operation === 'change');
  const death = { run: 'A', call: index + 1, kind: 3 };
  const told = await playAndJudge(
    stage,
    { ...inOrder('reminding'), faults: [death] },
    variations['arm in a second write'],
  );
  expect(told.met).toEqual(['change: dies before']);
  expect(told.verdict.lost).toBeGreaterThan(0);
  expect(told.verdict.problems).toContainEqual(
    expect.stringContaining('left it silent, though it was armed and touched'),
  );
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tell } from '../../src/cli/print.js';
import { seedsOf } from '../support/seeds.js';
import { anyScenario, playAndJudge, randomFanOut, randomHampered, randomScenario } from './campaign.js';
import { failedOnce } from './failed-once.js';
import { type Stage, startStage } from './stage.js';
import { count, described, emptyTally } from './tally.js';
import { hamperedVariations, variations, workerVariations } from './variants/all.js';

/** A part of the campaign, from one seed on; `npm run test:faults` plays all of it. */
const seeds = seedsOf('FAULTS_SEED');
const isExploring = process.env.FAULTS_SEED !== undefined;
const scenarios = Number(process.env.FAULTS_SCENARIOS ?? (isExploring ? 60 : 40));
const mostToFindOut = 200;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

test.each(seeds)(
  `from seed %i on, over ${scenarios} scenarios nothing is lost, and nothing is doubled without saying so`,
  async (seed) => {
    const tally = emptyTally();
    const bad: string[] = [];
    for (let index = 0; index < scenarios; index += 1) {
      const told = await playAndJudge(stage, anyScenario(seed + index));
      count(tally, told);
      if (told.verdict.problems.length > 0) bad.push(described(told));
    }
    tell(
      `faults: seed ${seed} (FAULTS_SEED), ${tally.scenarios} scenarios (FAULTS_SCENARIOS), ${tally.faults} faults, ` +
        `${tally.fires} fires, ${tally.lost} lost, ${tally.doubled} doubled, ${tally.labelledRepeats} repeats that say so`,
    );
    expect(bad).toEqual([]);
    expect(tally).toMatchObject({ scenarios, lost: 0, doubled: 0 });
  },
);

test.each(Object.entries(failedOnce))('what seed %s drew when it failed is well', async (_, scenario) => {
  const told = await playAndJudge(stage, scenario);
  expect(told.verdict).toMatchObject({ lost: 0, doubled: 0, problems: [] });
});

/** It takes dozens of scenarios to draw the fault that shows these: `repeats.test.ts` plays that fault itself, and `fan-out.test.ts` what shows a worker that is hampered. */
const playedByHand = ['arm in a second write', 'ignore back'];
/** Which scenario from the fixed seed on shows it, so that it is played first; the others follow where it no longer does. */
const lastFoundBy: Readonly<Record<string, number>> = {
  'arm at once': 13,
  'worker takes nothing over': 5,
  'ring instead of claim': 3,
};
const wrongOnes = [
  ...Object.entries(variations)
    .filter(([name]) => isExploring || !playedByHand.includes(name))
    .map(([name, vary]) => ({ name, vary, draw: (seed: number) => randomScenario(seed, { atLeast: 0 }) })),
  ...Object.entries(workerVariations).map(([name, vary]) => ({ name, vary, draw: randomFanOut })),
  ...Object.entries(isExploring ? hamperedVariations : {}).map(([name, vary]) => ({
    name,
    vary,
    draw: randomHampered,
  })),
];

describe('a wrong delivery is found out', () => {
  test.each(seeds.flatMap((seed) => wrongOnes.map((each) => ({ ...each, seed }))))(
    '$name, from seed $seed on',
    async ({ name, vary, draw, seed }) => {
      const first = isExploring ? 0 : (lastFoundBy[name] ?? 0);
      for (let index = 0; index < mostToFindOut; index += 1) {
        const { verdict } = await playAndJudge(stage, draw(seed + ((first + index) % mostToFindOut)), vary);
        if (verdict.lost + verdict.doubled > 0) return;
      }
      throw new Error(`after ${mostToFindOut} scenarios from seed ${seed} on, "${name}" has lost and doubled nothing`);
    },
  );
});

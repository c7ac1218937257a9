import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tell } from '../../src/local/print.js';
import { playAndJudge, randomScenario } from './campaign.js';
import { type Stage, startStage } from './stage.js';
import { count, described, emptyTally } from './tally.js';
import { variations } from './variants/all.js';

/** Another part of the campaign each time; `npm run test:faults` plays all of it. */
const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);
const scenarios = Number(process.env.FAULTS_SCENARIOS ?? 250);
const mostToFindOut = 100;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

test(`over ${scenarios} scenarios nothing is lost, and nothing is doubled without saying so`, async () => {
  const tally = emptyTally();
  const bad: string[] = [];
  for (let index = 0; index < scenarios; index += 1) {
    const told = await playAndJudge(stage, randomScenario(seed + index, 0));
    count(tally, told);
    if (told.verdict.problems.length > 0) bad.push(described(told));
  }
  tell(
    `faults: seed ${seed} (FAULTS_SEED), ${tally.scenarios} scenarios (FAULTS_SCENARIOS), ${tally.faults} faults, ` +
      `${tally.lost} lost, ${tally.doubled} doubled, ${tally.labelledRepeats} repeats that say so`,
  );
  expect(bad).toEqual([]);
  expect(tally).toMatchObject({ scenarios, lost: 0, doubled: 0 });
});

describe('a wrong delivery is found out', () => {
  test.each(Object.keys(variations))('%s', async (name) => {
    for (let index = 0; index < mostToFindOut; index += 1) {
      const { verdict } = await playAndJudge(stage, randomScenario(seed + index, 0), variations[name]);
      if (verdict.lost + verdict.doubled > 0) return;
    }
    throw new Error(`after ${mostToFindOut} scenarios from seed ${seed} on, "${name}" has lost and doubled nothing`);
  });
});

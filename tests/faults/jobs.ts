import {
  edits,
  playAndJudge,
  randomFanOut,
  randomHampered,
  randomScenario,
  type Setting,
  settingsOf,
  singleFaults,
  type Told,
} from './campaign.js';
import { fanOutScenes } from './fan-out-scenes.js';
import type { Variation } from './scenario.js';
import type { Stage } from './stage.js';
import { count, described, emptyTally, type Tally } from './tally.js';
import { allVariations, hamperedVariations, workerVariations } from './variants/all.js';

/** Checks alone; workers beside them; and where something stands in the way of these. */
const draws = { checks: randomScenario, 'fan-out': randomFanOut, hampered: randomHampered } as const;

type Draw = keyof typeof draws;

/** A part of the campaign that one process does in one go. */
export type Job =
  | { readonly group: string; readonly setting: Setting; readonly isEdited: boolean; readonly variation?: string }
  | {
      readonly group: string;
      readonly seed: number;
      readonly times: number;
      readonly draw: Draw;
      readonly variation?: string;
    };

export interface Done {
  readonly group: string;
  readonly tally: Tally;
  readonly bad: readonly string[];
}

const randomTimes = 50;

function randomJobs(
  group: string,
  { seed, times, draw = 'checks', variation }: { seed: number; times: number; draw?: Draw; variation?: string },
): Job[] {
  return Array.from({ length: Math.ceil(times / randomTimes) }, (_, index) => ({
    group,
    seed: seed * 1_000_000 + index * randomTimes,
    times: Math.min(randomTimes, times - index * randomTimes),
    draw,
    ...(variation === undefined ? {} : { variation }),
  }));
}

const groupOf = (what: string, { scene }: Setting): string =>
  `${scene in fanOutScenes ? 'fan-out, ' : ''}${what}: ${scene}`;

const drawFor = (variation: string): Draw =>
  variation in hamperedVariations ? 'hampered' : variation in workerVariations ? 'fan-out' : 'checks';

/** Every single fault of every scene in every order, faults in twos and threes, and the wrong deliveries. */
export async function planJobs(stage: Stage, seed: number, times: number): Promise<Job[]> {
  const settings = await settingsOf(stage, seed, false);
  const editedSettings = await settingsOf(stage, seed, true);
  return [
    ...settings.map((setting): Job => ({ group: groupOf('one fault', setting), setting, isEdited: false })),
    ...editedSettings.map((setting): Job => ({ group: groupOf('an edit', setting), setting, isEdited: true })),
    ...randomJobs('two or three faults', { seed, times }),
    ...randomJobs('fan-out, two or three faults', { seed, times, draw: 'fan-out' }),
    ...randomJobs('fan-out, hampered', { seed, times, draw: 'hampered' }),
    ...Object.keys(allVariations).flatMap((variation) =>
      randomJobs(variation, { ...{ seed, variation, times: Math.ceil(times / 10) }, draw: drawFor(variation) }),
    ),
  ];
}

async function* toldBy(job: Job, stage: Stage, vary: Variation | undefined): AsyncGenerator<Told> {
  if ('setting' in job) {
    yield* (job.isEdited ? edits : singleFaults)(job.setting, stage, vary);
    return;
  }
  for (let index = 0; index < job.times; index += 1) {
    yield await playAndJudge(stage, draws[job.draw](job.seed + index), vary);
  }
}

export async function doJob(job: Job, stage: Stage): Promise<Done> {
  const tally = emptyTally();
  const bad: string[] = [];
  for await (const told of toldBy(job, stage, job.variation === undefined ? undefined : allVariations[job.variation])) {
    count(tally, told);
    if (told.verdict.problems.length > 0) bad.push(described(told));
  }
  return { group: job.group, tally, bad };
}

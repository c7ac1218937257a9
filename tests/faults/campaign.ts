import { fanOutScenes } from './fan-out-scenes.js';
import { kindsOf } from './fault.js';
import { hamperedScenes } from './hampered-scenes.js';
import { createRandom, type Order } from './order.js';
import { type FanOut, faultyRuns, isClean, type Played, play, type Scenario, type Variation } from './scenario.js';
import type { Scene } from './scene.js';
import { scenes } from './scenes.js';
import type { Stage } from './stage.js';
import { judge, type Verdict } from './verdict.js';

export interface Told {
  readonly scenario: Scenario;
  readonly verdict: Verdict;
  /** `operation: fault` of each fault that was met. */
  readonly met: readonly string[];
  readonly trace: Played['trace'];
}

/** Of a scene with many calls: three of them, or one where it is played at random as often as all others together. */
function fewOrders(scene: string, random: () => number): Order[] {
  if (scene in hamperedScenes) return [{ kind: 'first', run: 'W' }];
  return [{ kind: 'first', run: 'A' }, { kind: 'alternate' }, { kind: 'random', seed: Math.floor(random() * 1e9) }];
}

/**
 * One after the other, in turn, one waiting while the other runs through, both waiting once, and at random. Runs that
 * overlap several times have several times the calls, and workers bring calls of their own, so that a few orders hold as
 * many faults.
 */
function ordersFor(callsOfA: number, { again, rung }: Scene, random: () => number): Order[] {
  const atRandom = (): Order => ({ kind: 'random', seed: Math.floor(random() * 1e9) });
  if (again !== undefined || rung !== undefined) {
    const before = 2 + Math.floor(random() * callsOfA);
    const first: Order = rung === undefined ? { kind: 'alternate' } : { kind: 'first', run: 'W' };
    return [first, { kind: 'pause', run: 'A', before }, atRandom(), atRandom()];
  }
  const step = callsOfA > 12 ? 2 : 1;
  const pauses = Array.from({ length: Math.ceil((callsOfA - 1) / step) }, (_, index) => 2 + index * step);
  return [
    { kind: 'first', run: 'A' },
    { kind: 'alternate' },
    ...pauses.map((before): Order => ({ kind: 'pause', run: 'A', before })),
    ...pauses
      .filter((a) => a % 3 === 0)
      .map((a): Order => ({ kind: 'pauses', a, b: 2 + Math.floor(random() * callsOfA) })),
    ...Array.from({ length: 6 }, atRandom),
  ];
}

/** A scene in one order: every single fault of it is played with that order. */
export interface Setting {
  readonly scene: string;
  readonly order: Order;
}

/** `isEdited`: the scenes in which the trader works on the sheet meanwhile. */
export async function settingsOf(stage: Stage, seed: number, isEdited: boolean): Promise<Setting[]> {
  const random = createRandom(seed);
  const settings: Setting[] = [];
  for (const [scene, how] of Object.entries(scenes)) {
    if ((how.later !== undefined) !== isEdited) continue;
    if (how.calls !== undefined) {
      settings.push(...fewOrders(scene, random).map((order) => ({ scene, order })));
      continue;
    }
    const calm = await play(stage, { scene, order: { kind: 'first', run: 'A' }, faults: [], skewMs: 0 });
    const callsOfA = calm.trace.filter(({ run }) => run === 'A').length;
    settings.push(...ordersFor(callsOfA, how, random).map((order) => ({ scene, order })));
  }
  return settings;
}

function told(scenario: Scenario, played: Played): Told {
  const met = played.trace.flatMap(({ operation, fault }) => (fault ? [`${operation}: ${fault.name}`] : []));
  return { scenario, verdict: judge(played), met, trace: played.trace };
}

/** Without a fault first, which shows the calls there are; then each fault that each call of either run can suffer. */
export async function* singleFaults({ scene, order }: Setting, stage: Stage, vary?: Variation): AsyncGenerator<Told> {
  const calm: Scenario = { scene, order, faults: [], skewMs: 0 };
  const played = await play(stage, calm, vary);
  yield told(calm, played);
  const made: Record<string, number> = {};
  for (const { run, operation } of played.trace) {
    if (isClean(run)) continue;
    const call = (made[run] ?? 0) + 1;
    made[run] = call;
    for (const kind of kindsOf(operation).keys()) {
      const scenario = { ...calm, faults: [{ run, call, kind }] };
      yield told(scenario, await play(stage, scenario, vary));
    }
  }
}

/** No fault but the trader's hand, between any two calls of the two runs. */
export async function* edits({ scene, order }: Setting, stage: Stage, vary?: Variation): AsyncGenerator<Told> {
  for (let editAfter = 0, calls = 1; editAfter <= calls; editAfter += 1) {
    const scenario = { scene, order, faults: [], skewMs: 0, editAfter };
    const played = await play(stage, scenario, vary);
    calls = played.trace.filter(({ run }) => !isClean(run)).length;
    yield told(scenario, played);
  }
}

const skewsMs = [0, 0, 60_000, -60_000];
const moods = [undefined, undefined, undefined, 'lost', 'twice', 'partly', 'unreachable'] as const;
const endings = [undefined, undefined, undefined, 'gone', 'draining', 'redriven', 'redriven late'] as const;
/** More of them meet few faults. */
const workersWithFaults = 3;

function drawn<T>(list: readonly T[], below: (limit: number) => number): T {
  const one = list[below(list.length)];
  if (one === undefined) throw new Error('there is nothing to draw from');
  return one;
}

/** A scene with many calls takes as long as ten others. */
const longScenesOneIn = 8;

interface Drawing {
  /** Faults. */
  readonly atLeast?: number;
  readonly among?: Readonly<Record<string, Scene>>;
}

/** At most three faults in a random order of calls, with clocks that may be a minute apart. */
export function randomScenario(seed: number, { atLeast = 2, among = scenes }: Drawing = {}): Scenario {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const isLong = below(longScenesOneIn) === 0;
  const asLong = Object.entries(among).filter(([, { calls }]) => (calls !== undefined) === isLong);
  const [name, scene] = drawn(asLong.length > 0 ? asLong : Object.entries(among), below);
  const { calls = 16 } = scene;
  const runs = faultyRuns(scene);
  const faults = Array.from({ length: atLeast + below(4 - atLeast) }, () => ({
    // A twice as often as B, in any of the rounds.
    run: runs[2 * below(runs.length / 2) + (below(3) === 0 ? 1 : 0)] ?? 'A',
    call: 1 + below(calls),
    kind: below(720_720),
  }));
  const orders: readonly Order[] = [
    { kind: 'random', seed: below(1e9) },
    { kind: 'random', seed: below(1e9) },
    { kind: 'alternate' },
    { kind: 'pause', run: 'A', before: 2 + below(calls - 2) },
    { kind: 'pauses', a: 2 + below(calls - 2), b: 2 + below(calls - 2) },
  ];
  return {
    scene: name,
    order: drawn(orders, below),
    faults,
    skewMs: drawn(skewsMs, below),
    editAfter: below(calls + 6),
    lateUntil: below(calls + 2),
    isPairAfter: below(2) === 0,
  };
}

function drawnFanOut(below: (limit: number) => number): FanOut {
  const [queue, ending] = [moods[below(moods.length)], endings[below(endings.length)]];
  return {
    seed: below(1e9),
    skewMs: drawn(skewsMs, below),
    ...(queue !== undefined && { queue }),
    ...(below(6) === 0 && { isBroken: true }),
    ...(ending !== undefined && { ending }),
  };
}

/** As `randomScenario`, with workers beside the checks. */
export function randomFanOut(seed: number, { atLeast = 2, among = fanOutScenes }: Drawing = {}): Scenario {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const plain = randomScenario(below(1e9), { atLeast, among });
  const { calls = 10, standing: standings = [] } = among[plain.scene] ?? {};
  // Two of three of a worker.
  const faults = plain.faults.map((fault) =>
    below(3) === 0 ? fault : { ...fault, run: `W${1 + below(workersWithFaults)}`, call: 1 + below(calls) },
  );
  const order: Order = below(4) === 0 ? { kind: 'first', run: 'W' } : plain.order;
  const fanOut = drawnFanOut(below);
  const standing = standings[below(standings.length + 1)];
  return { ...plain, order, faults, fanOut, ...(standing && { standing }) };
}

/** Where something stands in the way of the workers: with few faults beside it, or none. */
export const randomHampered = (seed: number): Scenario => randomFanOut(seed, { atLeast: 0, among: hamperedScenes });

const fanOutOneIn = 8;

/** With workers or without; with few faults, or none. */
export const anyScenario = (seed: number): Scenario =>
  (seed % fanOutOneIn === 0 ? randomFanOut : randomScenario)(seed, { atLeast: 0 });

export async function playAndJudge(stage: Stage, scenario: Scenario, vary?: Variation): Promise<Told> {
  return told(scenario, await play(stage, scenario, vary));
}

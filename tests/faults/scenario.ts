import type { Alert } from '../../src/domain/alert.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { check } from '../../src/flows/check.js';
import type { Ports } from '../../src/flows/ports/ports.js';
import type { Run } from '../../src/flows/run.js';
import type { ReceivedPush } from '../../src/simulators/pushover.js';
import type { Fault } from './fault.js';
import { portsOf } from './one-run.js';
import { createPicker, type Order } from './order.js';
import { begunAt, type Scene, scenes } from './scenes.js';
import type { Stage } from './stage.js';
import { createTurns, type TraceEntry } from './turns.js';

/** All that is needed to play it again. */
export interface Scenario {
  readonly scene: string;
  readonly order: Order;
  readonly faults: readonly Fault[];
  /** How far B's clock is ahead of A's. */
  readonly skewMs: number;
  /** The sheet changes when the runs have made so many calls together. */
  readonly editAfter?: number;
  /** What is late arrives when the first run after both has made so many calls. */
  readonly lateUntil?: number;
  /** Two runs overlap then, too. */
  readonly isPairAfter?: boolean;
}

/** Faults are for the first two runs only. */
export const isClean = (run: string): boolean => run !== 'A' && run !== 'B';

/** A wrong delivery, to see that it is found out. */
export type Variation = (ports: Ports) => Ports;

export interface Played {
  readonly scene: Scene;
  readonly trace: readonly TraceEntry[];
  readonly pushes: readonly ReceivedPush[];
  readonly left: readonly Alert[];
  readonly died: number;
  /** What a run ended with instead of a summary. */
  readonly errors: readonly unknown[];
  readonly cleanErrors: readonly unknown[];
  /** A key is in a log line, in an answer, in an error or in the table. */
  readonly isSecretShown: boolean;
}

/** The first as the schedule has it, after every lease; the others after every pause that follows a failure. */
const beforeCleanRunMs = (time: number): number => (time === 1 ? 5 * minuteMs : 7 * hourMs);
const cleanRunsAtMost = 6;

const channelsOf = ({ channels = ['pushover'] }: Scene): readonly string[] => channels;

/** The list leaves out what expired. */
async function alertsLeft({ store }: Stage, { firing }: Scene): Promise<readonly Alert[]> {
  const { alerts } = await store.list();
  const unlisted = Object.keys(firing).filter((id) => alerts.every((alert) => alert.id !== id));
  const found = await Promise.all(unlisted.map((id) => store.get(id)));
  return [...alerts, ...found.filter((alert) => alert !== undefined)];
}

/** Two runs that overlap, with faults; then clean runs until nothing is left to do. */
export async function play(stage: Stage, scenario: Scenario, vary: Variation = (ports) => ports): Promise<Played> {
  const scene = scenes[scenario.scene];
  if (scene === undefined) throw new Error(`there is no scene ${scenario.scene}`);
  const { clock, traffic, pushover } = stage;
  clock.now = begunAt;
  await stage.reset(scene);
  let { rows } = scene;
  let isOver = false;
  const turns = createTurns({
    clock,
    faults: scenario.faults,
    toService: (outcome) => {
      traffic.fault = () => (outcome === undefined ? undefined : { outcome });
    },
    async meanwhile({ A = 0, B = 0, C1 }) {
      if (!isOver && scene.later && A + B >= (scenario.editAfter ?? 0)) rows = scene.later;
      if (C1 !== undefined && C1 >= (scenario.lateUntil ?? 0)) await turns.arrive();
    },
  });
  const shown: string[] = [];
  const begin = (name: string, skewMs = 0) => {
    const now = () => clock.now + skewMs;
    const startedAt = now();
    const hasTime = () => now() < startedAt + scene.remainingMs - 15_000;
    const run: Run = { runId: name, startedAt, isDryRun: false, requestsAtATime: 10, hasTime };
    const ports = portsOf(stage, {
      run: name,
      turns,
      rows: () => rows,
      channels: channelsOf(scene),
      now,
      tell: (text) => shown.push(text),
    });
    return check(vary(ports), run);
  };
  const errors: unknown[] = [];
  const cleanErrors: unknown[] = [];
  const both = {
    A: begin('A').catch((error: unknown) => errors.push(error)),
    B: begin('B', scenario.skewMs).catch((error: unknown) => errors.push(error)),
  };
  await turns.play(both, begunAt + scene.remainingMs, createPicker(scenario.order));
  if (scenario.lateUntil === undefined) await turns.arrive();
  isOver = true;
  rows = scene.inTheEnd ?? scene.later ?? rows;
  const died = turns.died.size;
  let left: readonly Alert[] = [];
  for (let time = 1; time <= cleanRunsAtMost; time += 1) {
    clock.now += beforeCleanRunMs(time);
    const names = time === 1 && scenario.isPairAfter ? ['C1', 'D1'] : [`C${time}`];
    const runs = names.map((name) => [name, begin(name).catch((error: unknown) => cleanErrors.push(error))]);
    const seed = scenario.lateUntil ?? 0;
    await turns.play(Object.fromEntries(runs), clock.now + scene.remainingMs, createPicker({ kind: 'random', seed }));
    left = await alertsLeft(stage, scene);
    const isQuiet = left.every(({ id, status, triggeredCount }) => {
      const expected = scene.firing[id];
      if (expected?.repeats !== undefined) return status === 'pending' && triggeredCount >= expected.count;
      const isDue = expected !== undefined && expected.isOptional !== true;
      return isDue ? status !== 'pending' && status !== 'notifying' : status !== 'notifying';
    });
    if (isQuiet && time >= (scene.later === undefined ? 1 : 2)) break;
  }
  await turns.arrive();
  const errorTexts = [...errors, ...cleanErrors].map((error) => (error instanceof Error ? error.stack : String(error)));
  const everything = [...shown, ...errorTexts, JSON.stringify(left)].join('\n');
  return {
    scene,
    isSecretShown: [pushover.token, ...pushover.users].some((key) => everything.includes(key)),
    trace: turns.trace,
    pushes: [...pushover.received],
    left,
    died,
    errors,
    cleanErrors,
  };
}

import type { Alert } from '../../src/domain/alert.js';
import type { AccountWaits } from '../../src/domain/delivery/backoff.js';
import type { FireRecord } from '../../src/domain/history.js';
import { dayMs, hourMs, minuteMs } from '../../src/domain/time.js';
import { check } from '../../src/flows/check.js';
import { deliverRung } from '../../src/flows/deliver-rung.js';
import type { DeliveryReport } from '../../src/flows/ports/delivery-report.js';
import type { Ports } from '../../src/flows/ports/ports.js';
import type { Run } from '../../src/flows/run.js';
import type { ReceivedPush } from '../../src/simulators/pushover.js';
import type { Fault } from './fault.js';
import { portsOf } from './one-run.js';
import { createPicker, createRandom, type Order, type Picker } from './order.js';
import type { QueueMood } from './queue.js';
import { begunAt, type Scene } from './scene.js';
import { scenes } from './scenes.js';
import type { Stage } from './stage.js';
import { type Standing, standingFault } from './standing.js';
import { createTurns, type TraceEntry } from './turns.js';
import { createWorkers, type Work } from './workers.js';

/** How the workers and their queue are; all else is as it is without them. */
export interface FanOut {
  /** What becomes of every message that is sent. */
  readonly queue?: QueueMood;
  /** How many messages each worker gets. */
  readonly seed: number;
  /** How far the workers' clocks are ahead of A's. */
  readonly skewMs: number;
  /** No worker comes to anything, so that the messages are set aside, until the clean runs begin. */
  readonly isBroken?: boolean;
  /** How the clean runs find it: gone with all messages, gone but for the messages on the way, or with those set aside; `late`: these only a day after all is told. */
  readonly ending?: 'gone' | 'draining' | 'redriven' | 'redriven late';
}

/** All that is needed to play it again. */
export interface Scenario {
  readonly scene: string;
  readonly order: Order;
  readonly faults: readonly Fault[];
  /** How far B's clock is ahead of A's. */
  readonly skewMs: number;
  /** The sheet changes when the runs have made so many calls together. */
  readonly editAfter?: number;
  /** What is late arrives when the first run after the two of its round has made so many calls. */
  readonly lateUntil?: number;
  /** Two runs overlap then, too. */
  readonly isPairAfter?: boolean;
  readonly fanOut?: FanOut;
  /** Beside the faults, of every call alike. */
  readonly standing?: Standing;
}

/**
 * Faults are for the runs that overlap: A and B, where they overlap again A2 and B2, A3 and B3, and for the workers that
 * begin before the clean runs: W1, W2, …
 */
export const isClean = (run: string): boolean => !/^[ABW]/.test(run);

const nameIn = (run: string, round: number): string => (round === 0 ? run : `${run}${round + 1}`);

/** All runs of a scene that can suffer faults. */
export const faultyRuns = ({ again = [] }: Scene): readonly string[] =>
  [0, ...again].flatMap((_, round) => ['A', 'B'].map((run) => nameIn(run, round)));

/** A wrong delivery, to see that it is found out. `run`: whose ports they are. */
export type Variation = (ports: Ports, run: string) => Ports;

export interface Played {
  readonly scene: Scene;
  readonly trace: readonly TraceEntry[];
  readonly pushes: readonly ReceivedPush[];
  readonly left: readonly Alert[];
  /** The fires that it holds in the end. */
  readonly history: readonly FireRecord[];
  readonly died: number;
  readonly fanOut: FanOut | undefined;
  readonly skewMs: number;
  /** The runs after all faults, one or two at a time. Indices are of the trace, the second one is the first call after. */
  readonly cleanRuns: readonly {
    readonly name: string;
    readonly startedAt: number;
    readonly fromIndex: number;
    readonly toIndex: number;
  }[];
  /** By accepted push, the fire that it tells of by alert. */
  readonly pushedFires: ReadonlyMap<ReceivedPush, ReadonlyMap<string, string>>;
  /** What a run ended with instead of a summary. */
  readonly errors: readonly unknown[];
  readonly cleanErrors: readonly unknown[];
  /** A key is in a log line, in an answer, in an error or in the table. */
  readonly isSecretShown: boolean;
}

/** The first as the schedule has it, after every lease; the others after every pause that follows a failure. */
const beforeCleanRunMs = (time: number): number => (time === 1 ? 5 * minuteMs : 7 * hourMs);
const cleanRunsAtMost = 6;

/** The timeout of a worker, and how shortly before it begins nothing more. */
const [workerMs, workerSpareMs] = [30_000, 12_000];

/** What the trader undid is seen by the second; what repeats fires in the second once more, and in the third it need not. */
const cleanRunsAtLeast = ({ later, again }: Scene): number => (again !== undefined ? 3 : later !== undefined ? 2 : 1);

/** A scene with messages has workers. */
const fanOutOf = ({ fanOut }: Scenario, { rung }: Scene): FanOut | undefined =>
  fanOut ?? (rung === undefined ? undefined : { seed: 1, skewMs: 0 });

/** The list leaves out what expired. */
async function alertsLeft({ store }: Stage, { firing }: Scene): Promise<readonly Alert[]> {
  const { alerts } = await store.list();
  const unlisted = Object.keys(firing).filter((id) => alerts.every((alert) => alert.id !== id));
  const found = await Promise.all(unlisted.map((id) => store.get(id)));
  return [...alerts, ...found.filter((alert) => alert !== undefined)];
}

/** The order knows the two runs as A and B. */
function pickerIn(round: number, order: Order): Picker {
  const pick = createPicker(order);
  return (waiting, made) =>
    pick(
      waiting.map(({ run }) => ({ run: run.slice(0, 1) })),
      { A: made[nameIn('A', round)] ?? 0, B: made[nameIn('B', round)] ?? 0 },
    );
}

/**
 * Two runs that overlap, with faults, once or several times; then clean runs until nothing is left to do. Long, because
 * its steps share one clock and one sheet.
 */
export async function play(stage: Stage, scenario: Scenario, vary: Variation = (ports) => ports): Promise<Played> {
  const scene = scenes[scenario.scene];
  if (scene === undefined) throw new Error(`there is no scene ${scenario.scene}`);
  const { clock, traffic, pushover, queue } = stage;
  const fanOut = fanOutOf(scenario, scene);
  clock.now = begunAt;
  await stage.reset(scene);
  let { rows } = scene;
  let isOver = false;
  const isGone = () => isOver && (fanOut?.ending === 'gone' || fanOut?.ending === 'draining');
  /** The first run after those that had something late. */
  let following: string | undefined;
  const turns = createTurns({
    clock,
    faults: scenario.faults,
    standing: (attempt) =>
      scenario.standing && !isClean(attempt.run) ? standingFault(scenario.standing, attempt) : undefined,
    toServices: (fault) => {
      traffic.fault = () => (fault?.service === undefined ? undefined : { outcome: fault.service });
      queue.setNextMood(fault?.queue);
    },
    async meanwhile(made) {
      const { A = 0, B = 0 } = made;
      if (!isOver && scene.later && A + B >= (scenario.editAfter ?? 0)) rows = scene.later;
      const calls = following === undefined ? undefined : made[following];
      if (calls !== undefined && calls >= (scenario.lateUntil ?? 0)) await turns.arrive();
      if (fanOut !== undefined) workers.begin(isOver ? 'X' : 'W');
    },
  });
  const shown: string[] = [];
  /** `spareMs`: nothing is begun so shortly before its end. */
  const runOf = (name: string, skewMs: number, { remainingMs, spareMs }: { remainingMs: number; spareMs: number }) => {
    const now = () => clock.now + skewMs;
    const startedAt = now();
    const hasTime = () => now() < startedAt + remainingMs - spareMs;
    const run: Run = { runId: name, startedAt, isDryRun: false, requestsAtATime: 10, hasTime };
    const ports = portsOf(stage, {
      run: name,
      turns,
      rows: () => rows,
      scene,
      now,
      tell: (text) => shown.push(text),
    });
    const doorbell = fanOut === undefined || isGone() ? undefined : stage.doorbellFor(name, turns);
    return { run, ports: vary({ ...ports, doorbell }, name) };
  };
  const begin = (name: string, skewMs = 0) => {
    const { run, ports } = runOf(name, skewMs, { remainingMs: scene.remainingMs, spareMs: 15_000 });
    return check(ports, run);
  };
  const errors: unknown[] = [];
  const cleanErrors: unknown[] = [];
  const known: AccountWaits[] = [];
  const work: Work = async ({ name, slot, messages }) => {
    const skewMs = fanOut?.skewMs ?? 0;
    if (fanOut?.isBroken && !isOver) return messages.map(({ messageId }) => messageId);
    const { run, ports } = runOf(name, skewMs, { remainingMs: workerMs, spareMs: workerSpareMs });
    const doorbell = ports.doorbell ?? stage.doorbellFor(name, turns);
    const metrics = (report: DeliveryReport) => shown.push(JSON.stringify(report));
    const done = await deliverRung({ ...ports, doorbell, metrics }, messages, known[slot] ?? {}, run);
    known[slot] = done.accountWaits;
    return done.unfinished;
  };
  const workers = createWorkers({
    ...{ queue, turns, clock, work },
    random: createRandom(fanOut?.seed ?? 0),
    onError: (error) => (isOver ? cleanErrors : errors).push(error),
  });
  queue.setMood(fanOut?.queue);
  /** What comes again, and what was put off, before the next check. */
  const playWorkersUntil = async (until: number) => {
    for (;;) {
      const at = fanOut && workers.nextAt();
      if (at === undefined || at >= until) return;
      clock.now = Math.max(clock.now, at);
      await turns.play({}, until, createPicker({ kind: 'random', seed: fanOut?.seed ?? 0 }));
    }
  };
  for (const [round, afterMs] of [0, ...(scene.again ?? [])].entries()) {
    await playWorkersUntil(begunAt + afterMs);
    clock.now = Math.max(clock.now, begunAt + afterMs);
    const runs = { A: nameIn('A', round), B: nameIn('B', round) };
    if (round > 0) following = runs.A;
    const both = {
      [runs.A]: begin(runs.A).catch((error: unknown) => errors.push(error)),
      [runs.B]: begin(runs.B, scenario.skewMs).catch((error: unknown) => errors.push(error)),
    };
    await turns.play(both, clock.now + scene.remainingMs, pickerIn(round, scenario.order));
    if (scenario.lateUntil === undefined) await turns.arrive();
  }
  const firstCleanAt = clock.now + (scene.nextCheckAfterMs ?? beforeCleanRunMs(1));
  await playWorkersUntil(firstCleanAt);
  isOver = true;
  await stage.mend(scene);
  rows = scene.inTheEnd ?? scene.later ?? rows;
  if (fanOut?.ending === 'gone') queue.reset();
  if (fanOut?.ending === 'redriven') queue.redrive();
  const died = turns.died.size;
  let left: readonly Alert[] = [];
  const cleanRuns: { name: string; startedAt: number; fromIndex: number; toIndex: number }[] = [];
  following = 'C1';
  for (let time = 1; time <= cleanRunsAtMost; time += 1) {
    const at = time === 1 ? firstCleanAt : clock.now + beforeCleanRunMs(time);
    await playWorkersUntil(at);
    clock.now = Math.max(clock.now, at);
    const names = time === 1 && scenario.isPairAfter ? ['C1', 'D1'] : [`C${time}`];
    const begun = { name: names.join(' and '), startedAt: clock.now, fromIndex: turns.trace.length };
    const runs = names.map((name) => [name, begin(name).catch((error: unknown) => cleanErrors.push(error))]);
    const seed = scenario.lateUntil ?? 0;
    await turns.play(Object.fromEntries(runs), clock.now + scene.remainingMs, createPicker({ kind: 'random', seed }));
    cleanRuns.push({ ...begun, toIndex: turns.trace.length });
    left = await alertsLeft(stage, scene);
    const isQuiet = left.every(({ id, repeat, status }) => {
      const expected = scene.firing[id];
      if (repeat !== undefined) return status === 'pending';
      const isDue = expected !== undefined && expected.isOptional !== true;
      return isDue ? status !== 'pending' && status !== 'notifying' : status !== 'notifying';
    });
    if (isQuiet && time >= cleanRunsAtLeast(scene)) break;
  }
  if (fanOut?.ending === 'redriven late') {
    queue.redrive();
    clock.now += dayMs;
    await playWorkersUntil(clock.now + hourMs);
    left = await alertsLeft(stage, scene);
  }
  await turns.arrive();
  const { records } = await stage.history.read({ from: 0, to: begunAt + 366 * dayMs });
  const errorTexts = [...errors, ...cleanErrors].map((error) => (error instanceof Error ? error.stack : String(error)));
  const everything = [...shown, ...errorTexts, JSON.stringify(left), JSON.stringify(records)].join('\n');
  return {
    scene,
    isSecretShown: [pushover.token, ...pushover.users].some((key) => everything.includes(key)),
    trace: turns.trace,
    pushes: [...pushover.received],
    pushedFires: new Map(stage.pushedFires),
    cleanRuns,
    left,
    history: records.filter((each) => each.kind === 'fired'),
    died,
    fanOut,
    skewMs: scenario.skewMs,
    errors,
    cleanErrors,
  };
}

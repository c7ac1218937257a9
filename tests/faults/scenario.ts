import { createPushover } from '../../src/adapters/pushover.js';
import type { Alert } from '../../src/domain/alert.js';
import { hourMs } from '../../src/domain/candle.js';
import { err, ok } from '../../src/domain/result.js';
import { check } from '../../src/flows/check.js';
import type { Ports } from '../../src/flows/ports.js';
import type { Run } from '../../src/flows/run.js';
import type { ReceivedPush } from '../../src/local/simulators/pushover.js';
import { calmExchange } from './exchange.js';
import type { Fault } from './fault.js';
import { createPicker, type Order } from './order.js';
import { begunAt, header, type Scene, scenes } from './scenes.js';
import type { Stage } from './stage.js';
import { createTurns, type TraceEntry, type Turns } from './turns.js';

/** All that is needed to play it again. */
export interface Scenario {
  readonly scene: string;
  readonly order: Order;
  readonly faults: readonly Fault[];
  /** How far B's clock is ahead of A's. */
  readonly skewMs: number;
}

/** A wrong delivery, to see that it is found out. */
export type Variation = (ports: Ports, stage: Stage) => Ports;

export interface Played {
  readonly scene: Scene;
  readonly trace: readonly TraceEntry[];
  readonly pushes: readonly ReceivedPush[];
  readonly left: readonly Alert[];
  readonly died: number;
  /** What a run ended with instead of a summary. */
  readonly errors: readonly unknown[];
  readonly cleanErrors: readonly unknown[];
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** Longer than every lease and every pause after a failure. */
const betweenCleanRunsMs = 7 * hourMs;
const cleanRunsAtMost = 6;

export const isLabelled = (text: string): boolean => text.includes('Possible repeat');

/** The alerts of the scenes are named by their ids, and a title begins with the name. */
export const alertIdOf = (title: string): string => title.slice(0, title.indexOf(':'));

function portsOf(stage: Stage, scene: Scene, run: string, turns: Turns, now: () => number): Ports {
  const secret = {
    pushover_api_token: stage.pushover.token,
    pushover_users: { default: [...stage.pushover.users].join() },
  };
  let fires = 0;
  return {
    sheet: { read: async () => ok([header, ...scene.rows]) },
    store: stage.storeFor(run, turns),
    exchanges: [calmExchange],
    phone: createPushover({
      baseUrl: stage.pushoverUrl,
      secret: { read: async () => secret, forget: () => undefined },
      http: {
        ...stage.http,
        post: (url, form) =>
          turns.during(run, async () => {
            const lost = () => err({ detail: 'no answer within 10000 ms' });
            const act = () => stage.http.post(url, form);
            const alertId = alertIdOf(form.get('title') ?? '');
            const label = isLabelled(form.get('message') ?? '');
            const call = { isCut: false };
            const sent = turns.take({ run, operation: 'push', alertId, isLabelled: label, call, lost, act });
            return sent as ReturnType<typeof act>;
          }),
      },
    }),
    log: silent,
    metrics: () => undefined,
    fanOutThreshold: 200,
    now,
    newId: () => {
      fires += 1;
      return `${run}-${fires}`;
    },
  };
}

/** Two runs that overlap, with faults; then clean runs until nothing is left to do. */
export async function play(stage: Stage, scenario: Scenario, vary: Variation = (ports) => ports): Promise<Played> {
  const scene = scenes[scenario.scene];
  if (scene === undefined) throw new Error(`there is no scene ${scenario.scene}`);
  const { clock, traffic, pushover } = stage;
  clock.now = begunAt;
  await stage.reset(scene.stored);
  const turns = createTurns({
    clock,
    faults: scenario.faults,
    pick: createPicker(scenario.order),
    toService: (outcome) => {
      traffic.fault = () => (outcome === undefined ? undefined : { outcome });
    },
  });
  const begin = (name: string, skewMs = 0) => {
    const now = () => clock.now + skewMs;
    const startedAt = now();
    const hasTime = () => now() < startedAt + scene.remainingMs - 15_000;
    const run: Run = { runId: name, startedAt, isDryRun: false, hasTime };
    return check(vary(portsOf(stage, scene, name, turns, now), stage), run);
  };
  const errors: unknown[] = [];
  const cleanErrors: unknown[] = [];
  const both = {
    A: begin('A').catch((error: unknown) => errors.push(error)),
    B: begin('B', scenario.skewMs).catch((error: unknown) => errors.push(error)),
  };
  await turns.play(both, begunAt + scene.remainingMs);
  const { late, died } = turns;
  for (const act of late) await act().catch(() => undefined);
  const faulted = died.size;
  let left: readonly Alert[] = [];
  for (let time = 1; time <= cleanRunsAtMost; time += 1) {
    clock.now += betweenCleanRunsMs;
    const clean = begin(`C${time}`).catch((error: unknown) => cleanErrors.push(error));
    await turns.play({ [`C${time}`]: clean }, clock.now + scene.remainingMs);
    left = (await stage.store.list()).alerts;
    if (left.every(({ id, status }) => status === (id in scene.firing ? "triggered" : "pending"))) break;
  }
  return {
    scene,
    trace: turns.trace,
    pushes: [...pushover.received],
    left,
    died: faulted,
    errors,
    cleanErrors,
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createAlertStore } from '../../src/adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { ensureTable } from '../../src/adapters/dynamodb/table.js';
import { startEmbeddedDynamoDb } from '../../src/cli/embedded-dynamodb.js';
import type { Cell } from '../../src/domain/columns.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import type { Fault } from '../../src/simulators/faults.js';
import { startSimulators } from '../../src/simulators/start.js';
import { anyAccess } from '../support/dynamodb.js';
import { createRandom } from './order.js';
import { toldIn } from './told.js';

export interface KillReport {
  readonly kills: number;
  /** Kills that left an alert claimed and its push not committed. */
  readonly killsBetweenClaimAndCommit: number;
  readonly fires: number;
  readonly accepted: number;
  readonly labelledRepeats: number;
  /** Each in words; none where all is well. */
  readonly problems: readonly string[];
}

const rowsARound = 12;
const cleanRunsAtMost = 8;
const header: readonly Cell[] = ['symbol', 'condition', 'price', 'user_id', 'name'];

/** A Lambda's clock goes on while nothing runs; here it is set forward, so that nobody waits for the end of a lease. */
const clockAhead =
  'data:text/javascript,const { now } = Date; Date.now = () => now() + Number(process.env.CLOCK_AHEAD_MS);';

/** The built bundle as Lambda loads it, invoked again and again, or once. */
const program = `
  const { handler } = await import(process.argv[1]);
  do {
    process.stdout.write('\\nBEGUN\\n');
    await handler({ source: 'schedule' }, { getRemainingTimeInMillis: () => 120000 }).catch((error) => {
      process.stdout.write('\\nTHREW ' + String(error) + '\\n');
    });
    process.stdout.write('\\nENDED\\n');
  } while (process.env.ONCE !== '1');`;

const bundle = join(process.cwd(), 'dist', 'check.mjs');

function startProcess(environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--import', clockAhead, '--input-type=module', '--eval', program, bundle], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Accepts most pushes; stalls, breaks off, loses its answer or is out of order for the others. */
function moodOf(random: () => number): Fault | undefined {
  const roll = random();
  if (roll < 0.6) return { delayMs: random() * 20 };
  if (roll < 0.7) return { outcome: 'hang' };
  if (roll < 0.8) return { outcome: 'reset' };
  if (roll < 0.9) return { delayMs: random() * 20, outcome: 'lose-answer' };
  return { outcome: { status: 500, body: { status: 0, errors: ['internal error'] } } };
}

/**
 * Two processes at a time run the bundle against an embedded DynamoDB and simulated services, and are killed at random
 * moments; then one runs undisturbed until nothing is left. The seed gives pauses and moods; when they meet what depends
 * on the machine.
 */
export async function runKills(
  killsWanted: number,
  seed: number,
  onKill: (kills: number) => void = () => {},
): Promise<KillReport> {
  let aheadMs = 0;
  const random = createRandom(seed);
  const simulators = await startSimulators({ now: () => Date.now() + aheadMs, users: ['default'], rows: [header] });
  const { market, google, pushover, traffic } = simulators;
  market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
  pushover.remaining = Number.MAX_SAFE_INTEGER;
  const database = await startEmbeddedDynamoDb();
  const client = createStoreClient({ endpoint: database.url, ...anyAccess });
  const tableName = 'trading-alerts';
  await ensureTable(client, tableName);
  const store = createAlertStore({ client, tableName });
  const environment = () => ({
    ...simulators.environment,
    AWS_ENDPOINT_URL_DYNAMODB: database.url,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    LOG_LEVEL: 'SILENT',
    CLOCK_AHEAD_MS: String(aheadMs),
  });
  const targets: string[] = [];
  const open = new Set<string>();
  const problems: string[] = [];
  let kills = 0;
  let killsBetweenClaimAndCommit = 0;
  let pushesInRound = 0;
  /** Who dies at which push of the round. */
  const onPush = new Map<number, () => void>();

  /** Rows that have fired are cleared away, as a trader does, so that the sheet stays small. */
  async function writeSheet(newTargets: readonly string[]): Promise<void> {
    const { alerts } = await store.list();
    const done = new Set(
      alerts.flatMap(({ status, condition }) => (status === 'triggered' ? condition.target.text : [])),
    );
    const gone = targets.filter((target) => done.has(target) || !open.has(target));
    for (const target of gone) open.delete(target);
    for (const target of newTargets) open.add(target);
    targets.push(...newTargets);
    google.tabs.set('Alerts', [[...header], ...[...open].map((target) => ['BTCUSDT', 'above', target, '', target])]);
  }
  /** Ends when the process is dead: killed some time after its start or after one of the round's pushes, or by itself. */
  async function live(isKilled: boolean): Promise<void> {
    const child = startProcess({ ...environment(), ...(isKilled ? {} : { ONCE: '1' }) });
    const exited = once(child, 'exit');
    const kill = (withinMs: number) => void pause(random() * withinMs).then(() => child.kill('SIGKILL'));
    const isAtPush = random() < 0.7;
    if (isKilled && isAtPush) onPush.set(1 + Math.floor(random() * rowsARound), () => kill(30));
    if (child.stdout === null) throw new Error('the process has no output');
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('THREW ') && !isKilled) problems.push(`an undisturbed run threw ${line.slice(6)}`);
      // Those that wait for a push may wait for one that never comes.
      if (line === 'BEGUN' && isKilled) kill(isAtPush ? 2_500 : 1_000);
    }
    const [code, signal] = (await exited) as [number | null, string | null];
    if (signal === 'SIGKILL') kills += 1;
    else if (code !== 0) problems.push(`a process ended with code ${code}`);
  }

  const countClaimed = async (): Promise<number> =>
    (await store.list()).alerts.filter(
      (alert) => alert.status === 'notifying' && alert.delivery.leaseUntil !== undefined,
    ).length;

  try {
    traffic.pushover.fault = () => {
      pushesInRound += 1;
      onPush.get(pushesInRound)?.();
      return moodOf(random);
    };
    while (kills < killsWanted && problems.length === 0) {
      const round = targets.length / rowsARound;
      pushesInRound = 0;
      onPush.clear();
      await writeSheet(
        Array.from({ length: rowsARound }, (_, index) => `${round + 1}.${String(index + 1).padStart(2, '0')}`),
      );
      await Promise.all([live(true), live(true)]);
      if ((await countClaimed()) > 0) killsBetweenClaimAndCommit += 1;
      aheadMs += 5 * minuteMs;
      onKill(kills);
    }
    traffic.pushover.fault = () => undefined;
    for (let run = 1; run <= cleanRunsAtMost; run += 1) {
      await writeSheet([]);
      await live(false);
      aheadMs += 7 * hourMs;
      const { alerts } = await store.list();
      if (alerts.every(({ status }) => status === 'triggered')) break;
    }
    const left = (await store.list()).alerts.filter(({ status }) => status !== 'triggered');
    problems.push(...left.map(({ id, status, condition }) => `${id} (${condition.target.text}) is left ${status}`));
    const told = pushover.received.flatMap(toldIn);
    let labelledRepeats = 0;
    for (const target of targets) {
      const got = told.filter(({ alertId }) => alertId === target);
      const unlabelled = got.filter(({ isLabelled }) => !isLabelled).length;
      if (got.length === 0) problems.push(`${target}: no push was accepted`);
      if (unlabelled > 1) problems.push(`${target}: ${unlabelled} pushes that do not say that they may be repeats`);
      labelledRepeats += Math.max(0, got.length - 1);
    }
    const fires = targets.length;
    return { kills, killsBetweenClaimAndCommit, fires, accepted: told.length, labelledRepeats, problems };
  } finally {
    client.destroy();
    await simulators.close();
    await database.close();
  }
}

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
import { startEventSourceMapping } from '../support/event-source-mapping.js';
import { startFunction } from '../support/lambda.js';
import { startQueue } from '../support/queue.js';
import { toldByPushover, toldByWebhook } from './killed-told.js';
import { type ExpectedFires, judgeTold } from './killed-verdict.js';
import { createRandom } from './order.js';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** Workers deliver beside the checks, and are killed with them. */
  readonly hasWorkers?: boolean;
  readonly onKill?: (kills: number) => void;
}

export interface KillReport {
  readonly kills: number;
  /** Of these, of workers that were at work. */
  readonly workerKills: number;
  /** Messages that workers were given. */
  readonly messages: number;
  /** Kills that left an alert claimed and its push not committed. */
  readonly killsBetweenClaimAndCommit: number;
  readonly fires: number;
  /** Of these, fires of alerts that repeat. */
  readonly repeats: number;
  /** A fire on two channels is two. */
  readonly due: number;
  readonly accepted: number;
  readonly labelledRepeats: number;
  /** Each in words; none where all is well. */
  readonly problems: readonly string[];
}

const roundsAtATime = 4;
const cleanRunsAtMost = 8;
const header: readonly Cell[] = ['symbol', 'condition', 'price', 'user_id', 'notify', 'repeat'];

/** Of another user, on both of its channels or on one. Every round is five minutes, and turns the price of ETHUSDT. */
const repeatingRows: readonly (readonly Cell[])[] = [
  ['BTCUSDT', 'above', '0.2', 'second', 'webhook', '1m'],
  ['ETHUSDT', 'above', '3000', 'second', '', 'back'],
];
const [highEth, lowEth] = ['3100.00', '2900.00'];

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
 * on the machine. Long, because its steps share one sheet, one table, one queue and one clock.
 */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const { kills: killsWanted, seed, hasWorkers = false, onKill = () => undefined } = options;
  // More than a check tells by itself.
  const rowsARound = hasWorkers ? 24 : 12;
  let aheadMs = 0;
  const random = createRandom(seed);
  const simulators = await startSimulators({
    ...{ now: () => Date.now() + aheadMs, users: ['default', 'second'] },
    ...{ channels: ['webhook'], rows: [header] },
  });
  const { market, google, pushover, channels, traffic } = simulators;
  market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
  market.list('binance', 'ETHUSDT', { price: lowEth });
  pushover.remaining = Number.MAX_SAFE_INTEGER;
  const database = await startEmbeddedDynamoDb();
  // A message is seldom hidden longer than a round takes.
  const queue = hasWorkers ? await startQueue({ visibilitySeconds: 1 }) : undefined;
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
    ...(queue && { SQS_QUEUE_URL: queue.queueUrl, AWS_ENDPOINT_URL_SQS: queue.endpoint }),
  });
  /** What fires once, as its title says it; one of each round on both channels of the other user. */
  const targets: string[] = [];
  const open = new Set<string>();
  const isOnBoth = (target: string) => target.endsWith('.01');
  const problems: string[] = [];
  let kills = 0;
  let workerKills = 0;
  let messages = 0;
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
    const rows = [...open].map((target) => [
      'BTCUSDT',
      'above',
      target,
      ...(isOnBoth(target) ? ['second', ''] : ['default', 'pushover']),
    ]);
    google.tabs.set('Alerts', [[...header], ...rows, ...repeatingRows.map((row) => [...row])]);
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

  /** Workers beside the checks; at the end they are killed at their work, or have done all that could be received. */
  async function withWorkers(isKilled: boolean, check: () => Promise<unknown>): Promise<void> {
    if (queue === undefined) return void (await check());
    const workers = startFunction('deliver', environment(), ['--import', clockAhead]);
    const mapping = startEventSourceMapping({ ...queue, handler: workers.invoke });
    const kill = () => {
      if (workers.killOne()) workerKills += 1;
    };
    const atPush = 1 + Math.floor(random() * rowsARound);
    if (isKilled) onPush.set(atPush, () => void pause(random() * 30).then(kill));
    await check();
    if (isKilled) for (let each = 0; each < 2; each += 1) kill();
    else await mapping.drained(({ visible, hidden }) => visible + hidden === 0);
    await workers.close();
    await mapping.close();
    messages += mapping.invocations.reduce((sum, { size }) => sum + size, 0);
  }

  const repeating = async () => (await store.list()).alerts.filter(({ repeat }) => repeat !== undefined);

  const countClaimed = async (): Promise<number> =>
    (await store.list()).alerts.filter(
      (alert) => alert.status === 'notifying' && alert.delivery.leaseUntil !== undefined,
    ).length;

  try {
    const disturb = (isOn: boolean) => {
      const fault = () => {
        pushesInRound += 1;
        onPush.get(pushesInRound)?.();
        return moodOf(random);
      };
      for (const each of [traffic.pushover, traffic.webhook]) each.fault = isOn ? fault : () => undefined;
    };
    /** Else what repeats would wait for ever longer behind what the killed have left. */
    const clearAway = async () => {
      disturb(false);
      await withWorkers(false, () => live(false));
      aheadMs += 5 * minuteMs;
    };
    while (kills + workerKills < killsWanted && problems.length === 0) {
      const round = targets.length / rowsARound;
      pushesInRound = 0;
      onPush.clear();
      disturb(true);
      await writeSheet(
        Array.from({ length: rowsARound }, (_, index) => `${round + 1}.${String(index + 1).padStart(2, '0')}`),
      );
      market.setPrice('binance', 'ETHUSDT', round % 2 === 0 ? highEth : lowEth);
      await withWorkers(true, () => Promise.all([live(true), live(true)]));
      if ((await countClaimed()) > 0) killsBetweenClaimAndCommit += 1;
      aheadMs += 5 * minuteMs;
      if (round % roundsAtATime === roundsAtATime - 1) await clearAway();
      onKill(kills + workerKills);
    }
    disturb(false);
    for (let run = 1; run <= cleanRunsAtMost; run += 1) {
      await writeSheet([]);
      market.setPrice('binance', 'ETHUSDT', run % 2 === 0 ? highEth : lowEth);
      const before = await repeating();
      await withWorkers(false, () => live(false));
      aheadMs += 7 * hourMs;
      for (const { id, symbol, triggeredCount, status } of await repeating()) {
        const was = before.find((alert) => alert.id === id);
        // What was under way is told first, and armed again later.
        const isDue = was?.status === 'pending' && status === 'pending' && (symbol === 'BTCUSDT' || run === 4);
        if (isDue && triggeredCount !== was.triggeredCount + 1)
          problems.push(`${id} did not fire again in a clean run`);
      }
      const { alerts } = await store.list();
      const isSettled = alerts.every(
        ({ status, repeat }) => status === (repeat === undefined ? 'triggered' : 'pending'),
      );
      if (isSettled && run >= 4) break;
    }
    const left = (await store.list()).alerts.filter(
      ({ status, repeat }) => status !== 'triggered' && repeat === undefined,
    );
    problems.push(...left.map(({ id, status, condition }) => `${id} (${condition.target.text}) is left ${status}`));
    const once = targets.map((target): ExpectedFires => {
      const names = isOnBoth(target) ? ['pushover', 'webhook'] : ['pushover'];
      return { title: `BTCUSDT above ${target}`, channels: names, fires: 1 };
    });
    const again = (await repeating()).map(({ symbol, condition, triggeredCount, notify }): ExpectedFires => {
      const title = `${symbol} above ${condition.target.text}`;
      return { title, channels: notify.length > 0 ? notify : ['pushover', 'webhook'], fires: triggeredCount };
    });
    const judged = judgeTold(
      [...once, ...again],
      [...pushover.received.flatMap(toldByPushover), ...channels.webhook.received.flatMap(toldByWebhook)],
    );
    const repeats = again.reduce((sum, { fires }) => sum + fires, 0);
    return {
      ...{
        kills: kills + workerKills,
        workerKills,
        messages,
        killsBetweenClaimAndCommit,
        fires: targets.length + repeats,
        repeats,
      },
      ...judged,
      problems: [...problems, ...judged.problems],
    };
  } finally {
    client.destroy();
    await simulators.close();
    await database.close();
    await queue?.close();
  }
}

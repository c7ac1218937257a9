import { isArmed } from '../domain/alert.js';
import { messageOf } from '../domain/error-message.js';
import { noWatermarks } from '../domain/evidence/watermark.js';
import { checkMarkets } from './check-markets.js';
import { createDeliveries, type Delivered, type Deliveries } from './deliver.js';
import type { Checkpoint, Ports } from './ports.js';
import { readSheet } from './read-sheet.js';
import { report } from './report.js';
import type { Run } from './run.js';
import type { Summary } from './summary.js';
import { type SyncResult, syncSheet } from './sync-sheet.js';
import { tellOutages } from './tell-outages.js';

/** No exchange gave a single price, so nobody can be told anything. The summary says what was done all the same. */
export class NothingChecked extends Error {
  override readonly name = 'NothingChecked';
  constructor(readonly summary: Summary) {
    const reasons = new Set(summary.markets.failed.map(({ exchange, reason }) => `${exchange}: ${reason}`));
    super(`no alert could be checked. ${[...reasons].slice(0, 6).join('. ')}`);
  }
}

/** Without the secret the rows cannot be judged, but the stored alerts are checked all the same. */
async function readUsers(ports: Ports): Promise<{ users: readonly string[] | undefined } | { problem: string }> {
  try {
    return { users: await ports.notifier.users() };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

interface BeginResult {
  readonly synced: SyncResult;
  readonly deliveries: Deliveries;
  /** Each run begins with what earlier runs left; the rest need not wait for it. */
  readonly resumed: readonly Promise<Delivered | undefined>[];
  readonly checkpoint: Checkpoint | undefined;
  readonly unreadable: readonly string[];
}

async function begin(ports: Ports, run: Run): Promise<BeginResult> {
  const { sheet, store } = ports;
  const [users, { alerts: stored, unreadable }, checkpoint] = await Promise.all([
    readUsers(ports),
    store.list(),
    store.readCheckpoint(),
  ]);
  // After the list: an older sheet would undo what an overlapping run took from a newer one.
  const table = await readSheet(sheet);
  const deliveries = createDeliveries(ports, run, checkpoint?.usedUpQuota);
  const resumed = stored.flatMap((alert) => (alert.status === 'notifying' ? [deliveries.resume(alert)] : []));
  const read =
    'problem' in users
      ? { table: { ok: false as const, error: { kind: 'bad-key' as const, message: users.problem } }, users: undefined }
      : { table, users: users.users };
  const synced = await syncSheet(ports, read, { stored, refusal: checkpoint?.refusal }, run);
  return {
    synced,
    deliveries,
    resumed,
    checkpoint,
    unreadable: unreadable.map(({ id, message }) => `stored item ${id} cannot be read: ${message}`),
  };
}

/** A checkpoint that is not written costs only work: the windows stay open, and the next run covers them again. */
async function writeCheckpoint(ports: Ports, checkpoint: Checkpoint, run: Run): Promise<readonly string[]> {
  if (run.isDryRun) return [];
  try {
    await ports.store.writeCheckpoint(checkpoint);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

/**
 * One run: sheet → table → prices → push. Only two things end it: the stored alerts cannot be read (throws the store's
 * error), or no exchange gave any price although alerts are armed (throws `NothingChecked`, when all else is done).
 */
export async function check(ports: Ports, run: Run): Promise<Summary> {
  const { synced, deliveries, resumed, checkpoint, unreadable } = await begin(ports, run);
  const armed = synced.alerts.filter(isArmed);
  const before = checkpoint?.watermarks ?? noWatermarks;
  const markets = await checkMarkets(ports, armed, { before, history: ports.history, deliveries }, run);
  const earlier = (await Promise.all(resumed)).filter((each) => each !== undefined);
  const told = await tellOutages(ports, checkpoint?.outages ?? {}, markets.observed, run);
  const next: Checkpoint = {
    checkedAt: ports.now(),
    watermarks: markets.watermarks,
    outages: told.outages,
    refusal: synced.refusal,
    usedUpQuota: deliveries.usedUpQuota(),
  };
  const unwritten = await writeCheckpoint(ports, next, run);
  const summary = report(ports, run, {
    synced,
    armed: armed.length,
    markets,
    delivered: [...earlier, ...markets.delivered],
    told,
    problems: { first: unreadable, last: unwritten },
  });
  if (markets.isEveryExchangeDown) throw new NothingChecked(summary);
  return summary;
}

import { type Alert, isArmed } from '../domain/alert.js';
import { messageOf } from '../domain/error-message.js';
import { evaluate, type NotFiredReason, type PriceEvidence } from '../domain/evaluation.js';
import { noWatermarks } from '../domain/evidence/watermark.js';
import { createDeliveries, type Delivered, type Deliveries } from './deliver.js';
import { gatherEvidence } from './gather-evidence.js';
import type { Checkpoint, Ports } from './ports.js';
import type { Run } from './run.js';
import { countAlerts, exchangeStates, type Summary, undeliveredOf } from './summary.js';
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
    const users = await ports.notifiers.users();
    return { users: users && [...users.keys()] };
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
  const table = await sheet.read();
  const deliveries = createDeliveries(ports, run, checkpoint?.accountWaits ?? {});
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

/** Decides on alerts one by one; what fires is under way from then on. */
function createJudge(ports: Ports, deliveries: Deliveries) {
  const underWay = new Map<string, Promise<Delivered>>();
  const silent: Partial<Record<NotFiredReason, number>> = {};
  return {
    underWay,
    silent,
    judge(alert: Alert, evidence: PriceEvidence | undefined): void {
      const decision = evaluate(alert, evidence);
      if (decision.fire && isArmed(alert)) {
        const delivered = deliveries.fire(alert, decision.trigger);
        // Awaited at the end of the run; a failure before that must not end the process.
        delivered.catch(() => undefined);
        underWay.set(alert.id, delivered);
      } else if (!decision.fire) {
        silent[decision.reason] = (silent[decision.reason] ?? 0) + 1;
        ports.log.debug('silent', { alertId: alert.id, symbol: alert.symbol, reason: decision.reason });
      }
    },
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

function fanOutAdvice(armed: number, threshold: number): readonly string[] {
  if (armed <= threshold) return [];
  return [`${armed} armed alerts are more than ${threshold}: time for the fan-out, see "Outgrown?" in the README`];
}

/** The alerts as the run leaves them. */
function alertsAfter(synced: SyncResult, delivered: readonly Delivered[]): readonly Alert[] {
  if (delivered.length === 0) return synced.alerts;
  const alerts = new Map(synced.alerts.map((alert) => [alert.id, alert]));
  for (const { alert } of delivered) if (alert !== undefined) alerts.set(alert.id, alert);
  return [...alerts.values()];
}

/**
 * One run: sheet → table → prices → push. Only two things end it: the stored alerts cannot be read (throws the store's
 * error), or no exchange gave any price although alerts are armed (throws `NothingChecked`, when all else is done).
 */
export async function check(ports: Ports, run: Run): Promise<Summary> {
  const { synced, deliveries, resumed, checkpoint, unreadable } = await begin(ports, run);
  const armed = synced.alerts.filter(isArmed);
  const { judge, underWay, silent } = createJudge(ports, deliveries);
  const before = checkpoint?.watermarks ?? noWatermarks;
  const gathered = await gatherEvidence(ports, armed, before, run, ({ alerts }, evidence) => {
    for (const alert of alerts) judge(alert, evidence);
  });
  for (const alert of armed) if (gathered.evidenceFor(alert) === undefined) judge(alert, undefined);
  const fired = armed.flatMap(({ id }) => underWay.get(id) ?? []);
  const delivered = (await Promise.all([...resumed, ...fired])).filter((each) => each !== undefined);
  const told = await tellOutages(ports, checkpoint?.outages ?? {}, gathered.observed, run);
  const unclaimed = delivered.flatMap(({ alert, isUnclaimed }) => (isUnclaimed && alert ? [alert] : []));
  const next: Checkpoint = {
    checkedAt: ports.now(),
    watermarks: gathered.watermarksAfter(unclaimed),
    outages: told.outages,
    refusal: synced.refusal,
    accountWaits: deliveries.accountWaits(),
  };
  const unwritten = await writeCheckpoint(ports, next, run);
  const after = alertsAfter(synced, delivered);
  const summary: Summary = {
    runId: run.runId,
    startedAt: new Date(run.startedAt).toISOString(),
    durationMs: ports.now() - run.startedAt,
    dryRun: run.isDryRun,
    sheet: synced.sheet,
    alerts: countAlerts(after),
    armed: armed.length,
    markets: { checked: gathered.checked, failed: gathered.failed },
    exchanges: exchangeStates(gathered.observed, told.outages),
    fired: delivered.flatMap(({ fired }) => fired ?? []),
    undelivered: undeliveredOf(after, ports.now()),
    silent,
    left: { rows: synced.left, markets: gathered.left, pushes: delivered.filter(({ isLeft }) => isLeft).length },
    problems: [
      ...unreadable,
      ...synced.problems,
      ...delivered.flatMap(({ problem }) => problem ?? []),
      ...told.problems,
      ...unwritten,
    ],
    advice: fanOutAdvice(armed.length, ports.fanOutThreshold),
  };
  ports.log.info('check', { ...summary });
  ports.metrics(summary, !gathered.isEveryExchangeDown);
  if (gathered.isEveryExchangeDown) throw new NothingChecked(summary);
  return summary;
}

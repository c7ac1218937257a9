import pLimit from 'p-limit';
import type { Alert, AlertSpec } from '../domain/alert.js';
import { messageOf } from '../domain/error-message.js';
import { type ChangeRecord, changeRecord, createdRecord } from '../domain/history.js';
import { type Change, newAlert, restore, type SyncPlan } from '../domain/sync-plan.js';
import type { AlertStore } from './ports/alert-store.js';
import type { Run } from './run.js';

export interface Applied {
  readonly alerts: readonly Alert[];
  /** What was really changed, and not by another run. */
  readonly changes: readonly ChangeRecord[];
  /** Rows whose write found no time. */
  readonly left: number;
  readonly problems: readonly string[];
}

/** The alert as it then is, and what of that is our doing. */
interface Written {
  readonly alert: Alert | undefined;
  readonly change?: ChangeRecord;
}

/** DynamoDB takes far more at a time; this keeps a first run with thousands of rows from opening thousands of sockets. */
const writesAtATime = 25;

async function applyChange(store: AlertStore, { previous, next }: Change, now: number): Promise<Written> {
  if (!(await store.change({ previous, next }))) return { alert: await store.get(previous.id) };
  return { alert: next, change: changeRecord(previous, next, now) };
}

/** An expired alert is not listed, so a returning row first meets its item when it tries to create it. */
async function createOrRestore(store: AlertStore, spec: AlertSpec, now: number): Promise<Written> {
  const alert = newAlert(spec, now);
  if (await store.create(alert)) return { alert, change: createdRecord(alert, now) };
  const found = await store.get(alert.id);
  if (found?.status !== 'expired') return { alert: found };
  return applyChange(store, { previous: found, next: restore(found, spec, now) }, now);
}

/** Only what changed is written, in parallel; one failed write leaves the others alone and its row to the next run. */
export async function applyPlan(
  { store, now }: { store: AlertStore; now: number },
  plan: SyncPlan,
  stored: readonly Alert[],
  run: Run,
): Promise<Applied> {
  if (plan.create.length + plan.change.length === 0) return { alerts: stored, changes: [], left: 0, problems: [] };
  const alerts = new Map(stored.map((alert) => [alert.id, alert]));
  const changes: ChangeRecord[] = [];
  const problems: string[] = [];
  let left = 0;
  const limit = pLimit(writesAtATime);
  const write = (id: string, attempt: () => Promise<Written>) =>
    limit(async () => {
      if (!run.hasTime()) {
        left += 1;
        return;
      }
      try {
        const { alert, change } = await attempt();
        if (alert === undefined) alerts.delete(id);
        else alerts.set(id, alert);
        if (change !== undefined) changes.push(change);
      } catch (error) {
        problems.push(`alert ${id} was not stored: ${messageOf(error)}`);
      }
    });
  await Promise.all([
    ...plan.create.map((spec) => write(spec.id, () => createOrRestore(store, spec, now))),
    ...plan.change.map((change) => write(change.previous.id, () => applyChange(store, change, now))),
  ]);
  return { alerts: [...alerts.values()], changes, left, problems };
}

/** A dry run looks at the alerts as they would be. */
export function imagined(plan: SyncPlan, stored: readonly Alert[], now: number): Applied {
  const alerts = new Map<string, Alert>(stored.map((alert) => [alert.id, alert]));
  const created = plan.create.map((spec) => newAlert(spec, now));
  for (const alert of [...created, ...plan.change.map(({ next }) => next)]) alerts.set(alert.id, alert);
  return { alerts: [...alerts.values()], changes: [], left: 0, problems: [] };
}

import pLimit from 'p-limit';
import type { Alert, AlertSpec } from '../domain/alert.js';
import type { Table } from '../domain/columns.js';
import { messageOf } from '../domain/error-message.js';
import type { Reading } from '../domain/fields/field.js';
import { problemText } from '../domain/problem.js';
import type { Result } from '../domain/result.js';
import { type PlacedRows, placeRows, type SheetRows } from '../domain/rows.js';
import {
  type Change,
  heldAlerts,
  newAlert,
  planSync,
  type Refusal,
  restore,
  type SyncPlan,
  unwantedUnderWay,
} from '../domain/sync-plan.js';
import type { KnownUsers } from '../domain/users.js';
import type { AlertStore } from './ports/alert-store.js';
import type { Ports } from './ports/ports.js';
import type { SheetError } from './ports/sheet.js';
import type { Run } from './run.js';
import type { SheetSummary } from './summary.js';

/** The sheet as the run read it. */
export interface FoundRows {
  readonly table: Table;
  readonly reading: Reading;
  readonly rows: PlacedRows;
}

export interface SyncResult {
  readonly sheet: SheetSummary;
  /** Left out where no row could be read. */
  readonly found?: FoundRows;
  /** The stored alerts as they are after the sync, expired ones included. */
  readonly alerts: readonly Alert[];
  readonly refusal: Refusal | undefined;
  /** Alerts whose notification is under way, while nobody asks for them any more. */
  readonly unwanted: ReadonlySet<string>;
  /** Rows whose write found no time. */
  readonly left: number;
  readonly problems: readonly string[];
}

/** DynamoDB takes far more at a time; this keeps a first run with thousands of rows from opening thousands of sockets. */
const writesAtATime = 25;

/** An expired alert is not listed, so a returning row first meets its item when it tries to create it. */
async function createOrRestore(store: AlertStore, spec: AlertSpec, now: number): Promise<Alert | undefined> {
  const alert = newAlert(spec, now);
  if (await store.create(alert)) return alert;
  const found = await store.get(alert.id);
  if (found?.status !== 'expired') return found;
  const next = restore(found, spec, now);
  return (await store.change({ previous: found, next })) ? next : store.get(alert.id);
}

async function applyChange(store: AlertStore, change: Change): Promise<Alert | undefined> {
  return (await store.change(change)) ? change.next : store.get(change.previous.id);
}

interface Applied {
  readonly alerts: readonly Alert[];
  readonly left: number;
  readonly problems: readonly string[];
}

/** Only what changed is written, in parallel; one failed write leaves the others alone and its row to the next run. */
async function applyPlan(
  { store, now }: { store: AlertStore; now: number },
  plan: SyncPlan,
  stored: readonly Alert[],
  run: Run,
): Promise<Applied> {
  if (plan.create.length + plan.change.length === 0) return { alerts: stored, left: 0, problems: [] };
  const alerts = new Map(stored.map((alert) => [alert.id, alert]));
  const problems: string[] = [];
  let left = 0;
  const limit = pLimit(writesAtATime);
  const write = (id: string, attempt: () => Promise<Alert | undefined>) =>
    limit(async () => {
      if (!run.hasTime()) {
        left += 1;
        return;
      }
      try {
        const alert = await attempt();
        if (alert === undefined) alerts.delete(id);
        else alerts.set(id, alert);
      } catch (error) {
        problems.push(`alert ${id} was not stored: ${messageOf(error)}`);
      }
    });
  await Promise.all([
    ...plan.create.map((spec) => write(spec.id, () => createOrRestore(store, spec, now))),
    ...plan.change.map((change) => write(change.previous.id, () => applyChange(store, change))),
  ]);
  return { alerts: [...alerts.values()], left, problems };
}

/** A dry run looks at the alerts as they would be. */
function imagined(plan: SyncPlan, stored: readonly Alert[], now: number): readonly Alert[] {
  const alerts = new Map<string, Alert>(stored.map((alert) => [alert.id, alert]));
  const created = plan.create.map((spec) => newAlert(spec, now));
  for (const alert of [...created, ...plan.change.map(({ next }) => next)]) alerts.set(alert.id, alert);
  return [...alerts.values()];
}

const refusedSheet = (message: string, rows?: SheetRows): SheetSummary => ({
  status: 'refused',
  rows: rows?.rows ?? 0,
  rowErrors: reported(rows?.errors ?? []),
  message: `${message}. Nothing was changed; the stored alerts are checked as they are`,
  warnings: rows?.warnings ?? [],
});

const reported = (errors: SheetRows['errors']): SheetSummary['rowErrors'] =>
  errors.map(({ row, message }) => ({ row, message }));

/** A trader who deleted a row must learn why its alert is still there. */
function heldWarnings(rows: SheetRows, stored: readonly Alert[]): readonly string[] {
  const held = heldAlerts(rows, stored);
  if (held.length === 0) return [];
  const named = held.slice(0, 5).map(({ symbol, condition }) => `${symbol} ${condition.kind} ${condition.target.text}`);
  const more = held.length > named.length ? ` and ${held.length - named.length} more` : '';
  return [
    `kept although no row asks for it: ${named.join(', ')}${more}; one of the wrong rows may be its row. Mend or delete those`,
  ];
}

/** Brings the stored alerts in line with the sheet, or says why it rather does not. */
export async function syncSheet(
  ports: Pick<Ports, 'store' | 'now' | 'timeZone'>,
  read: { table: Result<Table, SheetError>; known: KnownUsers },
  known: { stored: readonly Alert[]; refusal: Refusal | undefined },
  run: Run,
): Promise<SyncResult> {
  const { stored, refusal } = known;
  const untouched = { alerts: stored, refusal, unwanted: new Set<string>(), left: 0, problems: [] };
  if (!read.table.ok) {
    const message = problemText(read.table.error);
    return { ...untouched, sheet: { status: 'unavailable', rows: 0, rowErrors: [], message, warnings: [] } };
  }
  const now = ports.now();
  const reading = { ...read.known, now, timeZone: ports.timeZone };
  const rows = placeRows(read.table.value, reading, stored);
  if (!rows.ok) return { ...untouched, sheet: refusedSheet(rows.error) };
  const found: FoundRows = { table: read.table.value, reading, rows: rows.value };
  const decision = planSync(rows.value, stored, refusal, now);
  if (decision.kind === 'refuse') {
    const message = `${decision.reason}; if that is meant, leave the sheet as it is and the third check in a row believes it`;
    return { ...untouched, refusal: decision.refusal, found, sheet: refusedSheet(message, rows.value) };
  }
  const applied = run.isDryRun
    ? { alerts: imagined(decision.plan, stored, now), left: 0, problems: [] }
    : await applyPlan({ store: ports.store, now }, decision.plan, stored, run);
  return {
    ...applied,
    refusal: undefined,
    found,
    unwanted: unwantedUnderWay(rows.value, stored),
    sheet: {
      status: 'ok',
      rows: rows.value.rows,
      rowErrors: reported(rows.value.errors),
      warnings: [...rows.value.warnings, ...heldWarnings(rows.value, stored)],
    },
  };
}

import type { Alert } from '../domain/alert.js';
import type { Table } from '../domain/columns.js';
import { changeRecord } from '../domain/history.js';
import { err, ok, type Result } from '../domain/result.js';
import { expire } from '../domain/sync-plan.js';
import type { KnownUsers } from '../domain/users.js';
import { nobodyKnown, readUsers } from './known-users.js';
import { noteChanges } from './note-changes.js';
import type { Ports } from './ports/ports.js';
import type { SheetError } from './ports/sheet.js';
import { tabsAsTyped } from './read-sheet.js';
import { readTabs, readUsersTab } from './read-users-tab.js';
import type { Run } from './run.js';
import { type SyncResult, syncSheet } from './sync-sheet.js';

export interface SyncedNow {
  readonly synced: SyncResult;
  readonly table: Result<Table, SheetError>;
  readonly known: KnownUsers;
}

type SyncPorts = Pick<Ports, 'sheet' | 'store' | 'history' | 'notifiers' | 'log' | 'timeZone' | 'now'>;

function tellUnnoted({ log }: Pick<Ports, 'log'>, reasons: readonly string[]): void {
  for (const reason of reasons) log.warn('a change is not in the history', { reason });
}

/**
 * Ends the alerts whose rows a person has just deleted: that is certain, so the guard against a sheet that lost its rows
 * need not count them. What a run sends at this moment is left to the next sync. The alerts that are left.
 */
async function withoutRemoved(
  { store, history, log, now }: SyncPorts,
  stored: readonly Alert[],
  removed: readonly string[],
): Promise<readonly Alert[]> {
  const ended = new Set<Alert>();
  for (const alert of stored.filter(({ id }) => removed.includes(id))) {
    if (alert.status !== 'pending' && alert.status !== 'triggered') continue;
    const at = now();
    const next = expire(alert, at);
    if (!(await store.change({ previous: alert, next }))) continue;
    ended.add(alert);
    tellUnnoted({ log }, await noteChanges(history, [changeRecord(alert, next, at)]));
  }
  return stored.filter((alert) => !ended.has(alert));
}

/**
 * Sheet → table, between two checks. The checkpoint stays as it is: a refused read counts as one only in a check.
 * `removed`: the ids of alerts whose rows a person has just deleted. Throws the store's error.
 */
export async function syncNow(ports: SyncPorts, removed: readonly string[], run: Run): Promise<SyncedNow> {
  const [users, { alerts: listed }, checkpoint] = await Promise.all([
    readUsers(ports),
    ports.store.list(),
    ports.store.readCheckpoint(),
  ]);
  const stored = await withoutRemoved(ports, listed, removed);
  // After the list: an older sheet would undo what an overlapping run took from a newer one.
  const tabs = await tabsAsTyped(ports.sheet, await readTabs(ports.sheet, checkpoint?.usersTab, ports.now()));
  const read = tabs.ok ? ok(tabs.value.alerts) : tabs;
  const known = 'problem' in users ? nobodyKnown : users.known;
  const table: SyncedNow['table'] = 'problem' in users ? err({ kind: 'bad-key', message: users.problem }) : read;
  const synced = await syncSheet(ports, { table, known }, { stored, refusal: checkpoint?.refusal }, run);
  // Before the answer: nothing waits for it after that. What the history lacks makes no edit less saved.
  tellUnnoted(ports, await synced.noting);
  // Judged, and not kept: what the users wish counts when a check tells them something.
  const judged = { tabs, known: 'problem' in users ? undefined : users.known };
  const { rowErrors } = await readUsersTab(ports, judged, checkpoint?.usersTab, { ...run, isDryRun: true });
  const sheet = { ...synced.sheet, rowErrors: [...synced.sheet.rowErrors, ...rowErrors] };
  return { synced: { ...synced, sheet }, table, known };
}

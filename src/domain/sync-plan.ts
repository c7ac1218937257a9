import type { Alert, AlertSpec, ExpiredAlert, WaitingAlert } from './alert.js';
import { noFires } from './delivery/repeat.js';
import { mayBeTraceOf } from './fields/condition.js';
import { followValues } from './fields/values.js';
import { fingerprint } from './identity.js';
import type { RowTrace } from './parse-row.js';
import type { SheetRows } from './rows.js';
import { shortSymbol } from './symbol.js';
import { hourMs } from './time.js';

/** `previous` is what the write must still find in the table. */
export interface Change {
  readonly previous: Alert;
  readonly next: WaitingAlert | ExpiredAlert;
}

export interface SyncPlan {
  /** Rows whose alert is not listed: it is new, or its item waits expired for the row's return. */
  readonly create: readonly AlertSpec[];
  readonly change: readonly Change[];
}

/** A refused read, remembered, so that the same smaller sheet is believed in the end. */
export interface Refusal {
  readonly fingerprint: string;
  readonly times: number;
}

export type SyncDecision =
  | { readonly kind: 'apply'; readonly plan: SyncPlan }
  | { readonly kind: 'refuse'; readonly reason: string; readonly refusal: Refusal };

/** Runs in a row after which the same smaller sheet is believed. */
const runsToBelieve = 3;
const mayAlwaysExpire = 5;
const mayExpireShare = 0.2;

/** A row gone for less than this may be a slip or a half-read sheet: what had fired stays fired when it returns. */
export const slipMs = hourMs;

export function newAlert(spec: AlertSpec, now: number): WaitingAlert {
  return {
    ...spec,
    status: 'pending',
    armedAt: now,
    createdAt: now,
    triggeredAt: undefined,
    triggeredCount: 0,
  };
}

/** As a row that was set to FALSE and back to TRUE: nothing from before `now` counts. */
export const armAfresh = (alert: WaitingAlert, now: number): WaitingAlert => ({
  ...alert,
  ...noFires,
  unreadableMemory: undefined,
  status: 'pending',
  armedAt: now,
});

/** Undefined where the row changes nothing. FALSE → TRUE re-arms, and so does an `id` that now asks for something else. */
function follow(stored: WaitingAlert, spec: AlertSpec, now: number): WaitingAlert | undefined {
  const { change, values } = followValues(stored, spec, { now, isOver: stored.overAt !== undefined });
  if (change === 'nothing') return undefined;
  const next: WaitingAlert = { ...stored, ...values };
  return change === 'arms-afresh' ? armAfresh(next, now) : next;
}

/** As one whose row has left the sheet. */
export function expire(alert: WaitingAlert, now: number): ExpiredAlert {
  return { ...alert, status: 'expired', expiredAt: now, statusBefore: alert.status };
}

/**
 * The row's return restores its alert. What was pending is armed from now on, since nobody watched in between.
 * What had fired stays fired within the hour; after that the row was written anew and is armed afresh.
 */
export function restore(expired: ExpiredAlert, spec: AlertSpec, now: number): WaitingAlert {
  const { expiredAt, statusBefore, ...rest } = expired;
  const alert: WaitingAlert = { ...rest, status: statusBefore };
  const isSlip = statusBefore === 'triggered' && now - expiredAt < slipMs;
  return isSlip ? (follow(alert, spec, now) ?? alert) : armAfresh({ ...alert, ...spec }, now);
}

/** By the surest thing that can be read of the row: its id, else its symbol, else what it asks for. */
function mayBeOf({ id, symbol, kind, target }: RowTrace, alert: Alert): boolean {
  if (id !== undefined) return alert.id === id;
  if (symbol !== undefined) return shortSymbol(alert.symbol) === shortSymbol(symbol);
  return mayBeTraceOf({ kind, target }, alert.condition);
}

/** An unreadable row may be the one that a missing alert came from, so that alert is left as it is. */
function holderOf({ errors }: SheetRows): (alert: Alert) => boolean {
  const traces = errors.flatMap(({ mayBe }) => mayBe ?? []);
  return (alert) => traces.some((trace) => mayBeOf(trace, alert));
}

/** Alerts whose row is gone and that are kept all the same, because an unreadable row may be theirs. */
export function heldAlerts(sheet: SheetRows, stored: readonly Alert[]): readonly Alert[] {
  if (sheet.errors.length === 0) return [];
  const wanted = new Set(sheet.specs.map(({ id }) => id));
  const isHeld = holderOf(sheet);
  return stored.filter((alert) => alert.status === 'pending' && !wanted.has(alert.id) && isHeld(alert));
}

/** Alerts whose notification is under way, and is not touched, while their row was paused or is gone. */
export function unwantedUnderWay(sheet: SheetRows, stored: readonly Alert[]): ReadonlySet<string> {
  const underWay = stored.filter(({ status }) => status === 'notifying');
  if (underWay.length === 0) return new Set();
  const active = new Map(sheet.specs.map((spec) => [spec.id, spec.active]));
  const isHeld = holderOf(sheet);
  const unwanted = underWay.filter((alert) => !(active.get(alert.id) ?? isHeld(alert)));
  return new Set(unwanted.map(({ id }) => id));
}

function refusalReason(expiring: number, pending: number, sheet: SheetRows): string | undefined {
  if (expiring === 0) return undefined;
  if (sheet.rows === 0)
    return `the sheet has no rows, but ${pending} ${pending === 1 ? 'alert is' : 'alerts are'} pending`;
  const limit = Math.max(mayAlwaysExpire, pending * mayExpireShare);
  return expiring > limit
    ? `the rows of ${expiring} of ${pending} pending alerts are gone at once, more than ${Math.floor(limit)}`
    : undefined;
}

/**
 * Rows against stored alerts. No two specs have one id. `stored` may leave out expired alerts; `notifying` ones are never touched.
 * Refuses a read that would expire more than max(5, 20 %) of the pending alerts, until the third such run in a row.
 */
export function planSync(
  sheet: SheetRows,
  stored: readonly Alert[],
  refused: Refusal | undefined,
  now: number,
): SyncDecision {
  const unmatched = new Map(stored.map((alert) => [alert.id, alert]));
  const create: AlertSpec[] = [];
  const change: Change[] = [];
  for (const spec of sheet.specs) {
    const previous = unmatched.get(spec.id);
    unmatched.delete(spec.id);
    if (previous === undefined) create.push(spec);
    else if (previous.status === 'expired') change.push({ previous, next: restore(previous, spec, now) });
    else if (previous.status !== 'notifying') {
      const next = follow(previous, spec, now);
      if (next !== undefined) change.push({ previous, next });
    }
  }
  const isHeld = holderOf(sheet);
  const pending = stored.filter(({ status }) => status === 'pending').length;
  let expiring = 0;
  for (const previous of unmatched.values()) {
    if ((previous.status !== 'pending' && previous.status !== 'triggered') || isHeld(previous)) continue;
    if (previous.status === 'pending') expiring += 1;
    change.push({ previous, next: expire(previous, now) });
  }
  const reason = refusalReason(expiring, pending, sheet);
  if (reason !== undefined) {
    const seen = fingerprint(sheet.specs.map(({ id }) => id));
    const times = refused?.fingerprint === seen ? refused.times + 1 : 1;
    if (times < runsToBelieve) return { kind: 'refuse', reason, refusal: { fingerprint: seen, times } };
  }
  return { kind: 'apply', plan: { create, change } };
}

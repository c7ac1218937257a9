import type { Alert } from '../domain/alert.js';
import { findAnswerColumns } from '../domain/answer-columns.js';
import { type AnsweredRows, answeredRows } from '../domain/answers/plan-answers.js';
import type { Table } from '../domain/columns.js';
import type { Reading } from '../domain/fields/field.js';
import { problemText } from '../domain/problem.js';
import type { Result } from '../domain/result.js';
import { type PlacedRows, placeRows, type SheetRows } from '../domain/rows.js';
import { heldAlerts, planSync, type Refusal, unwantedUnderWay } from '../domain/sync-plan.js';
import type { KnownUsers } from '../domain/users.js';
import { type WrongRow, wrongRows } from '../domain/wrong-rows.js';
import { applyPlan, imagined } from './apply-plan.js';
import { noteChanges } from './note-changes.js';
import type { Ports } from './ports/ports.js';
import type { SheetError } from './ports/sheet.js';
import type { Run } from './run.js';
import type { SheetSummary } from './summary.js';

/** A sheet with columns for answers, as the run read it. */
export interface FoundRows {
  readonly table: Table;
  readonly reading: Reading;
  readonly rows: AnsweredRows;
}

/** Undefined where nothing is to be answered: a large sheet is let go of before the markets are looked at. */
function foundRows(table: Table, reading: Reading, rows: PlacedRows): FoundRows | undefined {
  const [header = []] = table;
  return findAnswerColumns(header).size === 0 ? undefined : { table, reading, rows: answeredRows(rows) };
}

export interface SyncResult {
  readonly sheet: SheetSummary;
  /** Undefined where no row could be read, or the sheet has no columns for answers. */
  readonly found?: FoundRows | undefined;
  /** The stored alerts as they are after the sync, expired ones included. */
  readonly alerts: readonly Alert[];
  readonly refusal: Refusal | undefined;
  /** Undefined where no row could be read. */
  readonly wrong: readonly WrongRow[] | undefined;
  /** What the history did not take, once it has all; it never fails. */
  readonly noting: Promise<readonly string[]>;
  /** Alerts whose notification is under way, while nobody asks for them any more. */
  readonly unwanted: ReadonlySet<string>;
  /** Rows whose write found no time. */
  readonly left: number;
  readonly problems: readonly string[];
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
  ports: Pick<Ports, 'store' | 'history' | 'now' | 'timeZone'>,
  read: { table: Result<Table, SheetError>; known: KnownUsers },
  known: { stored: readonly Alert[]; refusal: Refusal | undefined },
  run: Run,
): Promise<SyncResult> {
  const { stored, refusal } = known;
  const noting = Promise.resolve([]);
  const untouched = {
    ...{ alerts: stored, refusal, wrong: undefined, noting, left: 0, problems: [] },
    unwanted: new Set<string>(),
  };
  if (!read.table.ok) {
    const message = problemText(read.table.error);
    return { ...untouched, sheet: { status: 'unavailable', rows: 0, rowErrors: [], message, warnings: [] } };
  }
  const now = ports.now();
  const { value: table } = read.table;
  const reading = { ...read.known, now, timeZone: ports.timeZone };
  const rows = placeRows(table, reading, stored);
  if (!rows.ok) return { ...untouched, sheet: refusedSheet(rows.error) };
  const found = foundRows(table, reading, rows.value);
  const wrong = wrongRows(table, rows.value.errors, read.known);
  const decision = planSync(rows.value, stored, refusal, now);
  if (decision.kind === 'refuse') {
    const message = `${decision.reason}; if that is meant, leave the sheet as it is and the third check in a row believes it`;
    return { ...untouched, wrong, refusal: decision.refusal, found, sheet: refusedSheet(message, rows.value) };
  }
  const { changes, ...applied } = run.isDryRun
    ? imagined(decision.plan, stored, now)
    : await applyPlan({ store: ports.store, now }, decision.plan, stored, run);
  return {
    ...applied,
    refusal: undefined,
    wrong,
    // Nothing waits for it.
    noting: noteChanges(ports.history, changes),
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

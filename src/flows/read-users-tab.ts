import type { Table } from '../domain/columns.js';
import { messageOf } from '../domain/error-message.js';
import { fingerprint } from '../domain/identity.js';
import { problemText } from '../domain/problem.js';
import { ok, type Result } from '../domain/result.js';
import { hourMs } from '../domain/time.js';
import { type KnownUsers, readUserRows, type UserRows, type UserSettings } from '../domain/users.js';
import type { UsersTabState } from './ports/alert-store.js';
import type { Ports } from './ports/ports.js';
import type { Sheet, SheetError, SheetTabs } from './ports/sheet.js';
import type { Run } from './run.js';
import type { SheetSummary } from './summary.js';

/** `settings` are those in use; undefined where neither the tab nor what it last said can be read. */
export interface UsersTabResult {
  readonly settings: readonly UserSettings[] | undefined;
  readonly rowErrors: SheetSummary['rowErrors'];
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
  /** For the next run. */
  readonly state: UsersTabState | undefined;
}

/** `users` undefined: the tab was not there lately, and was not looked for. */
export interface ReadTabs {
  readonly alerts: Table;
  readonly users: SheetTabs['users'] | undefined;
}

/** A tab that was not there is looked for an hour later, where looking costs a call. */
export async function readTabs(
  { users, read }: Sheet,
  state: UsersTabState | undefined,
  now: number,
): Promise<Result<ReadTabs, SheetError>> {
  const isToWait = users?.isLookedForHourly && now - (state?.missingAt ?? Number.NEGATIVE_INFINITY) < hourMs;
  if (users !== undefined && !isToWait) return users.readWithAlerts();
  const alerts = await read();
  return alerts.ok ? ok({ alerts: alerts.value, users: undefined }) : alerts;
}

/** What a run has of the tab; `known` undefined where the secret cannot be read, and with it nobody's channels. */
export interface UsersRead {
  readonly tabs: Result<ReadTabs, SheetError>;
  readonly known: KnownUsers | undefined;
}

/** `reason` undefined: it is told elsewhere. */
type Judged =
  | { readonly kind: 'read'; readonly rows: UserRows }
  | { readonly kind: 'wrong-header'; readonly message: string }
  | { readonly kind: 'missing'; readonly isNews: boolean }
  | { readonly kind: 'unreadable'; readonly reason: string | undefined };

function judge({ tabs, known }: UsersRead, kept: readonly UserSettings[]): Judged {
  if (!tabs.ok || known === undefined) return { kind: 'unreadable', reason: undefined };
  const { users } = tabs.value;
  if (users === undefined) return { kind: 'missing', isNews: false };
  if (!users.ok) {
    if (users.error.kind === 'no-such-tab') return { kind: 'missing', isNews: true };
    return { kind: 'unreadable', reason: problemText(users.error) };
  }
  const rows = readUserRows(users.value, known, kept);
  return rows.ok ? { kind: 'read', rows: rows.value } : { kind: 'wrong-header', message: rows.error };
}

const fingerprintOf = (settings: readonly UserSettings[]): string =>
  fingerprint(settings.map((each) => JSON.stringify(each)));

/** What is said where the tab gave nothing. */
function toldWithout(judged: Exclude<Judged, { kind: 'read' }>, name: string, hasKept: boolean) {
  const stillCounts = hasKept ? [`what "${name}" last said still counts`] : [];
  switch (judged.kind) {
    case 'wrong-header':
      return { rowErrors: [{ row: 1, message: `${name}: ${judged.message}` }], warnings: stillCounts };
    case 'unreadable':
      return { rowErrors: [], warnings: [...(judged.reason === undefined ? [] : [judged.reason]), ...stillCounts] };
    case 'missing': {
      const remedy = 'put it back, or, to go without, leave it with nothing but the header user_id';
      return { rowErrors: [], warnings: stillCounts.map((text) => `${text}, but it is not there any more; ${remedy}`) };
    }
  }
}

/**
 * What the users wish. Whatever cannot be read leaves what the tab last said, which is kept as one item: read only
 * where it is needed, and written only where it changes. Workers go by it alone, so with a doorbell it is looked at each
 * time, and written anew where it does not say what the tab does.
 */
export async function readUsersTab(
  { sheet, store, now, doorbell }: Pick<Ports, 'sheet' | 'store' | 'now' | 'doorbell'>,
  read: UsersRead,
  before: UsersTabState | undefined,
  run: Run,
): Promise<UsersTabResult> {
  if (sheet.users === undefined) return { settings: [], rowErrors: [], warnings: [], problems: [], state: before };
  const { name } = sheet.users;
  const problems: string[] = [];
  /** Undefined where the table failed. */
  const orProblem = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      problems.push(messageOf(error));
      return undefined;
    });
  // Without a state nobody knows whether something is kept.
  const isSurelyNone = before !== undefined && before.fingerprint === undefined;
  const readKept = async () => (isSurelyNone ? [] : orProblem(store.readUsers()));

  const first = judge(read, []);
  if (first.kind !== 'read') {
    const kept = await readKept();
    const told = toldWithout(first, name, kept !== undefined && kept.length > 0);
    // What could not be read may be spoilt: without a state it is written anew as soon as there is a tab to write it from.
    if (kept === undefined) return { settings: undefined, ...told, problems, state: undefined };
    if (first.kind !== 'missing') return { settings: kept, ...told, problems, state: before };
    const missingAt = first.isNews ? now() : before?.missingAt;
    const state = { missingAt, fingerprint: kept.length > 0 ? fingerprintOf(kept) : before?.fingerprint };
    return { settings: kept, ...told, problems, state };
  }
  const hasErrors = first.rows.errors.length > 0;
  const kept = hasErrors || doorbell !== undefined ? await readKept() : undefined;
  const second = hasErrors ? judge(read, kept ?? []) : first;
  const { settings, errors, warnings } = second.kind === 'read' ? second.rows : first.rows;
  const next = fingerprintOf(settings);
  const isAsKept = doorbell === undefined || (kept !== undefined && fingerprintOf(kept) === next);
  const isWritten =
    (next === before?.fingerprint && isAsKept) ||
    (!run.isDryRun && (await orProblem(store.writeUsers(settings).then(() => true))) === true);
  return {
    settings,
    rowErrors: errors.map(({ row, message }) => ({ row, message: `${name}: ${message}` })),
    warnings: warnings.map((text) => `${name}: ${text}`),
    problems,
    state: isWritten ? { missingAt: undefined, fingerprint: next } : before && { ...before, missingAt: undefined },
  };
}

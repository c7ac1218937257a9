import pLimit from 'p-limit';
import type { Alert } from '../../domain/alert.js';
import { unreadableText } from '../../domain/alert.js';
import { conditionNames, kindNamed } from '../../domain/conditions/registry.js';
import { type LocatedRow, locateRows } from '../../domain/locate-rows.js';
import { exchangeNames } from '../../domain/market.js';
import { problemText } from '../../domain/problem.js';
import type { KnownUsers } from '../../domain/users.js';
import { nobodyKnown } from '../../flows/known-users.js';
import type { Ports } from '../../flows/ports/ports.js';
import type { EditError } from '../../flows/ports/sheet-editor.js';
import type { SheetSummary, Summary } from '../../flows/summary.js';
import { type SyncedNow, syncNow } from '../../flows/sync-now.js';
import type { PageState } from '../protocol.js';
import { alertView } from './alert-view.js';
import { noPrices, type Prices, pricesOf } from './prices.js';

export interface SheetName {
  readonly kind: 'csv' | 'google';
  readonly name: string;
}

/** What the page knows: the rows as they were last read, and the stored alerts with their prices. */
export interface Board {
  state(): PageState;
  alerts(): readonly Alert[];
  known(): KnownUsers;
  /** Rows → store. `removed`: ids of alerts whose rows a person has just deleted. Syncs wait for each other. */
  sync(removed?: readonly string[]): Promise<SyncedNow>;
  /** The stored alerts and the prices again, and no row. */
  refresh(): Promise<void>;
  /** An edit that was refused because of the sheet's sharing says so until one is made. */
  noteEdit(error: EditError | undefined): void;
}

/** As long as a person waits for an edit. */
const timeForSyncMs = 30_000;

const lineOf = ({ armed, markets, fired, problems }: Summary): string =>
  [
    `${armed} armed`,
    `${markets.checked} ${markets.checked === 1 ? 'market' : 'markets'} checked`,
    ...(markets.failed.length > 0 ? [`${markets.failed.length} without a price`] : []),
    `${fired.length} fired`,
    ...problems,
  ].join(', ');

const offered = {
  conditions: conditionNames.map((name) => ({ name, example: kindNamed(name).example })),
  exchanges: exchangeNames,
};

/** What is wrong with the sheet as a whole is told at its header. */
function sheetErrors({ rowErrors, message }: SheetSummary, unreadable: readonly string[]): SheetSummary['rowErrors'] {
  const whole = [...(message === undefined ? [] : [message]), ...unreadable];
  return [...whole.map((text) => ({ row: 1, message: text })), ...rowErrors];
}

const notRead: SheetSummary = { status: 'unavailable', rows: 0, rowErrors: [], warnings: [] };

/** Long, because its parts share what was read last. */
export function createBoard(ports: Ports, sheet: SheetName): Board {
  const oneByOne = pLimit(1);
  let alerts: readonly Alert[] = [];
  let unreadable: readonly string[] = [];
  let rows: ReadonlyMap<string, LocatedRow> = new Map();
  let summary = notRead;
  let known: KnownUsers = nobodyKnown;
  let prices: Prices = noPrices;
  let lastCheck: PageState['lastCheck'];
  let readOnly: string | undefined;

  async function noteCheckedAt(at: number | undefined): Promise<void> {
    if (at === undefined || (at <= (lastCheck?.at ?? 0) && lastCheck?.line !== '')) return;
    const kept = (await ports.store.readSummary())?.summary;
    // It may be written after the instant of the check, so the one that is there may be of the check before.
    const isIts = kept !== undefined && Date.parse(kept.startedAt) + kept.durationMs >= at;
    lastCheck = { at, line: isIts ? lineOf(kept) : '' };
  }

  return {
    alerts: () => alerts,
    known: () => known,
    sync: (removed = []) =>
      oneByOne(async () => {
        const deadline = ports.now() + timeForSyncMs;
        const hasTime = () => ports.now() < deadline;
        const run = { runId: ports.newId(), startedAt: ports.now(), isDryRun: false, requestsAtATime: 5, hasTime };
        const result = await syncNow(ports, removed, run);
        const { synced, table } = result;
        alerts = synced.alerts.filter(({ status }) => status !== 'expired');
        summary = synced.sheet;
        known = result.known;
        const reading = { ...known, now: ports.now(), timeZone: ports.timeZone };
        const located = table.ok ? locateRows(table.value, reading, alerts) : undefined;
        // A sheet that cannot be read now leaves the places of its rows as they were.
        if (located?.ok) {
          rows = new Map(
            located.value.rows.toReversed().flatMap((row) => (row.id === undefined ? [] : [[row.id, row]])),
          );
        }
        return result;
      }),
    async refresh() {
      const [listed, checkpoint] = await Promise.all([ports.store.list(), ports.store.readCheckpoint()]);
      alerts = listed.alerts;
      unreadable = listed.unreadable.map(unreadableText);
      await noteCheckedAt(checkpoint?.checkedAt);
      prices = await pricesOf(ports, alerts);
    },
    noteEdit(error) {
      if (error === undefined) readOnly = undefined;
      else if (error.kind === 'not-editor') readOnly = problemText(error);
    },
    state() {
      const now = ports.now();
      const seen = { now, timeZone: ports.timeZone };
      return {
        now,
        timeZone: ports.timeZone,
        sheet: { ...sheet, readOnly, rowErrors: sheetErrors(summary, unreadable) },
        alerts: alerts.map((alert) => alertView(alert, rows.get(alert.id), prices.markets.get(alert.id), seen)),
        prices: prices.prices,
        lastCheck,
        ...offered,
        users: known.knownUsers ?? [],
      };
    },
  };
}

import { type Alert, isArmed, unreadableText } from '../domain/alert.js';
import { isWatched } from '../domain/delivery/rearm.js';
import { messageOf } from '../domain/error-message.js';
import { noWatermarks } from '../domain/evidence/watermark.js';
import { err, ok } from '../domain/result.js';
import { type WrongRow, wrongRowKey } from '../domain/wrong-rows.js';
import { answerSheet } from './answer-sheet.js';
import { checkMarkets } from './check-markets.js';
import { createDeliveries, type Deliveries } from './deliver.js';
import { followReceipts } from './follow-receipts.js';
import { nobodyKnown, readUsers } from './known-users.js';
import type { Checkpoint, UsersTabState } from './ports/alert-store.js';
import type { Ports } from './ports/ports.js';
import { tabsAsTyped } from './read-sheet.js';
import { readTabs, readUsersTab } from './read-users-tab.js';
import { createRecipients, type Recipients } from './recipients.js';
import { alertsAfter, report } from './report.js';
import type { Run } from './run.js';
import type { SheetSummary, Summary } from './summary.js';
import { type SyncResult, syncSheet } from './sync-sheet.js';
import { readTaken } from './taken-elsewhere.js';
import type { Delivered } from './tell-claimed.js';
import { tellOutages } from './tell-outages.js';
import { tellWrongRows } from './tell-wrong-rows.js';

/** No exchange gave a single price, so nobody can be told anything. The summary says what was done all the same. */
export class NothingChecked extends Error {
  override readonly name = 'NothingChecked';
  constructor(readonly summary: Summary) {
    const reasons = new Set(summary.markets.failed.map(({ exchange, reason }) => `${exchange}: ${reason}`));
    super(`no alert could be checked. ${[...reasons].slice(0, 6).join('. ')}`);
  }
}

interface BeginResult {
  /** The alerts as the run found them. */
  readonly stored: readonly Alert[];
  readonly synced: SyncResult;
  /** As the next run is to know it. */
  readonly usersTab: UsersTabState | undefined;
  readonly recipients: Recipients;
  readonly deliveries: Deliveries;
  /** Each run begins with what earlier runs left; the rest need not wait for it. */
  readonly resumed: Promise<readonly (Delivered | undefined)[]>;
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
  const tabs = await tabsAsTyped(sheet, await readTabs(sheet, checkpoint?.usersTab, ports.now()));
  const known = 'problem' in users ? undefined : users.known;
  const usersTab = await readUsersTab(ports, { tabs, known }, checkpoint?.usersTab, run);
  const recipients = createRecipients(ports, usersTab.settings);
  const deliveries = createDeliveries(ports, run, checkpoint?.accountWaits ?? {}, recipients);
  const left = stored.filter((alert) => alert.status === 'notifying');
  const resumed = deliveries.resume(left, checkpoint?.checkedAt ?? 0);
  const read =
    'problem' in users
      ? { table: err({ kind: 'bad-key' as const, message: users.problem }), known: nobodyKnown }
      : { table: tabs.ok ? ok(tabs.value.alerts) : tabs, known: users.known };
  const synced = await syncSheet(ports, read, { stored, refusal: checkpoint?.refusal }, run);
  return {
    stored,
    synced: {
      ...synced,
      sheet: {
        ...synced.sheet,
        rowErrors: [...synced.sheet.rowErrors, ...usersTab.rowErrors],
        warnings: [...synced.sheet.warnings, ...usersTab.warnings],
      },
      wrong: synced.wrong && [...synced.wrong, ...usersTab.rowErrors.map(wrongUserRow)],
      problems: [...usersTab.problems, ...synced.problems],
    },
    usersTab: usersTab.state,
    recipients,
    deliveries,
    resumed,
    checkpoint,
    unreadable: unreadable.map(unreadableText),
  };
}

const wrongUserRow = ({ row, message }: SheetSummary['rowErrors'][number]): WrongRow => ({
  ...{ row, message, user: undefined },
  key: wrongRowKey([], message),
});

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
  const { stored, synced, usersTab, recipients, deliveries, resumed, checkpoint, unreadable } = await begin(ports, run);
  const watched = synced.alerts.filter(isWatched);
  const before = checkpoint?.watermarks ?? noWatermarks;
  const wanted = synced.alerts.filter(({ id }) => !synced.unwanted.has(id));
  const following = resumed.then(() => followReceipts(ports, stored, wanted, run));
  const markets = await checkMarkets(ports, watched, { before, history: ports.candleHistory, deliveries }, run);
  const earlier = (await resumed).filter((each) => each !== undefined);
  const receipts = await following;
  const telling = { recipients, pusher: deliveries.pusher };
  const told = await tellOutages(ports, checkpoint?.outages ?? {}, markets.observed, telling, run);
  const toldRows = await tellWrongRows(ports, synced.wrong, checkpoint?.toldRows, telling, run);
  const next: Checkpoint = {
    checkedAt: ports.now(),
    lastCheckedAt: checkpoint?.checkedAt,
    toldRows: toldRows.told,
    watermarks: markets.watermarks,
    outages: told.outages,
    refusal: synced.refusal,
    accountWaits: deliveries.accountWaits(),
    usersTab,
  };
  const writing = writeCheckpoint(ports, next, run);
  const delivered = [...earlier, ...markets.delivered];
  const taken = await readTaken(ports, delivered);
  const after = alertsAfter(synced, delivered, taken.alerts, markets);
  // Last of all: whatever becomes of it, everybody is told and all is written down.
  const answers = await answerSheet(
    ports,
    { found: synced.found, alerts: after, looked: markets.looked },
    run,
    writing,
  );
  const done = {
    ...{ synced, after, answers },
    armed: watched.filter(isArmed).length,
    markets,
    delivered,
    told,
    problems: {
      first: unreadable,
      last: [...receipts.problems, ...toldRows.problems, ...taken.problems, ...(await synced.noting)],
    },
  };
  const answer = await report(ports, run, done, writing);
  if (markets.isEveryExchangeDown) throw new NothingChecked(answer);
  return answer;
}

import pLimit from 'p-limit';
import type { NotifyingAlert } from '../domain/alert.js';
import type { AccountWaits } from '../domain/delivery/backoff.js';
import { dueAt } from '../domain/delivery/due.js';
import type { Rung } from '../domain/delivery/ring-body.js';
import { isDue } from '../domain/delivery/transition.js';
import { messageOf } from '../domain/error-message.js';
import { problemText } from '../domain/problem.js';
import { createDeliveries } from './deliver.js';
import type { DeliveryReport } from './ports/delivery-report.js';
import { type Doorbell, longestDelaySeconds, type Ring } from './ports/doorbell.js';
import type { Notifiers } from './ports/notifiers.js';
import type { Ports } from './ports/ports.js';
import { messagesOf, readMessages, type WrittenMessage } from './read-messages.js';
import { createRecipients } from './recipients.js';
import type { Run } from './run.js';
import type { Delivered } from './tell-claimed.js';
import { untoldOf, warnOfUntold } from './untold.js';

export type WorkerPorts = Pick<Ports, 'store' | 'history' | 'notifiers' | 'log' | 'timeZone' | 'now' | 'newId'> & {
  readonly doorbell: Doorbell;
  readonly metrics: (report: DeliveryReport) => void;
};

export interface DeliverResult {
  /** Messages that have to come again. */
  readonly unfinished: readonly string[];
  /** As this run knows them, for the next one of this process. */
  readonly accountWaits: AccountWaits;
}

/** What a run found, took over and left. */
interface Told {
  readonly results: readonly (readonly [NotifyingAlert, Delivered | undefined])[];
  readonly unfinished: readonly Rung[];
  readonly problems: readonly string[];
  readonly accountWaits: AccountWaits;
}

/** What the check found out and what this process did since; the longer wait counts. */
function laterOf(a: AccountWaits, b: AccountWaits): AccountWaits {
  const waits = { ...a };
  for (const [channel, wait] of Object.entries(b)) {
    const known = waits[channel];
    waits[channel] = known === undefined || known.retryAt < wait.retryAt ? wait : known;
  }
  return waits;
}

/** Two workers at a time have as many connections together as one check alone. */
const onOneConnection = (notifiers: Notifiers): Notifiers => ({
  ...notifiers,
  connections: (channel) => ({ ...notifiers.connections(channel), allowed: 1 }),
});

/** The alerts that still wait to be told of that very fire. The list that the check had may be stale, these are not. */
async function find({ store }: WorkerPorts, rungs: readonly Rung[]) {
  const found = await Promise.all(
    rungs.map(async (rung) => {
      try {
        return { rung, alert: await store.get(rung.alertId) };
      } catch (error) {
        return { rung, problem: messageOf(error) };
      }
    }),
  );
  return {
    alerts: found.flatMap(({ rung, alert }) =>
      alert?.status === 'notifying' && alert.delivery.fireId === rung.fireId ? [alert] : [],
    ),
    unfinished: found.flatMap(({ rung, problem }) => (problem === undefined ? [] : [rung])),
    problems: found.flatMap(({ problem }) => problem ?? []),
  };
}

/** More at a time only opens sockets. */
const readsAtATime = 25;

/**
 * What was rung for beside these, and that nobody has told yet. A message of its own rings for each, so one that cannot be
 * read, or is left, is no loss.
 */
async function findBeside({ store, now }: WorkerPorts, rungs: readonly Rung[], alerts: readonly NotifyingAlert[]) {
  const inHand = new Map(alerts.map((alert) => [alert.id, alert]));
  const users = new Map<string, string>();
  for (const { alertId, beside = [] } of rungs) {
    const alert = inHand.get(alertId);
    if (alert === undefined || !isDue(alert.delivery, now())) continue;
    for (const id of beside) if (!inHand.has(id)) users.set(id, alert.user);
  }
  const limit = pLimit(readsAtATime);
  const read = [...users.keys()].map((id) => limit(() => store.get(id).catch(() => undefined)));
  return (await Promise.all(read)).flatMap((alert) =>
    alert?.status === 'notifying' && alert.user === users.get(alert.id) && isDue(alert.delivery, now()) ? [alert] : [],
  );
}

/** Whom to tell and how; an answer that cannot be had is a fault of the surroundings, and nothing is taken over. */
async function surroundingsOf({ store, notifiers }: WorkerPorts) {
  // The notifiers would take an unreadable secret for a refused key.
  const [, checkpoint, settings] = await Promise.all([notifiers.users(), store.readCheckpoint(), store.readUsers()]);
  return { checkpoint, settings };
}

const rungOf = ({ id, delivery }: NotifyingAlert): Rung => ({ alertId: id, fireId: delivery.fireId });

async function tell(ports: WorkerPorts, rungs: readonly Rung[], known: AccountWaits, run: Run): Promise<Told> {
  const { alerts, unfinished, problems } = await find(ports, rungs);
  if (alerts.length === 0) return { results: [], unfinished, problems, accountWaits: known };
  try {
    const { checkpoint, settings } = await surroundingsOf(ports);
    const all = [...alerts, ...(await findBeside(ports, rungs, alerts))];
    const { doorbell: _, ...others } = { ...ports, notifiers: onOneConnection(ports.notifiers) };
    const waits = laterOf(checkpoint?.accountWaits ?? {}, known);
    const deliveries = createDeliveries(others, run, waits, createRecipients(ports, settings));
    const delivered = await deliveries.resumeRung(all);
    const results = all.map((alert, index) => [alert, delivered[index]] as const);
    return { results, unfinished, problems, accountWaits: deliveries.accountWaits() };
  } catch (error) {
    const every = [...unfinished, ...alerts.map(rungOf)];
    return { results: [], unfinished: every, problems: [...problems, messageOf(error)], accountWaits: known };
  }
}

/** Not begun for lack of time, or what came of it is not on record. A refused notification is on record. */
const isUnfinished = (result: Delivered | undefined): boolean =>
  result?.alert?.status === 'notifying' &&
  ((result.isLeft === true && result.fired === undefined) || result.problem !== undefined);

/** What is to be sent again soon; what waits for longer, a check finds by itself. */
function ringsAgain({ results, accountWaits }: Told, now: number): readonly Ring[] {
  return results.flatMap(([before, result]) => {
    const after = result === undefined ? before : result.alert;
    if (after?.status !== 'notifying' || isUnfinished(result)) return [];
    // Somebody else holds it, or has put it off and rung for it again.
    if (result === undefined && !isDue(before.delivery, now)) return [];
    const delaySeconds = Math.max(0, Math.ceil((dueAt(after, accountWaits) - now) / 1_000));
    return delaySeconds > longestDelaySeconds ? [] : [{ ...rungOf(after), user: after.user, delaySeconds }];
  });
}

const idsOf = (rungs: readonly Rung[]): readonly string[] => rungs.map(({ alertId }) => alertId);

/**
 * Tells what checks have claimed for others to tell. A message is done when its alert's item says how it goes on, whatever
 * a channel said. All are taken over before the first is told, so that storms are gathered here, too.
 */
export async function deliverRung(
  ports: WorkerPorts,
  written: readonly WrittenMessage[],
  known: AccountWaits,
  run: Run,
): Promise<DeliverResult> {
  const { log, now } = ports;
  const { heard, rungs, dropped } = readMessages(written);
  for (const reason of dropped) log.warn('a message of the queue is dropped', { reason });
  const nothing: Told = { results: [], unfinished: rungs, problems: [], accountWaits: known };
  const told = run.hasTime() ? await tell(ports, rungs, known, run) : nothing;
  const own = new Set(idsOf(rungs));
  const failed = told.results.flatMap(([alert, result]) =>
    own.has(alert.id) && isUnfinished(result) ? [rungOf(alert)] : [],
  );
  const unfinished = [...told.unfinished, ...failed];
  const again = ringsAgain(told, now());
  const { refused, problems } = again.length === 0 ? { refused: [], problems: [] } : await ports.doorbell.ring(again);
  const delivered = told.results.flatMap(([, result]) => result ?? []);
  const fired = delivered.flatMap((each) => each.fired ?? []);
  const rungAgain = again.filter((ring) => !refused.includes(ring));
  const busy = new Set([...idsOf(unfinished), ...idsOf(again), ...fired.map(({ alertId }) => alertId)]);
  const report: DeliveryReport = {
    runId: run.runId,
    startedAt: new Date(run.startedAt).toISOString(),
    durationMs: now() - run.startedAt,
    messages: written.length,
    fired,
    untold: untoldOf(delivered),
    nothingToDo: idsOf(rungs).filter((id) => !busy.has(id)),
    rungAgain: idsOf(rungAgain),
    unfinished: idsOf(unfinished),
    dropped,
    problems: [
      ...told.problems,
      ...delivered.flatMap(({ problem }) => problem ?? []),
      ...problems.map((each) => `not rung again, so the next check delivers: ${problemText(each)}`),
    ],
  };
  warnOfUntold(log, report.untold);
  log.info('deliver', { ...report });
  ports.metrics(report);
  return { unfinished: messagesOf(heard, unfinished), accountWaits: told.accountWaits };
}

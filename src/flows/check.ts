import { type Alert, isArmed, type WaitingAlert } from '../domain/alert.js';
import { messageOf } from '../domain/error-message.js';
import { evaluate, type PriceEvidence, type Silence } from '../domain/evaluation.js';
import { marketKey } from '../domain/market.js';
import { createAsker } from './ask-exchanges.js';
import { createDeliveries, type Delivered, type Deliveries } from './deliver.js';
import { gatherQuotes, questionKey, questionsOf } from './gather-quotes.js';
import type { Ports } from './ports.js';
import type { Run } from './run.js';
import { countAlerts, type Summary } from './summary.js';
import { syncSheet } from './sync-sheet.js';

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
    return { users: await ports.phone.users() };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function fanOutAdvice(armed: number, threshold: number): readonly string[] {
  if (armed <= threshold) return [];
  return [`${armed} armed alerts are more than ${threshold}: time for the fan-out, see "Outgrown?" in the README`];
}

interface Evaluated {
  readonly deliveries: readonly Promise<Delivered>[];
  readonly silent: Summary['silent'];
}

function fireTouched(
  ports: Ports,
  alerts: readonly Alert[],
  evidence: ReadonlyMap<string, PriceEvidence>,
  deliveries: Deliveries,
): Evaluated {
  const silent: Partial<Record<Silence, number>> = {};
  const fired = alerts.filter(isArmed).flatMap((alert: WaitingAlert) => {
    const decision = evaluate(alert, evidence.get(questionKey(alert)));
    if (decision.fire) return [deliveries.fire(alert, decision.firing)];
    silent[decision.reason] = (silent[decision.reason] ?? 0) + 1;
    ports.log.debug('silent', { alertId: alert.id, symbol: alert.symbol, reason: decision.reason });
    return [];
  });
  return { deliveries: fired, silent };
}

/**
 * One run: sheet → table → prices → push. Only two things end it: the stored alerts cannot be read (throws the store's
 * error), or no exchange gave any price although alerts are armed (throws `NothingChecked`, when all else is done).
 */
export async function check(ports: Ports, run: Run): Promise<Summary> {
  const { sheet, store, log, now } = ports;
  const [table, users, listed, checkpoint] = await Promise.all([
    sheet.read(),
    readUsers(ports),
    store.list(),
    store.readCheckpoint(),
  ]);
  const stored = listed.alerts;
  const deliveries = createDeliveries(ports, run, checkpoint?.quotaResetsAt);
  // Each run begins with what earlier runs left; the prices need not wait for it.
  const resumed = stored.flatMap((alert) => (alert.status === 'notifying' ? [deliveries.resume(alert)] : []));
  const synced = await syncSheet(
    ports,
    'problem' in users
      ? { table: { ok: false, error: { kind: 'bad-key', message: users.problem } }, users: undefined }
      : { table, users: users.users },
    { stored, refusal: checkpoint?.refusal },
    run,
  );
  const armed = synced.alerts.filter(isArmed);
  const asker = createAsker(ports, run);
  const { quotes, failed, left } = await gatherQuotes(ports.exchanges, questionsOf(armed), asker);
  const evidence = new Map(
    quotes.map(({ question, market, ticker, at }) => [question.key, { market, last: ticker.last, lastAt: at }]),
  );
  const { deliveries: firing, silent } = fireTouched(ports, armed, evidence, deliveries);
  const delivered = (await Promise.all([...resumed, ...firing])).filter((each) => each !== undefined);
  const problems = [
    ...listed.unreadable.map(({ id, message }) => `stored item ${id} cannot be read: ${message}`),
    ...synced.problems,
    ...delivered.flatMap(({ problem }) => problem ?? []),
  ];
  if (!run.isDryRun) {
    try {
      await store.writeCheckpoint({
        checkedAt: now(),
        refusal: synced.refusal,
        quotaResetsAt: deliveries.quotaResetsAt(),
      });
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  const alerts = new Map(synced.alerts.map((alert) => [alert.id, alert]));
  for (const { alert } of delivered) if (alert !== undefined) alerts.set(alert.id, alert);
  const summary: Summary = {
    runId: run.runId,
    startedAt: new Date(run.startedAt).toISOString(),
    durationMs: now() - run.startedAt,
    dryRun: run.isDryRun,
    sheet: synced.sheet,
    alerts: countAlerts(alerts.values()),
    markets: { checked: new Set(quotes.map(({ market }) => marketKey(market))).size, failed },
    fired: delivered.flatMap(({ fired }) => fired ?? []),
    silent,
    left: { rows: synced.left, markets: left, pushes: delivered.filter(({ isLeft }) => isLeft).length },
    problems,
    advice: fanOutAdvice(armed.length, ports.fanOutThreshold),
  };
  log.info('check', { ...summary });
  if (asker.isEveryExchangeDown()) throw new NothingChecked(summary);
  return summary;
}

import type { Alert } from '../domain/alert.js';
import type { MarketsResult } from './check-markets.js';
import { keepSummary } from './keep-summary.js';
import type { Ports } from './ports/ports.js';
import type { Run } from './run.js';
import { type AnswersSummary, countAlerts, exchangeStates, type Summary, undeliveredOf } from './summary.js';
import type { SyncResult } from './sync-sheet.js';
import type { Delivered } from './tell-claimed.js';
import type { ToldOutages } from './tell-outages.js';
import { untoldOf, warnOfUntold } from './untold.js';

/** All that a run did, for its report. */
export interface Done {
  readonly synced: SyncResult;
  /** The alerts as the run leaves them. */
  readonly after: readonly Alert[];
  readonly answers: AnswersSummary | undefined;
  readonly armed: number;
  readonly markets: MarketsResult;
  /** Of earlier runs and of this one. */
  readonly delivered: readonly Delivered[];
  readonly told: ToldOutages;
  /** Faults that stopped nothing else: before, and after the markets. */
  readonly problems: { readonly first: readonly string[]; readonly last: readonly string[] };
}

function fanOutAdvice(armed: number, { fanOutThreshold, doorbell }: Pick<Ports, 'fanOutThreshold' | 'doorbell'>) {
  if (armed <= fanOutThreshold || doorbell !== undefined) return [];
  const due = `${armed} armed alerts are more than ${fanOutThreshold}: time for the fan-out`;
  return [`${due}, deploy with FanOut=true; see "Outgrown?" in the README`];
}

/** The alerts as the run leaves them. `taken`: as another run has them. */
export function alertsAfter(
  synced: Pick<SyncResult, 'alerts'>,
  delivered: readonly Delivered[],
  taken: readonly Alert[],
  { ended, armedAgain }: Pick<MarketsResult, 'ended' | 'armedAgain'>,
): readonly Alert[] {
  if (delivered.length + taken.length + ended.length + armedAgain.length === 0) return synced.alerts;
  const alerts = new Map(synced.alerts.map((alert) => [alert.id, alert]));
  for (const alert of armedAgain) alerts.set(alert.id, alert);
  for (const { alert } of delivered) if (alert !== undefined) alerts.set(alert.id, alert);
  for (const alert of [...ended, ...taken]) alerts.set(alert.id, alert);
  return [...alerts.values()];
}

function summaryOf(ports: Pick<Ports, 'now' | 'fanOutThreshold' | 'doorbell'>, run: Run, done: Done): Summary {
  const { synced, after, answers, armed, markets, delivered, told, problems } = done;
  return {
    runId: run.runId,
    startedAt: new Date(run.startedAt).toISOString(),
    durationMs: ports.now() - run.startedAt,
    dryRun: run.isDryRun,
    sheet: { ...synced.sheet, ...(answers && { answers }) },
    alerts: countAlerts(after),
    armed,
    markets: { checked: markets.checked, failed: markets.failed },
    exchanges: exchangeStates(markets.observed, told.outages),
    requests: markets.requests,
    fired: delivered.flatMap(({ fired }) => fired ?? []),
    untold: untoldOf(delivered),
    undelivered: undeliveredOf(after, ports.now()),
    silent: markets.silent,
    left: { rows: synced.left, markets: markets.left, pushes: delivered.filter(({ isLeft }) => isLeft).length },
    problems: [
      ...problems.first,
      ...synced.problems,
      ...delivered.flatMap(({ problem }) => problem ?? []),
      ...markets.problems,
      ...told.problems,
      ...problems.last,
    ],
    advice: fanOutAdvice(armed, ports),
  };
}

/**
 * The run's answer, its one log line and its metrics. The summary is kept while the checkpoint is `writing`, so that the run
 * waits for both at once; where that gives problems, it is kept once more with these. The log line waits for no summary.
 */
export async function report(
  ports: Pick<Ports, 'now' | 'fanOutThreshold' | 'doorbell' | 'log' | 'metrics' | 'store'>,
  run: Run,
  done: Done,
  writing: Promise<readonly string[]>,
): Promise<Summary> {
  const before = summaryOf(ports, run, done);
  const keeping = keepSummary(ports, before, run);
  const unwritten = await writing;
  const durationMs = ports.now() - run.startedAt;
  const summary = { ...before, durationMs, problems: [...before.problems, ...unwritten] };
  warnOfUntold(ports.log, summary.untold);
  ports.log.info('check', { ...summary });
  ports.metrics(summary, !done.markets.isEveryExchangeDown);
  const kept = await keeping;
  const unkept = unwritten.length === 0 ? kept : await keepSummary(ports, summary, run);
  return unkept.length === 0 ? summary : { ...summary, problems: [...summary.problems, ...unkept] };
}
